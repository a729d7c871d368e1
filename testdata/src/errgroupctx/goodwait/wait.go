// Package goodwait holds Waits in closures, in other groups' tasks, and more than one of them.
package goodwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// WaitInClosure is good: the closure Waits, and save gets the parent (trap 43).
func WaitInClosure(ctx context.Context, span func(context.Context, string, func(context.Context)), urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	var err error
	span(ctx, "fetch", func(context.Context) {
		err = g.Wait()
	})
	if err != nil {
		return err
	}
	return save(ctx)
}

// WaitLater is good: the closure that Waits is called after the last use of the derived context.
func WaitLater(ctx context.Context, urls []string, fetch func(context.Context, string) error, save func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	wait := func() error {
		return g.Wait()
	}
	for _, u := range urls {
		g.Go(func() error {
			return fetch(gctx, u)
		})
	}
	if err := save(gctx); err != nil {
		_ = wait()
		return err
	}
	return wait()
}

// WaitInTask is good: a task of the second group Waits for the first, and uses the context of its
// own (trap 44).
func WaitInTask(ctx context.Context, urls []string, fetch func(context.Context, string) (int, error), publish func(context.Context, int) error) error {
	ch := make(chan int)
	g1, ctx1 := errgroup.WithContext(ctx)
	g2, ctx2 := errgroup.WithContext(ctx)
	for _, u := range urls {
		g1.Go(func() error {
			n, err := fetch(ctx1, u)
			if err != nil {
				return err
			}
			select {
			case ch <- n:
				return nil
			case <-ctx2.Done():
				return ctx2.Err()
			}
		})
	}
	g2.Go(func() error {
		defer close(ch)
		if err := g1.Wait(); err != nil {
			return err
		}
		return publish(ctx2, -1)
	})
	g2.Go(func() error {
		for n := range ch {
			if err := publish(ctx2, n); err != nil {
				return err
			}
		}
		return nil
	})
	return g2.Wait()
}

// TwoWaits is good: the closer Waits to close, the caller Waits for the error (trap 47).
func TwoWaits(ctx context.Context, urls []string, fetch func(context.Context, string) (int, error), save func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int, len(urls))
	for _, u := range urls {
		g.Go(func() error {
			n, err := fetch(gctx, u)
			ch <- n
			return err
		})
	}
	go func() {
		_ = g.Wait()
		close(ch)
	}()
	sum := 0
	for n := range ch {
		sum += n
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx, sum)
}

// ErrorsKept is good: no task fails, so the group's context lives until Wait (trap 38).
func ErrorsKept(ctx context.Context, urls []string, fetch func(context.Context, string) error) []error {
	g, gctx := errgroup.WithContext(ctx)
	errs := make([]error, len(urls))
	for i, u := range urls {
		g.Go(func() error {
			errs[i] = fetch(gctx, u)
			return nil
		})
	}
	_ = g.Wait()
	return errs
}

// WatcherBeforeWait is good: the watcher was started before the Wait that ends it.
func WatcherBeforeWait(ctx context.Context, run func(context.Context) error, interrupt func()) error {
	g, gctx := errgroup.WithContext(ctx)
	go func() {
		<-gctx.Done()
		interrupt()
	}()
	g.Go(func() error {
		return run(gctx)
	})
	return g.Wait()
}
