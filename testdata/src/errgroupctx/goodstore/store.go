// Package goodstore holds groups and contexts that are kept in structs or handed to helpers.
package goodstore

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A Writer writes in the background until Close.
type Writer struct {
	g     *errgroup.Group
	gctx  context.Context
	write func(context.Context, string) error
	sync  func(context.Context) error
}

// NewWriter keeps the group's context for the tasks.
func NewWriter(ctx context.Context, write func(context.Context, string) error, sync func(context.Context) error) *Writer {
	w := &Writer{write: write, sync: sync}
	w.g, w.gctx = errgroup.WithContext(ctx)
	return w
}

// Write writes row in the background (trap 42).
func (w *Writer) Write(row string) {
	w.g.Go(func() error {
		return w.write(w.gctx, row)
	})
}

// Close is good: its caller brings the context for the sync.
func (w *Writer) Close(ctx context.Context) error {
	if err := w.g.Wait(); err != nil {
		return err
	}
	return w.sync(ctx)
}

// An importer imports files, and then commits.
type importer struct {
	ctx    context.Context
	load   func(context.Context, string) error
	commit func(context.Context) error
}

// Import waits for its group before it calls finish.
func (im *importer) Import(ctx context.Context, files []string) error {
	im.ctx = ctx
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error {
			return im.load(gctx, f)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return im.finish()
}

// finish is good: im.ctx is the parent.
func (im *importer) finish() error {
	return im.commit(im.ctx)
}

// options are handed on as one value.
type options struct {
	ctx context.Context
	dry bool
}

// InOptions is good: the options for the commit carry the parent.
func InOptions(ctx context.Context, files []string, load func(context.Context, string) error, commit func(context.Context, bool) error) error {
	opts := options{ctx: ctx}
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error {
			return load(gctx, f)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return commit(opts.ctx, opts.dry)
}

// Publish is good: finish gets the parent.
func Publish(ctx context.Context, files []string, upload func(context.Context, string) error, announce func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, f := range files {
		g.Go(func() error {
			return upload(gctx, f)
		})
	}
	return finish(ctx, g, announce)
}

// finish waits for the group; ctx is not its context.
func finish(ctx context.Context, g *errgroup.Group, announce func(context.Context) error) error {
	if err := g.Wait(); err != nil {
		return err
	}
	return announce(ctx)
}

// A Sink keeps what it is given.
type Sink interface {
	Attach(ctx context.Context, g *errgroup.Group)
}

// Attached is good: what the sink does with group and context is not known here.
func Attached(ctx context.Context, s Sink, run func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	s.Attach(gctx, g)
	g.Go(func() error {
		return run(gctx)
	})
	return g.Wait()
}
