// Package badfeeder holds senders that wait for workers which have failed.
package badfeeder

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Spawner is bad: when both workers have failed, the loop that feeds them never ends.
func Spawner(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string)
	for range 2 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, u := range urls {
		in <- u // want "send on in blocks forever once the tasks that receive have failed: each returns at line 18 and receives no more"
	}
	close(in)
	return g.Wait()
}

// Task is bad: the feeder is a task itself, and Wait waits for it.
func Task(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	in := make(chan string, 2)
	g.Go(func() error {
		defer close(in)
		for _, u := range urls {
			in <- u // want "send on in blocks forever"
		}
		return nil
	})
	for range 3 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(gctx, u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// CommaOk is bad: the loop is written out.
func CommaOk(urls []string, fetch func(string) error, workers int) error {
	var g errgroup.Group
	in := make(chan string)
	for range workers {
		g.Go(func() error {
			for {
				u, ok := <-in
				if !ok {
					return nil
				}
				if err := fetch(u); err != nil {
					return err
				}
			}
		})
	}
	for _, u := range urls {
		in <- u // want "send on in blocks forever"
	}
	close(in)
	return g.Wait()
}
