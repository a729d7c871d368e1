// Package goodgeneric holds generic functions and types that count before they start.
package goodgeneric

import (
	"context"
	"sync"
)

// Map is good: each goroutine is counted before it is started.
func Map[In, Out any](xs []In, f func(In) Out) []Out {
	var wg sync.WaitGroup
	out := make([]Out, len(xs))
	for i, x := range xs {
		wg.Add(1)
		go func() {
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

// NewPool is good: it counts the workers, which are methods of a generic type.
func NewPool[T any](workers int, handle func(T)) *Pool[T] {
	p := &Pool[T]{in: make(chan T, workers), handle: handle}
	for range workers {
		p.wg.Add(1)
		go p.work()
	}
	return p
}

func (p *Pool[T]) work() {
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

// Each is good: the generic callee only Dones.
func Each[T any](ctx context.Context, xs []T, f func(context.Context, T)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go one(ctx, &wg, x, f)
	}
	wg.Wait()
}

func one[T any](ctx context.Context, wg *sync.WaitGroup, x T, f func(context.Context, T)) {
	defer wg.Done()
	f(ctx, x)
}

// Walk is good: the generic walk runs under the count that was taken for it.
func Walk[N any](root N, kids func(N) []N) {
	var wg sync.WaitGroup
	wg.Add(1)
	go walk(&wg, root, kids)
	wg.Wait()
}

func walk[N any](wg *sync.WaitGroup, n N, kids func(N) []N) {
	defer wg.Done()
	for _, k := range kids(n) {
		wg.Add(1)
		go walk(wg, k, kids)
	}
}
