// Package badexit returns with a semaphore acquired.
package badexit

import (
	"context"
	"errors"

	"golang.org/x/sync/semaphore"
)

var errEmpty = errors.New("empty")

// A Store limits how many read from it at a time.
type Store struct {
	sem  *semaphore.Weighted
	data map[string][]byte
}

func NewStore(n int64) *Store {
	return &Store{sem: semaphore.NewWeighted(n), data: make(map[string][]byte)}
}

// Read has an error return that was added later.
func (s *Store) Read(ctx context.Context, key string) ([]byte, error) {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	b, ok := s.data[key]
	if !ok {
		return nil, errEmpty // want "returns with s.sem acquired since line 25: each such return takes away one of its places, until s.sem.Acquire waits in vain"
	}
	s.sem.Release(1)
	return b, nil
}

// Size tries, and releases on success only.
func (s *Store) Size(key string) int {
	if !s.sem.TryAcquire(1) {
		return -1
	}
	b := s.data[key]
	if b == nil {
		return 0 // want "returns with s.sem acquired since line 38: each such return takes away one of its places, until s.sem.TryAcquire never succeeds"
	}
	s.sem.Release(1)
	return len(b)
}

// A Limiter is a semaphore made of a channel.
type Limiter struct {
	slots chan struct{}
	jobs  int
}

func NewLimiter(n int) *Limiter { return &Limiter{slots: make(chan struct{}, n)} }

// Do releases on success only.
func (l *Limiter) Do(f func() error) error {
	l.slots <- struct{}{}
	if err := f(); err != nil {
		return err // want "returns with l.slots acquired since line 59: each such return takes away one of its places, until l.slots <- blocks forever"
	}
	<-l.slots
	return nil
}

// Go hands over to a goroutine, unless there is nothing to do.
func (l *Limiter) Go(f func()) {
	l.slots <- struct{}{}
	if f == nil {
		return // want "returns with l.slots acquired since line 69"
	}
	go func() {
		defer func() { <-l.slots }()
		f()
	}()
}

// Try waits for the caller, too.
func (l *Limiter) Try(ctx context.Context, f func() error) error {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if l.jobs < 0 {
		return errors.New("closed") // want "returns with l.slots acquired since line 82: .* l.slots <- waits in vain"
	}
	defer func() { <-l.slots }()
	return f()
}

// A Gate lets one in.
type Gate struct{ c chan struct{} }

func NewGate() *Gate { return &Gate{c: make(chan struct{}, 1)} }

func (g *Gate) Enter(f func() bool) bool {
	g.c <- struct{}{}
	if !f() {
		return false // want "returns with g.c acquired since line 99: the next g.c <- blocks forever"
	}
	<-g.c
	return true
}

// Tokens are in the channel from the start.
type Tokens struct{ free chan struct{} }

func NewTokens(n int) *Tokens {
	t := &Tokens{free: make(chan struct{}, n)}
	for range n {
		t.free <- struct{}{}
	}
	return t
}

func (t *Tokens) Do(f func() error) error {
	<-t.free
	if err := f(); err != nil {
		return err // want "returns with t.free acquired since line 119: .* <-t.free blocks forever"
	}
	t.free <- struct{}{}
	return nil
}

// Sema is a semaphore type.
type Sema chan struct{}

func (s Sema) Acquire() { s <- struct{}{} }
func (s Sema) Release() { <-s }

func NewSema(n int) Sema { return make(Sema, n) }

func Walk(s Sema, dir string, read func(string) ([]string, error)) ([]string, error) {
	s.Acquire()
	names, err := read(dir)
	if err != nil {
		return nil, err // want "returns with s acquired since line 136"
	}
	s.Release()
	return names, nil
}
