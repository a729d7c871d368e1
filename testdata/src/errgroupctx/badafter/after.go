// Package badafter holds uses of the derived context after Wait, which has cancelled it.
package badafter

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// ShadowedSave is bad: the definition assigned the parameter, so save gets the group's context.
func ShadowedSave(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx) // want "after.*Wait"
}

// NamedSave is bad: the parent is at hand, and the derived context is taken.
func NamedSave(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(gctx) // want "after.*Wait"
}

// OverwrittenSave is bad: an assignment to both variables loses the parent as well.
func OverwrittenSave(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	var g *errgroup.Group
	g, ctx = errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	err := g.Wait()
	if err == nil {
		err = save(ctx) // want "after.*Wait"
	}
	return err
}

// OnErrorPath is bad: the clean-up after a failed round is given a cancelled context.
func OnErrorPath(ctx context.Context, urls []string, fetch func(context.Context, string) error, undo func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		_ = undo(ctx) // want "after.*Wait"
		return err
	}
	return nil
}

// OnOneBranch is bad: when there was something to fetch, ctx is the group's.
func OnOneBranch(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	if len(urls) > 0 {
		var g *errgroup.Group
		g, ctx = errgroup.WithContext(ctx)
		for _, u := range urls {
			g.Go(func() error {
				return fetch(ctx, u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return save(ctx) // want "after.*Wait"
}

// GuardAfter is bad: the guard fires at once, so that results are dropped at random.
func GuardAfter(ctx context.Context, xs []int, square func(context.Context, int) (int, error), out chan<- int) error {
	g, ctx := errgroup.WithContext(ctx)
	squares := make([]int, len(xs))
	for i, x := range xs {
		g.Go(func() (err error) {
			squares[i], err = square(ctx, x)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, s := range squares {
		select {
		case out <- s:
		case <-ctx.Done(): // want "after.*Wait"
			return context.Cause(ctx)
		}
	}
	return nil
}

// TimeoutAfter is bad: a timeout of a cancelled context is over when it begins.
func TimeoutAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	sctx, cancel := context.WithTimeout(ctx, time.Second) // want "after.*Wait"
	defer cancel()
	return save(sctx)
}

// ErrAfter is bad: after Wait the derived context's Err is never nil, so success is reported
// as context.Canceled.
func ErrAfter(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err() // want "after.*Wait"
}

// LoopAfter is bad: each of the calls in the loop is too late.
func LoopAfter(ctx context.Context, urls []string, fetch, save func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, u := range urls {
		if err := save(ctx, u); err != nil { // want "after.*Wait"
			return err
		}
	}
	return nil
}

// WaitInClosure is bad: wait is called before save, and Waits.
func WaitInClosure(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	wait := func() error {
		return g.Wait()
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	if err := wait(); err != nil {
		return err
	}
	return save(ctx) // want "after.*Wait"
}

// RequestAfter is bad: the request is made with a cancelled context.
func RequestAfter(ctx context.Context, client *http.Client, hook string, jobs []func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			return job(ctx)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook, nil) // want "after.*Wait"
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// DerivedBefore is bad: what was derived from the group's context is cancelled with it.
func DerivedBefore(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	tctx, cancel := context.WithTimeout(gctx, time.Minute)
	defer cancel()
	for _, u := range urls {
		g.Go(func() error {
			return fetch(tctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(tctx) // want "after.*Wait"
}
