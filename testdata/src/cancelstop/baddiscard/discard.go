// Package baddiscard cancels contexts that nobody has been given.
package baddiscard

import (
	"context"
	"errors"
	"time"
)

func work(ctx context.Context, in <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, ok := <-in:
			if !ok {
				return nil
			}
		}
	}
}

// Limit is meant to wait no longer than d.
func Limit(ctx context.Context, d time.Duration, in <-chan int) error {
	_, cancel := context.WithTimeout(ctx, d) // want "the context of context.WithTimeout is discarded: nothing stops after the timeout"
	defer cancel()
	return work(ctx, in)
}

// Start starts a worker and returns what is meant to stop it.
func Start(parent context.Context, in <-chan int) (stop func()) {
	_, cancel := context.WithCancel(parent) // want "the context of context.WithCancel is discarded: cancel stops nobody"
	go work(parent, in)
	return func() { cancel() }
}

// First cancels the other workers when one has failed.
func First(parent context.Context, ins ...<-chan int) error {
	ctx, cancel := context.WithCancelCause(parent) // want "the context of context.WithCancelCause is never used: cancel stops nobody"
	_ = ctx
	errs := make(chan error, len(ins))
	for _, in := range ins {
		go func() { errs <- work(parent, in) }()
	}
	err := <-errs
	cancel(err)
	return err
}

// Deadline replaces the context too late.
func Deadline(ctx context.Context, at time.Time, in <-chan int) error {
	err := work(ctx, in)
	ctx, cancel := context.WithDeadline(ctx, at) // want "the context of context.WithDeadline is never used: nothing stops at the deadline"
	defer cancel()
	if rest := work(context.TODO(), in); rest != nil {
		return errors.Join(err, rest)
	}
	return err
}

// scope returns a context and what ends it.
func scope(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	return ctx, func() { cancel() }
}

// Scoped ends a scope that nothing is in.
func Scoped(parent context.Context, in <-chan int) {
	_, end := scope(parent) // want "the context of scope is discarded: end stops nobody"
	go work(parent, in)
	end()
}

// A pool has a method that derives contexts.
type pool[T any] struct{ base context.Context }

func (p *pool[T]) derive() (cancel context.CancelFunc, ctx context.Context) {
	ctx, stop := context.WithCancel(p.base)
	return stop, ctx
}

// Pooled drops the context of a generic pool.
func Pooled(in <-chan int) {
	p := &pool[int]{context.Background()}
	cancel, _ := p.derive() // want "the context of p.derive is discarded: cancel stops nobody"
	go work(p.base, in)
	cancel()
}

// budget gives a part of the time that is left.
func budget(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d/2)
}

// Budget drops the context of a function that hands on what it got.
func Budget(ctx context.Context, d time.Duration, in <-chan int) error {
	_, cancel := budget(ctx, d) // want "the context of budget is discarded: cancel stops nobody"
	defer cancel()
	return work(ctx, in)
}

// half does the same by a variable of the parent's name.
func half(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, d/2)
	return ctx, cancel
}

// Half drops that one.
func Half(ctx context.Context, d time.Duration, in <-chan int) error {
	_, cancel := half(ctx, d) // want "the context of half is discarded: cancel stops nobody"
	defer cancel()
	return work(ctx, in)
}
