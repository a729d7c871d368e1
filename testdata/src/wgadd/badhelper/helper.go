// Package badhelper holds start-helpers that are called from uncounted goroutines with nothing
// that orders them before the Wait.
package badhelper

import (
	"sync"
	"sync/atomic"
)

// A tasks starts functions and waits for them.
type tasks struct {
	mu sync.RWMutex
	wg sync.WaitGroup
}

// spawn Adds and then starts f; the lock keeps no Wait away, for no flag is set under it.
func (t *tasks) spawn(f func()) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.wg.Add(1) // want "t\\.wg\\.Add"
	go func() {
		defer t.wg.Done()
		f()
	}()
}

func (t *tasks) stop() {
	t.mu.Lock()
	t.mu.Unlock()
	t.wg.Wait()
}

// SpawnFromGoroutine is bad: the goroutine that calls spawn is not counted, and stop does not
// turn spawn away.
func SpawnFromGoroutine(events <-chan func()) {
	var t tasks
	go func() {
		for f := range events {
			t.spawn(f)
		}
	}()
	t.stop()
}

// A sender sends messages, each in a goroutine that counts itself.
type sender struct {
	mu      sync.Mutex
	wg      sync.WaitGroup
	deliver func(string)
}

// Send is bad: it starts send, whose begin comes too late for a Close that is next.
func (s *sender) Send(msg string) {
	go s.send(msg)
}

func (s *sender) send(msg string) {
	s.begin()
	defer s.wg.Done()
	s.deliver(msg)
}

// begin looks like the flagged form, but returns nothing that could turn its caller away.
func (s *sender) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wg.Add(1) // want "s\\.wg\\.Add"
}

// Close waits for the messages on their way.
func (s *sender) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wg.Wait()
}

// A queue has a flag, but reads it without the lock that Close sets it under.
type queue struct {
	stopping atomic.Bool
	wg       sync.WaitGroup
}

// push checks the flag first, and Adds when Close may already have Waited.
func (q *queue) push(f func(), checked func()) {
	if q.stopping.Load() {
		return
	}
	checked()
	q.wg.Add(1) // want "q\\.wg\\.Add"
	go func() {
		defer q.wg.Done()
		f()
	}()
}

func (q *queue) close() {
	q.stopping.Store(true)
	q.wg.Wait()
}

// FlagWithoutLock is bad: between the check of the flag and the Add, close sets it and Waits.
func FlagWithoutLock(f, checked, work func()) {
	var q queue
	go q.push(f, checked)
	work()
	q.close()
}
