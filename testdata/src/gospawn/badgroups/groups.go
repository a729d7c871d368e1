// Package badgroups holds groups without a limit that get a task for each
// element of an unbounded input.
package badgroups

import (
	"bufio"
	"context"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Store keeps objects.
type Store interface {
	Put(ctx context.Context, key string) error
}

// PerKey is bad: g has no limit.
func PerKey(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, k := range keys {
		g.Go(func() error { // want "goroutine per"
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// ZeroGroup is bad: the zero group has no limit either.
func ZeroGroup(ctx context.Context, s Store, keys map[string]int) error {
	var g errgroup.Group
	for k := range keys {
		g.Go(func() error { return s.Put(ctx, k) }) // want "goroutine per"
	}
	return g.Wait()
}

// WaitGroupGo is bad: wg.Go starts a goroutine at once.
func WaitGroupGo(ctx context.Context, s Store, keys []string) {
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() { // want "goroutine per"
			_ = s.Put(ctx, k)
		})
	}
	wg.Wait()
}

// NegativeLimit is bad: SetLimit(-1) means no limit.
func NegativeLimit(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(-1)
	for _, k := range keys {
		g.Go(func() error { // want "goroutine per"
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// OtherGroupLimited is bad: the limit is set on the group of the readers, the
// loop fills the group of the writers.
func OtherGroupLimited(ctx context.Context, s Store, keys []string, read func(context.Context) error) error {
	readers, rctx := errgroup.WithContext(ctx)
	writers, wctx := errgroup.WithContext(ctx)
	readers.SetLimit(4)
	for range 8 {
		readers.Go(func() error { return read(rctx) })
	}
	for _, k := range keys {
		writers.Go(func() error { // want "goroutine per"
			return s.Put(wctx, k)
		})
	}
	if err := readers.Wait(); err != nil {
		return err
	}
	return writers.Wait()
}

// PerLine is bad: a task for each line.
func PerLine(ctx context.Context, s Store, r io.Reader) error {
	g, gctx := errgroup.WithContext(ctx)
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		key := sc.Text()
		g.Go(func() error { // want "goroutine per"
			return s.Put(gctx, key)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return sc.Err()
}

type importer struct {
	wg    sync.WaitGroup
	store Store
}

// importAll is bad: the group is a field, a task for each key that arrives.
func (im *importer) importAll(ctx context.Context, keys <-chan string) {
	for k := range keys {
		im.wg.Go(func() { // want "goroutine per"
			_ = im.store.Put(ctx, k)
		})
	}
}

// Import runs an importer.
func Import(ctx context.Context, s Store, keys <-chan string) {
	im := &importer{store: s}
	im.importAll(ctx, keys)
	im.wg.Wait()
}

// ForEach is bad: the generic function gives g a task for each element.
func ForEach[T any](ctx context.Context, in []T, f func(context.Context, T) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, v := range in {
		g.Go(func() error { // want "goroutine per"
			return f(gctx, v)
		})
	}
	return g.Wait()
}

// Not run: a number of goroutines without a bound is no leak, and ends well as long as the memory lasts.
