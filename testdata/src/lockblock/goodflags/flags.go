// Package goodflags holds locks that are taken and released under conditions
// which agree, in loops which agree, or on the way to the end of the process.
package goodflags

import (
	"errors"
	"log"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

var errOdd = errors.New("odd")

// A Table locks only if it is shared.
type Table struct {
	mu     sync.Mutex
	shared bool
	rows   map[int]string
}

// Put is good: the field does not change between the two looks at it.
func (t *Table) Put(id int, row string) {
	if t.shared {
		t.mu.Lock()
	}
	t.rows[id] = row
	if t.shared {
		t.mu.Unlock()
	}
}

// Get is good: Unlock is deferred where Lock is called.
func (t *Table) Get(id int) (string, bool) {
	if t.shared {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	row, ok := t.rows[id]
	return row, ok
}

// isShared is a getter.
func (t *Table) isShared() bool { return t.shared }

// Len is good: the getter gives the same answer twice.
func (t *Table) Len() int {
	if t.isShared() {
		t.mu.Lock()
	}
	n := len(t.rows)
	if t.isShared() {
		t.mu.Unlock()
	}
	return n
}

// A View locks if it has been given a lock.
type View struct {
	lock sync.Locker
	data []int
}

// Sum is good: nil is nil twice.
func (v *View) Sum() (sum int) {
	if v.lock != nil {
		v.lock.Lock()
	}
	for _, n := range v.data {
		sum += n
	}
	if v.lock != nil {
		v.lock.Unlock()
	}
	return sum
}

// SumBoth is good: the second lock is taken only if it is another one.
func SumBoth(a, b *View) int {
	a.lock.Lock()
	defer a.lock.Unlock()
	if b.lock != a.lock {
		b.lock.Lock()
		defer b.lock.Unlock()
	}
	return len(a.data) + len(b.data)
}

// Update is good: the variable says whether the lock is held.
func (t *Table) Update(ids []int, next func(int) (string, error)) (err error) {
	locked := false
	defer func() {
		if locked {
			t.mu.Unlock()
		}
	}()
	for _, id := range ids {
		if !locked {
			t.mu.Lock()
			locked = true
		}
		if id < 0 {
			t.mu.Unlock()
			locked = false
			continue
		}
		var row string
		if row, err = next(id); err != nil {
			return err
		}
		t.rows[id] = row
	}
	return nil
}

// A Shard is one of several.
type Shard struct {
	mu    sync.Mutex
	items map[string]int
}

// A Map is divided into shards.
type Map struct {
	shards []*Shard
}

// NewMap returns a map of n shards.
func NewMap(n int) *Map {
	m := new(Map)
	for range n {
		m.shards = append(m.shards, &Shard{items: make(map[string]int)})
	}
	return m
}

// Len is good: both loops run over the same shards.
func (m *Map) Len() (n int) {
	for _, s := range m.shards {
		s.mu.Lock()
	}
	for _, s := range m.shards {
		n += len(s.items)
	}
	for _, s := range slices.Backward(m.shards) {
		s.mu.Unlock()
	}
	return n
}

// Clear is good: each deferred call unlocks the shard of its turn.
func (m *Map) Clear() {
	for _, s := range m.shards {
		s.mu.Lock()
		defer s.mu.Unlock()
		clear(s.items)
	}
}

// Move is good: the shards are locked in the order of their indices.
func (m *Map) Move(from, to int, key string) {
	if from == to {
		return
	}
	first, second := m.shards[min(from, to)], m.shards[max(from, to)]
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	m.shards[to].items[key] = m.shards[from].items[key]
	delete(m.shards[from].items, key)
}

// Total is good: each shard is unlocked before the next one is locked.
func (m *Map) Total() (n int) {
	for i := range m.shards {
		s := m.shards[i]
		s.mu.Lock()
		for _, v := range s.items {
			if v < 0 {
				break
			}
			n += v
		}
		s.mu.Unlock()
	}
	return n
}

// A Room is locked by the first visitor and unlocked by the last one.
type Room struct {
	door     sync.Mutex
	visitors int
	inside   sync.Mutex
}

// Enter is good: only the first visitor locks the room.
func (r *Room) Enter() {
	r.door.Lock()
	defer r.door.Unlock()
	r.visitors++
	if r.visitors == 1 {
		r.inside.Lock()
	}
}

// Leave is good: the last visitor unlocks the room.
func (r *Room) Leave() {
	r.door.Lock()
	defer r.door.Unlock()
	r.visitors--
	if r.visitors == 0 {
		r.inside.Unlock()
	}
}

// Visit runs visitors and a cleaner, who needs the room empty.
func Visit(n int) {
	r := new(Room)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			r.Enter()
			defer r.Leave()
		})
	}
	wg.Go(func() {
		r.inside.Lock()
		defer r.inside.Unlock()
	})
	wg.Wait()
}

