// Package goodstuck waits for goroutines that block for a while, and go on.
package goodstuck

import (
	"errors"
	"sync"
)

// ErrInvalid is returned for a value that is not valid.
var ErrInvalid = errors.New("invalid value")

// Process is good: the function returns at the first error through a deferred Wait, and the
// workers have a slot each.
func Process(vals []int, compute func(int) (int, error)) (sum int, err error) {
	type result struct {
		n   int
		err error
	}
	results := make(chan result, len(vals))
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, v := range vals {
		wg.Go(func() {
			n, err := compute(v)
			results <- result{n, err}
		})
	}
	for range vals {
		r := <-results
		if r.err != nil {
			return 0, r.err
		}
		sum += r.n
	}
	return sum, nil
}

// Feed is good: the worker that returns at the first error tells the feeder, which is counted too.
func Feed(paths []string, load func(string) error) error {
	queue := make(chan string)
	errs := make(chan error, 1)
	failed := make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		defer close(queue)
		for _, p := range paths {
			select {
			case queue <- p:
			case <-failed:
				return
			}
		}
	}()
	go func() {
		defer wg.Done()
		for p := range queue {
			if err := load(p); err != nil {
				errs <- err
				close(failed)
				return
			}
		}
	}()
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// Start is good: the workers wait for a start signal that is given for any plan.
func Start(plan []string, workers int, step func(string)) {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			<-start
			for _, p := range plan {
				step(p)
			}
		})
	}
	close(start)
	wg.Wait()
}

// Tokens is good: a task that fails gives its token back.
func Tokens(tasks []func() error) (failed int) {
	sem := make(chan struct{}, 1)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			if err := task(); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed++
				return
			}
		})
	}
	wg.Wait()
	return failed
}

// Closer is good: the rest is drained, so that the goroutine that waits and closes ends.
func Closer(vals []int, valid func(int) bool) error {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, v := range vals {
		wg.Go(func() { out <- v * v })
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		if !valid(v) {
			for range out {
			}
			return ErrInvalid
		}
	}
	return nil
}

// Crossed is good: one of the two goroutines sends first.
func Crossed(left, right func(int) int) {
	a, b := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		n := left(<-b)
		a <- n
	})
	wg.Go(func() {
		b <- right(0)
		right(<-a)
	})
	wg.Wait()
}

// A Group runs functions of any result; it is waited for through an embedded WaitGroup.
type Group[T any] struct {
	sync.WaitGroup
	results chan T
}

func (g *Group[T]) run(f func() T) {
	g.Go(func() { g.results <- f() })
}

// Gather is good: the generic group's results have the slots that are needed.
func Gather(left, right func() string) string {
	g := &Group[string]{results: make(chan string, 2)}
	g.run(left)
	g.run(right)
	g.Wait()
	return <-g.results + <-g.results
}
