package badworkerpool

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// JobsNeverClosed is bad: the workers range over jobs, the feeder stops
// sending without close(jobs), and Wait waits for the workers.
func JobsNeverClosed(list []Job) int64 {
	jobs := make(chan Job)
	var words atomic.Int64

	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs { // want "jobs is never closed"
				words.Add(int64(index(j).Words))
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	wg.Wait()
	return words.Load()
}

// JobsNeverClosedDetached is bad: the caller counts its results and returns;
// every call leaves three workers behind that wait for another job.
func JobsNeverClosedDetached(list []Job) []Result {
	jobs := make(chan Job, len(list))
	results := make(chan Result, len(list))
	for range 3 {
		go func() {
			for j := range jobs { // want "jobs is never closed"
				results <- index(j)
			}
		}()
	}
	for _, j := range list {
		jobs <- j
	}
	out := make([]Result, 0, len(list))
	for range list {
		out = append(out, <-results)
	}
	return out
}

// NamedWorkers is bad: the range stands in the function that go starts, and
// the channel that it gets is never closed.
func NamedWorkers(list []Job) []Result {
	jobs, results := make(chan Job), make(chan Result)
	var wg sync.WaitGroup
	for id := range 2 {
		wg.Add(1)
		go namedWorker(id, jobs, results, &wg)
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	go func() {
		for _, j := range list {
			jobs <- j
		}
	}()
	var out []Result
	for len(out) < len(list) {
		out = append(out, <-results)
	}
	return out
}

func namedWorker(id int, in <-chan Job, out chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range in { // want "(in|jobs) is never closed"
		r := index(j)
		r.JobID = id<<16 | r.JobID
		out <- r
	}
}

// FeederTaskForgets is bad: the feeder is one more task of the group and
// returns without closing jobs, so the other tasks never return.
func FeederTaskForgets(ctx context.Context, list []Job) error {
	g, gctx := errgroup.WithContext(ctx)
	jobs := make(chan Job)
	g.Go(func() error {
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
			for j := range jobs { // want "jobs is never closed"
				if r := index(j); r.Err != nil {
					return r.Err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// FeederLeavesOnCancel is bad: on cancellation the feeder returns above the
// close that is not deferred, and the workers wait forever.
func FeederLeavesOnCancel(ctx context.Context, list []Job) error {
	jobs := make(chan Job)
	var g errgroup.Group
	g.Go(func() error {
		for _, j := range list {
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		close(jobs)
		return nil
	})
	for range 2 {
		g.Go(func() error {
			for j := range jobs { // want "jobs is not closed"
				_ = index(j)
			}
			return nil
		})
	}
	return g.Wait()
}

// FeederFailsFast is bad: a document that cannot be prepared makes the feeder
// return above close(jobs); the workers stay in their range.
func FeederFailsFast(list []Job) error {
	jobs := make(chan Job, 1)
	var words atomic.Int64
	for range 2 {
		go func() {
			for j := range jobs { // want "jobs is not closed"
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
	close(jobs)
	return nil
}