// MustGet is good: after log.Fatal there is nobody who could want the lock.
func (t *Table) MustGet(id int) string {
	t.mu.Lock()
	row, ok := t.rows[id]
	if !ok {
		log.Fatalf("no row %d", id)
	}
	t.mu.Unlock()
	return row
}

// Exit is good: the process ends with the lock held.
func (t *Table) Exit(code int) {
	t.mu.Lock()
	if len(t.rows) > 0 {
		os.Exit(code)
	}
	t.mu.Unlock()
}

// check is good: t.Fatal ends the test, which has the table to itself.
func check(t testing.TB, table *Table, id int) {
	table.mu.Lock()
	if _, ok := table.rows[id]; !ok {
		t.Fatal("missing")
	}
	table.mu.Unlock()
}

// A Config is loaded once.
type Config struct {
	loaded atomic.Bool
	mu     sync.Mutex
	values map[string]string
}

// Load is good: it looks at the flag again under the lock.
func (c *Config) Load(read func() (map[string]string, error)) error {
	if c.loaded.Load() {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded.Load() {
		return nil
	}
	values, err := read()
	if err != nil {
		return err
	}
	c.values = values
	c.loaded.Store(true)
	return nil
}

// Spin is good: it gives the lock back on each turn, and leaves without it.
func (c *Config) Spin(turns int) int {
	for i := 0; ; i++ {
		c.mu.Lock()
		if c.values != nil {
			c.mu.Unlock()
			return i
		}
		if i >= turns {
			c.mu.Unlock()
			break
		}
		c.mu.Unlock()
	}
	return turns
}

// Each is good: the function literal returns, not the loop.
func Each(mu *sync.Mutex, values []int, f func(int) error) (err error) {
	for _, v := range values {
		err = func() error {
			mu.Lock()
			defer mu.Unlock()
			if v%2 != 0 {
				return errOdd
			}
			return f(v)
		}()
		if err != nil {
			break
		}
	}
	return err
}

// Mode is good: each case of the second switch has the lock of the first one.
func Mode(mu *sync.RWMutex, write bool, f func()) {
	switch {
	case write:
		mu.Lock()
	default:
		mu.RLock()
	}
	f()
	switch {
	case write:
		mu.Unlock()
	default:
		mu.RUnlock()
	}
}

// Pick is good: unlock belongs to the lock that was taken.
func Pick(mu *sync.RWMutex, write bool, f func()) {
	unlock := mu.RUnlock
	if write {
		mu.Lock()
		unlock = mu.Unlock
	} else {
		mu.RLock()
	}
	defer unlock()
	f()
}

// Downgrade is good: TryLock first, and the read lock if that fails.
func Downgrade(mu *sync.RWMutex, f func(exclusive bool)) {
	if mu.TryLock() {
		defer mu.Unlock()
		f(true)
		return
	}
	mu.RLock()
	defer mu.RUnlock()
	f(false)
}
