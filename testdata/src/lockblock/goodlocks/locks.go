// Package goodlocks holds locks whose balance needs the flow of values to be
// seen.
package goodlocks

import (
	"errors"
	"fmt"
	"sync"
)

// A Queue is waited for with its lock.
type Queue struct {
	sync.Mutex
	items []string
	wake  chan struct{}
	async bool
}

// Wait unlocks early on one path, and a flag keeps the deferred literal from
// doing it again. The flag has no value but its zero value before.
func (q *Queue) Wait(want string) (string, error) {
	var unlocked bool
	q.Lock()
	defer func() {
		if !unlocked {
			q.Unlock()
		}
	}()
	for _, item := range q.items {
		if item == want {
			return item, nil
		}
	}
	if q.wake != nil {
		return "", errors.New("busy")
	}
	q.Unlock()
	unlocked = true
	<-q.wake
	return want, nil
}

// Save unlocks if it fails, and hands the lock to its caller if not.
func (q *Queue) Save() (err error) {
	q.Lock()
	defer func() {
		if err != nil {
			q.Unlock()
		}
	}()
	if len(q.items) == 0 {
		return errors.New("empty")
	}
	return nil
}

// SaveAll unlocks what Save has left locked.
func (q *Queue) SaveAll() error {
	if err := q.Save(); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	q.items = nil
	q.Unlock()
	return nil
}

// Each asks the same field before and after; nobody assigns to it.
func (q *Queue) Each(f func(string)) {
	if !q.async {
		q.Lock()
	}
	for _, item := range q.items {
		f(item)
	}
	if !q.async {
		q.Unlock()
	}
}

// Ping lets two goroutines hand one lock to and fro: it is a signal.
func Ping(n int, f func()) {
	var turn sync.Mutex
	turn.Lock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range n {
			f()
			turn.Unlock()
			turn.Lock()
		}
		turn.Unlock()
	}()
	for range n {
		turn.Lock()
		turn.Unlock()
	}
	<-done
}

// Contend waits for a lock that it holds: until another goroutine unlocks it.
func Contend() {
	var mu sync.Mutex
	done := make(chan struct{})
	locked := make(chan struct{})
	go func() {
		mu.Lock()
		close(locked)
		mu.Lock()
		close(done)
	}()
	<-locked
	mu.Unlock()
	<-done
}

// Readers takes a read lock twice where no writer can come in between: nobody
// else knows the lock.
func Readers(n int) {
	var local struct {
		sync.RWMutex
		n int
	}
	for range n {
		local.RLock()
		local.RLock()
		local.n++
		local.RUnlock()
		local.RUnlock()
		local.Lock()
		local.Unlock()
	}
}

// ReadLocker locks twice for reading, through a Locker.
func ReadLocker(l sync.Locker) {
	l.Lock()
	l.Lock()
	l.Unlock()
	l.Unlock()
}

// A Store has transactions that are closed through an interface.
type Store struct {
	mu sync.RWMutex
	n  int
}

// A Tx is a transaction.
type Tx interface {
	Get() int
	End()
}

type tx struct{ s *Store }

// Read begins a transaction that holds the lock.
func (s *Store) Read() Tx {
	s.mu.RLock()
	return &tx{s}
}

// Write changes the store.
func (s *Store) Write(n int) {
	s.mu.Lock()
	s.n = n
	s.mu.Unlock()
}

func (t *tx) Get() int { return t.s.n }
func (t *tx) End()     { t.s.mu.RUnlock() }

// Sum reads several times, in transactions of its own.
func (s *Store) Sum() (n int) {
	for range 3 {
		tx := s.Read()
		n += tx.Get()
		tx.End()
	}
	return n
}

// A Handler is made for one test, which looks at it at the end.
type Handler struct {
	mu    sync.Mutex
	calls int
}

// Handle counts.
func (h *Handler) Handle() {
	h.mu.Lock()
	h.calls++
	h.mu.Unlock()
}

// Look leaves the lock of an object locked that nobody knows any more.
func Look() int {
	h := &Handler{}
	h.Handle()
	h.mu.Lock()
	return h.calls
}

// Shards locks all of its shards, does its work, and unlocks them.
func Shards(handlers []*Handler) (n int) {
	var held []*Handler
	for _, h := range handlers {
		h.mu.Lock()
		if h.calls == 0 {
			h.mu.Unlock()
			continue
		}
		held = append(held, h)
	}
	for _, h := range held {
		n += h.calls
		h.mu.Unlock()
	}
	return n
}

// A Gate is closed by holding its lock.
type Gate struct {
	mu     sync.Mutex
	closed bool
}

// Close leaves the lock locked until Open, and says nothing of it.
func (g *Gate) Close() {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return
	}
	g.closed = true
}

// Open unlocks what Close has locked.
func (g *Gate) Open() {
	g.closed = false
	g.mu.Unlock()
}

// grab returns a connection's lock with the function that unlocks it.
func (g *Gate) grab() (release func(), err error) {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return nil, errors.New("closed")
	}
	return g.Open, nil
}

// With unlocks in a literal that has captured the function.
func (g *Gate) With(f func() error) (err error) {
	release, err := g.grab()
	if err != nil {
		return err
	}
	failed := true
	defer func() {
		if failed {
			err = errors.New("failed")
		}
		release()
	}()
	err = f()
	failed = false
	return err
}

// Twice grabs twice, one after the other.
func (g *Gate) Twice(f func() error) error {
	if err := g.With(f); err != nil {
		return err
	}
	return g.With(f)
}

// A Tree is walked with windows in its lock.
type Tree struct {
	mu    sync.RWMutex
	nodes []string
}

// All calls yield without the lock.
func (t *Tree) All(yield func(string) bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.each(func(node string) bool {
		t.mu.RUnlock()
		defer t.mu.RLock()
		return yield(node)
	})
}

func (t *Tree) each(f func(string) bool) {
	for _, node := range t.nodes {
		if !f(node) {
			return
		}
	}
}

// Add locks for writing, which the loop over All may do.
func (t *Tree) Add(node string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nodes = append(t.nodes, node)
}

// Double adds in a loop over All.
func (t *Tree) Double() {
	t.All(func(node string) bool {
		t.Add(node)
		return true
	})
}
