// Package goodcallee holds tasks that use the derived context through closures, methods and helpers.
package goodcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ClosureVariable is good: the task in the variable has the derived context.
func ClosureVariable(ctx context.Context, warm, migrate func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	task := func() error {
		return migrate(gctx)
	}
	g.Go(func() error {
		return warm(gctx)
	})
	g.Go(task)
	return g.Wait()
}

// ClosureInSpawner is good: the closure with the parent is called by the spawner only.
func ClosureInSpawner(ctx context.Context, names []string, resolve, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	check := func(name string) error {
		return resolve(ctx, name)
	}
	for _, name := range names {
		if check(name) != nil {
			continue
		}
		g.Go(func() error {
			return fetch(gctx, name)
		})
	}
	return g.Wait()
}

// ClosureSlice is good: all tasks in the slice use the derived context.
func ClosureSlice(ctx context.Context, warm, migrate, reindex func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	tasks := []func() error{
		func() error { return warm(gctx) },
		func() error { return migrate(gctx) },
		func() error { return reindex(gctx) },
	}
	for _, task := range tasks {
		g.Go(task)
	}
	return g.Wait()
}

// ClosureStarter is good: start hands the derived context to every function.
func ClosureStarter(ctx context.Context, warm, migrate func(context.Context) error, limit func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(f func(context.Context) error) {
		g.Go(func() error {
			return f(gctx)
		})
	}
	if err := limit(ctx); err != nil {
		return err
	}
	start(warm)
	start(migrate)
	return g.Wait()
}
