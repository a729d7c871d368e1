// Package goodtwice has several calls of Unlock in a function, one of which is executed for
// each Lock.
package goodtwice

import (
	"errors"
	"os"
	"sync"
)

var (
	errOld  = errors.New("old")
	errFull = errors.New("full")
)

// A Series takes samples in the order of their times.
type Series struct {
	mu      sync.Mutex
	last    int64
	pending bool
	relock  func()
}

func (s *Series) check(t int64) error {
	if t < 0 {
		return errors.New("negative")
	}
	if t < s.last {
		return errOld
	}
	return nil
}

// Append returns after each error.
func (s *Series) Append(t int64) error {
	s.mu.Lock()
	err := s.check(t)
	if err != nil {
		s.mu.Unlock()
		if errors.Is(err, errOld) {
			return err
		}
		return errors.New("wrong")
	}
	s.last = t
	s.mu.Unlock()
	return nil
}

// Retry locks again.
func (s *Series) Retry(t int64) {
	s.mu.Lock()
	if err := s.check(t); err != nil {
		s.mu.Unlock()
		println("again")
		s.mu.Lock()
	}
	s.last = t
	s.mu.Unlock()
}

// Flag remembers in a variable that it has unlocked.
func (s *Series) Flag(t int64) error {
	s.mu.Lock()
	locked := true
	err := s.check(t)
	if err != nil {
		s.mu.Unlock()
		locked = false
	}
	println("checked")
	if locked {
		s.mu.Unlock()
	}
	return err
}

// Same asks the same question twice, in other words.
func (s *Series) Same(n int) {
	s.mu.Lock()
	if n > 3 {
		s.mu.Unlock()
	}
	println("between")
	if n < 4 {
		s.mu.Unlock()
	}
}

// Early leaves by the same question.
func (s *Series) Early(n int) {
	s.mu.Lock()
	if n > 3 {
		s.mu.Unlock()
	}
	if n >= 4 {
		return
	}
	s.mu.Unlock()
}

// Window lets go of the lock for a while, under a deferred Unlock.
func (s *Series) Window(wait func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.pending {
		s.mu.Unlock()
		wait()
		s.mu.Lock()
	}
}

// lock takes the lock for whoever calls it.
func (s *Series) enter() { s.mu.Lock() }

// Helper takes the lock again by a call.
func (s *Series) Helper() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.mu.Unlock()
	println("between")
	s.enter()
}

// Literal takes the lock again by a function value.
func (s *Series) Literal(f func()) {
	t := &Series{}
	t.relock = func() { f(); t.mu.Lock() }
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.Unlock()
	t.relock()
}

// Each locks one after the other.
func Each(all []*Series) (n int64) {
	for _, s := range all {
		s.mu.Lock()
		n += s.last
		if s.pending {
			s.mu.Unlock()
			continue
		}
		s.mu.Unlock()
	}
	return n
}

// Next goes along a list with one lock after the other.
func Next(all map[string]*Node, name string) {
	n := all[name]
	n.mu.Lock()
	for n.next != nil {
		next := n.next
		n.mu.Unlock()
		n = next
		n.mu.Lock()
	}
	n.mu.Unlock()
}

// A Node is one of a list.
type Node struct {
	mu   sync.Mutex
	next *Node
}

// A Table has a lock for readers and writers.
type Table struct {
	mu   sync.RWMutex
	rows []int
	max  int
}

// Insert unlocks by the deferred call alone.
func (t *Table) Insert(row int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == t.max {
		return errFull
	}
	t.rows = append(t.rows, row)
	return nil
}

// Deferred locks again at its end, for the call that was deferred before.
func (t *Table) Deferred(wait func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	func() {
		t.mu.Unlock()
		defer t.mu.Lock()
		wait()
	}()
}

// Later defers what locks again.
func (t *Table) Later(wait func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.Unlock()
	defer t.mu.Lock()
	wait()
}

// Twice read-locks twice, in the right order for once: nobody writes meanwhile.
func Twice(a, b *Table) {
	a.mu.RLock()
	b.mu.RLock()
	a.mu.RUnlock()
	b.mu.RUnlock()
}

// Baton is unlocked by one goroutine and locked by another.
type Baton struct{ mu sync.Mutex }

func (b *Baton) grab() { b.mu.Lock() }

// Pass unlocks for the other one, which has locked in between.
func (b *Baton) Pass(other chan struct{}) {
	b.mu.Lock()
	b.mu.Unlock()
	go func() {
		b.grab()
		close(other)
	}()
	<-other
	b.mu.Unlock()
}

// A Depth is a lock that one may take several times.
type Depth interface {
	Lock()
	Unlock()
}

// Nested unlocks as often as it has locked.
func Nested(d Depth, n int) {
	d.Lock()
	if n > 1 {
		d.Lock()
	}
	d.Unlock()
	if n > 1 {
		d.Unlock()
	}
}

// Exit ends the process between the two.
func (t *Table) Exit(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code > 0 {
		t.mu.Unlock()
		os.Exit(code)
	}
}
