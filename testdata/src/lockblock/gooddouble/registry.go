// Package gooddouble holds functions that seem to lock a mutex which they, or
// their callers, hold, and do not.
package gooddouble

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
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lenLocked()
}

// lenLocked is called with the lock held.
func (r *Registry) lenLocked() int { return len(r.services) }

// String is good: lenLocked leaves the lock to it.
func (r *Registry) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("%d services", r.lenLocked())
}

// Lookup returns a service.
func (r *Registry) Lookup(name string) (Service, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.services[name]
	return s, ok
}

// Rename is good: it looks the service up before it takes the lock.
func (r *Registry) Rename(from, to string) error {
	s, ok := r.Lookup(from)
	if !ok {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.services, from)
	s.Name = to
	r.services[to] = s
	return nil
}

// Add registers a service.
func (r *Registry) Add(s Service) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.services[s.Name]; ok {
		return errTaken
	}
	r.services[s.Name] = s
	return nil
}

// AddAll is good: it locks for each of them.
func (r *Registry) AddAll(services []Service) error {
	for _, s := range services {
		if err := r.Add(s); err != nil {
			return err
		}
	}
	return nil
}

// weight is called with the lock held.
func (r *Registry) weight(name string) int {
	return r.services[name].Weight
}

// Heaviest is good: the comparison does not lock.
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

// Each calls f without the lock, for a copy.
func (r *Registry) Each(f func(Service)) {
	r.mu.Lock()
	all := make([]Service, 0, len(r.services))
	for _, s := range r.services {
		all = append(all, s)
	}
	r.mu.Unlock()
	for _, s := range all {
		f(s)
	}
}

// Remove removes a service.
func (r *Registry) Remove(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.services, name)
}

// Prune is good: Each calls back without the lock.
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

// Close is good: it logs when it has unlocked.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	err := s.flush()
	s.mu.Unlock()
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data["error"] = []byte(err.Error())
}

// Get reads a value.
func (s *Store) Get(key string) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.data[key]
}

// Update is good: the read lock is released before the write lock is taken.
func (s *Store) Update(key string, f func([]byte) []byte) {
	v := f(s.Get(key))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[key] = v
}

// Promote is good: it gives the read lock back, locks, and looks again.
func (s *Store) Promote(from, to string) {
	s.mu.RLock()
	_, ok := s.data[from]
	s.mu.RUnlock()
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.data[from]; ok {
		s.data[to] = v
	}
}

// Ensure is good: the deferred closure knows which of the two locks is held.
func (s *Store) Ensure(key string) []byte {
	s.mu.RLock()
	writing := false
	defer func() {
		if writing {
			s.mu.Unlock()
		} else {
			s.mu.RUnlock()
		}
	}()
	if v, ok := s.data[key]; ok {
		return v
	}
	s.mu.RUnlock()
	s.mu.Lock()
	writing = true
	s.data[key] = []byte{}
	return s.data[key]
}

// A Node is part of a tree; each node has its lock.
type Node struct {
	mu       sync.Mutex
	tree     *Tree
	children []*Node
	size     int
}

// A Tree has a root.
type Tree struct {
	root *Node
}

// Size is good: it calls itself for the children, each of which has a lock of
// its own.
func (n *Node) Size() int {
	n.mu.Lock()
	defer n.mu.Unlock()
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
