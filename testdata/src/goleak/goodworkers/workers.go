// Package goodworkers holds pools of which workers and feeder end, also on errors.
package goodworkers

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Job is work on a file.
type Job struct {
	Path string
}

// Process is good: the close ends the workers.
func Process(paths []string, workers int, do func(Job)) {
	jobs := make(chan Job)
	for range max(workers, 1) {
		go func() {
			for j := range jobs {
				do(j)
			}
		}()
	}
	for _, p := range paths {
		jobs <- Job{p}
	}
	close(jobs)
}

// Resize is good: the close is deferred.
func Resize(paths []string, stat func(string) error, do func(Job)) error {
	jobs := make(chan Job, 16)
	defer close(jobs)
	for range runtime.NumCPU() {
		go resizer(jobs, do)
	}
	for _, p := range paths {
		if err := stat(p); err != nil {
			return fmt.Errorf("resize: %w", err)
		}
		jobs <- Job{p}
	}
	return nil
}

func resizer(jobs <-chan Job, do func(Job)) {
	for j := range jobs {
		do(j)
	}
}

// Upload is good: the feeder watches the group's context, which the first error cancels.
func Upload(ctx context.Context, paths []string, workers int, put func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, p := range paths {
			select {
			case queue <- p:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error {
			for p := range queue {
				if err := put(gctx, p); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// UploadAll is good: a worker remembers its error and goes on to take from the queue.
func UploadAll(paths []string, put func(string) error) error {
	var g errgroup.Group
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, p := range paths {
			queue <- p
		}
		return nil
	})
	for range 4 {
		g.Go(func() (first error) {
			for p := range queue {
				if first != nil {
					continue
				}
				first = put(p)
			}
			return first
		})
	}
	return g.Wait()
}

// Convert is good: the feeder notices that the worker has left.
func Convert(paths []string, conv func(string) error) error {
	queue := make(chan string)
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for p := range queue {
			if err := conv(p); err != nil {
				failed <- err
				return
			}
		}
	}()
	for _, p := range paths {
		select {
		case queue <- p:
		case err := <-failed:
			return err
		}
	}
	close(queue)
	return <-failed
}

// Pair is good: a stop message for each of the two workers.
func Pair(inputs []int, f func(int)) {
	work := make(chan int)
	quit := make(chan struct{})
	for range 2 {
		go func() {
			for {
				select {
				case n := <-work:
					f(n)
				case <-quit:
					return
				}
			}
		}()
	}
	for _, n := range inputs {
		work <- n
	}
	for range 2 {
		quit <- struct{}{}
	}
}

// Collect is good: a skipped path gives a result as well.
func Collect(paths []string, skip func(string) bool, size func(string) int64) (total int64) {
	sizes := make(chan int64)
	for _, p := range paths {
		go func() {
			var n int64
			if !skip(p) {
				n = size(p)
			}
			sizes <- n
		}()
	}
	for range paths {
		total += <-sizes
	}
	return total
}

// A Pool runs functions on a fixed number of goroutines.
type Pool struct {
	tasks chan func()
	wg    sync.WaitGroup
}

func newPool(n int) *Pool {
	p := &Pool{tasks: make(chan func())}
	for range n {
		p.wg.Add(1)
		go p.work()
	}
	return p
}

func (p *Pool) work() {
	defer p.wg.Done()
	for task := range p.tasks {
		task()
	}
}

func (p *Pool) submit(task func()) { p.tasks <- task }

func (p *Pool) stop() {
	close(p.tasks)
	p.wg.Wait()
}

// RunAll is good: the pool is stopped on all paths.
func RunAll(tasks []func()) error {
	p := newPool(3)
	defer p.stop()
	for i, t := range tasks {
		if t == nil {
			return fmt.Errorf("task %d is nil", i)
		}
		p.submit(t)
	}
	return nil
}

// Reduce is good: the partial sums are closed when the workers are done.
func Reduce(parts [][]int) int {
	jobs, partial := make(chan []int), make(chan int)
	total := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for part := range jobs {
				sum := 0
				for _, n := range part {
					sum += n
				}
				partial <- sum
			}
		})
	}
	go func() {
		var sum int
		for s := range partial {
			sum += s
		}
		total <- sum
	}()
	for _, part := range parts {
		jobs <- part
	}
	close(jobs)
	wg.Wait()
	close(partial)
	return <-total
}

// Staged is good: every stage has its workers and its group, all are started before the first wait.
func Staged(in []int, double func(int) int) (sum int) {
	first, second, third := make(chan int), make(chan int), make(chan int)
	var wg1, wg2, wg3 sync.WaitGroup
	for range 2 {
		wg1.Go(func() {
			for v := range first {
				second <- double(v)
			}
		})
		wg2.Go(func() {
			for v := range second {
				third <- double(v)
			}
		})
	}
	wg3.Go(func() {
		for v := range third {
			sum += v
		}
	})
	for _, v := range in {
		first <- v
	}
	close(first)
	wg1.Wait()
	close(second)
	wg2.Wait()
	close(third)
	wg3.Wait()
	return sum
}

// Limited is good: Go waits for a free slot, the tasks for a receiver, and that runs already.
func Limited(paths []string, size func(string) (int64, error)) (total int64, err error) {
	var g errgroup.Group
	g.SetLimit(1)
	sizes := make(chan int64)
	go func() {
		for _, p := range paths {
			g.Go(func() error {
				n, err := size(p)
				if err != nil {
					return err
				}
				sizes <- n
				return nil
			})
		}
		err = g.Wait()
		close(sizes)
	}()
	for n := range sizes {
		total += n
	}
	return total, err
}

// TwoGroups is good: the consumer keeps its first error and takes what the tasks of the other
// group send.
func TwoGroups(parts []func() []byte, store func([]byte) error) error {
	var producers, consumers errgroup.Group
	blocks := make(chan []byte)
	for _, part := range parts {
		producers.Go(func() error {
			blocks <- part()
			return nil
		})
	}
	consumers.Go(func() error {
		defer close(blocks)
		return producers.Wait()
	})
	failed := make(chan error, 1)
	go func() {
		var first error
		for b := range blocks {
			if err := store(b); err != nil && first == nil {
				first = err
			}
		}
		failed <- first
	}()
	return <-failed
}

// TryAll is good: a task for which the limited group has no slot runs in the caller; each of them
// sends once, to a goroutine that counts along.
func TryAll(tasks []func() error) (failed int) {
	var g errgroup.Group
	g.SetLimit(2)
	errs := make(chan error)
	counted := make(chan int)
	go func() {
		n := 0
		for range tasks {
			if <-errs != nil {
				n++
			}
		}
		counted <- n
	}()
	for _, task := range tasks {
		report := func() error {
			errs <- task()
			return nil
		}
		if !g.TryGo(report) {
			report()
		}
	}
	g.Wait()
	return <-counted
}
