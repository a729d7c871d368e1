// Package goodtimer counts what timers start before they are set.
package goodtimer

import (
	"sync"
	"time"
)

type flusher struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
	flush  func() bool
}

// later is good: each timer is counted, and so is each that its function sets.
func (f *flusher) later(d time.Duration, tries int) {
	f.wg.Add(1)
	time.AfterFunc(d, func() {
		defer f.wg.Done()
		if !f.flush() && tries > 0 {
			f.later(d, tries-1)
		}
	})
}

// FlushTwice waits for both.
func FlushTwice(flush func() bool) {
	f := &flusher{flush: flush}
	f.later(time.Millisecond, 3)
	f.later(10*time.Millisecond, 3)
	f.wg.Wait()
}

// soon is good: a flag under a lock keeps timers from beginning to work after Close.
func (f *flusher) soon(d time.Duration) {
	time.AfterFunc(d, func() {
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			return
		}
		f.wg.Add(1)
		f.mu.Unlock()
		defer f.wg.Done()
		f.flush()
	})
}

// Close waits for those that have begun.
func (f *flusher) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.wg.Wait()
}

// Start sets a timer.
func Start(flush func() bool) *flusher {
	f := &flusher{flush: flush}
	f.soon(time.Second)
	return f
}

// AnHourLater is good: the Add comes long before the timer's Done.
func AnHourLater(f func()) {
	var wg sync.WaitGroup
	time.AfterFunc(time.Hour, func() {
		defer wg.Done()
		f()
	})
	wg.Add(1)
	wg.Wait()
}
