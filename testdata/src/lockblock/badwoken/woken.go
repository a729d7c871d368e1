// Package badwoken has a Cond that nothing signals.
package badwoken

import "sync"

// A Slot holds one value.
type Slot struct {
	mu   sync.Mutex
	full *sync.Cond
	v    *int
}

// NewSlot returns an empty slot.
func NewSlot() *Slot {
	s := new(Slot)
	s.full = sync.NewCond(&s.mu)
	return s
}

// Put fills the slot, and tells nobody.
func (s *Slot) Put(v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.v = &v
}

// Get is bad: it waits until Put tells it that the slot is full.
func (s *Slot) Get() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.v == nil {
		s.full.Wait() // want "s.full.Wait blocks forever: nothing calls Signal or Broadcast on it"
	}
	return *s.v
}
