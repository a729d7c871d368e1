// Package badhandover holds locks that one function takes and another should
// release, and that nobody releases on some run.
package badhandover

import (
	"errors"
	"iter"
	"sync"
)

var errInvalid = errors.New("invalid")

// A Store has one transaction at a time.
type Store struct {
	mu   sync.RWMutex
	data map[string]string
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

// Update is bad: an invalid value returns without Rollback.
func (s *Store) Update(key, value string) error {
	tx := s.Begin()
	if value == "" {
		return errInvalid // want "returns with s.mu locked"
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

// Value is bad: a key that is missing returns without unlock.
func (s *Store) Value(key string) (string, error) {
	data, unlock := s.read()
	v, ok := data[key]
	if !ok {
		return "", errInvalid // want "returns with s.mu (read-)?locked"
	}
	unlock()
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

// Purge is bad: the body of the loop runs with the read lock held.
func (s *Store) Purge() {
	for k, v := range s.All() {
		if v == "" {
			s.Delete(k)
		}
	}
}

// Save is bad: the goroutine that should unlock returns when write fails.
func (s *Store) Save(write func(map[string]string) error) {
	s.mu.RLock()
	go func() {
		if err := write(s.data); err != nil {
			return // want "returns with s.mu (read-)?locked"
		}
		s.mu.RUnlock()
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

// Find is bad: the line that is found ends the loop without close.
func (l *Log) Find(match func(string) bool) int {
	c := l.open()
	for ; c.pos < len(l.lines); c.pos++ {
		if match(l.lines[c.pos]) {
			return c.pos // want "returns with l.lock locked"
		}
	}
	c.close()
	return -1
}

// Print is bad: the flag that unlocks is not the one that locks.
func (l *Log) Print(line string, quiet, raw bool) {
	if !quiet {
		l.lock.Lock()
	}
	l.lines = append(l.lines, line)
	if !quiet && !raw {
		l.lock.Unlock()
	}
} // want "returns with l.lock locked"

// Rotate is bad: unlock is a method value that one path does not call.
func (l *Log) Rotate(archive func([]string) error) error {
	lock, unlock := l.lock.Lock, l.lock.Unlock
	lock()
	if err := archive(l.lines); err != nil {
		return err // want "returns with l.lock locked"
	}
	l.lines = nil
	unlock()
	return nil
}

// Wait is bad: the mutex is a signal that the goroutine gives on one path only.
func Wait(work func() error) {
	var done sync.Mutex
	done.Lock()
	go func() {
		if err := work(); err != nil {
			return
		}
		done.Unlock()
	}()
	done.Lock() // want "done.Lock blocks forever"
	done.Unlock()
}

// A Setup runs once.
type Setup struct {
	once  sync.Once
	ready bool
}

// Ready is bad: the function that runs once asks whether it has run.
func (s *Setup) Ready() bool {
	s.once.Do(s.prepare) // want "s.once.Do blocks forever"
	return s.ready
}

func (s *Setup) prepare() {
	if !s.Ready() {
		s.ready = true
	}
}

// locked runs f and unlocks, unless f panics.
func locked(l sync.Locker, f func()) {
	l.Lock() // want "l.Lock blocks forever"
	f()
	l.Unlock()
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

// Twice is bad: after a panic in the first call, which is recovered, the lock
// is still held.
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
