// Package goodgroups holds groups that are limited, or whose limit is set
// where it is not in sight.
package goodgroups

import (
	"bufio"
	"context"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Store keeps objects.
type Store interface {
	Put(ctx context.Context, key string) error
}

// LimitedPerKey is good: SetLimit bounds the tasks.
func LimitedPerKey(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, k := range keys {
		g.Go(func() error {
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// ZeroGroupLimited is good: so it does on a zero group.
func ZeroGroupLimited(ctx context.Context, s Store, keys map[string]int) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for k := range keys {
		g.Go(func() error { return s.Put(ctx, k) })
	}
	return g.Wait()
}

// ConfiguredLimit is good: whoever configures zero or less wants no limit.
func ConfiguredLimit(ctx context.Context, s Store, keys []string, limit int) error {
	g, gctx := errgroup.WithContext(ctx)
	if limit > 0 {
		g.SetLimit(limit)
	}
	for _, k := range keys {
		g.Go(func() error {
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// TryGo is good: a group that is full makes the loop do the work itself.
func TryGo(ctx context.Context, s Store, r io.Reader) error {
	var g errgroup.Group
	g.SetLimit(4)
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		key := sc.Text()
		if !g.TryGo(func() error { return s.Put(ctx, key) }) {
			if err := s.Put(ctx, key); err != nil {
				_ = g.Wait()
				return err
			}
		}
	}
	return g.Wait()
}

func newGroup(ctx context.Context, n int) (*errgroup.Group, context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	return g, gctx
}

// LimitInConstructor is good: newGroup sets the limit.
func LimitInConstructor(ctx context.Context, s Store, keys []string) error {
	g, gctx := newGroup(ctx, 8)
	for _, k := range keys {
		g.Go(func() error { return s.Put(gctx, k) })
	}
	return g.Wait()
}

func throttle(g *errgroup.Group) { g.SetLimit(2 * runtime.NumCPU()) }

// LimitInHelper is good: throttle sets the limit of its argument.
func LimitInHelper(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	throttle(g)
	for _, k := range keys {
		g.Go(func() error { return s.Put(gctx, k) })
	}
	return g.Wait()
}

// GroupParameter is good: the group belongs to the caller, who may have
// limited it.
func GroupParameter(ctx context.Context, g *errgroup.Group, s Store, keys []string) {
	for _, k := range keys {
		g.Go(func() error { return s.Put(ctx, k) })
	}
}

type syncer struct {
	g     *errgroup.Group
	store Store
}

func newSyncer(s Store, n int) *syncer {
	sy := &syncer{g: new(errgroup.Group), store: s}
	sy.g.SetLimit(n)
	return sy
}

// all is good: the constructor limits the group in the field.
func (sy *syncer) all(ctx context.Context, keys <-chan string) error {
	for k := range keys {
		sy.g.Go(func() error { return sy.store.Put(ctx, k) })
	}
	return sy.g.Wait()
}

// Sync copies all keys.
func Sync(ctx context.Context, s Store, keys <-chan string) error {
	return newSyncer(s, 8).all(ctx, keys)
}

// boundedGroup is a group with tokens of its own.
type boundedGroup struct {
	*errgroup.Group
	tokens chan struct{}
}

// Run takes a token before it starts f.
func (b *boundedGroup) Run(f func() error) {
	b.tokens <- struct{}{}
	b.Go(func() error {
		defer func() { <-b.tokens }()
		return f()
	})
}

// EmbeddedGroup is good: Run is limited by the tokens.
func EmbeddedGroup(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	b := &boundedGroup{g, make(chan struct{}, 8)}
	for _, k := range keys {
		b.Run(func() error { return s.Put(gctx, k) })
	}
	return b.Wait()
}

// TokenBesideGroup is good: the group has no limit, a token is taken before
// each task.
func TokenBesideGroup(ctx context.Context, s Store, keys []string) error {
	sem := make(chan struct{}, 8)
	g, gctx := errgroup.WithContext(ctx)
	for _, k := range keys {
		select {
		case sem <- struct{}{}:
		case <-gctx.Done():
			return g.Wait()
		}
		g.Go(func() error {
			defer func() { <-sem }()
			return s.Put(gctx, k)
		})
	}
	return g.Wait()
}

// Group is an interface; the group behind it may be limited.
type Group interface {
	Go(func() error)
	Wait() error
}

// UnknownGroup is good: nothing is known about g.
func UnknownGroup(ctx context.Context, g Group, s Store, keys []string) error {
	for _, k := range keys {
		g.Go(func() error { return s.Put(ctx, k) })
	}
	return g.Wait()
}

// FixedWorkers is good: three tasks share the keys.
func FixedWorkers(ctx context.Context, s Store, keys []string) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, k := range keys {
			select {
			case queue <- k:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for range 3 {
		g.Go(func() error {
			for k := range queue {
				if err := s.Put(gctx, k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// GroupPerBatch is good: a new group for each batch, waited for in the loop.
func GroupPerBatch(ctx context.Context, s Store, batches [][4]string) error {
	for _, b := range batches {
		g, gctx := errgroup.WithContext(ctx)
		for _, k := range b {
			g.Go(func() error { return s.Put(gctx, k) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}
