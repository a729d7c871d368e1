// Package badturns has goroutines that wait for one another, but not for the Add.
package badturns

import (
	"context"
	"sync"
)

// Each is bad: a worker starts another one, which counts itself.
func Each(next func() (int, bool), do func(int)) {
	var (
		mu     sync.Mutex
		others sync.WaitGroup
		work   func()
	)
	defer others.Wait()
	work = func() {
		safely(func() {
			for {
				mu.Lock()
				v, ok := next()
				mu.Unlock()
				if !ok {
					return
				}
				go func() {
					others.Add(1) // want "others.Add runs in the goroutine started at line 26: others.Wait at line 16 can return before it"
					defer others.Done()
					work()
				}()
				do(v)
			}
		})
	}
	work()
}

// safely calls f and lets no panic pass.
func safely(f func()) {
	defer func() { _ = recover() }()
	f()
}

// A door lets one pass at a time.
type door struct {
	mu    sync.Mutex
	taken bool
	free  *sync.Cond
}

func newDoor() *door {
	d := new(door)
	d.free = sync.NewCond(&d.mu)
	return d
}

func (d *door) enter() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.taken {
		d.free.Wait()
	}
	d.taken = true
}

func (d *door) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken = false
	d.free.Signal()
}

// Pass is bad: whoever enters first need not wait for the others.
func Pass(do []func()) {
	var wg sync.WaitGroup
	d := newDoor()
	for _, f := range do {
		go func() {
			wg.Add(1) // want "wg.Add runs in the goroutine started at line 78: wg.Wait at line 88 can return before it"
			defer wg.Done()
			d.enter()
			defer d.leave()
			f()
		}()
	}
	d.enter()
	d.leave()
	wg.Wait()
}

// First is bad: the caller's context may end before the goroutine has begun.
func First(ctx context.Context, get func(context.Context) int) (n int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	results := make(chan int, 1)
	go func() {
		wg.Add(1) // want "wg.Add runs in the goroutine started at line 97: wg.Wait at line 107 can return before it"
		defer wg.Done()
		defer cancel()
		results <- get(ctx)
	}()
	select {
	case n = <-results:
	case <-ctx.Done():
	}
	wg.Wait()
	return n
}
