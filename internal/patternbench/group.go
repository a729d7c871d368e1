package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/concurlint/concurlint/patterns/group"
	"golang.org/x/sync/errgroup"
)

const leavesLosers = "returns while the losers still run"

func groupPatterns() []pattern {
	return []pattern{
		{
			name:   "group.Run, 3 tasks",
			items:  3,
			widths: one,
			entrants: []entrant{
				simple("ours", func(e *env) error {
					return group.Run(e.ctx,
						func(ctx context.Context) error { return e.do(ctx, 1) },
						func(ctx context.Context) error { return e.do(ctx, 2) },
						func(ctx context.Context) error { return e.do(ctx, 3) },
					)
				}),
				simple("by hand", handRun),
				simple("errgroup", func(e *env) error {
					g, ctx := errgroup.WithContext(e.ctx)
					g.Go(func() error { return e.do(ctx, 1) })
					g.Go(func() error { return e.do(ctx, 2) })
					g.Go(func() error { return e.do(ctx, 3) })
					return g.Wait()
				}),
				simple("conc pool", func(e *env) error {
					p := newConcPool(e.ctx, 3)
					p.Go(func(ctx context.Context) error { return e.do(ctx, 1) })
					p.Go(func(ctx context.Context) error { return e.do(ctx, 2) })
					p.Go(func(ctx context.Context) error { return e.do(ctx, 3) })
					return p.Wait()
				}),
			},
			want: calledOnce,
		},
		{
			name: "group.Settle",
			entrants: []entrant{
				{name: "ours", open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() error { return settled(e, group.Settle(e.ctx, e.workers, tasks...)) }, func() {}
				}},
				{name: "by hand: channel", open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() error { return settled(e, handSettle(e.ctx, e.workers, tasks)) }, func() {}
				}},
				{name: "errgroup", open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() error { return settled(e, errgroupSettle(e.ctx, e.workers, tasks)) }, func() {}
				}},
			},
			want: mapped,
		},
		{
			name:   "group.First of 3",
			items:  3,
			widths: one,
			race:   true,
			entrants: []entrant{
				{name: "ours", open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() (err error) { e.sum, err = group.First(e.ctx, tasks...); return }, func() {}
				}},
				{name: "by hand, waits", open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() (err error) { e.sum, err = handFirst(e.ctx, tasks, true); return }, func() {}
				}},
				{name: "by hand", aside: leavesLosers, open: func(e *env) (func() error, func()) {
					tasks := settleTasks(e)
					return func() (err error) { e.sum, err = handFirst(e.ctx, tasks, false); return }, func() {}
				}},
			},
			want: func(e *env) error {
				if e.sum != mix(1) && e.sum != mix(2) && e.sum != mix(3) {
					return fmt.Errorf("the result %d is of no task", e.sum)
				}
				return nil
			},
		},
	}
}

func handRun(e *env) error {
	ctx, cancel := context.WithCancel(e.ctx)
	defer cancel()
	var (
		wg   sync.WaitGroup
		once sync.Once
		err  error
	)
	run := func(task func(context.Context) error) {
		wg.Go(func() {
			if failed := task(ctx); failed != nil {
				once.Do(func() {
					err = failed
					cancel()
				})
			}
		})
	}
	run(func(ctx context.Context) error { return e.do(ctx, 1) })
	run(func(ctx context.Context) error { return e.do(ctx, 2) })
	run(func(ctx context.Context) error { return e.do(ctx, 3) })
	wg.Wait()
	return err
}

// settleTasks returns a task for each input. They are there before the run, the
// same for all.
func settleTasks(e *env) []func(context.Context) (int, error) {
	tasks := make([]func(context.Context) (int, error), len(e.in))
	for i, v := range e.in {
		tasks[i] = func(ctx context.Context) (int, error) { return e.get(ctx, v) }
	}
	return tasks
}

// settled is what all do with their results.
func settled(e *env, results []group.Result[int]) error {
	out := make([]int, len(results))
	var failed error
	for i, r := range results {
		out[i] = r.Value
		if r.Err != nil {
			failed = errors.Join(failed, r.Err)
		}
	}
	e.out = out
	return failed
}

func errgroupSettle(ctx context.Context, limit int, tasks []func(context.Context) (int, error)) []group.Result[int] {
	results := make([]group.Result[int], len(tasks))
	var g errgroup.Group
	g.SetLimit(limit)
	for i, task := range tasks {
		g.Go(func() error {
			results[i].Value, results[i].Err = task(ctx)
			return nil
		})
	}
	g.Wait() // no task returns an error to it
	return results
}

func handSettle(ctx context.Context, limit int, tasks []func(context.Context) (int, error)) []group.Result[int] {
	results := make([]group.Result[int], len(tasks))
	slots := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i, task := range tasks {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			results[i].Value, results[i].Err = task(ctx)
		})
	}
	wg.Wait()
	return results
}

// handFirst is a race into a channel with room for all, so that nobody blocks
// on it.
func handFirst(ctx context.Context, tasks []func(context.Context) (int, error), waits bool) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	if waits {
		defer wg.Wait()
	}
	defer cancel()
	results := make(chan group.Result[int], len(tasks))
	for _, task := range tasks {
		wg.Go(func() {
			v, err := task(ctx)
			results <- group.Result[int]{Value: v, Err: err}
		})
	}
	var errs []error
	for range tasks {
		r := <-results
		if r.Err == nil {
			return r.Value, nil
		}
		errs = append(errs, r.Err)
	}
	return 0, errors.Join(errs...)
}
