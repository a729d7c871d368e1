// Package badstored has a lock that is given back to whoever shows what he got with it, and
// users that show something else.
package badstored

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
	s.mu.Lock() // want "s.mu.Lock blocks forever"
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

// Fill is bad: the identifier is another one when End is called.
func Fill(s *Store, vs []int) {
	for _, v := range vs {
		id := s.Begin()
		s.n += v
		s.id++
		s.End(id)
	}
}
