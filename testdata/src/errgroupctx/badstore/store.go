// Package badstore holds derived contexts that are kept in structs or handed to helpers and used
// there after Wait.
package badstore

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A Writer writes in the background until Close.
type Writer struct {
	g     *errgroup.Group
	ctx   context.Context
	write func(context.Context, string) error
	sync  func(context.Context) error
}

// NewWriter keeps the group's context, which is all that Close has.
func NewWriter(ctx context.Context, write func(context.Context, string) error, sync func(context.Context) error) *Writer {
	w := &Writer{write: write, sync: sync}
	w.g, w.ctx = errgroup.WithContext(ctx)
	return w
}

// Write writes row in the background.
func (w *Writer) Write(row string) {
	w.g.Go(func() error {
		return w.write(w.ctx, row)
	})
}

// Close is bad: it syncs with the context that its Wait has cancelled.
func (w *Writer) Close() error {
	if err := w.g.Wait(); err != nil {
		return err
	}
	return w.sync(w.ctx) // want "after.*Wait"
}

// An importer imports files, and then commits.
type importer struct {
	ctx    context.Context
	load   func(context.Context, string) error
	commit func(context.Context) error
}

// Import waits for its group before it calls finish.
func (im *importer) Import(ctx context.Context, files []string) error {
	g, gctx := errgroup.WithContext(ctx)
	im.ctx = gctx
	for _, f := range files {
		g.Go(func() error {
			return im.load(im.ctx, f)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return im.finish()
}

// finish is bad: it is called after Wait, and im.ctx is the group's.
func (im *importer) finish() error {
	return im.commit(im.ctx) // want "after.*Wait"
}

// options are handed on as one value.
type options struct {
	ctx context.Context
	dry bool
}

// InOptions is bad: opts carries the group's context past the Wait.
func InOptions(ctx context.Context, files []string, load func(context.Context, string) error, commit func(context.Context, bool) error) error {
	g, gctx := errgroup.WithContext(ctx)
	opts := options{ctx: gctx}
	for _, f := range files {
		g.Go(func() error {
			return load(opts.ctx, f)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return commit(opts.ctx, opts.dry) // want "after.*Wait"
}
