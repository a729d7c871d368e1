package badstore

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// finish is bad: ctx is the context of the group that it Waits for.
func finish(ctx context.Context, g *errgroup.Group, announce func(context.Context) error) error {
	if err := g.Wait(); err != nil {
		return err
	}
	return announce(ctx) // want "after.*Wait"
}
