package gooddiscard

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type loader struct {
	g    *errgroup.Group
	load func(int) error
}

// Start is good: the group lives in a field, and its tasks take no context.
func (l *loader) Start(ctx context.Context, ids []int) {
	l.g, _ = errgroup.WithContext(ctx)
	for _, id := range ids {
		l.g.Go(func() error {
			return l.load(id)
		})
	}
}

// Wait waits for the loads.
func (l *loader) Wait() error { return l.g.Wait() }
