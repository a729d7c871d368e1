// Package fixparent holds tasks with the wrong context that the fix gives the derived one.
package fixparent

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Fetch uses the derived context in the call.
func Fetch(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u) // want "parent"
		})
	}
	return g.Wait()
}

// Timeout derives the timeout from the derived context.
func Timeout(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	eg, egCtx := errgroup.WithContext(ctx)
	eg.Go(func() error {
		return warm(egCtx)
	})
	for _, u := range urls {
		eg.Go(func() error {
			tctx, cancel := context.WithTimeout(ctx, time.Second) // want "parent"
			defer cancel()
			return fetch(tctx, u)
		})
	}
	return eg.Wait()
}

// Guard waits for the derived context and returns its error.
func Guard(ctx context.Context, xs []int, handle func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int)
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-ctx.Done(): // want "parent"
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for x := range ch {
			if err := handle(gctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// Background replaces the root context.
func Background(ctx context.Context, client *http.Client, urls []string, warm func(context.Context) error) error {
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

// Not run: badparent has the same forms with their proofs.
