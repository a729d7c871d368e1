// Package goodround holds several rounds, each with a context of its own.
package goodround

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// SecondGroupFromParent is good: both groups are derived from the parent.
func SecondGroupFromParent(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	h, hctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		h.Go(func() error {
			return store(hctx, u)
		})
	}
	return h.Wait()
}

// NamesReused is good: the assignment gives both names new values from the parent (trap 41).
func NamesReused(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g, gctx = errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return store(gctx, u)
		})
	}
	return g.Wait()
}

// FreshTimeout is good: between the groups, ctx is made anew, and both Waits are at the end
// (trap 41).
func FreshTimeout(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g1, ctx := errgroup.WithContext(ctx)
	fctx := ctx
	for _, u := range urls {
		g1.Go(func() error {
			return fetch(fctx, u)
		})
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	g2, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g2.Go(func() error {
			return store(ctx, u)
		})
	}
	if err := g1.Wait(); err != nil {
		_ = g2.Wait()
		return err
	}
	return g2.Wait()
}

// TwoGroups is good: two groups beside each other, each with its own context.
func TwoGroups(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g1, ctx1 := errgroup.WithContext(ctx)
	g2, ctx2 := errgroup.WithContext(ctx)
	for _, u := range urls {
		g1.Go(func() error {
			return fetch(ctx1, u)
		})
		g2.Go(func() error {
			return store(ctx2, u)
		})
	}
	if err := g1.Wait(); err != nil {
		_ = g2.Wait()
		return err
	}
	return g2.Wait()
}

// OtherStillRuns is good: the first group is over, the context is the second one's.
func OtherStillRuns(ctx context.Context, urls []string, fetch func(context.Context, string) error, listen, publish func(context.Context) error) error {
	g1, ctx1 := errgroup.WithContext(ctx)
	g2, ctx2 := errgroup.WithContext(ctx)
	g2.Go(func() error {
		return listen(ctx2)
	})
	for _, u := range urls {
		g1.Go(func() error {
			return fetch(ctx1, u)
		})
	}
	if err := g1.Wait(); err != nil {
		_ = g2.Wait()
		return err
	}
	if err := publish(ctx2); err != nil {
		_ = g2.Wait()
		return err
	}
	return g2.Wait()
}

// LoopDefines is good: every batch defines its own ctx, derived from the function's.
func LoopDefines(ctx context.Context, batches [][]string, fetch func(context.Context, string) error) error {
	for _, urls := range batches {
		g, ctx := errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(ctx, u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// LoopAssigns is good: the variables are outside the loop, the parent is not overwritten.
func LoopAssigns(ctx context.Context, batches [][]string, fetch func(context.Context, string) error) error {
	var (
		g    *errgroup.Group
		gctx context.Context
	)
	for _, urls := range batches {
		g, gctx = errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(gctx, u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// LoopOneGroup is good: the only Wait comes after the last batch.
func LoopOneGroup(ctx context.Context, batches [][]string, pause func(), fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, urls := range batches {
		for _, u := range urls {
			g.Go(func() error {
				return fetch(gctx, u)
			})
		}
		pause()
	}
	return g.Wait()
}
