// Package baddiscard holds groups whose derived context is thrown away though their tasks could
// use one.
package baddiscard

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// DiscardedFetch is bad: when one fetch fails, the others go on with the parent.
func DiscardedFetch(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// DiscardedGuard is bad: the producer's send is guarded by a context that a failing consumer does
// not cancel.
func DiscardedGuard(ctx context.Context, xs []int, handle func(int) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	ch := make(chan int)
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for x := range ch {
			if err := handle(x); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// DiscardedAssign is bad: an assignment discards like a definition.
func DiscardedAssign(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	var g *errgroup.Group
	g, _ = errgroup.WithContext(ctx) // want "discarded"
	g.SetLimit(8)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// DiscardedAcquire is bad: the tasks queue for the semaphore with the parent.
func DiscardedAcquire(ctx context.Context, sem *semaphore.Weighted, jobs []func() error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, job := range jobs {
		g.Go(func() error {
			if err := sem.Acquire(ctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			return job()
		})
	}
	return g.Wait()
}

// DiscardedTimeout is bad: a context derived from the parent is no more cancelled by a failing
// task than the parent.
func DiscardedTimeout(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, u := range urls {
		g.Go(func() error {
			tctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			return fetch(tctx, u)
		})
	}
	return g.Wait()
}

// DiscardedFlushAfter is bad: the parent is needed after Wait, which a new name would allow.
func DiscardedFlushAfter(ctx context.Context, rows []string, write func(context.Context, string) error, flush func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	for _, r := range rows {
		g.Go(func() error {
			return write(ctx, r)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return flush(ctx)
}

// DiscardedRequest is bad: the parent is the request's context.
func DiscardedRequest(w http.ResponseWriter, r *http.Request, parts []string, render func(context.Context, string) error) {
	g, _ := errgroup.WithContext(r.Context()) // want "discarded"
	for _, p := range parts {
		g.Go(func() error {
			return render(r.Context(), p)
		})
	}
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// DiscardedVariable is bad: the task is a closure in a variable.
func DiscardedVariable(ctx context.Context, sync, index func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx) // want "discarded"
	task := func() error { return sync(ctx) }
	g.Go(task)
	g.Go(func() error { return index(ctx) })
	return g.Wait()
}
