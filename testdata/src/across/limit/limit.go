// Package limit holds a limiter that other packages acquire and release.
package limit

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// A Limiter admits so many at a time.
type Limiter struct{ sem *semaphore.Weighted }

// New returns a limiter that admits n.
func New(n int64) *Limiter { return &Limiter{semaphore.NewWeighted(n)} }

// Acquire waits for a place.
func (l *Limiter) Acquire(ctx context.Context) error { return l.sem.Acquire(ctx, 1) }

// Release gives a place back.
func (l *Limiter) Release() { l.sem.Release(1) }

// Do runs f in a place.
func (l *Limiter) Do(ctx context.Context, f func() error) error {
	if err := l.Acquire(ctx); err != nil {
		return err
	}
	defer l.Release()
	return f()
}
