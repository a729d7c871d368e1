// Package badwait holds groups that nobody waits for, at all or on one path.
package badwait

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"
)

// EarlyReturn is bad: where check fails the tasks run on, and nothing cancels their context.
func EarlyReturn(ctx context.Context, urls []string, fetch func(context.Context, string) error, check func() error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := check(); err != nil {
		return err // want "return without g.Wait: the tasks started at line 16 are left running, and their errors are lost"
	}
	return g.Wait()
}

// EarlyInLoop is bad: the loop is left with the tasks of its earlier turns running.
func EarlyInLoop(ctx context.Context, names []string, open func(string) (string, error), fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, n := range names {
		u, err := open(n)
		if err != nil {
			return fmt.Errorf("opening %s: %w", n, err) // want "return without g.Wait"
		}
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// ZeroGroup is bad in the same way, with a group that has no context.
func ZeroGroup(urls []string, fetch func(string) error, ready func() bool) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if !ready() {
		return nil // want "return without g.Wait"
	}
	return g.Wait()
}

// tasks makes a group, starts its tasks and hands it to its caller.
func tasks(ctx context.Context, urls []string, fetch func(context.Context, string) error) *errgroup.Group {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g
}

// FromHelper is bad: it has the group from a function, and Waits for it on one path only.
func FromHelper(ctx context.Context, urls []string, fetch func(context.Context, string) error, check func() error) error {
	wg := tasks(ctx, urls, fetch)
	if err := check(); err != nil {
		return err // want "return without g.Wait"
	}
	return wg.Wait()
}

// HiddenError is bad: when a worker fails the feeder learns of it from the derived context, and returns that
// context's error instead of the worker's.
func HiddenError(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	in := make(chan string)
	defer close(in)
	for range 4 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(gctx, u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, u := range urls {
		select {
		case in <- u:
		case <-gctx.Done():
			return gctx.Err() // want "return of the derived context's error without g.Wait: when a task started at line 82 fails, its error is lost and this is only .context canceled."
		}
	}
	return g.Wait()
}

// HiddenByCheck is bad: it asks the context instead of waiting for it.
func HiddenByCheck(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		if gctx.Err() != nil {
			return gctx.Err() // want "return of the derived context's error without g.Wait"
		}
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// Never is bad: the errors of the tasks go nowhere.
func Never(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error { // want "nothing Waits for g: the error of this task is lost, and the function returns while it runs"
			return fetch(u)
		})
	}
}

// NeverLimited is bad: the limit does not make Wait superfluous.
func NeverLimited(ctx context.Context, next func() (string, error), handle func(context.Context, string) error) error {
	var g errgroup.Group
	g.SetLimit(8)
	for {
		x, err := next()
		if err != nil {
			return err
		}
		g.TryGo(func() error { // want "nothing Waits for g"
			return handle(ctx, x)
		})
	}
}

// InGoroutine is bad: the goroutine that owns the group returns early.
func InGoroutine(urls []string, fetch func(string) error, check func() error, report func(error)) {
	go func() {
		var g errgroup.Group
		for _, u := range urls {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := check(); err != nil {
			report(err)
			return // want "return without g.Wait"
		}
		report(g.Wait())
	}()
}

type crawler struct {
	g     errgroup.Group
	limit int
}

// InStruct is bad: the struct that holds the group is local.
func InStruct(urls []string, fetch func(string) error, check func() error) error {
	c := &crawler{limit: 3}
	c.g.SetLimit(c.limit)
	for _, u := range urls {
		c.g.Go(func() error {
			return fetch(u)
		})
	}
	if err := check(); err != nil {
		return err // want "return without c.g.Wait"
	}
	return c.g.Wait()
}

// AfterWait is bad: the task is started when nobody Waits any more (trap 47).
func AfterWait(urls []string, fetch, index func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g.Go(func() error {
		return index(urls[0])
	})
	return nil // want "return without g.Wait"
}

// ClosesOther is bad: what it closes has nothing to do with the tasks.
func ClosesOther(urls []string, fetch func(string) error, open func() (*os.File, error), check func(*os.File) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	f, err := open()
	if err != nil {
		return err // want "return without g.Wait"
	}
	defer f.Close()
	if err := check(f); err != nil {
		return err // want "return without g.Wait"
	}
	return g.Wait()
}
