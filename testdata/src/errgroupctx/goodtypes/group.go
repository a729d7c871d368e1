// Package goodtypes holds groups that look like an errgroup and are none.
package goodtypes

import (
	"context"
	"errors"
	"sync"
)

// A Group runs all of its functions and joins their errors. It cancels nothing.
type Group struct {
	wg   sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

// WithContext returns a group and the context that its functions share, which is ctx with the
// group in it.
func WithContext(ctx context.Context) (*Group, context.Context) {
	g := new(Group)
	return g, context.WithValue(ctx, groupKey{}, g)
}

type groupKey struct{}

// Go starts f.
func (g *Group) Go(f func() error) {
	g.wg.Go(func() {
		if err := f(); err != nil {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.errs = append(g.errs, err)
		}
	})
}

// Wait waits for the functions and returns their errors.
func (g *Group) Wait() error {
	g.wg.Wait()
	return errors.Join(g.errs...)
}
