// Package baddouble holds functions that lock a mutex which they, or their
// callers, hold.
package baddouble

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"
)

var errTaken = errors.New("taken")

// A Registry maps names to services.
type Registry struct {
	mu       sync.Mutex
	services map[string]Service
}

// A Service is what a registry holds.
type Service struct {
	Name, Addr string
	Weight     int
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{services: make(map[string]Service)}
}

// Len returns the number of services.
func (r *Registry) Len() int {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	return len(r.services)
}

// String is bad: Len locks, too.
func (r *Registry) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("%d services", r.Len())
}

// Lookup returns a service.
func (r *Registry) Lookup(name string) (Service, bool) {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	s, ok := r.services[name]
	return s, ok
}

// Rename is bad: it takes the lock and then looks the service up.
func (r *Registry) Rename(from, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.Lookup(from)
	if !ok {
		return nil
	}
	delete(r.services, from)
	s.Name = to
	r.services[to] = s
	return nil
}

// Add registers a service.
func (r *Registry) Add(s Service) error {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	if _, ok := r.services[s.Name]; ok {
		return errTaken
	}
	r.services[s.Name] = s
	return nil
}

// AddAll is bad: the lock for all of them is the lock for each.
func (r *Registry) AddAll(services []Service) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range services {
		if err := r.Add(s); err != nil {
			return err
		}
	}
	return nil
}

// weight locks to read one weight.
func (r *Registry) weight(name string) int {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	return r.services[name].Weight
}

// Heaviest is bad: the comparison locks for each pair.
func (r *Registry) Heaviest() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make([]string, 0, len(r.services))
	for name := range r.services {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		return r.weight(names[i]) > r.weight(names[j])
	})
	return names
}

// Each calls f with the lock held.
func (r *Registry) Each(f func(Service)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.services {
		f(s)
	}
}

// Remove removes a service.
func (r *Registry) Remove(name string) {
	r.mu.Lock() // want "r.mu.Lock blocks forever"
	defer r.mu.Unlock()
	delete(r.services, name)
}

// Prune is bad: the callback of Each removes.
func (r *Registry) Prune() {
	r.Each(func(s Service) {
		if s.Weight == 0 {
			r.Remove(s.Name)
		}
	})
}

// A Store has a lock that a method takes and another leaves to its caller.
type Store struct {
	mu     sync.RWMutex
	data   map[string][]byte
	closed bool
	w      io.Writer
}

// Close is bad: on an error of the flush, it logs through a method that locks.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	err := s.flush()
	if err != nil {
		s.logError(err)
	}
	return err
}

func (s *Store) flush() error {
	b, err := json.Marshal(s.data)
	if err == nil {
		_, err = s.w.Write(b)
	}
	return err
}

func (s *Store) logError(err error) {
	s.mu.Lock() // want "s.mu.Lock blocks forever"
	defer s.mu.Unlock()
	s.data["error"] = []byte(err.Error())
}

// Get reads a value.
func (s *Store) Get(key string) []byte {
	s.mu.RLock() // want "s.mu.RLock blocks forever"
	defer s.mu.RUnlock()
	return s.data[key]
}

// Update is bad: Get takes the read lock under the write lock.
func (s *Store) Update(key string, f func([]byte) []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[key] = f(s.Get(key))
}

// Promote is bad: an RWMutex has no upgrade; the read lock is still held.
func (s *Store) Promote(from, to string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if v, ok := s.data[from]; ok {
		s.mu.Lock() // want "s.mu.Lock blocks forever"
		s.data[to] = v
		s.mu.Unlock()
	}
}

// A Node is part of a tree with one lock.
type Node struct {
	tree     *Tree
	children []*Node
	size     int
}

// A Tree has one lock for all of its nodes.
type Tree struct {
	mu   sync.Mutex
	root *Node
}

// Size is bad: it calls itself for the children, each of which locks the tree
// again.
func (n *Node) Size() int {
	n.tree.mu.Lock() // want "n.tree.mu.Lock blocks forever"
	defer n.tree.mu.Unlock()
	total := n.size
	for _, c := range n.children {
		total += c.Size()
	}
	return total
}

// NewTree returns a tree with n children.
func NewTree(n int) *Tree {
	t := &Tree{}
	t.root = &Node{tree: t, size: 1}
	for range n {
		t.root.children = append(t.root.children, &Node{tree: t, size: 1})
	}
	return t
}

// Measure measures a new tree.
func Measure(n int) int { return NewTree(n).root.Size() }
