package goodstore

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

// Close is good: its caller brings a context.
func (b *Batch) Close(ctx context.Context) error {
	if err := b.wait(); err != nil {
		return err
	}
	return b.done(ctx)
}

// Check is good: it comes before the Wait.
func (b *Batch) Check() error {
	if err := b.done(b.gctx); err != nil {
		return err
	}
	return b.wait()
}

// Failed is good: the group's context is done, as the Wait tells, and done is told so.
func (b *Batch) Failed() error {
	if err := b.wait(); err != nil {
		return b.gctx.Err()
	}
	return nil
}
