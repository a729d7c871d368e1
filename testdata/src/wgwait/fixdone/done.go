// Package fixdone holds goroutines that do not always call Done, with and without a
// fix.
package fixdone

import (
	"log"
	"sync"
)

// All calls Done at its end only.
func All(jobs []func() error) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			if err := job(); err != nil {
				log.Print(err)
				return
			}
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Two calls it before a return as well.
func Two(jobs []func() (bool, error)) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			ok, err := job()
			if err != nil {
				log.Print(err)
				return
			}
			if !ok {
				wg.Done()
				return
			}
			wg.Done()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Room has a channel that is too small.
func Room(jobs []func() error) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Go(func() {
			if err := job(); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait() // want "wg.Wait blocks forever"
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// Early gets no fix: what comes after Done would have to end first.
func Early(jobs []func() error, report func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			if err := job(); err != nil {
				return
			}
			wg.Done()
			report()
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

// Named starts a function.
func Named(jobs []func() error) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go named(job, &wg)
	}
	wg.Wait() // want "wg.Wait blocks forever"
}

func named(job func() error, wg *sync.WaitGroup) {
	if err := job(); err != nil {
		log.Print(err)
		return
	}
	wg.Done()
}

// A Queue counts its workers.
type Queue struct {
	workers sync.WaitGroup
	jobs    []func() error
}

func (q *Queue) run(job func() error) {
	if job == nil {
		return
	}
	// Whatever happens.
	defer q.workers.Done()
	if err := job(); err != nil {
		log.Print(err)
	}
}

// Run starts a method that defers its Done too late.
func (q *Queue) Run() {
	for _, job := range q.jobs {
		q.workers.Add(1)
		go q.run(job)
	}
	q.workers.Wait() // want "q.workers.Wait blocks forever"
}

// Direct gets no fix: the function is called as well, by one that counts otherwise.
func Direct(jobs []func() error) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go direct(job, &wg)
	}
	wg.Wait() // want "wg.Wait blocks forever"
	wg.Add(1)
	direct(jobs[0], &wg)
}

func direct(job func() error, wg *sync.WaitGroup) {
	if err := job(); err != nil {
		log.Print(err)
		return
	}
	wg.Done()
}
