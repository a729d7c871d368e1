// Package goodlocktypes has types whose methods acquire and release.
package goodlocktypes

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// A Lock is a mutex that gives up when its context is done.
type Lock struct{ sem *semaphore.Weighted }

func NewLock() *Lock { return &Lock{semaphore.NewWeighted(1)} }

func (l *Lock) Lock(ctx context.Context) error { return l.sem.Acquire(ctx, 1) }

func (l *Lock) Unlock() { l.sem.Release(1) }

func (l *Lock) TryLock() bool { return l.sem.TryAcquire(1) }

func (l *Lock) Do(ctx context.Context, f func() error) error {
	if err := l.Lock(ctx); err != nil {
		return err
	}
	defer l.Unlock()
	return f()
}

// An RW lets many read, and one write.
type RW struct{ sem *semaphore.Weighted }

const all = 1 << 10

func NewRW() *RW { return &RW{semaphore.NewWeighted(all)} }

func (l *RW) RLock(ctx context.Context) error { return l.sem.Acquire(ctx, 1) }
func (l *RW) RUnlock()                        { l.sem.Release(1) }
func (l *RW) Lock(ctx context.Context) error  { return l.sem.Acquire(ctx, all) }
func (l *RW) Unlock()                         { l.sem.Release(all) }

// Downgrade keeps a part of what it has.
func (l *RW) Downgrade(ctx context.Context, write func() error) error {
	if err := l.sem.Acquire(ctx, all); err != nil {
		return err
	}
	if err := write(); err != nil {
		l.sem.Release(all)
		return err
	}
	l.sem.Release(all - 1)
	return nil
}

// A Gate is a channel with one place.
type Gate chan struct{}

func NewGate() Gate { return make(Gate, 1) }

func (g Gate) Enter() { g <- struct{}{} }
func (g Gate) Leave() { <-g }
func (g Gate) Try() bool {
	select {
	case g <- struct{}{}:
		return true
	default:
		return false
	}
}

func (g Gate) EnterContext(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func Use(ctx context.Context, g Gate, f func() error) error {
	if err := g.EnterContext(ctx); err != nil {
		return err
	}
	defer g.Leave()
	return f()
}

func Maybe(g Gate, f func()) {
	if !g.Try() {
		return
	}
	f()
	g.Leave()
}

// A Token channel is full from the start.
type Tokens struct{ free chan struct{} }

func NewTokens(n int) *Tokens {
	t := &Tokens{make(chan struct{}, n)}
	for i := 0; i < n; i++ {
		t.free <- struct{}{}
	}
	return t
}

func (t *Tokens) Do(f func() error) error {
	<-t.free
	defer func() { t.free <- struct{}{} }()
	return f()
}

func (t *Tokens) Within(d time.Duration, f func() error) error {
	select {
	case <-t.free:
	case <-time.After(d):
		return errors.New("busy")
	}
	err := f()
	t.free <- struct{}{}
	return err
}

// A Mutex is a channel with one token, which New puts into it.
type Mutex struct{ c chan struct{} }

func NewMutex() *Mutex {
	m := &Mutex{make(chan struct{}, 1)}
	m.c <- struct{}{}
	return m
}

func (m *Mutex) Do(f func() bool) bool {
	<-m.c
	if !f() {
		m.c <- struct{}{}
		return false
	}
	m.c <- struct{}{}
	return true
}

// A Quota counts.
type Quota struct{ left atomic.Int64 }

func (q *Quota) acquire() bool { return q.left.Add(-1) >= 0 }
func (q *Quota) release()      { q.left.Add(1) }

func (q *Quota) Do(f func() error) error {
	if !q.acquire() {
		q.release()
		return errors.New("over quota")
	}
	defer q.release()
	return f()
}

// A Reader holds a token while it reads, and gives it back while it waits.
type Reader struct {
	sem  chan struct{}
	held bool
	wait func() error
}

func NewReader(n int, wait func() error) *Reader {
	return &Reader{sem: make(chan struct{}, n), wait: wait}
}

func (r *Reader) Start() {
	r.sem <- struct{}{}
	r.held = true
}

func (r *Reader) Read() error {
	<-r.sem
	r.held = false
	if err := r.wait(); err != nil {
		return err
	}
	r.sem <- struct{}{}
	r.held = true
	return nil
}

func (r *Reader) Close() {
	if r.held {
		<-r.sem
	}
}
