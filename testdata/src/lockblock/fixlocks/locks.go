// Package fixlocks holds locks that are left locked, with and without a fix.
package fixlocks

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// A Cache maps keys to values.
type Cache struct {
	mu     sync.RWMutex
	values map[string]int
	hits   int
}

// Get gets a fix: what it returns was read under the lock.
func (c *Cache) Get(key string) (int, error) {
	c.mu.RLock()
	v, ok := c.values[key]
	if !ok {
		return 0, fmt.Errorf("no value for %q", key) // want "returns with c.mu read-locked"
	}
	c.mu.RUnlock()
	return v, nil
}

// Put gets a fix below a comment.
func (c *Cache) Put(key string, v int) error {
	c.mu.Lock()
	switch {
	case v < 0:
		// Negative values have a meaning of their own.
		return io.ErrUnexpectedEOF // want "returns with c.mu locked"
	case key == "":
		c.mu.Unlock()
		return errors.New("no key")
	}
	c.values[key] = v
	c.mu.Unlock()
	return nil
}

// Hits unlocks with defer: the returned expression reads what the lock guards.
func (c *Cache) Hits(reset bool) int {
	c.mu.Lock()
	if !reset {
		return c.hits // want "returns with c.mu locked"
	}
	n := c.hits
	c.hits = 0
	c.mu.Unlock()
	return n
}

// Drop gets no fix: another path comes to the same return without the lock.
func (c *Cache) Drop(keys []string, shared bool) error {
	if shared {
		c.mu.Lock()
	}
	for _, key := range keys {
		if key == "" {
			return errors.New("no key") // want "returns with c.mu locked"
		}
		delete(c.values, key)
	}
	if shared {
		c.mu.Unlock()
	}
	return nil
}

// Other unlocks with defer: its name means something else at the return.
func (c *Cache) Other(others []*Cache) bool {
	c.mu.Lock()
	for _, c := range others {
		if c.values == nil {
			return false // want "returns with c.mu locked"
		}
	}
	c.mu.Unlock()
	return true
}

// Count gets no fix: what it calls after the Unlock would run with the lock.
func (c *Cache) Count(reset bool) int {
	c.mu.Lock()
	if reset {
		return c.hits // want "returns with c.mu locked"
	}
	c.mu.Unlock()
	return len(os.Args) + os.Getpid()
}

// Stop gets no fix: what is deferred would run before the Unlock.
func (c *Cache) Stop(stopped func()) int {
	c.mu.Lock()
	defer stopped()
	if c.hits == 0 {
		return c.hits // want "returns with c.mu locked"
	}
	c.mu.Unlock()
	return 0
}

// Clear is left at its end.
func (c *Cache) Clear(keys []string) {
	c.mu.Lock()
	for _, key := range keys {
		if key == "" {
			c.mu.Unlock()
			return
		}
		delete(c.values, key)
	}
} // want "returns with c.mu locked"

// Save starts a goroutine that is to unlock.
func (c *Cache) Save(saved *sync.WaitGroup, write func(map[string]int) error) {
	c.mu.RLock()
	saved.Add(1)
	go func() {
		defer saved.Done()
		if err := write(c.values); err != nil {
			return // want "returns with c.mu read-locked"
		}
		c.mu.RUnlock()
	}()
}

// A Counter counts.
type Counter struct {
	mu     sync.Mutex
	counts map[string]int
}

// update may panic, which Try survives.
func (c *Counter) update(key string, f func(int) int) {
	c.mu.Lock()
	v := c.counts[key]
	if v < 0 {
		panic("negative count") // want "panics with c.mu locked"
	}
	c.counts[key] = f(v)
	c.mu.Unlock()
}

// Try updates, and gives a panic back as an error.
func (c *Counter) Try(key string, f func(int) int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("update: %v", r)
		}
	}()
	c.update(key, f)
	return nil
}
