// Package goodafter holds contexts that are used after Wait and are not the derived one, or are it
// for a purpose that a cancelled context serves.
package goodafter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// NamedSave is good: the derived context has a name of its own, and save gets the parent.
func NamedSave(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx)
}

// InnerScope is good: the derived context is defined in a block, and save is called outside.
func InnerScope(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
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
	}
	return save(ctx)
}

// InnerFunction is good: the function literal has its own ctx.
func InnerFunction(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	err := func() error {
		g, ctx := errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(ctx, u)
			})
		}
		return g.Wait()
	}()
	if err != nil {
		return err
	}
	return save(ctx)
}

// ParentRestored is good: ctx is the parent again before it is used.
func ParentRestored(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	parent := ctx
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	ctx = parent
	return save(ctx)
}

// RedefinedBefore is good: a new timeout replaces the derived context before the use.
func RedefinedBefore(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return save(ctx)
}

// WithoutCancelAfter is good: the cancellation is taken off before the call.
func WithoutCancelAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(context.WithoutCancel(ctx))
}

// BeforeWait is good: the spawner uses the derived context while the tasks run.
func BeforeWait(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := save(ctx); err != nil {
		_ = g.Wait()
		return err
	}
	return g.Wait()
}

// CauseAfter is good: the cause is what the caller wants to know.
func CauseAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("fetch: %w", errors.Join(err, context.Cause(gctx)))
	}
	return nil
}

// ParentErrAfter is good: the parent's Err tells whether the caller gave up.
func ParentErrAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			_ = fetch(gctx, u)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// WrapAfter is good: wrap makes an error of an error, with the context's request ID.
func WrapAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return wrap(ctx, err)
	}
	return nil
}

type requestID struct{}

func wrap(ctx context.Context, err error) error {
	if id, ok := ctx.Value(requestID{}).(string); ok {
		return fmt.Errorf("request %s: %w", id, err)
	}
	return err
}

// GuardWithParent is good: the guard after Wait is the parent's.
func GuardWithParent(ctx context.Context, xs []int, square func(context.Context, int) (int, error), out chan<- int) error {
	g, gctx := errgroup.WithContext(ctx)
	squares := make([]int, len(xs))
	for i, x := range xs {
		g.Go(func() (err error) {
			squares[i], err = square(gctx, x)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, s := range squares {
		select {
		case out <- s:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// OtherBranch is good: on the path to save no group was made.
func OtherBranch(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	if len(urls) > 0 {
		var g *errgroup.Group
		g, ctx = errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(ctx, u)
			})
		}
		return g.Wait()
	}
	return save(ctx)
}
