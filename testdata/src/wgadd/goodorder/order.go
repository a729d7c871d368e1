// Package goodorder holds Adds in uncounted goroutines that something else orders before the Wait.
package goodorder

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// ReadyClosedAfterAdd is good: ready is closed after the Add and received from before the Wait.
func ReadyClosedAfterAdd(listen, serve func()) {
	var wg sync.WaitGroup
	ready := make(chan struct{})
	go func() {
		listen()
		wg.Add(1)
		close(ready)
		defer wg.Done()
		serve()
	}()
	<-ready
	wg.Wait()
}

// ReceiveBeforeWait is good: each goroutine reports after its Add, and all reports are received.
func ReceiveBeforeWait(n int, run func()) {
	var wg sync.WaitGroup
	started := make(chan struct{}, n)
	for range n {
		go func() {
			wg.Add(1)
			started <- struct{}{}
			defer wg.Done()
			run()
		}()
	}
	for range n {
		<-started
	}
	wg.Wait()
}

// StartedDoneAfterAdd is good: the other group is Waited for first, and orders the Adds.
func StartedDoneAfterAdd(n int, register, run func()) {
	var started, wg sync.WaitGroup
	started.Add(n)
	for range n {
		go func() {
			register()
			wg.Add(1)
			started.Done()
			defer wg.Done()
			run()
		}()
	}
	started.Wait()
	wg.Wait()
}

// TasksWaitedFirst is good: the tasks that Add have returned when wg is Waited for.
func TasksWaitedFirst(lists [][]string, fetch func(string)) error {
	var wg sync.WaitGroup
	var g errgroup.Group
	for _, urls := range lists {
		g.Go(func() error {
			for _, u := range urls {
				wg.Add(1)
				go func() {
					defer wg.Done()
					fetch(u)
				}()
			}
			return nil
		})
	}
	err := g.Wait()
	wg.Wait()
	return err
}

// DispatchedFirst is good: the dispatcher closes dispatched after its last Add.
func DispatchedFirst(verbose bool, xs []int, report func(), handle func(int)) {
	var wg sync.WaitGroup
	dispatched := make(chan struct{})
	go func() {
		defer close(dispatched)
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	<-dispatched
	if verbose {
		report()
	}
	wg.Wait()
}

// DispatchError is good: the dispatcher's error is received before the Wait.
func DispatchError(next func() (int, error), handle func(int)) error {
	var wg sync.WaitGroup
	errc := make(chan error, 1)
	go func() {
		for {
			x, err := next()
			if err != nil {
				errc <- err
				return
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
		}
	}()
	err := <-errc
	wg.Wait()
	return err
}

// RangedUntilClosed is good: the range ends when the dispatcher has closed progress.
func RangedUntilClosed(xs []int, show func(int), handle func(int)) {
	var wg sync.WaitGroup
	progress := make(chan int)
	go func() {
		defer close(progress)
		for i, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				handle(x)
			}()
			progress <- i
		}
	}()
	for i := range progress {
		show(i)
	}
	wg.Wait()
}

// ReadyByCancel is good: only the goroutine cancels ready, after its Add.
func ReadyByCancel(serve func()) {
	var wg sync.WaitGroup
	ready, setReady := context.WithCancel(context.Background())
	go func() {
		wg.Add(1)
		setReady()
		defer wg.Done()
		serve()
	}()
	<-ready.Done()
	wg.Wait()
}

// ReadyByCond is good: the condition is set after the Add, under the lock that the waiter holds.
func ReadyByCond(serve func()) {
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		started bool
	)
	cond := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		wg.Add(1)
		started = true
		cond.Signal()
		mu.Unlock()
		defer wg.Done()
		serve()
	}()
	mu.Lock()
	for !started {
		cond.Wait()
	}
	mu.Unlock()
	wg.Wait()
}

// WaitAfterReceive is good: the goroutine that Waits receives first.
func WaitAfterReceive(xs []int, square func(int) int) int {
	var wg sync.WaitGroup
	out := make(chan int, len(xs))
	dispatched := make(chan struct{})
	go func() {
		defer close(dispatched)
		for _, x := range xs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				out <- square(x)
			}()
		}
	}()
	go func() {
		<-dispatched
		wg.Wait()
		close(out)
	}()
	sum := 0
	for n := range out {
		sum += n
	}
	return sum
}

type poller struct {
	wg   sync.WaitGroup
	stop chan struct{}
	poll func()
}

// Start is good: it returns when loop has counted itself.
func (p *poller) Start() {
	ready := make(chan struct{})
	go p.loop(ready)
	<-ready
}

func (p *poller) loop(ready chan<- struct{}) {
	p.wg.Add(1)
	close(ready)
	defer p.wg.Done()
	for {
		select {
		case <-p.stop:
			return
		default:
			p.poll()
		}
	}
}

// Stop ends the loop and waits for it.
func (p *poller) Stop() {
	close(p.stop)
	p.wg.Wait()
}
