// Package fix has findings with a fix, and some whose fix would not be safe.
package fix

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/semaphore"
)

const cost = 2

type Store struct {
	sem   *semaphore.Weighted
	slots chan struct{}
	free  chan struct{}
	data  map[string]int
}

func NewStore(n int) *Store {
	s := &Store{sem: semaphore.NewWeighted(int64(n)), slots: make(chan struct{}, n), free: make(chan struct{}, n), data: map[string]int{}}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

func (s *Store) Read(ctx context.Context, key string) (int, error) {
	if err := s.sem.Acquire(ctx, cost); err != nil {
		return 0, err
	}
	v, ok := s.data[key]
	if !ok {
		return 0, fmt.Errorf("no %s", key) // want "returns with s.sem acquired"
	}
	s.sem.Release(cost)
	return v, nil
}

func (s *Store) Send(f func() error) error {
	s.slots <- struct{}{}
	if err := f(); err != nil {
		return err // want "returns with s.slots acquired"
	}
	<-s.slots
	return nil
}

func (s *Store) Receive(f func() error) error {
	<-s.free
	if err := f(); err != nil {
		// It failed.
		return errors.Join(err) // want "returns with s.free acquired"
	}
	s.free <- struct{}{}
	return nil
}

func (s *Store) Token(f func() error) error {
	<-s.free
	if err := f(); err != nil {
		// It failed.
		return err // want "returns with s.free acquired"
	}
	s.free <- struct{}{}
	return nil
}

// Shadow has another s where it returns.
func (s *Store) Shadow(parts []string) error {
	s.slots <- struct{}{}
	for _, s := range parts {
		if s == "" {
			return errors.New("empty") // want "returns with s.slots acquired"
		}
	}
	<-s.slots
	return nil
}

// Some acquires sometimes.
func (s *Store) Some(n int, f func() error) error {
	if n > 1 {
		s.slots <- struct{}{}
	}
	if err := f(); err != nil {
		return err // want "returns with s.slots acquired"
	}
	if n > 1 {
		<-s.slots
	}
	return nil
}

func (s *Store) Each(keys []string, f func(int)) {
	for _, k := range keys {
		s.slots <- struct{}{}
		v, ok := s.data[k]
		if !ok {
			continue // want "goes on with the next turn of the loop with s.slots acquired"
		}
		f(v)
		<-s.slots
	}
}

// Half releases on some of the ways to the continue statement.
func (s *Store) Half(keys []string, f func(int) bool) {
	for _, k := range keys {
		s.slots <- struct{}{}
		v := s.data[k]
		if v > 0 {
			<-s.slots
		}
		if !f(v) {
			continue // want "goes on with the next turn of the loop with s.slots acquired"
		}
		if v <= 0 {
			<-s.slots
		}
	}
}

func (s *Store) Put(ctx context.Context, key string, v int) error {
	_ = s.sem.Acquire(ctx, 1) // want "the deferred call at line [0-9]+ runs also if this did not acquire s.sem"
	defer s.sem.Release(1)
	s.data[key] = v
	return nil
}

// Locked has something to undo first.
func (s *Store) Locked(ctx context.Context, lock, unlock func()) error {
	lock()
	_ = s.sem.Acquire(ctx, 1) // want "s.sem.Release at line [0-9]+ runs also if this did not acquire s.sem"
	s.sem.Release(1)
	unlock()
	return nil
}

func (s *Store) Run(f func() error) error {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	if err := f(); err != nil {
		<-s.slots // want "s.slots is released here, and again by the call deferred at line"
		return err
	}
	return nil
}
