// Package badstuck waits for goroutines that are stuck themselves: in a send without receiver, a
// receive without sender, or for a token that was lost.
package badstuck

import (
	"errors"
	"sync"
)

// ErrInvalid is returned for a value that is not valid.
var ErrInvalid = errors.New("invalid value")

// Process is bad, though nothing is reported here: the function returns at the first error through a deferred Wait, and the workers
// have no receiver any longer.
func Process(vals []int, compute func(int) (int, error)) (sum int, err error) {
	type result struct {
		n   int
		err error
	}
	results := make(chan result)
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

// Feed is bad: the worker returns at the first error, and the feeder, which is counted too, stands
// in its send.
func Feed(paths []string, load func(string) error) error {
	queue := make(chan string)
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		defer close(queue)
		for _, p := range paths {
			queue <- p
		}
	}()
	go func() {
		defer wg.Done()
		for p := range queue {
			if err := load(p); err != nil {
				errs <- err
				return
			}
		}
	}()
	wg.Wait() // want "wg.Wait blocks forever"
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// Start is bad, though nothing is reported here: the workers wait for a start signal that is not given for an empty plan.
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
	if len(plan) > 0 {
		close(start)
	}
	wg.Wait()
}

// Tokens is bad, though nothing is reported here: a task that fails keeps its token, and the next one waits for it.
func Tokens(tasks []func() error) (failed int) {
	sem := make(chan struct{}, 1)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			sem <- struct{}{}
			if err := task(); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed++
				return
			}
			<-sem
		})
	}
	wg.Wait()
	return failed
}

// Closer is bad, though nothing is reported here: the goroutine that waits and closes is itself lost when a sender has no receiver.
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
			return ErrInvalid
		}
	}
	return nil
}

// Crossed is bad, though nothing is reported here: each of the two goroutines waits for what the other sends last.
func Crossed(left, right func(int) int) {
	a, b := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		n := left(<-b)
		a <- n
	})
	wg.Go(func() {
		n := right(<-a)
		b <- n
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

// Gather is bad: the generic group's results have half the slots that are needed.
func Gather(left, right func() string) string {
	g := &Group[string]{results: make(chan string, 1)}
	g.run(left)
	g.run(right)
	g.Wait() // want "g.Wait blocks forever"
	return <-g.results + <-g.results
}
