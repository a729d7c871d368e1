// Package fixdiscard holds discarded contexts that the fix keeps and uses.
package fixdiscard

import (
	"context"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"
)

// Fetch keeps the derived context under a new name.
func Fetch(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// FlushAfter leaves the parent as it is for what comes after Wait.
func FlushAfter(ctx context.Context, rows []string, write func(context.Context, string) error, flush func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, r := range rows {
		g.Go(func() error {
			return write(ctx, r)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return flush(ctx)
}

// Guarded replaces the context in the guard and where its error is returned.
func Guarded(ctx context.Context, xs []int, handle func(int) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	ch := make(chan int)
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for x := range ch {
			if err := handle(x); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// Assigned redefines the group's variable, which stays the same.
func Assigned(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	var g *errgroup.Group
	g, _ = errgroup.WithContext(ctx) // want "discarded"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// Taken finds another name, as gctx is something else already.
func Taken(gctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(gctx) // want "discarded"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// A Lock is given back with a call that can fail.
type Lock interface {
	Lock(ctx context.Context) error
	Unlock(ctx context.Context) error
}

// CleanUp leaves the parent to the deferred unlock, which must work in any case.
func CleanUp(ctx context.Context, lock Lock, jobs []func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, job := range jobs {
		g.Go(func() error {
			if err := lock.Lock(ctx); err != nil {
				return err
			}
			defer lock.Unlock(ctx)
			slog.InfoContext(ctx, "locked")
			return job(ctx)
		})
	}
	return g.Wait()
}

// Not run: baddiscard has the same forms with their proofs.
