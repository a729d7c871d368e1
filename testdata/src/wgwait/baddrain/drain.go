// Package baddrain waits for senders before it receives what they send, or for receivers before it
// closes what they range over.
package baddrain

import (
	"context"
	"sync"
)

// A Result is what a query gives.
type Result struct {
	Query string
	Rows  int
	Err   error
}

// Query is bad: the only receiver waits first.
func Query(queries []string, run func(string) (int, error)) (all []Result) {
	results := make(chan Result)
	var wg sync.WaitGroup
	for _, q := range queries {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rows, err := run(q)
			results <- Result{q, rows, err}
		}()
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(results)
	for r := range results {
		all = append(all, r)
	}
	return all
}

// FirstError is bad: the channel has one slot, and two tasks may fail before anybody receives.
func FirstError(tasks []func() error) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			if err := task(); err != nil {
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

// Pool is bad: the workers range until the close that stands below the Wait.
func Pool(jobs []string, workers int, do func(string)) {
	queue := make(chan string)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range queue {
				do(j)
			}
		}()
	}
	for _, j := range jobs {
		queue <- j
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(queue)
}

// Collected is bad: the collector is in the group whose end it waits for.
func Collected(parts [][]int, measure func(int) int) (sum int) {
	vals := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := range vals {
			sum += v
		}
	})
	for _, part := range parts {
		wg.Go(func() {
			for _, n := range part {
				vals <- measure(n)
			}
		})
	}
	wg.Wait() // want "wg.Wait blocks forever"
	close(vals)
	return sum
}

// A Sampler keeps what its probes send.
type Sampler struct {
	wg      sync.WaitGroup
	samples chan float64
}

// Sample is bad: with more probes than slots the Wait keeps the reader away.
func Sample(probes [3]func() float64) (sum float64) {
	s := &Sampler{samples: make(chan float64, 2)}
	for _, probe := range probes {
		s.wg.Add(1)
		go s.run(probe)
	}
	s.wg.Wait() // want "s.wg.Wait blocks forever"
	for range probes {
		sum += <-s.samples
	}
	return sum
}

func (s *Sampler) run(probe func() float64) {
	defer s.wg.Done()
	s.samples <- probe()
}

// Stop is bad: the watchers end with the context, which is cancelled after the Wait.
func Stop(parent context.Context, watch []func(context.Context), work func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	defer cancel()
	var wg sync.WaitGroup
	for _, w := range watch {
		wg.Go(func() {
			w(ctx)
			<-ctx.Done()
		})
	}
	work()
	wg.Wait() // want "wg.Wait blocks forever"
}

// Errors is bad, though nothing is reported here: on the error path it waits before it drains.
func Errors(urls []string, check func(string) error, prepare func() error) error {
	errs := make(chan error)
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { errs <- check(u) })
	}
	if err := prepare(); err != nil {
		wg.Wait()
		return err
	}
	var first error
	for range urls {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	wg.Wait()
	return first
}
