// Package goodunawaited has groups for which something waits, or something else than Wait.
package goodunawaited

import (
	"context"
	"net"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Deferred is good: the method value is called.
func Deferred(names []string, size func(string) int) []int {
	sizes := make([]int, len(names))
	var wg sync.WaitGroup
	wait := wg.Wait
	for i, name := range names {
		wg.Go(func() { sizes[i] = size(name) })
	}
	wait()
	return sizes
}

// Closer is good: the goroutine that closes the channel waits.
func Closer(names []string, size func(string) int) (sum int) {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { sizes <- size(name) })
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for n := range sizes {
		sum += n
	}
	return sum
}

// Cleanup is good: the test waits when it ends.
func Cleanup(t *testing.T, serve func()) {
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	wg.Go(serve)
}

// Helper is good: what it hands the group to waits.
func Helper(tasks []func()) {
	var wg sync.WaitGroup
	defer finish(&wg)
	for _, task := range tasks {
		wg.Go(task)
	}
}

func finish(wg *sync.WaitGroup) { wg.Wait() }

// Pointer is good: p is the group.
func Pointer(tasks []func()) {
	var wg sync.WaitGroup
	p := &wg
	for _, task := range tasks {
		wg.Go(task)
	}
	func() { p.Wait() }()
}

// Expression is good: Wait is a function of its receiver here.
func Expression(tasks []func()) {
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Go(task)
	}
	(*sync.WaitGroup).Wait(&wg)
}

// Start is good: its caller waits.
func Start(task func()) *sync.WaitGroup {
	var wg sync.WaitGroup
	wg.Go(task)
	return &wg
}

// StartFunc is good: it returns what waits.
func StartFunc(task func()) (wait func()) {
	var wg sync.WaitGroup
	wg.Go(task)
	return wg.Wait
}

// A Waiter waits.
type Waiter interface{ Wait() }

// Register is good: whoever is told of the group waits.
func Register(task func(), tell func(Waiter)) {
	var wg sync.WaitGroup
	tell(&wg)
	wg.Go(task)
}

// A Job is waited for by its owner.
type Job struct{ Group *sync.WaitGroup }

// NewJob is good: the field is exported.
func NewJob(task func()) Job {
	var wg sync.WaitGroup
	wg.Go(task)
	return Job{&wg}
}

// Results is good: a result from each goroutine tells of its end as well.
func Results(names []string, size func(string) int) (sum int) {
	sizes := make(chan int, len(names))
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sizes <- size(name)
		}()
	}
	for range names {
		sum += <-sizes
	}
	return sum
}

// First is good: it waits for the first result only.
func First(names []string, size func(string) int) int {
	sizes := make(chan int, len(names))
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { sizes <- size(name) })
	}
	return <-sizes
}

// Nested is good: the goroutines that g starts wait for nothing, but g does for them.
func Nested(tasks []func()) error {
	var g errgroup.Group
	var wg sync.WaitGroup
	for _, task := range tasks {
		wg.Add(1)
		g.Go(func() error {
			defer wg.Done()
			task()
			return nil
		})
	}
	return g.Wait()
}

// Accept is good: it never returns.
func Accept(l net.Listener, handle func(net.Conn)) {
	var wg sync.WaitGroup
	for {
		conn, err := l.Accept()
		if err != nil {
			panic(err)
		}
		wg.Go(func() { handle(conn) })
	}
}

// Counter is good: the goroutine is not what is counted.
func Counter(n int) {
	go func() {
		var wg sync.WaitGroup
		for range n {
			wg.Add(1)
		}
		for range n {
			wg.Done()
		}
	}()
}

// Upload is good: Wait returns the first error.
func Upload(ctx context.Context, files []string, put func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error { return put(ctx, f) })
	}
	return g.Wait()
}

// Race is good: the cause of the context's end is the first error.
func Race(ctx context.Context, tasks []func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, task := range tasks {
		g.Go(func() error { return task(ctx) })
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// AddTo is good: the group is the caller's.
func AddTo(g *errgroup.Group, put func() error) {
	g.Go(put)
}
