// Package badlimit holds limits that are set while tasks run, and limits under which no task starts.
package badlimit

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// AfterLoop is bad: the running tasks took no token, and each gives one back.
func AfterLoop(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.SetLimit(3) // want "g.SetLimit comes after the Go at line 15: a task that still runs then blocks forever at its end, and g.Wait with it"
	return g.Wait()
}

// InLoop is bad: the second turn changes the limit while the first turn's task may hold a token.
func InLoop(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.SetLimit(3) // want "g.SetLimit comes after the Go at line 28: it panics if a task still runs then"
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// Raised is bad: the limit is changed between two lots of tasks.
func Raised(first, second []string, limit int, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(2)
	for _, u := range first {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.SetLimit(limit) // want "it panics if a task still runs then"
	for _, u := range second {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

type pool struct {
	g *errgroup.Group
}

// limit sets the limit of a group that has tasks already.
func (p *pool) limit(n int) {
	p.g.SetLimit(n) // want "p.g.SetLimit comes after the TryGo"
}

// InHelper is bad: the limit is set by a method that is called too late.
func InHelper(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	p := &pool{g}
	for _, u := range urls {
		p.g.TryGo(func() error {
			return fetch(gctx, u)
		})
	}
	p.limit(4)
	return g.Wait()
}

// Given is bad whoever made the group.
func Given(g *errgroup.Group, task func() error) {
	g.Go(task)
	g.SetLimit(1) // want "g.SetLimit comes after the Go"
}

// Zero is bad: there is no place for any task.
func Zero(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(0) // want "g.SetLimit.0. lets no task start: g.Go at line 86 blocks forever"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// HalfTheProcessors is bad: with one processor that is no place at all.
func HalfTheProcessors(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0) / 2) // want "g.SetLimit is given 0 where runtime.GOMAXPROCS returns 1: g.Go at line 98 then blocks forever"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}

// OneForOthers is bad in the same way.
func OneForOthers(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU() - 1) // want "g.SetLimit is given 0 where runtime.NumCPU returns 1"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	return g.Wait()
}
