// Package badcallee holds tasks that use the parent context through closures, methods and helpers.
package badcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ClosureVariable is bad: the task is made first and started later.
func ClosureVariable(ctx context.Context, warm, migrate func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	task := func() error {
		return migrate(ctx) // want "parent"
	}
	g.Go(func() error {
		return warm(gctx)
	})
	g.Go(task)
	return g.Wait()
}

// ClosureCalled is bad: the closure with the parent is called by the tasks.
func ClosureCalled(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	fetchTwice := func(u string) error {
		if fetch(ctx, u) == nil { // want "parent"
			return nil
		}
		return fetch(ctx, u) // want "parent"
	}
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetchTwice(u)
		})
	}
	return g.Wait()
}

// ClosureSlice is bad: the tasks wait in a slice until a loop starts them.
func ClosureSlice(ctx context.Context, warm, migrate, reindex func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	tasks := []func() error{
		func() error { return warm(gctx) },
		func() error { return migrate(ctx) }, // want "parent"
		func() error { return reindex(gctx) },
	}
	for _, task := range tasks {
		g.Go(task)
	}
	return g.Wait()
}

// ClosureStarter is bad: start hands the parent to every function that it makes a task.
func ClosureStarter(ctx context.Context, warm, migrate func(context.Context) error, limit func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(f func(context.Context) error) {
		g.Go(func() error {
			return f(ctx) // want "parent"
		})
	}
	if err := limit(gctx); err != nil {
		return err
	}
	start(warm)
	start(migrate)
	return g.Wait()
}
