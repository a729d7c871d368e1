// Package fixdefer holds semaphores that stay acquired on some path, and can be released
// with defer, or not.
package fixdefer

import (
	"context"
	"errors"
	"log"
	"os"

	"golang.org/x/sync/semaphore"
)

const cost = 2

var errEmpty = errors.New("empty")

// A Store limits how many use it.
type Store struct {
	sem   *semaphore.Weighted
	slots chan struct{}
	free  chan struct{}
	data  map[string]string
}

// NewStore returns a store that n can use.
func NewStore(n int) *Store {
	s := &Store{sem: semaphore.NewWeighted(int64(n)), slots: make(chan struct{}, n), free: make(chan struct{}, n), data: make(map[string]string)}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

// Get releases before one of its returns.
func (s *Store) Get(ctx context.Context, key string) (string, error) {
	if err := s.sem.Acquire(ctx, cost); err != nil {
		return "", err
	}
	v, ok := s.data[key]
	if !ok {
		return "", errEmpty // want "returns with s.sem acquired"
	}

	s.sem.Release(cost)
	return v, nil
}

// Put assigns the error first, and has comments.
func (s *Store) Put(ctx context.Context, key, v string, check func(string) error) error {
	err := s.sem.Acquire(ctx, 1) // one of them
	if err != nil {
		log.Print(err)
		return err
	}
	switch {
	case key == "":
		s.sem.Release(1)
		return errEmpty
	case v == "":
		// Nothing to put.
		return nil // want "returns with s.sem acquired"
	}
	if err := check(v); err != nil {
		return err // want "returns with s.sem acquired"
	}
	s.data[key] = v
	s.sem.Release(1)
	return nil
}

// Size tries.
func (s *Store) Size(key string) int {
	if !s.sem.TryAcquire(1) {
		return -1
	}
	v := s.data[key]
	if v == "" {
		return 0 // want "returns with s.sem acquired"
	}
	s.sem.Release(1)
	return len(v)
}

// Do has a channel.
func (s *Store) Do(f func() error) error {
	s.slots <- struct{}{}
	if err := f(); err != nil {
		return err // want "returns with s.slots acquired"
	}
	<-s.slots
	return nil
}

// Token has a channel of tokens.
func (s *Store) Token(f func() error) error {
	<-s.free // one of them
	if err := f(); err != nil {
		return err // want "returns with s.free acquired"
	}
	s.free <- struct{}{}
	return nil
}

// Late defers too late.
func (s *Store) Late(ctx context.Context, key string, f func(string) error) error {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	v, ok := s.data[key]
	if !ok {
		return errEmpty // want "returns with s.slots acquired"
	}
	defer func() { <-s.slots }()

	return f(v)
}

// The following are released before the return.

// Call calls something when it has released.
func (s *Store) Call(ctx context.Context, key string) (string, error) {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return "", err
	}
	v, ok := s.data[key]
	if !ok {
		return "", errEmpty // want "returns with s.sem acquired"
	}
	s.sem.Release(1)
	return os.Expand(v, os.Getenv), nil
}

// Early goes on when it has released.
func (s *Store) Early(ctx context.Context, key string, f func(string) error) error {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	v, ok := s.data[key]
	if !ok {
		return errEmpty // want "returns with s.sem acquired"
	}
	s.sem.Release(1)
	return f(v)
}

// Deferred defers something else, which would come before.
func (s *Store) Deferred(ctx context.Context, key string, f func()) error {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer f()
	if _, ok := s.data[key]; !ok {
		return errEmpty // want "returns with s.sem acquired"
	}
	s.sem.Release(1)
	return nil
}

// Parts releases half of what it has, and then the rest.
func (s *Store) Parts(ctx context.Context, key string) error {
	if err := s.sem.Acquire(ctx, 2); err != nil {
		return err
	}
	if _, ok := s.data[key]; !ok {
		return errEmpty // want "returns with s.sem acquired"
	}
	s.sem.Release(1)
	s.sem.Release(1)
	return nil
}
