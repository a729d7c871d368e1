// Package badworkers holds pools of which the workers wait for jobs that never come, or the feeder
// for workers that have left.
package badworkers

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Job is work on a file.
type Job struct {
	Path string
}

// Process is bad: jobs is not closed, the workers wait for more.
func Process(paths []string, workers int, do func(Job)) {
	jobs := make(chan Job)
	for range max(workers, 1) {
		go func() {
			for j := range jobs { // want "range over jobs blocks forever"
				do(j)
			}
		}()
	}
	for _, p := range paths {
		jobs <- Job{p}
	}
}

// Resize is bad: a failed send path returns above the close of the jobs.
func Resize(paths []string, stat func(string) error, do func(Job)) error {
	jobs := make(chan Job, 16)
	for range runtime.NumCPU() {
		go resizer(jobs, do)
	}
	for _, p := range paths {
		if err := stat(p); err != nil {
			return fmt.Errorf("resize: %w", err)
		}
		jobs <- Job{p}
	}
	close(jobs)
	return nil
}

func resizer(jobs <-chan Job, do func(Job)) {
	for j := range jobs { // want "range over jobs blocks forever"
		do(j)
	}
}

// Upload is bad: a worker returns its error, and when none is left the feeder stands in its send.
func Upload(ctx context.Context, paths []string, workers int, put func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, p := range paths {
			queue <- p // want "send on queue blocks forever"
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

// Convert is bad: the only worker leaves at the first error, the feeder is the function itself.
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
		queue <- p // want "send on queue blocks forever"
	}
	close(queue)
	return <-failed
}

// ErrPoison ends a worker.
var ErrPoison = errors.New("poison")

// Pair is bad: two workers, one stop message.
func Pair(inputs []int, f func(int)) {
	work := make(chan int)
	quit := make(chan struct{})
	for range 2 {
		go func() {
			for {
				select { // want "select blocks forever"
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
	quit <- struct{}{}
}

// Collect is bad: the workers' results are counted wrongly: a skipped path gives no result.
func Collect(paths []string, skip func(string) bool, size func(string) int64) (total int64) {
	sizes := make(chan int64)
	for _, p := range paths {
		go func() {
			if skip(p) {
				return
			}
			sizes <- size(p)
		}()
	}
	for range paths {
		total += <-sizes // want "receive from sizes blocks forever"
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
	for task := range p.tasks { // want "range over p.tasks blocks forever"
		task()
	}
}

func (p *Pool) submit(task func()) { p.tasks <- task }

func (p *Pool) stop() {
	close(p.tasks)
	p.wg.Wait()
}

// RunAll is bad: the pool is not stopped when a task is nil.
func RunAll(tasks []func()) error {
	p := newPool(3)
	for i, t := range tasks {
		if t == nil {
			return fmt.Errorf("task %d is nil", i)
		}
		p.submit(t)
	}
	p.stop()
	return nil
}

// Reduce is bad: the reducer ranges over partial sums, and only the jobs are closed.
func Reduce(parts [][]int) int {
	jobs, partial := make(chan []int), make(chan int)
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
	var mu sync.Mutex
	total := 0
	go func() {
		for s := range partial { // want "range over partial blocks forever"
			mu.Lock()
			total += s
			mu.Unlock()
		}
	}()
	for _, part := range parts {
		jobs <- part
	}
	close(jobs)
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	return total
}

// Limited is bad: Go waits for a free slot, the tasks for a receiver, which comes after the loop.
func Limited(paths []string, size func(string) (int64, error)) (total int64, err error) {
	var g errgroup.Group
	g.SetLimit(1)
	sizes := make(chan int64)
	for _, p := range paths {
		g.Go(func() error {
			n, err := size(p)
			if err != nil {
				return err
			}
			sizes <- n // want "send on sizes blocks forever"
			return nil
		})
	}
	go func() {
		err = g.Wait()
		close(sizes)
	}()
	for n := range sizes {
		total += n
	}
	return total, err
}

// TwoGroups is bad: the consumer returns its error, and the tasks of the other group keep on
// sending.
func TwoGroups(parts []func() []byte, store func([]byte) error) error {
	var producers, consumers errgroup.Group
	blocks := make(chan []byte)
	for _, part := range parts {
		producers.Go(func() error {
			blocks <- part() // want "send on blocks blocks forever"
			return nil
		})
	}
	consumers.Go(func() error {
		defer close(blocks)
		return producers.Wait()
	})
	failed := make(chan error, 1)
	go func() {
		for b := range blocks {
			if err := store(b); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	return <-failed
}
