// Package badflags goes around a close because of a flag that does not say that
// the channel is closed.
package badflags

import "sync"

// A Spooler prints lines in the background.
type Spooler struct {
	mu    sync.Mutex
	shut  bool
	lines chan string
}

// Pause sets the flag too, and does not close.
func (s *Spooler) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = true
}

// Shut closes unless the flag is set.
func (s *Spooler) Shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return
	}
	s.shut = true
	close(s.lines)
}

// Spool is bad: a paused spooler counts as shut, and is never closed.
func Spool(pause bool, print func(string)) {
	s := &Spooler{lines: make(chan string)}
	go func() {
		for line := range s.lines { // want "s.lines is not closed when the function that closes it ends"
			print(line)
		}
	}()
	s.lines <- "first"
	if pause {
		s.Pause()
	}
	s.Shut()
}

// A Tape records what it is sent.
type Tape struct {
	ended bool
	c     chan string
}

// End is bad: the flag is set before the trailer, and the close comes after it.
func (t *Tape) End(trailer func() error) error {
	if t.ended {
		return nil
	}
	t.ended = true
	if err := trailer(); err != nil {
		return err
	}
	close(t.c)
	return nil
}

// Record writes one line.
func Record(write func(string), trailer func() error) error {
	t := &Tape{c: make(chan string)}
	go func() {
		for line := range t.c { // want "t.c is not closed when the function that closes it ends"
			write(line)
		}
	}()
	t.c <- "line"
	return t.End(trailer)
}

// A Sieve lets numbers through.
type Sieve struct {
	failed bool
	c      chan int
}

func each(list []int, f func(int)) {
	for _, n := range list {
		f(n)
	}
}

// run is bad: its flag tells of a failure, not of the close.
func (s *Sieve) run(list []int) {
	each(list, func(n int) {
		if n < 0 {
			s.failed = true
			return
		}
		s.c <- n
	})
	if s.failed {
		return
	}
	close(s.c)
}

// Sift adds up what comes through.
func Sift(list []int) (sum int) {
	s := &Sieve{c: make(chan int)}
	go s.run(list)
	for n := range s.c { // want "s.c is not closed when the goroutine that closes it ends"
		sum += n
	}
	return sum
}

// Follow is bad: it is the flag of another spooler.
func Follow(other *Spooler, print func(string)) {
	s := &Spooler{lines: make(chan string)}
	go func() {
		for line := range s.lines { // want "s.lines is not closed when the function that closes it ends"
			print(line)
		}
	}()
	s.lines <- "first"
	if !other.shut {
		s.shut = true
		close(s.lines)
	}
}
