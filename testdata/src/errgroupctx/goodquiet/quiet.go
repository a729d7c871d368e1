// Package goodquiet holds uses of any of the contexts that neither block nor fail.
package goodquiet

import (
	"context"
	"log/slog"
	"runtime/pprof"
	"time"

	"golang.org/x/sync/errgroup"
)

// LogInTask is good: a log call takes the request's values from the parent.
func LogInTask(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			slog.InfoContext(ctx, "fetching", "url", u)
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// LogAfterWait is good: a cancelled context is good enough for a log line.
func LogAfterWait(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	err := g.Wait()
	if err != nil {
		slog.ErrorContext(ctx, "fetch failed", "err", err)
	}
	return err
}

// A Metrics observes durations.
type Metrics interface {
	Observe(ctx context.Context, name string, d time.Duration)
}

// MetricsInTask is good: observing returns nothing and cannot be cancelled.
func MetricsInTask(ctx context.Context, m Metrics, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			start := time.Now()
			defer func() { m.Observe(ctx, "fetch", time.Since(start)) }()
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// MetricsAfterWait is good: the same with the derived context after Wait.
func MetricsAfterWait(ctx context.Context, m Metrics, urls []string, fetch func(context.Context, string) error) error {
	start := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	err := g.Wait()
	m.Observe(ctx, "fetch all", time.Since(start))
	return err
}

type userKey struct{}

// userOf returns the user that ctx carries.
func userOf(ctx context.Context) string {
	user, _ := ctx.Value(userKey{}).(string)
	return user
}

// ValueInTask is good: the parent is asked for a value.
func ValueInTask(ctx context.Context, urls []string, fetch func(ctx context.Context, user, url string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, userOf(ctx), u)
		})
	}
	return g.Wait()
}

// ValueAfterWait is good: the values are there after the cancellation.
func ValueAfterWait(ctx context.Context, urls []string, fetch func(context.Context, string) error, thank func(user string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return thank(userOf(ctx))
}

// DiscardedLog is good: the tasks use the parent for nothing but log lines.
func DiscardedLog(ctx context.Context, names []string, remove func(string) error) error {
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			slog.DebugContext(ctx, "removing", "name", name)
			return remove(name)
		})
	}
	return g.Wait()
}

// DeadlineInTask is good: the parent's deadline is read, nothing waits for it.
func DeadlineInTask(ctx context.Context, urls []string, fetch func(context.Context, string, time.Duration) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			budget := time.Minute
			if d, ok := ctx.Deadline(); ok {
				budget = time.Until(d)
			}
			return fetch(gctx, u, budget)
		})
	}
	return g.Wait()
}

// LabelsInTask is good: the labels are taken from the parent, the work gets the derived context.
func LabelsInTask(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			pprof.SetGoroutineLabels(ctx)
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// CallerGaveUp is good: after a failure, the parent's Err tells who is to blame.
func CallerGaveUp(ctx context.Context, urls []string, fetch func(context.Context, string) error, blame func(error)) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			err := fetch(gctx, u)
			if err != nil && ctx.Err() == nil {
				blame(err)
			}
			return err
		})
	}
	return g.Wait()
}
