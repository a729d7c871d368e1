package goodcounts

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// LimitedSequence is good: the group has a limit.
func LimitedSequence(ctx context.Context, items iter.Seq2[Item, error], do func(context.Context, Item) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for it, err := range items {
		if err != nil {
			break
		}
		g.Go(func() error { return do(gctx, it) })
	}
	return g.Wait()
}

type service struct{ stop chan struct{} }

func (s *service) Run() error { return nil }

// Services is good: objects with a life of their own, each of which may have failed to
// be made.
func Services(all iter.Seq2[*service, error]) {
	for s, err := range all {
		if err == nil {
			go s.Run()
		}
	}
}
