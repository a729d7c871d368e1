// Package goodtask holds tasks that use the derived context.
package goodtask

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

type key struct{}

// DerivedFetch is good: all tasks use the derived context.
func DerivedFetch(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// ShadowedFetch is good: ctx is the derived one from the definition on, and not used after Wait.
func ShadowedFetch(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(ctx, u)
		})
	}
	return g.Wait()
}

// DerivedAcquire is good: a failing task wakes those that queue for the semaphore.
func DerivedAcquire(ctx context.Context, sem *semaphore.Weighted, jobs []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			if err := sem.Acquire(gctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			return job(gctx)
		})
	}
	return g.Wait()
}

// DerivedRequest is good: the request is bound to the group.
func DerivedRequest(ctx context.Context, client *http.Client, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			req, err := http.NewRequestWithContext(gctx, http.MethodGet, u, nil)
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

// DerivedTimeout is good: each task's timeout is one of the derived context.
func DerivedTimeout(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			tctx, cancel := context.WithTimeout(gctx, time.Second)
			defer cancel()
			return fetch(tctx, u)
		})
	}
	return g.Wait()
}

// TimeoutFirst is good: the timeout is the group's parent, so the derived context has both.
func TimeoutFirst(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	tctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g, gctx := errgroup.WithContext(tctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	return g.Wait()
}

// DerivedValue is good: the value is added to the derived context.
func DerivedValue(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(context.WithValue(gctx, key{}, u), u)
		})
	}
	return g.Wait()
}

// DerivedNested is good: the inner group is derived from the outer, and each uses its own.
func DerivedNested(ctx context.Context, hosts [][]string, list func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, urls := range hosts {
		g.Go(func() error {
			if err := list(gctx); err != nil {
				return err
			}
			h, hctx := errgroup.WithContext(gctx)
			for _, u := range urls {
				h.Go(func() error {
					return fetch(hctx, u)
				})
			}
			return h.Wait()
		})
	}
	return g.Wait()
}

// TaskParameter is good: in the closure, ctx is the parameter, which is given the derived context.
func TaskParameter(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	fetchTwice := func(ctx context.Context, u string) error {
		if fetch(ctx, u) == nil {
			return nil
		}
		return fetch(ctx, u)
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetchTwice(gctx, u)
		})
	}
	return g.Wait()
}

// TaskShadows is good: the task gives the derived context the parent's name.
func TaskShadows(ctx context.Context, db *sql.DB, stmts []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ctx := gctx
		for _, s := range stmts {
			if _, err := db.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// CapturedBefore is good: the closure was made before the definition assigned ctx, but reads the
// variable when it runs, and then it is the derived context.
func CapturedBefore(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	task := func(u string) error {
		return fetch(ctx, u)
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return task(u)
		})
	}
	return g.Wait()
}

// OtherRoot is good: the base context is no ancestor of the group's, but the owner's own.
func OtherRoot(base context.Context, r *http.Request, head func(context.Context) error, enqueue func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		return head(gctx)
	})
	g.Go(func() error {
		return enqueue(base, r.URL.Path)
	})
	return g.Wait()
}
