// Package badloop leaves a semaphore acquired for the next turn of a loop.
package badloop

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Fetch skips what it has, and keeps the slot.
func Fetch(urls []string, have map[string]bool, get func(string)) {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for _, u := range urls {
		sem <- struct{}{}
		if have[u] {
			continue // want "goes on with the next turn of the loop with sem acquired since line 16"
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			get(u)
		}()
	}
	wg.Wait()
}

// Visit does so after a look at what it got.
func Visit(ctx context.Context, dirs []string, read func(string) ([]byte, error), use func([]byte)) error {
	sem := semaphore.NewWeighted(2)
	for _, d := range dirs {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		b, err := read(d)
		if err != nil {
			continue // want "goes on with the next turn of the loop with sem acquired since line 34: .* sem.Acquire waits in vain"
		}
		go func() {
			use(b)
			sem.Release(1)
		}()
	}
	return sem.Acquire(ctx, 2)
}

// Poll gives the token back in one case of two.
func Poll(in <-chan int, work func(int) bool) {
	tokens := make(chan struct{}, 3)
	for range 3 {
		tokens <- struct{}{}
	}
	for v := range in {
		<-tokens // want "tokens is not released on every path before the next turn of the loop: .* <-tokens blocks forever"
		if work(v) {
			tokens <- struct{}{}
		}
	}
}

// Drain hands over in one case, and forgets in the other.
func Drain(queue []func() error, logf func(error)) {
	sem := make(chan bool, 1)
	for _, f := range queue {
		sem <- true
		if err := f(); err != nil {
			logf(err)
			continue // want "goes on with the next turn of the loop with sem acquired since line 67: the next sem <- blocks forever"
		}
		<-sem
	}
}

// A Node has a semaphore of its own.
type Node struct {
	sem chan struct{}
	ok  bool
}

func NewNode() *Node { return &Node{sem: make(chan struct{}, 1), ok: true} }

func Check(nodes []*Node) {
	for _, n := range nodes {
		n.sem <- struct{}{} // want "n.sem is not released on every path before the next turn of the loop: the next n.sem <- blocks forever"
		if !n.ok {
			continue
		}
		<-n.sem
	}
}

// A Limiter outlives its loops.
type Limiter struct{ slots chan struct{} }

func NewLimiter(n int) *Limiter { return &Limiter{make(chan struct{}, n)} }

// Repeat is left by a turn, also by the last one, and by a return.
func (l *Limiter) Repeat(n int, f func(int) (bool, error)) error {
	for i := range n {
		l.slots <- struct{}{}
		again, err := f(i)
		if again {
			continue // want "goes on with the next turn of the loop with l.slots acquired since line 102"
		}
		if err != nil {
			return err // want "returns with l.slots acquired since line 102"
		}
		<-l.slots
	}
	return nil
}
