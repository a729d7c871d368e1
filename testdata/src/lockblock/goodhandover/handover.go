// Package goodhandover holds locks that one function takes and another
// releases.
package goodhandover

import (
	"errors"
	"iter"
	"sync"
	"sync/atomic"
)

var errInvalid = errors.New("invalid")

// A Store has one transaction at a time.
type Store struct {
	mu   sync.RWMutex
	data map[string]string

	dirty atomic.Bool
}

// A Tx holds the lock of its store until Commit or Rollback.
type Tx struct {
	s     *Store
	dirty map[string]string
}

// Begin locks the store.
func (s *Store) Begin() *Tx {
	s.mu.Lock()
	return &Tx{s: s, dirty: make(map[string]string)}
}

// Commit writes and unlocks.
func (tx *Tx) Commit() {
	for k, v := range tx.dirty {
		tx.s.data[k] = v
	}
	tx.s.mu.Unlock()
}

// Rollback unlocks.
func (tx *Tx) Rollback() { tx.s.mu.Unlock() }

// Update is good: an invalid value rolls back.
func (s *Store) Update(key, value string) error {
	tx := s.Begin()
	if value == "" {
		tx.Rollback()
		return errInvalid
	}
	tx.dirty[key] = value
	tx.Commit()
	return nil
}

// read locks to read, and returns what unlocks.
func (s *Store) read() (map[string]string, func()) {
	s.mu.RLock()
	return s.data, s.mu.RUnlock
}

// Value is good: what read returns is deferred.
func (s *Store) Value(key string) (string, error) {
	data, unlock := s.read()
	defer unlock()
	v, ok := data[key]
	if !ok {
		return "", errInvalid
	}
	return v, nil
}

// All yields with the read lock held.
func (s *Store) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		s.mu.RLock()
		defer s.mu.RUnlock()
		for k, v := range s.data {
			if !yield(k, v) {
				return
			}
		}
	}
}

// Delete removes a key.
func (s *Store) Delete(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.data, key)
}

// Purge is good: it deletes after the loop, with the read lock released.
func (s *Store) Purge() {
	var empty []string
	for k, v := range s.All() {
		if v == "" {
			empty = append(empty, k)
		}
	}
	for _, k := range empty {
		s.Delete(k)
	}
}

// Save is good: the goroutine unlocks, whatever write returns.
func (s *Store) Save(write func(map[string]string) error) {
	s.mu.RLock()
	go func() {
		defer s.mu.RUnlock()
		if err := write(s.data); err != nil {
			return
		}
		s.dirty.Store(false)
	}()
}

// A Cursor holds the lock of its log while it is open.
type Cursor struct {
	log *Log
	pos int
}

// A Log is a list of lines.
type Log struct {
	lock  sync.Mutex
	lines []string
}

func (l *Log) open() *Cursor {
	l.lock.Lock()
	return &Cursor{log: l}
}

func (c *Cursor) close() { c.log.lock.Unlock() }

// Find is good: the line that is found closes, too.
func (l *Log) Find(match func(string) bool) int {
	c := l.open()
	for ; c.pos < len(l.lines); c.pos++ {
		if match(l.lines[c.pos]) {
			c.close()
			return c.pos
		}
	}
	c.close()
	return -1
}

// Print is good: the flag that unlocks is the one that locks.
func (l *Log) Print(line string, quiet bool) {
	if !quiet {
		l.lock.Lock()
	}
	l.lines = append(l.lines, line)
	if !quiet {
		l.lock.Unlock()
	}
}

// Rotate is good: unlock is a method value that each path calls.
func (l *Log) Rotate(archive func([]string) error) error {
	lock, unlock := l.lock.Lock, l.lock.Unlock
	lock()
	if err := archive(l.lines); err != nil {
		unlock()
		return err
	}
	l.lines = nil
	unlock()
	return nil
}

// Wait is good: the mutex is a signal that the goroutine gives on each path.
func Wait(work func() error) {
	var done sync.Mutex
	done.Lock()
	go func() {
		defer done.Unlock()
		if err := work(); err != nil {
			return
		}
	}()
	done.Lock()
	done.Unlock()
}

// A Setup runs once.
type Setup struct {
	once  sync.Once
	ready bool
}

// Ready is good: the function that runs once does not ask whether it has run.
func (s *Setup) Ready() bool {
	s.once.Do(s.prepare)
	return s.ready
}

func (s *Setup) prepare() {
	s.ready = true
}

// locked runs f and unlocks, also when f panics.
func locked(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

// protect runs f and turns its panic into an error.
func protect(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errInvalid
		}
	}()
	f()
	return nil
}

// Twice is good: after a panic in the first call, which is recovered, the lock
// is released.
func Twice(lines []string) (first, second error) {
	var mu sync.Mutex
	last := func() {
		locked(&mu, func() {
			if len(lines) == 0 {
				panic("no lines")
			}
		})
	}
	return protect(last), protect(last)
}
