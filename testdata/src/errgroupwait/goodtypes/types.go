// Package goodtypes holds other types with methods of the same names.
package goodtypes

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// Group is a group of another kind.
type Group struct{ err error }

// Go runs the task at once.
func (g *Group) Go(f func() error) { g.err = f() }

// Wait returns the last error.
func (g *Group) Wait() error { return g.err }

// SetLimit does nothing.
func (g *Group) SetLimit(int) {}

// Other is good: the type decides, not the name (traps 74 and 75).
func Other(urls []string, fetch func(string) error) (total int) {
	var g Group
	for _, u := range urls {
		g.Go(func() error {
			total++
			return fetch(u)
		})
	}
	g.SetLimit(0)
	g.Wait()
	return total
}

// WaitGroup is good: so it is the other way round.
func WaitGroup(urls []string, fetch func(string) error) {
	var errgroup sync.WaitGroup
	for _, u := range urls {
		errgroup.Go(func() {
			_ = fetch(u)
		})
	}
	errgroup.Wait()
}

// embedded has the methods of a group, and a limit that nobody sees (trap 46).
type embedded struct {
	*errgroup.Group
	tokens chan bool
}

// Run takes a token first.
func (e *embedded) Run(task func() error) {
	e.tokens <- true
	e.Go(func() error {
		defer func() { <-e.tokens }()
		return task()
	})
}

// Embedded is good: it Waits on all paths.
func Embedded(urls []string, fetch func(string) error) error {
	e := &embedded{new(errgroup.Group), make(chan bool, 4)}
	for _, u := range urls {
		e.Run(func() error {
			return fetch(u)
		})
	}
	return e.Wait()
}
