// Package goodlost holds Waits whose error is none, is told elsewhere, or is dropped on purpose.
package goodlost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Blank is good: that is a decision.
func Blank(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	_ = g.Wait()
}

// AlwaysNil is good: no task returns an error, and the errors are kept elsewhere (trap 38).
func AlwaysNil(urls []string, fetch func(string) error) []error {
	var (
		g    errgroup.Group
		mu   sync.Mutex
		errs []error
	)
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(u); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
			return nil
		})
	}
	g.Wait()
	return errs
}

// touch returns nil whatever it is given.
func touch(u string, fetch func(string) error) error {
	if fetch(u) != nil {
		return nil
	}
	return nil
}

// CalleeNil is good: the function that the task calls returns nil always.
func CalleeNil(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return touch(u, fetch)
		})
	}
	g.Wait()
}

// ContextOnly is good: the only error is that the context is done, which the caller knows.
func ContextOnly(ctx context.Context, work func(context.Context)) {
	g := errgroup.Group{}
	for range 3 {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				default:
					work(ctx)
				}
			}
		})
	}
	g.Wait()
}

// Acquired is good for the same reason.
func Acquired(ctx context.Context, urls []string, work func(string)) {
	var g errgroup.Group
	sem := semaphore.NewWeighted(3)
	for _, u := range urls {
		g.Go(func() error {
			if err := sem.Acquire(ctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			work(u)
			return nil
		})
	}
	g.Wait()
}

// SecondWait is good: the second Wait returns the error that the first one drops (trap 47).
func SecondWait(urls []string, fetch func(string) (int, error)) (sum int, err error) {
	var g errgroup.Group
	out := make(chan int)
	for _, u := range urls {
		g.Go(func() error {
			n, err := fetch(u)
			if err != nil {
				return err
			}
			out <- n
			return nil
		})
	}
	go func() {
		g.Wait()
		close(out)
	}()
	for n := range out {
		sum += n
	}
	return sum, g.Wait()
}

// Logged is good: the task logs what it returns.
func Logged(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			err := fetch(u)
			if err != nil {
				log.Printf("%s: %v", u, err)
			}
			return err
		})
	}
	g.Wait()
}

// Kept is good: each error has its place.
func Kept(urls []string, fetch func(string) error) []error {
	var g errgroup.Group
	errs := make([]error, len(urls))
	for i, u := range urls {
		g.Go(func() error {
			err := fetch(u)
			errs[i] = err
			return err
		})
	}
	g.Wait()
	return errs
}

// KeptByDefer is good: a deferred call sees the error.
func KeptByDefer(urls []string, fetch func(string) error, report func(error)) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() (err error) {
			defer func() {
				report(err)
			}()
			err = fetch(u)
			return err
		})
	}
	g.Wait()
}

// Asked is good: the context tells the first error.
func Asked(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	g.Wait()
	return context.Cause(gctx)
}

var errFound = errors.New("found")

// EndsOthers is good: the error is there to end the other tasks.
func EndsOthers(ctx context.Context, urls []string, look func(context.Context, string) bool) (found string) {
	g, gctx := errgroup.WithContext(ctx)
	var once sync.Once
	for _, u := range urls {
		g.Go(func() error {
			if look(gctx, u) {
				once.Do(func() { found = u })
				return errFound
			}
			return nil
		})
	}
	g.Wait()
	return found
}

// Sentinel is good: io.EOF says that it is over.
func Sentinel(step func() bool) {
	var g errgroup.Group
	g.Go(func() error {
		for step() {
		}
		return io.EOF
	})
	g.Wait()
}

// Deferred may be good: a deferred Wait only waits.
func Deferred(urls []string, fetch func(string) error, check func() error) error {
	var g errgroup.Group
	defer g.Wait()
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return check()
}

// Unknown may be good: what the task returns cannot be seen.
func Unknown(tasks []func() error) {
	var g errgroup.Group
	for _, t := range tasks {
		g.Go(t)
	}
	g.Wait()
}

// Compared is good: the error is looked at.
func Compared(urls []string, fetch func(string) error) bool {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait() == nil
}

// Given may be good: the owner of the group can Wait again, for the error.
func Given(g *errgroup.Group, urls []string, fetch func(string) error) {
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.Wait()
}

// FirstEnds is good: each task returns an error, whatever it has done, so that the others end (x/tools
// internal/gocommand).
func FirstEnds(work func(context.Context)) {
	g, gctx := errgroup.WithContext(context.Background())
	for range 10 {
		g.Go(func() error {
			work(gctx)
			return fmt.Errorf("oops")
		})
	}
	g.Wait() // ignore error (expected)
}

// Signal is good: the error tells the other task to end.
func Signal(ctx context.Context, stop <-chan bool, work func(context.Context)) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		<-stop
		return errors.New("stopped")
	})
	g.Go(func() error {
		work(gctx)
		return nil
	})
	g.Wait()
}
