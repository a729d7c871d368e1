package goodcallee

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A pipeline keeps both contexts.
type pipeline struct {
	ctx   context.Context // of the owner
	g     *errgroup.Group
	gctx  context.Context // of the group
	read  func(context.Context) (int, error)
	write func(context.Context, int) error
	flush func(context.Context) error
	ch    chan int
}

func (p *pipeline) start(ctx context.Context) {
	p.ctx = ctx
	p.g, p.gctx = errgroup.WithContext(ctx)
	p.g.Go(p.readLoop)
	p.g.Go(p.writeLoop)
}

// wait is good: the group is over, and the flush has the owner's context.
func (p *pipeline) wait() error {
	if err := p.g.Wait(); err != nil {
		return err
	}
	return p.flush(p.ctx)
}
