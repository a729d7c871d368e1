package badstore

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A Batch has a method that Waits.
type Batch struct {
	g    *errgroup.Group
	gctx context.Context
	save func(context.Context, string) error
	done func(context.Context) error
}

// NewBatch starts a batch.
func NewBatch(ctx context.Context, save func(context.Context, string) error, done func(context.Context) error) *Batch {
	b := &Batch{save: save, done: done}
	b.g, b.gctx = errgroup.WithContext(ctx)
	return b
}

// Add saves in the background.
func (b *Batch) Add(row string) {
	b.g.Go(func() error { return b.save(b.gctx, row) })
}

func (b *Batch) wait() error { return b.g.Wait() }

// Close is bad: its wait has cancelled the context.
func (b *Batch) Close() error {
	if err := b.wait(); err != nil {
		return err
	}
	return b.done(b.gctx) // want "after.*Wait"
}
