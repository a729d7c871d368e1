// Package fixafter holds derived contexts that are used after Wait, where the fix uses the parent.
package fixafter

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Assigned gives the derived context a name of its own, as the definition assigns the parameter.
func Assigned(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx) // want "after.*Wait"
}

// Shadowed does the same where the definition makes a new variable in an inner block.
func Shadowed(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	if len(urls) > 0 {
		g, ctx := errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(ctx, u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		return save(ctx) // want "after.*Wait"
	}
	return nil
}

// Named uses the parent, which has another name.
func Named(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(gctx) // want "after.*Wait"
}

// SecondGroup derives both groups from the parent.
func SecondGroup(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	h, hctx := errgroup.WithContext(ctx) // want "after.*Wait"
	for _, u := range urls {
		h.Go(func() error {
			return store(hctx, u)
		})
	}
	return h.Wait()
}

// A Lease is given back with a call that can fail.
type Lease interface {
	Release(ctx context.Context) error
}

// Deferred gives the lease back with the parent, and the spawner goes on with the derived context.
func Deferred(ctx context.Context, lease Lease, next func(context.Context) (string, bool), fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	defer func() {
		_ = lease.Release(ctx) // want "after.*Wait"
	}()
	for {
		u, ok := next(ctx)
		if !ok {
			break
		}
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// Not run: badafter has the same forms with their proofs.
