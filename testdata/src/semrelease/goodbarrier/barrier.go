// Package goodbarrier acquires the whole semaphore to wait for all.
package goodbarrier

import (
	"context"

	"golang.org/x/sync/semaphore"
)

const n = 4

// Weighted acquires all of it in the end.
func Weighted(ctx context.Context, tasks []func()) error {
	sem := semaphore.NewWeighted(n)
	for _, task := range tasks {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() {
			defer sem.Release(1)
			task()
		}()
	}
	return sem.Acquire(ctx, n)
}

// Ignored does not care why it stops waiting.
func Ignored(ctx context.Context, tasks []func()) {
	sem := semaphore.NewWeighted(n)
	for _, task := range tasks {
		if sem.Acquire(ctx, 1) != nil {
			break
		}
		go func() {
			task()
			sem.Release(1)
		}()
	}
	_ = sem.Acquire(context.WithoutCancel(ctx), n)
}

// Checked cannot fail, and is checked all the same.
func Checked(sem *semaphore.Weighted, f func() error) error {
	if err := sem.Acquire(context.Background(), 1); err != nil {
		return err
	}
	defer sem.Release(1)
	return f()
}

// Background cannot fail.
func Background(sem *semaphore.Weighted, f func()) {
	sem.Acquire(context.Background(), 1)
	defer sem.Release(1)
	f()
}

// Helped is given the context that cannot be cancelled.
func Helped(sem *semaphore.Weighted, f func()) { helped(context.Background(), sem, f) }

func helped(ctx context.Context, sem *semaphore.Weighted, f func()) {
	sem.Acquire(ctx, 1)
	f()
	sem.Release(1)
}

// Channel fills the channel.
func Channel(tasks []func()) {
	sem := make(chan struct{}, n)
	for _, task := range tasks {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			task()
		}()
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}

// Tokens takes all of them.
func Tokens(tasks []func()) {
	tokens := make(chan struct{}, n)
	for range n {
		tokens <- struct{}{}
	}
	for _, task := range tasks {
		<-tokens
		go func() {
			defer func() { tokens <- struct{}{} }()
			task()
		}()
	}
	for range n {
		<-tokens
	}
}

// A Limiter waits when it is closed.
type Limiter struct{ slots chan struct{} }

func New() *Limiter { return &Limiter{make(chan struct{}, n)} }

func (l *Limiter) Do(f func()) {
	l.slots <- struct{}{}
	f()
	<-l.slots
}

func (l *Limiter) Close() {
	for range n {
		l.slots <- struct{}{}
	}
}
