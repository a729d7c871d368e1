package badiface

import "sync"

// A Batch is one of the objects that a store gives out behind an interface.
type Batch interface {
	Lock()
	Unlock()
	// Put must be called with the lock held.
	Put(k string)
	Commit()
}

type batch struct {
	sync.Mutex
	pending, limit int
}

func (b *batch) Put(k string) {
	b.pending++
	if b.pending > b.limit {
		b.Commit()
		b.pending = 0
	}
}

func (b *batch) Commit() {
	b.Lock() // want "b.Lock blocks forever when b.pending > b.limit"
	defer b.Unlock()
	b.pending = 0
}

// A Store has one batch.
type Store struct{ tx *batch }

// Batch returns it.
func (s *Store) Batch() Batch { return s.tx }

// Fill puts all keys.
func Fill(s *Store, keys []string) {
	tx := s.Batch()
	tx.Lock()
	for _, k := range keys {
		tx.Put(k)
	}
	tx.Unlock()
	tx.Commit()
}
