// Package badguard holds tasks that block under the guard of the parent's Done.
package badguard

import (
	"context"
	"net"
	"time"

	"golang.org/x/sync/errgroup"
)

// ParentDoneInSend is bad: the consumer leaves with its error, and the send has no way out.
func ParentDoneInSend(ctx context.Context, xs []int, handle func(context.Context, int) error) error {
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

// ParentDoneInReceive is bad: the producer has failed, and nothing comes any more.
func ParentDoneInReceive(ctx context.Context, produce func(context.Context, chan<- int) error, handle func(int)) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int)
	g.Go(func() error {
		return produce(gctx, ch)
	})
	g.Go(func() error {
		for {
			select {
			case x := <-ch:
				handle(x)
			case <-ctx.Done(): // want "parent"
				return ctx.Err()
			}
		}
	})
	return g.Wait()
}

// ParentDoneInTicker is bad: the refresher outlives the server that failed.
func ParentDoneInTicker(ctx context.Context, serve func(context.Context) error, refresh func()) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return serve(gctx)
	})
	g.Go(func() error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				refresh()
			case <-ctx.Done(): // want "parent"
				return nil
			}
		}
	})
	return g.Wait()
}

// ParentDoneWatcher is bad: the listener is closed only when the parent ends, so that a failing
// health check leaves the accept task, and Wait, where they are.
func ParentDoneWatcher(ctx context.Context, ln net.Listener, check func(context.Context) error, accept func(net.Listener) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return check(gctx)
	})
	g.Go(func() error {
		return accept(ln)
	})
	g.Go(func() error {
		<-ctx.Done() // want "parent"
		return ln.Close()
	})
	return g.Wait()
}

// ParentDoneVariable is bad: done is the parent's channel, kept in a variable.
func ParentDoneVariable(ctx context.Context, xs []int, handle func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int)
	done := ctx.Done()
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-done: // want "parent"
				return context.Canceled
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

// ParentDoneInCallback is bad: the walk gets the right context, its callback watches the parent.
func ParentDoneInCallback(ctx context.Context, walk func(context.Context, func(string) error) error, index func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	files := make(chan string)
	g.Go(func() error {
		defer close(files)
		return walk(gctx, func(file string) error {
			select {
			case files <- file:
				return nil
			case <-ctx.Done(): // want "parent"
				return ctx.Err()
			}
		})
	})
	g.Go(func() error {
		for f := range files {
			if err := index(gctx, f); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}
