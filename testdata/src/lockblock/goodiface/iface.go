// Package goodiface has locks that are methods of an interface, and uses them well.
package goodiface

import (
	"errors"
	"sync"
)

// A Tx is locked while it is used.
type Tx interface {
	Lock()
	Unlock()
	Get(k string) []string
}

// A Backend has a transaction.
type Backend interface{ Tx() Tx }

// Wait unlocks before continue.
func Wait(b Backend, sleep func()) bool {
	for range 5 {
		tx := b.Tx()
		tx.Lock()
		if len(tx.Get("key")) != 0 {
			sleep()
			tx.Unlock()
			continue
		}
		tx.Unlock()
		return true
	}
	return false
}

// A Reader holds the transaction until Close.
type Reader struct{ tx Tx }

// Open returns a reader that has the lock.
func Open(b Backend, k string) (*Reader, error) {
	tx := b.Tx()
	tx.Lock()
	if len(tx.Get(k)) == 0 {
		tx.Unlock()
		return nil, errors.New("not found")
	}
	return &Reader{tx}, nil
}

// Close unlocks.
func (r *Reader) Close() { r.tx.Unlock() }

// Begin locks for its caller, if there is something.
func Begin(tx Tx, k string) bool {
	tx.Lock()
	if len(tx.Get(k)) == 0 {
		tx.Unlock()
		return false
	}
	return true
}

// Count unlocks what Begin has locked.
func Count(tx Tx, k string) int {
	if !Begin(tx, k) {
		return 0
	}
	defer tx.Unlock()
	return len(tx.Get(k))
}

// After hands the lock to a goroutine.
func After(b Backend, k string, use func([]string)) bool {
	tx := b.Tx()
	tx.Lock()
	if len(tx.Get(k)) == 0 {
		tx.Unlock()
		return false
	}
	go func() {
		defer tx.Unlock()
		use(tx.Get(k))
	}()
	return true
}

// A Handle keeps its transaction locked from one call to the next.
type Handle struct{ tx Tx }

// Start leaves it locked on success.
func (h *Handle) Start(k string) error {
	h.tx.Lock()
	if len(h.tx.Get(k)) == 0 {
		h.tx.Unlock()
		return errors.New("not found")
	}
	return nil
}

// Stop unlocks it.
func (h *Handle) Stop() { h.tx.Unlock() }

// A Gate lets nobody through twice: its Lock is no mutex, and tells whether it was shut.
type Gate interface {
	Lock() bool
	Unlock()
}

// Pass leaves the gate as it is if it is shut.
func Pass(open func() Gate) bool {
	g := open()
	if g.Lock() {
		return false
	}
	g.Unlock()
	return true
}

// Both uses two transactions at a time, whatever is behind them.
func Both(x, y Backend) int {
	a, b := x.Tx(), y.Tx()
	a.Lock()
	defer a.Unlock()
	b.Lock()
	defer b.Unlock()
	return len(a.Get("")) + len(b.Get(""))
}

// Twice locks two transactions, which may be two.
func Twice(b Backend) int {
	n := 0
	for range 2 {
		tx := b.Tx()
		tx.Lock()
		n += len(tx.Get(""))
		tx.Unlock()
	}
	return n
}

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
		b.commit()
	}
}

func (b *batch) Commit() {
	b.Lock()
	defer b.Unlock()
	b.commit()
}

func (b *batch) commit() { b.pending = 0 }

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

// Shared is read-locked twice through interfaces: nobody writes.
func Shared(mu *sync.RWMutex) {
	var a, b sync.Locker = mu.RLocker(), mu.RLocker()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}
