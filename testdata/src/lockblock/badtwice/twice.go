// Package badtwice unlocks locks twice.
package badtwice

import (
	"errors"
	"sync"
)

var (
	errOld  = errors.New("old")
	errFull = errors.New("full")
)

// A Series takes samples in the order of their times.
type Series struct {
	mu      sync.Mutex
	last    int64
	pending bool
}

func (s *Series) check(t int64) error {
	if t < 0 {
		return errors.New("negative")
	}
	if t < s.last {
		return errOld
	}
	return nil
}

// Append is bad: after an error that is not errOld it goes on.
func (s *Series) Append(t int64) error {
	s.mu.Lock()
	err := s.check(t)
	if err != nil {
		s.mu.Unlock()
		if errors.Is(err, errOld) {
			return err
		}
	}
	s.last = t
	s.pending = true
	s.mu.Unlock() // want `s.mu.Unlock ends the program: s.mu has been unlocked at line 36, and not locked since`
	return nil
}

// A Table has a lock for readers and writers.
type Table struct {
	mu   sync.RWMutex
	rows []int
	max  int
}

// Insert is bad: the deferred Unlock is executed on this path, too.
func (t *Table) Insert(row int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == t.max {
		t.mu.Unlock() // want `t.mu.Unlock ends the program: t.mu is unlocked once more when the function returns, by the call deferred at line 57`
		return errFull
	}
	t.rows = append(t.rows, row)
	return nil
}

// Each is bad: it lets go of the lock for the callback, and does not take it again.
func (t *Table) Each(skip func(int) bool) (n int) {
	t.mu.Lock()
	for _, row := range t.rows {
		if row < 0 {
			n++
		}
	}
	defer t.mu.Unlock()
	if n > 0 {
		t.mu.Unlock() // want `by the call deferred at line 74`
		println("some are negative")
	}
	n += len(t.rows)
	return n
}

// Drop is bad: both branches have unlocked.
func (t *Table) Drop(all bool) {
	t.mu.Lock()
	if all {
		t.rows = nil
		t.mu.Unlock()
	} else {
		t.rows = t.rows[:0]
		t.mu.Unlock()
	}
	t.mu.Unlock() // want `t.mu has been unlocked at line`
}
