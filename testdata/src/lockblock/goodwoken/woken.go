// Package goodwoken has a Cond that is signalled by way of a function value.
package goodwoken

import "sync"

// A Slot holds one value.
type Slot struct {
	mu   sync.Mutex
	full *sync.Cond
	wake func()
	v    *int
}

// NewSlot returns an empty slot.
func NewSlot() *Slot {
	s := new(Slot)
	s.full = sync.NewCond(&s.mu)
	s.wake = s.full.Broadcast
	return s
}

// Put fills the slot.
func (s *Slot) Put(v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.v = &v
	s.wake()
}

// Get is good: Put wakes it.
func (s *Slot) Get() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.v == nil {
		s.full.Wait()
	}
	return *s.v
}

// A Ring hands its Cond on.
type Ring struct {
	mu   sync.Mutex
	cond sync.Cond
	n    int
}

// Cond is for who fills the ring.
func (r *Ring) Cond() *sync.Cond { return &r.cond }

// Take is good: whoever has the Cond signals it.
func (r *Ring) Take() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.n == 0 {
		r.cond.Wait()
	}
	r.n--
}
