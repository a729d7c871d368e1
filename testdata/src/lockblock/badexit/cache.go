// Package badexit holds functions that leave a lock held on one of their
// exits.
package badexit

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

var (
	errNotFound = errors.New("not found")
	errClosed   = errors.New("closed")
	errFull     = errors.New("full")
)

// A Cache holds entries until they expire.
type Cache struct {
	mu      sync.Mutex
	entries map[string]entry
	max     int
	closed  bool
}

type entry struct {
	value   string
	expires time.Time
}

// NewCache returns an empty cache.
func NewCache(max int) *Cache {
	return &Cache{entries: make(map[string]entry), max: max}
}

// Get is bad: an entry that has expired is returned from with the lock held.
func (c *Cache) Get(key string, now time.Time) (string, error) {
	c.mu.Lock()
	e, ok := c.entries[key]
	if !ok {
		c.mu.Unlock()
		return "", errNotFound
	}
	if e.expires.Before(now) {
		delete(c.entries, key)
		return "", errNotFound // want "returns with c.mu locked"
	}
	c.mu.Unlock()
	return e.value, nil
}

// Put is bad: the exit for a full cache lacks the Unlock.
func (c *Cache) Put(key, value string, expires time.Time) error {
	if key == "" {
		return fmt.Errorf("empty key")
	}
	c.mu.Lock()
	switch {
	case c.closed:
		c.mu.Unlock()
		return errClosed
	case len(c.entries) >= c.max:
		return errFull // want "returns with c.mu locked"
	default:
		c.entries[key] = entry{value, expires}
	}
	c.mu.Unlock()
	return nil
}

// Sweep is bad: the loop locks for each key, and continue skips the Unlock.
func (c *Cache) Sweep(keys []string, now time.Time) (n int) {
	for _, key := range keys {
		c.mu.Lock() // want "c.mu.Lock blocks forever"
		e, ok := c.entries[key]
		if !ok {
			continue
		}
		if e.expires.Before(now) {
			delete(c.entries, key)
			n++
		}
		c.mu.Unlock()
	}
	return n
}

// Evict is bad: break leaves the loop with the lock held.
func (c *Cache) Evict(keys []string, enough func(int) bool) int {
	n := 0
	for _, key := range keys {
		c.mu.Lock()
		delete(c.entries, key)
		n++
		if enough(len(c.entries)) {
			break
		}
		c.mu.Unlock()
	}
	return n // want "returns with c.mu locked"
}

// Close is bad: a second Close returns with the lock held.
func (c *Cache) Close() {
	c.mu.Lock()
	if c.closed {
		return // want "returns with c.mu locked"
	}
	c.closed = true
	c.entries = nil
	c.mu.Unlock()
}

// A Table is read more often than it is written.
type Table struct {
	lock    sync.RWMutex
	columns []string
	rows    [][]string
}

// Column is bad: a column that is found is returned with the read lock held.
func (t *Table) Column(name string) int {
	t.lock.RLock()
	for i, c := range t.columns {
		if strings.EqualFold(c, name) {
			return i // want "returns with t.lock (read-)?locked"
		}
	}
	t.lock.RUnlock()
	return -1
}

// Cell is bad: the error from column is returned with the read lock held.
func (t *Table) Cell(row int, name string) (string, error) {
	t.lock.RLock()
	i, err := t.find(name)
	if err != nil {
		return "", err // want "returns with t.lock (read-)?locked"
	}
	v := t.rows[row][i]
	t.lock.RUnlock()
	return v, nil
}

func (t *Table) find(name string) (int, error) {
	for i, c := range t.columns {
		if c == name {
			return i, nil
		}
	}
	return 0, errNotFound
}

// Append is bad: a row of another length is an exit without Unlock.
func (t *Table) Append(row []string) error {
	t.lock.Lock()
	if len(row) == len(t.columns) {
		t.rows = append(t.rows, row)
		t.lock.Unlock()
		return nil
	}
	err := fmt.Errorf("%d columns, want %d", len(row), len(t.columns))
	if len(t.columns) == 0 {
		t.columns = row
		err = nil
	}
	return err // want "returns with t.lock locked"
}

// Rename is bad: the end of the function is an exit, too.
func (t *Table) Rename(from, to string) {
	t.lock.Lock()
	for i, c := range t.columns {
		if c == from {
			t.columns[i] = to
			t.lock.Unlock()
			return
		}
	}
} // want "returns with t.lock locked"
