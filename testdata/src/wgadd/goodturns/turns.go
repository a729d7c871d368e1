// Package goodturns has goroutines that are counted before they start, or make themselves known
// after the Add.
package goodturns

import (
	"context"
	"sync"
)

// Each is good: the worker that starts another one counts it.
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
				others.Add(1)
				go func() {
					defer others.Done()
					work()
				}()
				do(v)
			}
		})
	}
	work()
}

// EachGo is good: Go counts.
func EachGo(next func() (int, bool), do func(int)) {
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
				others.Go(work)
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

// A door is closed at first.
type door struct {
	mu    sync.Mutex
	open  bool
	moved *sync.Cond
}

func newDoor() *door {
	d := new(door)
	d.moved = sync.NewCond(&d.mu)
	return d
}

func (d *door) enter() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for !d.open {
		d.moved.Wait()
	}
}

func (d *door) set(open bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = open
	d.moved.Broadcast()
}

// Pass is good: the door is opened from within, after the Add.
func Pass(do func()) {
	var wg sync.WaitGroup
	d := newDoor()
	go func() {
		wg.Add(1)
		defer wg.Done()
		d.set(true)
		do()
	}()
	d.enter()
	wg.Wait()
}

// Shut is good: the door is shut by who enters, and opened from within.
func Shut(do func()) {
	var wg sync.WaitGroup
	d := newDoor()
	go func() {
		wg.Add(1)
		defer wg.Done()
		d.mu.Lock()
		d.open = true
		d.moved.Signal()
		d.mu.Unlock()
		do()
	}()
	d.enter()
	d.mu.Lock()
	d.open = false
	d.moved.Signal()
	d.mu.Unlock()
	wg.Wait()
}

// First is good: the goroutine is counted before the caller's context can end.
func First(ctx context.Context, get func(context.Context) int) (n int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	results := make(chan int, 1)
	wg.Add(1)
	go func() {
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

// FirstOfOwn is good: only the goroutine ends this context.
func FirstOfOwn(get func(context.Context) int) (n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var wg sync.WaitGroup
	results := make(chan int, 1)
	go func() {
		wg.Add(1)
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

// Drain is good: the loop ends when the goroutine does, whatever becomes of the context.
func Drain(ctx context.Context, get func(context.Context) (int, bool)) (sum int) {
	var wg sync.WaitGroup
	results := make(chan int)
	go func() {
		defer close(results)
		wg.Add(1)
		defer wg.Done()
		for ctx.Err() == nil {
			n, ok := get(ctx)
			if !ok {
				return
			}
			results <- n
		}
	}()
	for n := range results {
		sum += n
	}
	wg.Wait()
	return sum
}
