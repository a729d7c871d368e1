// Package goodexit holds functions that release their lock on each of their
// exits.
package goodexit

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

// Get is good: each of its exits unlocks.
func (c *Cache) Get(key string, now time.Time) (string, error) {
	c.mu.Lock()
	e, ok := c.entries[key]
	if !ok {
		c.mu.Unlock()
		return "", errNotFound
	}
	if e.expires.Before(now) {
		delete(c.entries, key)
		c.mu.Unlock()
		return "", errNotFound
	}
	c.mu.Unlock()
	return e.value, nil
}

// Put is good: each case unlocks, or falls out of the switch.
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
		c.mu.Unlock()
		return errFull
	default:
		c.entries[key] = entry{value, expires}
	}
	c.mu.Unlock()
	return nil
}

// Sweep is good: the loop locks for each key, and unlocks before continue.
func (c *Cache) Sweep(keys []string, now time.Time) (n int) {
	for _, key := range keys {
		c.mu.Lock()
		e, ok := c.entries[key]
		if !ok {
			c.mu.Unlock()
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

// Evict is good: it unlocks before break.
func (c *Cache) Evict(keys []string, enough func(int) bool) int {
	n := 0
	for _, key := range keys {
		c.mu.Lock()
		delete(c.entries, key)
		n++
		if enough(len(c.entries)) {
			c.mu.Unlock()
			break
		}
		c.mu.Unlock()
	}
	return n
}

// Close is good: a second Close unlocks.
func (c *Cache) Close() {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
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

// Column is good: it unlocks before each return.
func (t *Table) Column(name string) int {
	t.lock.RLock()
	for i, c := range t.columns {
		if strings.EqualFold(c, name) {
			t.lock.RUnlock()
			return i
		}
	}
	t.lock.RUnlock()
	return -1
}

// Cell is good: it unlocks before it returns the error.
func (t *Table) Cell(row int, name string) (string, error) {
	t.lock.RLock()
	i, err := t.find(name)
	if err != nil {
		t.lock.RUnlock()
		return "", err
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

// Append is good: both exits unlock.
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
	t.lock.Unlock()
	return err
}

// Rename is good: the end of the function unlocks, too.
func (t *Table) Rename(from, to string) {
	t.lock.Lock()
	for i, c := range t.columns {
		if c == from {
			t.columns[i] = to
			t.lock.Unlock()
			return
		}
	}
	t.lock.Unlock()
}
