package main

import (
	"context"
	"slices"
	"sync"

	"github.com/concurlint/concurlint/patterns/semaphore"
	xsemaphore "golang.org/x/sync/semaphore"
)

func semaphorePatterns() []pattern {
	return []pattern{
		{
			name: "semaphore.Each",
			entrants: []entrant{
				simple("ours", func(e *env) error {
					return semaphore.Each(e.ctx, semaphore.New(int64(e.workers)), slices.Values(e.in), func(int) int64 { return 1 }, e.do)
				}),
				simple("by hand: channel", channelSemEach),
				simple("x/sync semaphore", weightedEach),
				simple("errgroup", func(e *env) error { return errgroupEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				simple("conc pool", func(e *env) error { return concEach(e.ctx, e.workers, slices.Values(e.in), e.do) }),
				pondEach(),
				antsEach(),
			},
			want: calledOnce,
		},
		{
			// As many goroutines as workers, and room for all of them.
			name:     "semaphore.Do, never full",
			entrants: doEntrants(func(workers int) int { return workers }),
			want:     calledOnce,
			only:     short,
		},
		{
			// Room for half of them.
			name:     "semaphore.Do, full",
			entrants: doEntrants(func(workers int) int { return workers / 2 }),
			want:     calledOnce,
			only:     short,
			widths:   several,
		},
	}
}

func channelSemEach(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	slots := make(chan struct{}, e.workers)
	var wg sync.WaitGroup
loop:
	for v := range slices.Values(e.in) {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			break loop
		}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := e.do(ctx, v); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func weightedEach(e *env) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	s := xsemaphore.NewWeighted(int64(e.workers))
	var wg sync.WaitGroup
	for v := range slices.Values(e.in) {
		if s.Acquire(ctx, 1) != nil {
			break
		}
		wg.Go(func() {
			defer s.Release(1)
			if err := e.do(ctx, v); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// doEntrants do all items with a semaphore of the given size, which lives
// longer than a run.
func doEntrants(size func(workers int) int) []entrant {
	return []entrant{
		{name: "ours", open: func(e *env) (func() error, func()) {
			s := semaphore.New(int64(size(e.workers)))
			return func() error {
				return crowd(e, func(ctx context.Context, v int) error {
					return s.Do(ctx, 1, func(ctx context.Context) error { return e.do(ctx, v) })
				})
			}, func() {}
		}},
		{name: "by hand: channel", open: func(e *env) (func() error, func()) {
			slots := make(chan struct{}, size(e.workers))
			return func() error {
				return crowd(e, func(ctx context.Context, v int) error {
					select {
					case slots <- struct{}{}:
					case <-ctx.Done():
						return ctx.Err()
					}
					defer func() { <-slots }()
					return e.do(ctx, v)
				})
			}, func() {}
		}},
		{name: "x/sync semaphore", open: func(e *env) (func() error, func()) {
			s := xsemaphore.NewWeighted(int64(size(e.workers)))
			return func() error {
				return crowd(e, func(ctx context.Context, v int) error {
					if err := s.Acquire(ctx, 1); err != nil {
						return err
					}
					defer s.Release(1)
					return e.do(ctx, v)
				})
			}, func() {}
		}},
	}
}

// crowd starts the goroutines that share the semaphore. A single one is the
// caller.
func crowd(e *env, do func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	some := func(in []int) {
		for _, v := range in {
			if err := do(ctx, v); err != nil {
				cancel(err)
				return
			}
		}
	}
	if e.workers == 1 {
		some(e.in)
		return context.Cause(ctx)
	}
	var wg sync.WaitGroup
	for _, part := range parts(e) {
		wg.Go(func() { some(part) })
	}
	wg.Wait()
	return context.Cause(ctx)
}
