// Package badread holds read locks that are taken twice by one goroutine. It
// waits for a writer that has come in between, and the writer waits for it.
package badread

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
	c.mu.RLock() // want "c.mu.RLock blocks forever"
	defer c.mu.RUnlock()
	return c.values[key]
}

// Set writes one value.
func (c *Config) Set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
}

// String is bad: Get takes the read lock again.
func (c *Config) String() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var b strings.Builder
	for key := range c.values {
		fmt.Fprintf(&b, "%s=%s\n", key, c.Get(key))
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

// Reachable is bad: it calls itself with the read lock held.
func (g *Graph) Reachable(from, to int) bool {
	g.lock.RLock() // want "g.lock.RLock blocks forever"
	defer g.lock.RUnlock()
	if from == to {
		return true
	}
	for _, next := range g.edges[from] {
		if g.Reachable(next, to) {
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
	s.RLock() // want "s.RLock blocks forever"
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

// HasAll is bad: Has takes the read lock again.
func (s *Set[T]) HasAll(values ...T) bool {
	s.RLock()
	defer s.RUnlock()
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
	b.mu.RLock() // want "b.mu.RLock blocks forever"
	defer b.mu.RUnlock()
	return b.scores[name]
}

// Ranking is bad: the comparison reads with the read lock held.
func (b *Board) Ranking() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	names := make([]string, 0, len(b.scores))
	for name := range b.scores {
		names = append(names, name)
	}
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

// Upgrade is bad: a goroutine that asks for the write lock waits until all read
// locks are released, its own as well.
func Upgrade(keys [2]string) int {
	var mu sync.RWMutex
	seen := make(map[string]bool)
	var wg sync.WaitGroup
	for _, key := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.RLock()
			defer mu.RUnlock()
			if !seen[key] {
				mu.Lock() // want "mu.Lock blocks forever"
				seen[key] = true
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	return len(seen)
}
