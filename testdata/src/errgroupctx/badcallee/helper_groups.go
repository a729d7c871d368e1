package badcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// addGroups is bad: its only caller gives it the group and, as ctx, the parent of its context.
func addGroups(ctx context.Context, g *errgroup.Group, ids []int, load func(context.Context, int) error) {
	for _, id := range ids {
		g.Go(func() error {
			return load(ctx, id) // want "parent"
		})
	}
}
