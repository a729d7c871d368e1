package goodtypes

import (
	"context"
	"sync"
)

// LookalikeDiscarded is good: this WithContext adds a value, which may be discarded.
func LookalikeDiscarded(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, _ := WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// LookalikeAfterWait is good: this Wait cancels nothing.
func LookalikeAfterWait(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx)
}

// LookalikeParent is good: this group's context is not cancelled by a failing function.
func LookalikeParent(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// errgroup is a variable here, not the package.
var errgroup = struct {
	WithContext func(context.Context) (*sync.WaitGroup, context.Context)
}{
	WithContext: func(ctx context.Context) (*sync.WaitGroup, context.Context) {
		return new(sync.WaitGroup), ctx
	},
}

// LookalikePackage is good: errgroup is a variable of this package, g a sync.WaitGroup.
func LookalikePackage(ctx context.Context, urls []string, fetch func(context.Context, string), save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() {
			fetch(ctx, u)
		})
	}
	g.Wait()
	return save(ctx)
}

// CancelGroup is good: a WaitGroup beside a cancel function; each function decides for itself.
func CancelGroup(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	gctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for i, u := range urls {
		wg.Go(func() {
			if i == 0 {
				_ = fetch(ctx, u)
				return
			}
			_ = fetch(gctx, u)
		})
	}
	wg.Wait()
	return save(gctx)
}
