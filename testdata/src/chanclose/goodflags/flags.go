// Package goodflags closes unless a flag says that this has been done: the way
// around the close leaves the channel closed too.
package goodflags

import (
	"sync"
	"sync/atomic"
)

// A Spooler prints lines in the background. Whoever finds it shut already has
// nothing left to close.
type Spooler struct {
	mu    sync.Mutex
	shut  bool
	lines chan string
	idle  chan struct{}
}

func newSpooler(print func(string)) *Spooler {
	s := &Spooler{lines: make(chan string, 8), idle: make(chan struct{})}
	go func() {
		defer close(s.idle)
		for line := range s.lines {
			print(line)
		}
	}()
	return s
}

// Add is good: it looks at the flag under the lock that Shut takes.
func (s *Spooler) Add(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return false
	}
	s.lines <- line
	return true
}

// Shut sets the flag next to the close.
func (s *Spooler) Shut() {
	s.mu.Lock()
	if !s.shut {
		s.shut = true
		close(s.lines)
	}
	s.mu.Unlock()
	<-s.idle
}

// Spool is good: it shuts the spooler, or finds it shut.
func Spool(print func(string)) {
	s := newSpooler(print)
	var tellers sync.WaitGroup
	for range 2 {
		tellers.Go(func() {
			for s.Add("still open") {
			}
		})
	}
	s.Shut()
	tellers.Wait()
}

// A Tap closes its channel when it is turned off; each method is another way to
// see to it that this happens once.
type Tap struct {
	mu   sync.Mutex
	off  bool
	open bool
	used atomic.Bool
	uses atomic.Int32
	c    chan int
}

func newTap(drink func(int)) *Tap {
	t := &Tap{c: make(chan int), open: true}
	go func() {
		for n := range t.c {
			drink(n)
		}
	}()
	return t
}

// markOff reports whether it is the caller who turns the tap off.
func (t *Tap) markOff() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.off {
		return false
	}
	t.off = true
	return true
}

func (t *Tap) isOff() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.off
}

func (t *Tap) setOff() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.off = true
}

// Marked is good: markOff says who closes.
func Marked(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	if !t.markOff() {
		return
	}
	close(t.c)
}

// Asked is good: nothing but this function sets the flag, which isOff returns.
func Asked(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	if t.isOff() {
		return
	}
	t.setOff()
	close(t.c)
}

// Opened is good: the flag is true until the close.
func Opened(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.open {
		return
	}
	t.open = false
	defer close(t.c)
}

// Exchanged is good: one caller gets the old value.
func Exchanged(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	if t.used.Swap(true) {
		return
	}
	close(t.c)
}

// Compared is good in the same way.
func Compared(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	if t.used.CompareAndSwap(false, true) {
		close(t.c)
	}
}

// Counted is good: the first one closes.
func Counted(drink func(int)) {
	t := newTap(drink)
	t.c <- 1
	if t.uses.Add(1) > 1 {
		return
	}
	close(t.c)
}
