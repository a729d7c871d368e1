// Package goodspawner holds parents that are used outside the tasks on purpose.
package goodspawner

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// ParentAcquire is good: the spawner takes the token, and every task gives one back (trap 39).
func ParentAcquire(ctx context.Context, sem *semaphore.Weighted, jobs []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		if err := sem.Acquire(ctx, 1); err != nil {
			_ = g.Wait()
			return err
		}
		g.Go(func() error {
			defer sem.Release(1)
			return job(gctx)
		})
	}
	return g.Wait()
}

// ParentWalk is good: the walk has the parent, its callback watches the derived context (trap 39).
func ParentWalk(ctx context.Context, walk func(context.Context, func(string) error) error, index func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	files := make(chan string)
	g.Go(func() error {
		for f := range files {
			if err := index(gctx, f); err != nil {
				return err
			}
		}
		return nil
	})
	werr := walk(ctx, func(file string) error {
		select {
		case <-gctx.Done():
			return gctx.Err()
		case files <- file:
			return nil
		}
	})
	close(files)
	if err := g.Wait(); err != nil {
		return err
	}
	return werr
}

// ParentList is good: the list is made before any task is started.
func ParentList(ctx context.Context, list func(context.Context) ([]string, error), fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	urls, err := list(ctx)
	if err != nil {
		return err
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// ParentArgument is good: the expression is evaluated by the spawner, not by the task.
func ParentArgument(ctx context.Context, names []string, resolve func(context.Context, string) (string, error), fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, name := range names {
		addr, err := resolve(ctx, name)
		if err != nil {
			_ = g.Wait()
			return err
		}
		g.Go(func() error {
			return fetch(gctx, addr)
		})
	}
	return g.Wait()
}

// ParentDoneInSpawner is good: the spawner stops to add tasks when its caller gives up.
func ParentDoneInSpawner(ctx context.Context, events <-chan string, handle func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
loop:
	for {
		select {
		case e, ok := <-events:
			if !ok {
				break loop
			}
			g.Go(func() error {
				return handle(gctx, e)
			})
		case <-gctx.Done():
			break loop
		case <-ctx.Done():
			break loop
		}
	}
	return g.Wait()
}

// ParentOfReply is good: the reply after the group's end belongs to the request.
func ParentOfReply(w http.ResponseWriter, r *http.Request, parts []string, render func(context.Context, string) error, reply func(context.Context, http.ResponseWriter) error) {
	g, gctx := errgroup.WithContext(r.Context())
	for _, p := range parts {
		g.Go(func() error {
			return render(gctx, p)
		})
	}
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if err := reply(r.Context(), w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// PlainGoroutine is good: the goroutine is none of the group's tasks, and ends with the owner.
func PlainGoroutine(ctx context.Context, report func(context.Context) error, urls []string, fetch func(context.Context, string) error) error {
	reported := make(chan error, 1)
	go func() { reported <- report(ctx) }()
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return <-reported
}
