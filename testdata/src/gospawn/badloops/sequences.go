package badloops

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// EachOfSequence is bad: a sequence that can fail has as many elements as any.
func EachOfSequence(ctx context.Context, items iter.Seq2[Item, error], do func(context.Context, Item) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for it, err := range items {
		if err != nil {
			return either(g.Wait(), err)
		}
		g.Go(func() error { return do(gctx, it) }) // want "goroutine per element of items"
	}
	return g.Wait()
}

func either(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
