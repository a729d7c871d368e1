// Package gooddrain waits for senders that others receive from, and for receivers after it has closed
// what they range over.
package gooddrain

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

// Query is good: another goroutine waits, and closes.
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
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		all = append(all, r)
	}
	return all
}

// FirstError is good: the channel has one slot, and what does not fit is dropped.
func FirstError(tasks []func() error) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(func() {
			if err := task(); err != nil {
				select {
				case errs <- err:
				default:
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// Pool is good: the workers range until the close that stands above the Wait.
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
	close(queue)
	wg.Wait()
}

// Collected is good: the collector is in a group of its own.
func Collected(parts [][]int, measure func(int) int) (sum int) {
	vals := make(chan int)
	var wg, collector sync.WaitGroup
	collector.Go(func() {
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
	wg.Wait()
	close(vals)
	collector.Wait()
	return sum
}

// A Sampler keeps what its probes send.
type Sampler struct {
	wg      sync.WaitGroup
	samples chan float64
}

// Sample is good: there is a slot for each probe.
func Sample(probes [3]func() float64) (sum float64) {
	s := &Sampler{samples: make(chan float64, len(probes))}
	for _, probe := range probes {
		s.wg.Add(1)
		go s.run(probe)
	}
	s.wg.Wait()
	for range probes {
		sum += <-s.samples
	}
	return sum
}

func (s *Sampler) run(probe func() float64) {
	defer s.wg.Done()
	s.samples <- probe()
}

// Stop is good: the watchers end with the context, which is cancelled before the Wait.
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
	cancel()
	wg.Wait()
}

// Errors is good: on the error path it drains while it waits.
func Errors(urls []string, check func(string) error, prepare func() error) error {
	errs := make(chan error)
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { errs <- check(u) })
	}
	if err := prepare(); err != nil {
		go func() {
			for range urls {
				<-errs
			}
		}()
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

// Counted is good: it receives as much as is sent before it waits.
func Counted(queries []string, run func(string) int) (rows int) {
	results := make(chan int)
	var wg sync.WaitGroup
	for _, q := range queries {
		wg.Go(func() { results <- run(q) })
	}
	for range queries {
		rows += <-results
	}
	wg.Wait()
	return rows
}
