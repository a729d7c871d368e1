// Package goodguard holds tasks that block under the guard of the derived context's Done.
package goodguard

import (
	"context"
	"net"
	"time"

	"golang.org/x/sync/errgroup"
)

// DerivedDoneInSend is good: the send ends when the consumer leaves with its error.
func DerivedDoneInSend(ctx context.Context, xs []int, handle func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int)
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-gctx.Done():
				return gctx.Err()
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

// BothDone is good: the parent's Done stands beside the derived one's, to tell them apart.
func BothDone(ctx context.Context, serve func(context.Context) error, refresh func()) error {
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
			case <-ctx.Done():
				return ctx.Err()
			case <-gctx.Done():
				return nil
			}
		}
	})
	return g.Wait()
}

// DerivedDoneWatcher is good: the listener is closed when a task fails or the parent ends.
func DerivedDoneWatcher(ctx context.Context, ln net.Listener, check func(context.Context) error, accept func(net.Listener) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return check(gctx)
	})
	g.Go(func() error {
		return accept(ln)
	})
	g.Go(func() error {
		<-gctx.Done()
		return ln.Close()
	})
	return g.Wait()
}

// DerivedDoneVariable is good: done is the derived context's channel.
func DerivedDoneVariable(ctx context.Context, xs []int, handle func(context.Context, int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	ch := make(chan int)
	done := gctx.Done()
	g.Go(func() error {
		defer close(ch)
		for _, x := range xs {
			select {
			case ch <- x:
			case <-done:
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

// ShadowedDone is good: ctx is the derived context here, whatever the name says.
func ShadowedDone(ctx context.Context, serve func(context.Context) error, refresh func()) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return serve(ctx)
	})
	g.Go(func() error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				refresh()
			case <-ctx.Done():
				return nil
			}
		}
	})
	return g.Wait()
}
