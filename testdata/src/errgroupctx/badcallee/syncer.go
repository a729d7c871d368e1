package badcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type syncer struct {
	ctx  context.Context
	pull func(context.Context, string) error
	push func(context.Context, string) error
}

// Sync makes a group under the syncer's own context and has its tasks added elsewhere.
func (s *syncer) Sync(repos []string) error {
	g, gctx := errgroup.WithContext(s.ctx)
	s.addPulls(gctx, g, repos)
	s.addPushes(gctx, g, repos)
	return g.Wait()
}

func (s *syncer) addPulls(gctx context.Context, g *errgroup.Group, repos []string) {
	for _, r := range repos {
		g.Go(func() error {
			return s.pull(gctx, r)
		})
	}
}

// addPushes is bad: it gets the derived context, and its tasks use the syncer's.
func (s *syncer) addPushes(gctx context.Context, g *errgroup.Group, repos []string) {
	for _, r := range repos {
		if gctx.Err() != nil {
			return
		}
		g.Go(func() error {
			return s.push(s.ctx, r) // want "parent"
		})
	}
}
