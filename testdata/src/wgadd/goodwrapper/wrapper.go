// Package goodwrapper holds functions that start their argument, called under a count.
package goodwrapper

import (
	"fmt"
	"log"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// safeGo runs f in a goroutine and logs its panic.
func safeGo(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Print("recovered: ", r)
			}
		}()
		f()
	}()
}

// safeRun runs f in a goroutine with its own stack, and waits for it.
func safeRun(f func()) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		f()
	}()
	<-done
	return err
}

// AddBeforeSafeGo is good: the count is taken before the wrapper starts the function (trap 12).
func AddBeforeSafeGo(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		safeGo(func() {
			defer wg.Done()
			job()
		})
	}
	wg.Wait()
}

// AddUnderSafeRun is good: safeRun returns after its function, so the Add precedes the Wait.
func AddUnderSafeRun(jobs []func()) error {
	var wg sync.WaitGroup
	err := safeRun(func() {
		for _, job := range jobs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				job()
			}()
		}
	})
	wg.Wait()
	return err
}

// AddAroundSafeRun is good: Add and Done enclose work in one function that is Waited for at once.
func AddAroundSafeRun(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		if err := safeRun(func() {
			wg.Add(1)
			defer wg.Done()
			job()
		}); err != nil {
			log.Print(err)
		}
	}
	wg.Wait()
}

// async returns a channel that carries f's result.
func async[T any](f func() T) <-chan T {
	out := make(chan T, 1)
	go func() {
		out <- f()
	}()
	return out
}

// AddUnderAsyncReceived is good: f's result is received, so that f has ended, before the Wait.
func AddUnderAsyncReceived(weigh func() int, work func()) int {
	var wg sync.WaitGroup
	total := async(func() int {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work()
		}()
		return weigh()
	})
	n := <-total
	wg.Wait()
	return n
}

type runner struct {
	wg  sync.WaitGroup
	log *log.Logger
}

func (r *runner) spawn(f func()) {
	r.wg.Add(1)
	go func() {
		defer r.wg.Done()
		f()
	}()
}

// AddInMethod is good: the wrapper counts what it starts, and what it starts may Add.
func (r *runner) AddInMethod(lists [][]func()) {
	for _, jobs := range lists {
		r.spawn(func() {
			for _, job := range jobs {
				r.wg.Add(1)
				go func() {
					defer r.wg.Done()
					job()
				}()
			}
		})
	}
	r.wg.Wait()
}

// AddUnderErrgroup is good: the errgroup, whose tasks Add, is Waited for first.
func AddUnderErrgroup(urls []string, fetch func(string) error, audit func(string)) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			wg.Add(1)
			go func() {
				defer wg.Done()
				audit(u)
			}()
			return fetch(u)
		})
	}
	if err := g.Wait(); err != nil {
		wg.Wait()
		return err
	}
	wg.Wait()
	return nil
}

// AddBeforeAfterFunc is good: the count is taken before the timer, and given back if it is stopped.
func AddBeforeAfterFunc(save, edit func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	t := time.AfterFunc(time.Millisecond, func() {
		defer wg.Done()
		save()
	})
	edit()
	if t.Stop() {
		wg.Done()
		save()
	}
	wg.Wait()
}

// AddBeforeSafeGoCallee is good: rotate is counted by its caller.
func (r *runner) AddBeforeSafeGoCallee() {
	r.wg.Add(1)
	safeGo(r.rotate)
	r.wg.Wait()
}

func (r *runner) rotate() {
	defer r.wg.Done()
	r.log.Print("rotated")
}
