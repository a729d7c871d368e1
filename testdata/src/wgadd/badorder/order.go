// Package badorder holds Adds beside a synchronisation that looks as if it ordered them before
// the Wait.
package badorder

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// ReadyClosedFirst is bad: ready is closed before the Add, so it tells nothing about it.
func ReadyClosedFirst(listen, serve func()) {
	var wg sync.WaitGroup
	ready := make(chan struct{})
	go func() {
		close(ready)
		listen()
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		serve()
	}()
	<-ready
	wg.Wait()
}

// ReceiveAfterWait is bad: the receive that would order the Add comes after the Wait.
func ReceiveAfterWait(n int, run func()) {
	var wg sync.WaitGroup
	started := make(chan struct{}, n)
	for range n {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			started <- struct{}{}
			defer wg.Done()
			run()
		}()
	}
	wg.Wait()
	for range n {
		<-started
	}
}

// StartedDoneFirst is bad: the other group says that the goroutine runs, not that it is counted.
func StartedDoneFirst(n int, register, run func()) {
	var started, wg sync.WaitGroup
	started.Add(n)
	for range n {
		go func() {
			started.Done()
			register()
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			run()
		}()
	}
	started.Wait()
	wg.Wait()
}

// TasksWaitedLast is bad: the tasks that Add are Waited for after wg.
func TasksWaitedLast(lists [][]string, fetch func(string)) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, urls := range lists {
		g.Go(func() error {
			for _, u := range urls {
				wg.Add(1) // want "wg\\.Add"
				go func() {
					defer wg.Done()
					fetch(u)
				}()
			}
			return nil
		})
	}
	wg.Wait()
	return g.Wait()
}

// OrderedOnOneBranch is bad: unless verbose is set, nothing waits for the dispatcher.
func OrderedOnOneBranch(verbose bool, xs []int, handle func(int)) {
	var wg sync.WaitGroup
	dispatched := make(chan struct{})
	go func() {
		defer close(dispatched)
		for _, x := range xs {
			wg.Add(1) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	if verbose {
		<-dispatched
	}
	wg.Wait()
}

// PolledOnce is bad: the select with a default goes on when the dispatcher is not through.
func PolledOnce(xs []int, handle func(int)) bool {
	var wg sync.WaitGroup
	dispatched := make(chan struct{})
	go func() {
		for _, x := range xs {
			wg.Add(1) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
		close(dispatched)
	}()
	inTime := true
	select {
	case <-dispatched:
	default:
		inTime = false
	}
	wg.Wait()
	return inTime
}

// OtherChannel is bad: the channel received from is closed by another goroutine.
func OtherChannel(prepare func(), list func() []int, handle func(int)) {
	var wg sync.WaitGroup
	prepared := make(chan struct{})
	dispatched := make(chan struct{})
	go func() {
		defer close(prepared)
		prepare()
	}()
	go func() {
		defer close(dispatched)
		for _, x := range list() {
			wg.Add(1) // want "wg\\.Add"
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	<-prepared
	wg.Wait()
	<-dispatched
}

// LockedAdd is bad: the mutex keeps Add and Wait apart, in either order.
func LockedAdd(run func()) {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	go func() {
		mu.Lock()
		wg.Add(1) // want "wg\\.Add"
		mu.Unlock()
		defer wg.Done()
		run()
	}()
	mu.Lock()
	mu.Unlock()
	wg.Wait()
}
