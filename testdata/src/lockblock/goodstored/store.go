// Package goodstored has locks that are given back to whoever shows what he got with them.
package goodstored

import (
	"errors"
	"math/rand"
	"sync"
)

var errMismatch = errors.New("mismatch")

type Store struct {
	mu sync.Mutex
	id int64
	n  int
}

func (s *Store) Begin() int64 {
	s.mu.Lock()
	s.id = rand.Int63()
	return s.id
}

func (s *Store) End(id int64) error {
	if id != s.id {
		return errMismatch
	}
	s.mu.Unlock()
	return nil
}

func (s *Store) Put(v int) {
	id := s.Begin()
	s.n += v
	s.End(id)
}

func Fill(s *Store, vs []int) {
	for _, v := range vs {
		s.Put(v)
		id := s.Begin()
		s.n++
		s.End(id)
	}
}

// Next hands out numbers, and keeps the last one.
func (s *Store) Next() (int64, bool) {
	s.mu.Lock()
	id := rand.Int63()
	s.id = id
	return id, true
}

// Fill2 does the same with the second kind.
func Fill2(s *Store, vs []int) {
	for range vs {
		id, ok := s.Next()
		if ok {
			s.End(id)
		}
	}
}
