// Package badgeneric holds generic functions and types with the wrong context in or after a group.
package badgeneric

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Map is bad: one failing call leaves the others running.
func Map[In, Out any](ctx context.Context, xs []In, f func(context.Context, In) (Out, error)) ([]Out, error) {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	out := make([]Out, len(xs))
	for i, x := range xs {
		g.Go(func() error {
			y, err := f(ctx, x)
			out[i] = y
			return err
		})
	}
	return out, g.Wait()
}

// Each is bad: the first call is right, the retry takes the parent.
func Each[T any](ctx context.Context, xs []T, f func(context.Context, T) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, x := range xs {
		g.Go(func() error {
			if f(gctx, x) == nil {
				return nil
			}
			return f(ctx, x) // want "parent"
		})
	}
	return g.Wait()
}

// Reduce is bad: the fold after Wait gets the group's context.
func Reduce[T any](ctx context.Context, xs []T, load func(context.Context, T) error, fold func(context.Context, []T) (T, error)) (T, error) {
	g, ctx := errgroup.WithContext(ctx)
	for _, x := range xs {
		g.Go(func() error {
			return load(ctx, x)
		})
	}
	if err := g.Wait(); err != nil {
		var zero T
		return zero, err
	}
	return fold(ctx, xs) // want "after.*Wait"
}

// A Batch collects values that are stored by Store.
type Batch[T any] struct {
	values []T
	put    func(context.Context, T) error
	sync   func(context.Context) error
}

// Store is bad: the task of a generic type's method is not cancelled either.
func (b *Batch[T]) Store(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return b.sync(gctx)
	})
	for _, v := range b.values {
		g.Go(func() error {
			return b.put(context.Background(), v) // want "Background"
		})
	}
	return g.Wait()
}
