package goodcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

func addTasks(ctx context.Context, g *errgroup.Group, ids []int, load func(context.Context, int) error) {
	for _, id := range ids {
		g.Go(func() error {
			return load(ctx, id)
		})
	}
}

// AddTo is good: whose context and whose group these are is the caller's business.
func AddTo(ctx context.Context, g *errgroup.Group, jobs []func(context.Context) error) {
	for _, job := range jobs {
		g.Go(func() error {
			return job(ctx)
		})
	}
}

// Limited embeds a group that is made elsewhere (trap 46).
type Limited struct {
	*errgroup.Group
	Ctx context.Context
}

// Run is good: the wrapper's context is the one that came with its group.
func (l *Limited) Run(f func(context.Context) error) {
	l.Go(func() error {
		return f(l.Ctx)
	})
}
