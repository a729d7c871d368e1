package badafter

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A Lease is given back with a call that can fail.
type Lease interface {
	Release(ctx context.Context) error
}

// DeferredClosure is bad: the closure reads ctx when it runs, after the Wait.
func DeferredClosure(ctx context.Context, lease Lease, urls []string, fetch func(context.Context, string) error) error {
	defer func() {
		_ = lease.Release(ctx) // want "after.*Wait"
	}()
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// DeferredCall is bad: ctx is the group's when the call is deferred, and cancelled when it runs.
func DeferredCall(ctx context.Context, lease Lease, urls []string, fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	defer lease.Release(ctx) // want "after.*Wait"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}
