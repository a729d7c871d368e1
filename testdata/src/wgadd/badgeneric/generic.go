// Package badgeneric holds generic functions and types with an Add that Wait can overtake.
package badgeneric

import (
	"context"
	"sync"
)

// Map is bad: the goroutines of a generic function count themselves.
func Map[In, Out any](xs []In, f func(In) Out) []Out {
	var wg sync.WaitGroup
	out := make([]Out, len(xs))
	for i, x := range xs {
		go func() {
			wg.Add(1) // want "wg\\.Add"
			defer wg.Done()
			out[i] = f(x)
		}()
	}
	wg.Wait()
	return out
}

// A Pool runs handle on what it is given.
type Pool[T any] struct {
	wg     sync.WaitGroup
	in     chan T
	handle func(T)
}

// NewPool starts the workers, which count themselves.
func NewPool[T any](workers int, handle func(T)) *Pool[T] {
	p := &Pool[T]{in: make(chan T, workers), handle: handle}
	for range workers {
		go p.work()
	}
	return p
}

// work is bad: Close may Wait before any worker is counted.
func (p *Pool[T]) work() {
	p.wg.Add(1) // want "p\\.wg\\.Add"
	defer p.wg.Done()
	for x := range p.in {
		p.handle(x)
	}
}

// Close waits for the workers.
func (p *Pool[T]) Close() {
	close(p.in)
	p.wg.Wait()
}

// Each is bad: the generic callee runs in the goroutine.
func Each[T any](ctx context.Context, xs []T, f func(context.Context, T)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go one(ctx, &wg, x, f)
	}
	wg.Wait()
}

func one[T any](ctx context.Context, wg *sync.WaitGroup, x T, f func(context.Context, T)) {
	wg.Add(1) // want "wg\\.Add"
	defer wg.Done()
	f(ctx, x)
}
