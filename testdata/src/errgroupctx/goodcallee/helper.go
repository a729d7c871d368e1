package goodcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// LoadAll is good: both helpers get the derived context with the group (trap 45).
func LoadAll(ctx context.Context, users, groups []int, load func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	addTasks(gctx, g, users, load)
	addTasks(gctx, g, groups, load)
	return g.Wait()
}

// LoadZero is good: the group that goes with the caller's context has none of its own.
func LoadZero(ctx context.Context, users, groups []int, load func(context.Context, int) error) error {
	g := new(errgroup.Group)
	addTasks(ctx, g, users, load)
	addTasks(ctx, g, groups, load)
	return g.Wait()
}
