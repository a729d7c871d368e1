// Package goodworkerpool holds worker pools that look like those of
// badworkerpool and are correct.
package goodworkerpool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Job is one document to index.
type Job struct {
	ID   int
	Data string
}

// Result is what indexing a document yields.
type Result struct {
	JobID int
	Words int
	Err   error
}

var errEmpty = errors.New("empty document")

func index(j Job) Result {
	if j.Data == "" {
		return Result{JobID: j.ID, Err: fmt.Errorf("job %d: %w", j.ID, errEmpty)}
	}
	return Result{JobID: j.ID, Words: len(strings.Fields(j.Data))}
}

// CloserGoroutine is good: a goroutine waits for the workers and closes
// results while the caller ranges.
func CloserGoroutine(list []Job) int {
	jobs := make(chan Job)
	results := make(chan Result)

	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go indexer(jobs, results, &wg)
	}
	go func() {
		for _, j := range list {
			jobs <- j
		}
		close(jobs)
	}()
	go func() {
		wg.Wait()
		close(results)
	}()

	total := 0
	for r := range results {
		total += r.Words
	}
	return total
}

func indexer(jobs <-chan Job, results chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		results <- index(j)
	}
}

// BufferedWaitThenClose is good: results has room for every send, so Wait may
// come first; close and range follow in the same goroutine.
func BufferedWaitThenClose(list []Job) map[int]int {
	jobs := make(chan Job, len(list))
	results := make(chan Result, len(list))

	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				results <- index(j)
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	close(jobs)
	wg.Wait()
	close(results)

	words := make(map[int]int, len(list))
	for r := range results {
		words[r.JobID] = r.Words
	}
	return words
}

// ClosesBoth is good: both channels are closed once the workers are done.
func ClosesBoth(list []Job) (total int, failed []error) {
	results := make(chan int, len(list))
	errs := make(chan error, len(list))

	var wg sync.WaitGroup
	for _, j := range list[:min(len(list), 8)] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := index(j)
			if r.Err != nil {
				errs <- r.Err
				return
			}
			results <- r.Words
		}()
	}
	wg.Wait()
	close(errs)
	close(results)

	for err := range errs {
		failed = append(failed, err)
	}
	for n := range results {
		total += n
	}
	return total, failed
}

// ClosesDoneAndCounts is good: only done is closed, but results is received
// from in a select that done ends.
func ClosesDoneAndCounts(list []Job) (total int) {
	results := make(chan Result)
	done := make(chan struct{})

	var wg sync.WaitGroup
	for part := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := part; i < len(list); i += 2 {
				results <- index(list[i])
			}
		}()
	}
	go func() {
		wg.Wait()
		close(done)
	}()

	for {
		select {
		case r := <-results:
			total += r.Words
		case <-done:
			return total
		}
	}
}

// WaitGroupGo is good: one more goroutine waits for those that wg.Go started
// and closes results.
func WaitGroupGo(list []Job) (out []Result) {
	jobs := make(chan Job)
	results := make(chan Result)

	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for j := range jobs {
				results <- index(j)
			}
		})
	}
	wg.Go(func() {
		defer close(jobs)
		for _, j := range list {
			jobs <- j
		}
	})
	go func() { defer close(results); wg.Wait() }()

	for r := range results {
		out = append(out, r)
	}
	return out
}

// JobsClosedBeforeWait is good: close(jobs) lets the workers return before
// the caller waits for them.
func JobsClosedBeforeWait(list []Job) int64 {
	jobs := make(chan Job)
	var words atomic.Int64

	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				words.Add(int64(index(j).Words))
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	close(jobs)
	wg.Wait()
	return words.Load()
}

// JobsClosedByDefer is good: the deferred close ends the workers on every way
// out, the early one included.
func JobsClosedByDefer(list []Job) error {
	jobs := make(chan Job, 1)
	defer close(jobs)
	var words atomic.Int64
	for range 2 {
		go func() {
			for j := range jobs {
				words.Add(int64(index(j).Words))
			}
		}()
	}
	for _, j := range list {
		if j.Data == "" {
			return errEmpty
		}
		jobs <- j
	}
	return nil
}

// PoisonPill is good: jobs is never closed, but each worker leaves its range
// at the sentinel that is sent to it.
func PoisonPill(list []Job) int64 {
	const workers = 3
	jobs := make(chan Job)
	var words atomic.Int64

	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				if j.ID < 0 {
					return
				}
				words.Add(int64(index(j).Words))
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	for range workers {
		jobs <- Job{ID: -1}
	}
	wg.Wait()
	return words.Load()
}

// FeederTask is good: the feeder defers the close, whether it sent everything
// or was cancelled.
func FeederTask(ctx context.Context, list []Job) error {
	g, gctx := errgroup.WithContext(ctx)
	jobs := make(chan Job)
	g.Go(func() error {
		defer close(jobs)
		for _, j := range list {
			select {
			case jobs <- j:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for range 2 {
		g.Go(func() error {
			for j := range jobs {
				if r := index(j); r.Err != nil {
					return r.Err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// ClosesOnBothExits is good: the feeder closes jobs on its two ways out,
// without defer.
func ClosesOnBothExits(ctx context.Context, list []Job) error {
	jobs := make(chan Job)
	var g errgroup.Group
	g.Go(func() error {
		for _, j := range list {
			select {
			case jobs <- j:
			case <-ctx.Done():
				close(jobs)
				return ctx.Err()
			}
		}
		close(jobs)
		return nil
	})
	for range 2 {
		g.Go(func() error {
			for j := range jobs {
				_ = index(j)
			}
			return nil
		})
	}
	return g.Wait()
}

// WorkersWatchContext is good: nobody closes jobs, but the workers do not
// range; the deferred cancel ends them.
func WorkersWatchContext(parent context.Context, list []Job) []Result {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	jobs := make(chan Job)
	results := make(chan Result, len(list))
	for range 3 {
		go func() {
			for {
				select {
				case j := <-jobs:
					results <- index(j)
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	out := make([]Result, 0, len(list))
	for _, j := range list {
		select {
		case jobs <- j:
		case <-ctx.Done():
			return out
		}
	}
	for range list {
		out = append(out, <-results)
	}
	return out
}

// TwoStages is good: every stage has its own group, all are started first,
// and each Wait is followed by the close of the next channel.
func TwoStages(list []Job) (sum int) {
	in, mid, out := make(chan Job), make(chan Result), make(chan int)
	var parse, count, collect sync.WaitGroup
	for range 3 {
		parse.Go(func() {
			for j := range in {
				mid <- index(j)
			}
		})
	}
	for range 2 {
		count.Go(func() {
			for r := range mid {
				out <- r.Words
			}
		})
	}
	collect.Go(func() {
		for n := range out {
			sum += n
		}
	})
	for _, j := range list {
		in <- j
	}
	close(in)
	parse.Wait()
	close(mid)
	count.Wait()
	close(out)
	collect.Wait()
	return sum
}
