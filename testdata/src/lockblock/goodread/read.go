// Package goodread holds read locks that are not taken twice by one goroutine, or
// that no writer can come between.
package goodread

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

// A Config is read by many and written by a few.
type Config struct {
	mu     sync.RWMutex
	values map[string]string
}

// Get reads one value.
func (c *Config) Get(key string) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.values[key]
}

// Set writes one value.
func (c *Config) Set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
}

// String is good: it reads the field itself.
func (c *Config) String() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var b strings.Builder
	for key := range c.values {
		fmt.Fprintf(&b, "%s=%s\n", key, c.values[key])
	}
	return b.String()
}

// Dump writes while it prints.
func Dump(key, value string) string {
	c := &Config{values: map[string]string{key: value}}
	go c.Set(key, "")
	return c.String()
}

// A Graph has edges under one lock.
type Graph struct {
	lock  sync.RWMutex
	edges map[int][]int
}

// Reachable is good: the recursion is below the lock.
func (g *Graph) Reachable(from, to int) bool {
	g.lock.RLock()
	defer g.lock.RUnlock()
	return g.reachable(from, to)
}

// reachable is called with the read lock held.
func (g *Graph) reachable(from, to int) bool {
	if from == to {
		return true
	}
	for _, next := range g.edges[from] {
		if g.reachable(next, to) {
			return true
		}
	}
	return false
}

// Connect adds an edge.
func (g *Graph) Connect(from, to int) {
	g.lock.Lock()
	g.edges[from] = append(g.edges[from], to)
	g.lock.Unlock()
}

// Build connects while it looks for a path.
func Build(n int) bool {
	g := &Graph{edges: make(map[int][]int)}
	for i := range n {
		g.Connect(i, i+1)
	}
	var wg sync.WaitGroup
	wg.Go(func() { g.Connect(n, 0) })
	found := g.Reachable(0, n)
	wg.Wait()
	return found
}

// A Set is generic and embeds its lock.
type Set[T comparable] struct {
	sync.RWMutex
	items map[T]struct{}
}

// Has reports whether v is in the set.
func (s *Set[T]) Has(v T) bool {
	s.RLock()
	defer s.RUnlock()
	_, ok := s.items[v]
	return ok
}

// Add adds v.
func (s *Set[T]) Add(v T) {
	s.Lock()
	defer s.Unlock()
	s.items[v] = struct{}{}
}

// HasAll is good: Has takes the read lock for each value.
func (s *Set[T]) HasAll(values ...T) bool {
	for _, v := range values {
		if !s.Has(v) {
			return false
		}
	}
	return true
}

// Check adds while it asks.
func Check(values []int) bool {
	s := &Set[int]{items: make(map[int]struct{})}
	for _, v := range values {
		s.Add(v)
	}
	go func() {
		for _, v := range values {
			s.Add(v)
		}
	}()
	return s.HasAll(values...)
}

// A Board keeps scores.
type Board struct {
	mu     sync.RWMutex
	scores map[string]int
}

func (b *Board) score(name string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.scores[name]
}

// Ranking is good: the comparison reads without the read lock.
func (b *Board) Ranking() []string {
	b.mu.RLock()
	names := make([]string, 0, len(b.scores))
	for name := range b.scores {
		names = append(names, name)
	}
	b.mu.RUnlock()
	sort.Slice(names, func(i, j int) bool { return b.score(names[i]) > b.score(names[j]) })
	return names
}

// Play scores while it ranks.
func Play(names []string) []string {
	b := &Board{scores: make(map[string]int)}
	for i, name := range names {
		b.scores[name] = i
	}
	go func() {
		for _, name := range names {
			b.mu.Lock()
			b.scores[name]++
			b.mu.Unlock()
		}
	}()
	return b.Ranking()
}

// Upgrade is good: both goroutines give the read lock back, and look again.
func Upgrade(keys [2]string) int {
	var mu sync.RWMutex
	seen := make(map[string]bool)
	var wg sync.WaitGroup
	for _, key := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.RLock()
			ok := seen[key]
			mu.RUnlock()
			if ok {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if !seen[key] {
				seen[key] = true
			}
		}()
	}
	wg.Wait()
	return len(seen)
}

// A Static table is filled before it is shared, so nobody writes.
type Static struct {
	mu   sync.RWMutex
	rows []string
}

func (s *Static) row(i int) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rows[i]
}

// Join is good: without a writer, a read lock may be taken twice.
func (s *Static) Join() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var b strings.Builder
	for i := range s.rows {
		b.WriteString(s.row(i))
	}
	return b.String()
}

// JoinTwice joins in two goroutines.
func JoinTwice(rows []string) string {
	s := &Static{rows: rows}
	go s.Join()
	return s.Join()
}

// Two is good: the locks are those of two configurations.
func Two(a, b *Config) bool {
	if a == b {
		return true
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.values["name"] == b.Get("name")
}

// Locker is good: RLocker gives the read lock, and gives it back.
func (c *Config) Locker(f func(map[string]string)) {
	l := c.mu.RLocker()
	l.Lock()
	f(c.values)
	l.Unlock()
	l.Lock()
	defer l.Unlock()
	f(c.values)
}
