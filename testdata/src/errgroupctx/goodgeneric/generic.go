// Package goodgeneric holds generic functions and types with the right context in and after a group.
package goodgeneric

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Map is good: one failing call cancels the others.
func Map[In, Out any](ctx context.Context, xs []In, f func(context.Context, In) (Out, error)) ([]Out, error) {
	g, gctx := errgroup.WithContext(ctx)
	out := make([]Out, len(xs))
	for i, x := range xs {
		g.Go(func() error {
			y, err := f(gctx, x)
			out[i] = y
			return err
		})
	}
	return out, g.Wait()
}

// Each is good: the retry takes the derived context as well.
func Each[T any](ctx context.Context, xs []T, f func(context.Context, T) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, x := range xs {
		g.Go(func() error {
			if f(gctx, x) == nil {
				return nil
			}
			return f(gctx, x)
		})
	}
	return g.Wait()
}

// Reduce is good: the fold after Wait gets the parent.
func Reduce[T any](ctx context.Context, xs []T, load func(context.Context, T) error, fold func(context.Context, []T) (T, error)) (T, error) {
	g, gctx := errgroup.WithContext(ctx)
	for _, x := range xs {
		g.Go(func() error {
			return load(gctx, x)
		})
	}
	if err := g.Wait(); err != nil {
		var zero T
		return zero, err
	}
	return fold(ctx, xs)
}

// A Batch collects values that are stored by Store.
type Batch[T any] struct {
	values []T
	put    func(context.Context, T) error
	sync   func(context.Context) error
}

// Store is good: the tasks of a generic type's method have the derived context.
func (b *Batch[T]) Store(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return b.sync(gctx)
	})
	for _, v := range b.values {
		g.Go(func() error {
			return b.put(gctx, v)
		})
	}
	return g.Wait()
}
