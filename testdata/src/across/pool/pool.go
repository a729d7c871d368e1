// Package pool is a library of helpers for locks, tokens and groups of its callers.
package pool

import (
	"errors"
	"sync"
)

// A Table is a map with a lock, which callers may hold for several calls.
type Table struct {
	mu   sync.Mutex
	rows map[string]int
}

// New returns an empty table.
func New() *Table { return &Table{rows: make(map[string]int)} }

// Lock locks the table.
func (t *Table) Lock() { t.mu.Lock() }

// Unlock unlocks it.
func (t *Table) Unlock() { t.mu.Unlock() }

// Set sets a row.
func (t *Table) Set(key string, v int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[key] = v
}

// Len returns the number of rows.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

// ErrKey is the error of an unknown key.
var ErrKey = errors.New("no such key")

// Acquire takes a token.
func Acquire(tokens chan struct{}) { tokens <- struct{}{} }

// Release gives it back.
func Release(tokens chan struct{}) { <-tokens }

// Both calls two functions at the same time, and waits.
func Both(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	g()
	wg.Wait()
}

// A Feed hands values to one subscriber.
type Feed struct {
	C    chan int
	once sync.Once
}

// NewFeed returns a feed.
func NewFeed() *Feed { return &Feed{C: make(chan int)} }

// Stop closes C.
func (f *Feed) Stop() { close(f.C) }

// StopOnce closes C the first time.
func (f *Feed) StopOnce() { f.once.Do(func() { close(f.C) }) }
