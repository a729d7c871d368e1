// Package badregress holds shapes of real code that were overlooked.
package badregress

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

func save(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

// CapturesNothing is bad: the literal with the root context captures no variable.
func CapturesNothing(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return save(context.Background()) // want "Background"
	})
	g.Go(func() error {
		return save(gctx)
	})
	g.Go(func() error {
		return errors.New("failed")
	})
	return g.Wait()
}

// InVarBlock is bad: the context is discarded in a declaration.
func InVarBlock(ctx context.Context, names []string, load func(context.Context, string) (string, error)) ([]string, error) {
	var (
		g, _ = errgroup.WithContext(ctx) // want "discarded"
		out  = make([]string, len(names))
	)
	for i, name := range names {
		g.Go(func() error {
			s, err := load(ctx, name)
			out[i] = s
			return err
		})
	}
	return out, g.Wait()
}

var base = context.Background()

// Global is bad: the parent is a variable of the package.
func Global(names []string, warm func(context.Context) error, load func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(base)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, name := range names {
		g.Go(func() error {
			return load(base, name) // want "parent"
		})
	}
	return g.Wait()
}

// Not run: what goes wrong is that a task runs on for longer than it should, which no profile shows.
