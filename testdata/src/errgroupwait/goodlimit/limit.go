// Package goodlimit holds limits that are set in time and leave room.
package goodlimit

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// First is good: the limit is set before the first task.
func First(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(3)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Lifted is good: to take the limit off does not make tasks wait.
func Lifted(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(3)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.SetLimit(-1)
	return g.Wait()
}

// AfterWait is good: no task runs when the limit is changed.
func AfterWait(first, second []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(3)
	for _, u := range first {
		g.Go(func() error {
			return fetch(u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g.SetLimit(1)
	for _, u := range second {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// EachTurn is good: each turn has a group of its own.
func EachTurn(batches [][]string, fetch func(string) error) error {
	for _, b := range batches {
		g := new(errgroup.Group)
		g.SetLimit(3)
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// Heard is good: each task has sent its last word when the limit is changed.
func Heard(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	done := make(chan bool)
	for _, u := range urls {
		g.Go(func() error {
			defer func() { done <- true }()
			return fetch(u)
		})
	}
	for range urls {
		<-done
	}
	g.SetLimit(3)
	return g.Wait()
}

// AtLeastOne is good on any machine.
func AtLeastOne(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(max(1, runtime.NumCPU()/2))
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Corrected is good in the same way.
func Corrected(urls []string, fetch func(string) error) error {
	n := runtime.GOMAXPROCS(0) / 2
	if n < 1 {
		n = 1
	}
	var g errgroup.Group
	g.SetLimit(n)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Twice is good: that is two at least.
func Twice(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU() * 2)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Refused is good: TryGo does not wait for a place.
func Refused(urls []string, fetch func(string) error) (done int) {
	var g errgroup.Group
	g.SetLimit(0)
	for _, u := range urls {
		if g.TryGo(func() error { return fetch(u) }) {
			done++
		}
	}
	_ = g.Wait()
	return done
}

// Reopened is good: there are places when the tasks come.
func Reopened(urls []string, limit int, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(0)
	if limit > 0 {
		g.SetLimit(limit)
	} else {
		g.SetLimit(-1)
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// newGroup makes a group with a limit (trap 46).
func newGroup(ctx context.Context, n int) (*errgroup.Group, context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	return g, ctx
}

// Constructor is good: the constructor sets the limit.
func Constructor(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := newGroup(ctx, 4)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

type runner struct {
	g *errgroup.Group
}

// Run is good: flush may Wait.
func (r *runner) Run(task func() error, flush func(*runner)) {
	r.g.Go(task)
	flush(r)
	r.g.SetLimit(2)
}

// Either is good: one branch sets a limit, the other one starts a task.
func Either(limited bool, task func() error) error {
	var g errgroup.Group
	if limited {
		g.SetLimit(1)
	} else {
		g.Go(task)
	}
	g.Go(task)
	return g.Wait()
}

// FirstTurn is good: the limit is set in the first turn only.
func FirstTurn(urls []string, limit int, fetch func(string) error) error {
	var g errgroup.Group
	for i, u := range urls {
		if i == 0 {
			g.SetLimit(limit)
		}
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Several is good: there is more than one processor.
func Several(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	if n := runtime.NumCPU(); n > 1 {
		g.SetLimit(n / 2)
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}
