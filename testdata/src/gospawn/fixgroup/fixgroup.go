// Package fixgroup holds groups that the check can limit.
package fixgroup

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Store keeps objects.
type Store interface {
	Put(ctx context.Context, key string) error
}

// WithContext makes the group with a context.
func WithContext(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx) // the tasks share gctx
	for _, k := range keys {
		g.Go(func() error { // want "goroutine per element of keys, with no limit on how many are alive: keys is a parameter and as long as the caller makes it"
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// Zero declares a zero group.
func Zero(ctx context.Context, s Store, keys map[string]int) error {
	var tasks errgroup.Group
	for k := range keys {
		tasks.Go(func() error { return s.Put(ctx, k) }) // want "goroutine per element of keys"
	}
	return tasks.Wait()
}

// New makes the group with new.
func New(ctx context.Context, s Store, keys []string) error {
	g := new(errgroup.Group)
	for _, k := range keys {
		if k != "" {
			g.Go(func() error { return s.Put(ctx, k) }) // want "goroutine per element of keys"
		}
	}
	return g.Wait()
}

// TwoKinds has no fix: with a limit, the tasks might fill the group before the
// one that they wait for.
func TwoKinds(ctx context.Context, s Store, keys []string, feed func() error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, k := range keys {
		g.Go(func() error { return s.Put(gctx, k) }) // want "goroutine per element of keys"
	}
	g.Go(feed)
	return g.Wait()
}

// Results has no fix: the tasks send to a receiver that stands behind the
// loop.
func Results(ctx context.Context, s Store, keys []string) (n int, err error) {
	g, gctx := errgroup.WithContext(ctx)
	done := make(chan string)
	for _, k := range keys {
		g.Go(func() error { // want "goroutine per element of keys"
			err := s.Put(gctx, k)
			done <- k
			return err
		})
	}
	for range keys {
		n += len(<-done)
	}
	return n, g.Wait()
}
