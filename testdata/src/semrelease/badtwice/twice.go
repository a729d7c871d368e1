// Package badtwice releases twice what was acquired once.
package badtwice

import (
	"context"

	"golang.org/x/sync/semaphore"
)

type Pool struct {
	sem   *semaphore.Weighted
	slots chan struct{}
}

func NewPool(n int) *Pool {
	return &Pool{sem: semaphore.NewWeighted(int64(n)), slots: make(chan struct{}, n)}
}

// Run has a deferred release, and one on the error path.
func (p *Pool) Run(ctx context.Context, f func() error) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	if err := f(); err != nil {
		p.sem.Release(1) // want "p.sem is released here, and again by the call deferred at line 24: it panics, or gives back what another goroutine has acquired"
		return err
	}
	return nil
}

// Do releases on the error path, and at the end.
func (p *Pool) Do(f func() error, logf func(error)) {
	p.slots <- struct{}{}
	if err := f(); err != nil {
		<-p.slots
		logf(err)
	}
	<-p.slots // want "p.slots is released a second time, after line 36: it blocks, or gives back what another goroutine has acquired"
}
