package badstore

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// Publish starts the uploads and leaves the rest to finish.
func Publish(ctx context.Context, files []string, upload func(context.Context, string) error, announce func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error {
			return upload(gctx, f)
		})
	}
	return finish(gctx, g, announce)
}

// Archive is bad: closeAll, which gets the context after Wait, makes a call that can fail.
func Archive(ctx context.Context, files []string, upload func(context.Context, string) error, closers []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error {
			return upload(gctx, f)
		})
	}
	return errors.Join(g.Wait(), closeAll(gctx, closers)) // want "after.*Wait"
}

func closeAll(ctx context.Context, closers []func(context.Context) error) error {
	var errs []error
	for _, c := range closers {
		errs = append(errs, c(ctx))
	}
	return errors.Join(errs...)
}
