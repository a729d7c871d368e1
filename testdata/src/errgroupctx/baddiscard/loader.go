package baddiscard

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type loader struct {
	g    *errgroup.Group
	load func(context.Context, int) error
}

// Start is bad: the group lives in a field, and its context nowhere.
func (l *loader) Start(ctx context.Context, ids []int) {
	l.g, _ = errgroup.WithContext(ctx) // want "discarded"
	for _, id := range ids {
		l.g.Go(func() error {
			return l.loadOne(ctx, id)
		})
	}
}

// Wait waits for the loads.
func (l *loader) Wait() error { return l.g.Wait() }
