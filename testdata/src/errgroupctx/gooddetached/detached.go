// Package gooddetached holds tasks that leave the group's context on purpose.
package gooddetached

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// WithoutCancel is good: what was fetched is saved even if another task fails (trap 40).
func WithoutCancel(ctx context.Context, urls []string, fetch, save func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(gctx, u); err != nil {
				return err
			}
			return save(context.WithoutCancel(ctx), u)
		})
	}
	return g.Wait()
}

// WithoutCancelTimeout is good: the detached context has a deadline of its own.
func WithoutCancelTimeout(ctx context.Context, urls []string, fetch, save func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(gctx, u); err != nil {
				return err
			}
			sctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			return save(sctx, u)
		})
	}
	return g.Wait()
}

// ShutdownAfterDone is good: a shutdown with a cancelled context would be none.
func ShutdownAfterDone(ctx context.Context, srv *http.Server) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(srv.ListenAndServe)
	g.Go(func() error {
		<-gctx.Done()
		return srv.Shutdown(context.Background())
	})
	return g.Wait()
}

// ShutdownWithTimeout is good: the usual form, with a deadline.
func ShutdownWithTimeout(ctx context.Context, srv *http.Server) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return srv.ListenAndServe()
	})
	g.Go(func() error {
		<-gctx.Done()
		sctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return srv.Shutdown(sctx)
	})
	return g.Wait()
}

// CleanupWithParent is good: the group is over, the parent need not be.
func CleanupWithParent(ctx context.Context, run, deregister func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return run(gctx)
	})
	g.Go(func() error {
		<-gctx.Done()
		return deregister(ctx)
	})
	return g.Wait()
}

// CleanupInSelect is good: the parent is used on the path where the derived context is done.
func CleanupInSelect(ctx context.Context, events <-chan string, handle func(context.Context, string) error, rollback func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return nil
				}
				if err := handle(gctx, e); err != nil {
					return err
				}
			case <-gctx.Done():
				return rollback(ctx)
			}
		}
	})
	return g.Wait()
}

// A Lock is given back with a call that can fail.
type Lock interface {
	Lock(ctx context.Context) error
	Unlock(ctx context.Context) error
}

// DeferredUnlock is good: the unlock must work when the group is cancelled.
func DeferredUnlock(ctx context.Context, lock Lock, jobs []func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			if err := lock.Lock(gctx); err != nil {
				return err
			}
			defer lock.Unlock(ctx)
			return job(gctx)
		})
	}
	return g.Wait()
}

// DeferredClosure is good: the same in a closure that looks at the error.
func DeferredClosure(ctx context.Context, lock Lock, jobs []func(context.Context) error, report func(error)) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			if err := lock.Lock(gctx); err != nil {
				return err
			}
			defer func() {
				if err := lock.Unlock(ctx); err != nil {
					report(err)
				}
			}()
			return job(gctx)
		})
	}
	return g.Wait()
}

// Monitor is good: the display outlives the group, and its error is not the task's (trap 40).
func Monitor(ctx context.Context, jobs []func(context.Context) error, show func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			err := job(gctx)
			_ = show(context.Background())
			return err
		})
	}
	return g.Wait()
}

// BestEffort is good: the task's result is nil, whatever became of the notice.
func BestEffort(ctx context.Context, jobs []func(context.Context) error, notify func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, job := range jobs {
		g.Go(func() error {
			return job(gctx)
		})
	}
	g.Go(func() error {
		_ = notify(context.Background())
		return nil
	})
	return g.Wait()
}

// OwnDeadline is good: the context is made from Background in two steps, which is on purpose.
func OwnDeadline(ctx context.Context, run, upload func(context.Context) error) error {
	uctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return run(gctx)
	})
	g.Go(func() error {
		return upload(uctx)
	})
	return g.Wait()
}

// BackgroundParent is good: the group has no other parent, and its tasks use its context.
func BackgroundParent(run, upload func(context.Context) error) error {
	g, gctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		return run(gctx)
	})
	g.Go(func() error {
		return upload(gctx)
	})
	return g.Wait()
}
