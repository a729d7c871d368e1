// Package badflags holds locks that are taken and released under conditions, or
// in loops, which do not agree.
package badflags

import (
	"errors"
	"sync"
	"testing"
)

var errOdd = errors.New("odd")

// A Table locks only if it is shared.
type Table struct {
	mu     sync.Mutex
	shared bool
	rows   map[int]string
}

// Unshare is bad: the field is cleared before the second look at it.
func (t *Table) Unshare() {
	if t.shared {
		t.mu.Lock()
	}
	t.shared = false
	if t.shared {
		t.mu.Unlock()
	}
} // want "returns with t.mu locked"

// Update is bad: the error returns where the variable says that the lock is
// held, and nobody looks at it.
func (t *Table) Update(ids []int, next func(int) (string, error)) error {
	locked := false
	for _, id := range ids {
		if !locked {
			t.mu.Lock()
			locked = true
		}
		row, err := next(id)
		if err != nil {
			return err // want "returns with t.mu locked"
		}
		t.rows[id] = row
	}
	if locked {
		t.mu.Unlock()
	}
	return nil
}

// A Shard is one of several.
type Shard struct {
	mu    sync.Mutex
	items map[string]int
}

// Len is bad, though nothing is reported here: the shard that ends the second loop, and those after it, stay
// locked.
func Len(shards []*Shard) (n int) {
	for _, s := range shards {
		s.mu.Lock()
	}
	for _, s := range shards {
		if len(s.items) == 0 {
			break
		}
		n += len(s.items)
		s.mu.Unlock()
	}
	return n
}

// Move locks two shards, and does not ask whether they are one.
func Move(shards []*Shard, from, to int, key string) {
	shards[from].mu.Lock()
	defer shards[from].mu.Unlock()
	shards[to].mu.Lock() // want `shards\[to\].mu.Lock blocks forever`
	defer shards[to].mu.Unlock()
	shards[to].items[key] = shards[from].items[key]
}

// Merge is bad: it moves within one shard.
func Merge(key string) {
	shards := []*Shard{{items: make(map[string]int)}, {items: make(map[string]int)}}
	for i := range shards {
		Move(shards, i, 0, key)
	}
}

// check is bad: t.Fatal runs the deferred calls, one of which locks the table.
func check(t testing.TB, table *Table, id int) {
	defer func() {
		table.mu.Lock() // want "table.mu.Lock blocks forever"
		clear(table.rows)
		table.mu.Unlock()
	}()
	table.mu.Lock()
	if _, ok := table.rows[id]; !ok {
		t.Fatal("missing")
	}
	table.mu.Unlock()
}

// Mode is bad: a writer unlocks, a reader does not.
func Mode(mu *sync.RWMutex, write bool, f func()) {
	if write {
		mu.Lock()
	} else {
		mu.RLock()
	}
	f()
	if write {
		mu.Unlock()
	}
} // want "returns with mu (read-)?locked"

// Downgrade is bad: where TryLock succeeds, the read lock is taken as well.
func Downgrade(mu *sync.RWMutex, f func()) {
	if mu.TryLock() {
		defer mu.Unlock()
		f()
	}
	mu.RLock() // want "mu.RLock blocks forever"
	defer mu.RUnlock()
	f()
}

// Spin is bad: the turn that ends the loop has locked.
func Spin(mu *sync.Mutex, turns int, ready func() bool) int {
	i := 0
	for ; ; i++ {
		mu.Lock()
		if i >= turns || ready() {
			break
		}
		mu.Unlock()
	}
	return i // want "returns with mu locked"
}

// A Config is loaded once.
type Config struct {
	mu     sync.Mutex
	loaded bool
	values map[string]string
}

// Load is bad: the second look at the flag returns with the lock held.
func (c *Config) Load(read func() map[string]string) {
	if c.loaded {
		return
	}
	c.mu.Lock()
	if c.loaded {
		return // want "returns with c.mu locked"
	}
	c.values, c.loaded = read(), true
	c.mu.Unlock()
}

// Each is bad: the function literal returns with the lock held.
func Each(mu *sync.Mutex, values []int, f func(int)) (err error) {
	for _, v := range values {
		err = func() error {
			mu.Lock()
			if v%2 != 0 {
				return errOdd // want "returns with mu locked"
			}
			f(v)
			mu.Unlock()
			return nil
		}()
		if err != nil {
			break
		}
	}
	return err
}
