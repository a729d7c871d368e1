// Package badround holds second rounds that start from the context of a first one that is over.
package badround

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// SecondGroupFromFirst is bad: the second group is cancelled before it starts anything.
func SecondGroupFromFirst(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	h, hctx := errgroup.WithContext(ctx) // want "after.*Wait"
	for _, u := range urls {
		h.Go(func() error {
			return store(hctx, u)
		})
	}
	return h.Wait()
}

// SecondNamesReused is bad: the names are new in the second round, its parent is the first's.
func SecondNamesReused(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g, gctx = errgroup.WithContext(gctx) // want "after.*Wait"
	for _, u := range urls {
		g.Go(func() error {
			return store(gctx, u)
		})
	}
	return g.Wait()
}

// SecondGroupOldContext is bad: the second group is fresh, its tasks use the first one's context.
func SecondGroupOldContext(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	var h errgroup.Group
	for _, u := range urls {
		h.Go(func() error {
			return store(gctx, u) // want "after.*Wait"
		})
	}
	return h.Wait()
}

// GoAfterWait is bad: the group is used again, its context is cancelled for good.
func GoAfterWait(ctx context.Context, urls []string, fetch, store func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, u := range urls {
		g.Go(func() error {
			return store(gctx, u) // want "after.*Wait"
		})
	}
	return g.Wait()
}

// LoopOverwrites is bad: from the second batch on, the parent is the context of the batch before.
func LoopOverwrites(ctx context.Context, batches [][]string, fetch func(context.Context, string) error) error {
	var g *errgroup.Group
	for _, urls := range batches {
		g, ctx = errgroup.WithContext(ctx) // want "after.*Wait"
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

// LoopOneGroup is bad: Wait at the end of the first batch cancels the context of all batches.
func LoopOneGroup(ctx context.Context, batches [][]string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, urls := range batches {
		for _, u := range urls {
			g.Go(func() error {
				return fetch(gctx, u) // want "after.*Wait"
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// FirstContextInSecondTask is bad: the second group's task Waits for the first and then goes on
// with the first one's context.
func FirstContextInSecondTask(ctx context.Context, urls []string, fetch func(context.Context, string) error, publish, listen func(context.Context) error) error {
	g1, ctx1 := errgroup.WithContext(ctx)
	for _, u := range urls {
		g1.Go(func() error {
			return fetch(ctx1, u)
		})
	}
	g2, ctx2 := errgroup.WithContext(ctx)
	g2.Go(func() error {
		return listen(ctx2)
	})
	g2.Go(func() error {
		if err := g1.Wait(); err != nil {
			return err
		}
		return publish(ctx1) // want "after.*Wait"
	})
	return g2.Wait()
}
