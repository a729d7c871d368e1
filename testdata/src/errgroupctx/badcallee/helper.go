package badcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// LoadAll passes the parent to one of the two helpers that add the tasks.
func LoadAll(ctx context.Context, users, groups []int, load func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	addUsers(gctx, g, users, load)
	addGroups(ctx, g, groups, load)
	return g.Wait()
}

func addUsers(ctx context.Context, g *errgroup.Group, ids []int, load func(context.Context, int) error) {
	for _, id := range ids {
		g.Go(func() error {
			return load(ctx, id)
		})
	}
}
