// Package badstream holds producers of streams with a buffer that longer input fills, and
// consumers that leave early.
package badstream

import (
	"bufio"
	"io"
)

// EachLine leaves its reader behind when f fails.
func EachLine(r io.Reader, f func(string) error) error {
	lines := make(chan string, 16)
	go func() {
		defer close(lines)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			lines <- sc.Text() // want `send on lines blocks forever when sc.Scan\(\) \(line 16\) and err != nil \(line 21\): its buffer of 16 is full and the only receiver has returned at line 22`
		}
	}()
	for l := range lines {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

// A Source sends what it has.
type Source struct{ items []int }

func (s *Source) send(out chan<- int) {
	defer close(out)
	for _, it := range s.items {
		out <- it // want `send on out blocks forever when it == want \(line 43\): its buffer of 1 is full and the only receiver has returned`
	}
}

// Has looks for an item.
func (s *Source) Has(want int) bool {
	out := make(chan int, 1)
	go s.send(out)
	for it := range out {
		if it == want {
			return true
		}
	}
	return false
}

// First takes one of what next returns.
func First(next func() (int, error)) int {
	out := make(chan int, 100)
	go func() {
		for {
			n, err := next()
			if err != nil {
				close(out)
				return
			}
			out <- n // want `send on out blocks forever: its buffer of 100 is full`
		}
	}()
	return <-out
}

// Emit has the send in a function that is called for each value.
func Emit(names map[string]bool, f func(string) error) error {
	out := make(chan string, 8)
	emit := func(s string) {
		out <- s // want `send on out blocks forever when err != nil .*: its buffer of 8 is full`
	}
	go func() {
		defer close(out)
		for name := range names {
			emit(name)
		}
	}()
	for name := range out {
		if err := f(name); err != nil {
			return err
		}
	}
	return nil
}
