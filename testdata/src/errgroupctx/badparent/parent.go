// Package badparent holds tasks that hand the parent context to what they call, though the
// derived one is in reach.
package badparent

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

type key struct{}

// ParentFetch is bad: a failing warm-up does not cancel the fetches.
func ParentFetch(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
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

// ParentAcquire is bad: the tasks that queue for the semaphore are not woken by a failing one.
func ParentAcquire(ctx context.Context, sem *semaphore.Weighted, jobs []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			if err := sem.Acquire(ctx, 1); err != nil { // want "parent"
				return err
			}
			defer sem.Release(1)
			return job(gctx)
		})
	}
	return g.Wait()
}

// ParentRequest is bad: the request is bound to the parent.
func ParentRequest(ctx context.Context, client *http.Client, urls []string, done func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil) // want "parent"
			if err != nil {
				return err
			}
			resp, err := client.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			return done(gctx, u)
		})
	}
	return g.Wait()
}

// ParentExpression is bad: the parent is the request's context, in the task as in WithContext.
func ParentExpression(r *http.Request, parts []string, head func(context.Context) error, render func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		return head(gctx)
	})
	for _, p := range parts {
		g.Go(func() error {
			return render(r.Context(), p) // want "parent"
		})
	}
	return g.Wait()
}

// ParentTimeoutOutside is bad: tctx is derived from the parent beside gctx, not from gctx.
func ParentTimeoutOutside(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	tctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(tctx, u) // want "parent"
		})
	}
	return g.Wait()
}

// ParentTimeoutInside is bad: each task's timeout is one of the parent.
func ParentTimeoutInside(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			tctx, cancel := context.WithTimeout(ctx, time.Second) // want "parent"
			defer cancel()
			return fetch(tctx, u)
		})
	}
	return g.Wait()
}

// ParentValue is bad: a value added to the parent does not make it the derived context.
func ParentValue(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		g.Go(func() error {
			return fetch(context.WithValue(ctx, key{}, u), u) // want "parent"
		})
	}
	return g.Wait()
}

// ParentOnOnePath is bad: only the path through the cache is cancelled.
func ParentOnOnePath(ctx context.Context, urls []string, cached func(string) bool, load, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			if cached(u) {
				return load(gctx, u)
			}
			return fetch(ctx, u) // want "parent"
		})
	}
	return g.Wait()
}

// ParentSecondCall is bad: the first call of the task is right, the second is not.
func ParentSecondCall(ctx context.Context, urls []string, head, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			if err := head(gctx, u); err != nil {
				return err
			}
			return fetch(ctx, u) // want "parent"
		})
	}
	return g.Wait()
}

// ParentNested is bad: a failing inner task cancels hctx; gctx is the parent of the inner group.
func ParentNested(ctx context.Context, hosts [][]string, list func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, urls := range hosts {
		g.Go(func() error {
			h, hctx := errgroup.WithContext(gctx)
			h.Go(func() error {
				return list(hctx)
			})
			for _, u := range urls {
				h.Go(func() error {
					return fetch(gctx, u) // want "parent"
				})
			}
			return h.Wait()
		})
	}
	return g.Wait()
}

// ParentOfParent is bad: ctx is two steps up, and as little cancelled by a failing task.
func ParentOfParent(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	sctx, stop := context.WithCancel(ctx)
	defer stop()
	g, gctx := errgroup.WithContext(sctx)
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

// ParentTryGo is bad: TryGo starts a task like Go.
func ParentTryGo(ctx context.Context, urls []string, warm func(context.Context) error, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(func() error {
		return warm(gctx)
	})
	for _, u := range urls {
		if !g.TryGo(func() error {
			return fetch(ctx, u) // want "parent"
		}) {
			break
		}
	}
	return g.Wait()
}

// ParentExec is bad: the statement runs on when the other task has failed.
func ParentExec(ctx context.Context, db *sql.DB, stmts []string, notify func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return notify(gctx)
	})
	g.Go(func() error {
		for _, s := range stmts {
			if _, err := db.ExecContext(ctx, s); err != nil { // want "parent"
				return err
			}
		}
		return nil
	})
	return g.Wait()
}
