// Package badbackground holds tasks whose result is the error of a call that cannot be cancelled,
// though the derived context is in reach.
package badbackground

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// BackgroundFetch is bad: a failing warm-up does not end the fetches.
func BackgroundFetch(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(context.Background(), u) // want "Background"
		})
	}
	return g.Wait()
}

// TodoFetch is bad: what was to do is done by the derived context.
func TodoFetch(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(context.TODO(), u) // want "Background|TODO"
		})
	}
	return g.Wait()
}

// BackgroundWrapped is bad: the wrapped error is still the task's result.
func BackgroundWrapped(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(context.Background(), u); err != nil { // want "Background"
				return fmt.Errorf("fetch %s: %w", u, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// BackgroundAcquire is bad: a task that waits for its turn cannot be called off.
func BackgroundAcquire(ctx context.Context, sem *semaphore.Weighted, warm func(context.Context) error, jobs []func() error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, job := range jobs {
		g.Go(func() error {
			if err := sem.Acquire(context.Background(), 1); err != nil { // want "Background"
				return err
			}
			defer sem.Release(1)
			return job()
		})
	}
	return g.Wait()
}

// BackgroundRequest is bad: the request is bound to nothing.
func BackgroundRequest(ctx context.Context, client *http.Client, urls []string, warm func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodHead, u, nil) // want "Background"
			if err != nil {
				return err
			}
			resp, err := client.Do(req)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return g.Wait()
}

// BackgroundVariable is bad: the task is a closure in a variable.
func BackgroundVariable(ctx context.Context, warm, migrate func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	task := func() error {
		return migrate(context.Background()) // want "Background"
	}
	g.Go(func() error {
		return warm(gctx)
	})
	g.Go(task)
	return g.Wait()
}
