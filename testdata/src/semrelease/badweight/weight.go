// Package badweight acquires and releases different weights.
package badweight

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// A Budget is shared.
type Budget struct{ sem *semaphore.Weighted }

func NewBudget() *Budget { return &Budget{sem: semaphore.NewWeighted(10)} }

// Large releases less than it acquires.
func (b *Budget) Large(ctx context.Context, f func()) error {
	if err := b.sem.Acquire(ctx, 4); err != nil {
		return err
	}
	f()
	b.sem.Release(1)
	return nil // want "returns with 3 of 4 of b.sem still acquired since line 17: after 3 such returns b.sem.Acquire waits in vain"
}

// Small releases more.
func (b *Budget) Small(ctx context.Context, f func()) error {
	if err := b.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	f()
	b.sem.Release(4) // want "b.sem.Release gives back more than the 1 acquired at line 27: it panics, or gives back what another goroutine has acquired"
	return nil
}

// Huge can never have what it asks for.
func (b *Budget) Huge(ctx context.Context, f func()) error {
	if err := b.sem.Acquire(ctx, 16); err != nil { // want "b.sem.Acquire blocks until its context is done: it asks for 16 of a semaphore of size 10"
		return err
	}
	defer b.sem.Release(16)
	f()
	return nil
}

// None is made without places.
func None(f func()) {
	sem := semaphore.NewWeighted(0)
	_ = sem.Acquire(context.Background(), 1) // want "sem.Acquire blocks forever: it asks for 1 of a semaphore of size 0"
	f()
}
