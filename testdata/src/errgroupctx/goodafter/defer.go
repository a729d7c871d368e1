package goodafter

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A Lease is given back with a call that can fail.
type Lease interface {
	Release(ctx context.Context) error
}

// DeferredBefore is good: the argument was evaluated when ctx was still the parent.
func DeferredBefore(ctx context.Context, lease Lease, urls []string, fetch func(context.Context, string) error) error {
	defer lease.Release(ctx)
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// DeferredClosure is good: the closure reads ctx after the Wait, and it is the parent.
func DeferredClosure(ctx context.Context, lease Lease, urls []string, fetch func(context.Context, string) error) error {
	defer func() {
		_ = lease.Release(ctx)
	}()
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// DeferredWait is good: deferred calls run last to first, so the release precedes the Wait.
func DeferredWait(ctx context.Context, lease Lease, urls []string, fetch func(context.Context, string) error) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() { err = g.Wait() }()
	defer lease.Release(gctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return nil
}
