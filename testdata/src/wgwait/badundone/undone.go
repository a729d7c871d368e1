// Package badundone counts goroutines that never call Done.
package badundone

import (
	"sync"
	"time"
)

// A Store has two goroutines.
type Store struct {
	wg   sync.WaitGroup
	stop chan struct{}
	open bool
}

// NewStore has to be opened and started.
func NewStore() *Store { return &Store{} }

// Open opens the store.
func (s *Store) Open() {
	s.stop = make(chan struct{})
	s.open = true
}

// Start starts its goroutines.
func (s *Store) Start() {
	if !s.open {
		return
	}
	s.wg.Add(2)
	go s.sync()
	go s.compact() // want "this goroutine never calls Done on s.wg, which counts it at line 30: the Wait at line 66 blocks forever"
}

func (s *Store) sync() {
	defer s.wg.Done()
	for {
		select {
		case <-time.After(time.Millisecond):
		case <-s.stop:
			return
		}
	}
}

func (s *Store) compact() {
	s.loop(func() bool { return true })
}

func (s *Store) loop(more func() bool) {
	for more() {
		select {
		case <-time.After(time.Millisecond):
		case <-s.stop:
			return
		}
	}
}

// Close never returns.
func (s *Store) Close() {
	if !s.open {
		return
	}
	close(s.stop)
	s.wg.Wait()
}
