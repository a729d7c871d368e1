package badcallee

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
	ch    chan int
}

func (p *pipeline) start(ctx context.Context) {
	p.ctx = ctx
	p.g, p.gctx = errgroup.WithContext(ctx)
	p.g.Go(p.readLoop)
	p.g.Go(p.writeLoop)
}

func (p *pipeline) wait() error { return p.g.Wait() }
