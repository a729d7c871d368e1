// Package badafter holds Adds that follow the start of the goroutine whose Done they pay for.
package badafter

import (
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
)

// AddAfterGo is bad: the goroutine's Done may run first and make the counter negative.
func AddAfterGo(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		go func() {
			defer wg.Done()
			job()
		}()
		wg.Add(1) // want "wg\\.Add"
	}
	wg.Wait()
}

// AddAfterLoop is bad: all goroutines are started before any of them is counted.
func AddAfterLoop(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Add(len(jobs)) // want "wg\\.Add"
	wg.Wait()
}

// AddAfterLog is bad: what stands between the go statement and the Add only widens the gap.
func AddAfterLog(logger *log.Logger, job func()) {
	var wg sync.WaitGroup
	go func() {
		defer wg.Done()
		job()
	}()
	logger.Print("job started")
	wg.Add(1) // want "wg\\.Add"
	wg.Wait()
}

// AddAfterSecondGo is bad: the count of the first goroutine does not pay for the second Done.
func AddAfterSecondGo(first, second, announce func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		first()
	}()
	go func() {
		defer wg.Done()
		second()
	}()
	announce()
	wg.Add(1) // want "wg\\.Add"
	wg.Wait()
}

// AddAfterTask is bad: errgroup's Go starts a goroutine like a go statement.
func AddAfterTask(jobs []func() error) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, job := range jobs {
		g.Go(func() error {
			defer wg.Done()
			return job()
		})
		wg.Add(1) // want "wg\\.Add"
	}
	wg.Wait()
	return g.Wait()
}

// AddAfterWrapper is bad: guarded runs the function in a goroutine of its own.
func AddAfterWrapper(logger *log.Logger, job func()) {
	var wg sync.WaitGroup
	guarded(logger, func() {
		defer wg.Done()
		job()
	})
	wg.Add(1) // want "wg\\.Add"
	wg.Wait()
}

func guarded(logger *log.Logger, f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				logger.Print("recovered: ", r)
			}
		}()
		f()
	}()
}
