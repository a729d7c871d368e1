// Package badlost holds Waits whose error nobody gets to know.
package badlost

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

// Statement is bad: the error of the task ends at the Wait.
func Statement(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.Wait() // want "the error of g.Wait is dropped: the task started at line 17 can return one"
}

// Wrapped is bad: the task says which one failed, and to nobody.
func Wrapped(urls []string, fetch func(string) error) []string {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(u); err != nil {
				return fmt.Errorf("fetching %s: %w", u, err)
			}
			return nil
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
	return urls
}

// OneOfTwo is bad: the first task always returns nil, the second does not.
func OneOfTwo(show func(), fetch func() error) {
	var wg errgroup.Group
	wg.Go(func() error {
		show()
		return nil
	})
	wg.Go(fetch1(fetch))
	wg.Go(func() error {
		err := fetch()
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	wg.Wait() // want "the error of wg.Wait is dropped: the task started at line 47 can return one"
}

func fetch1(func() error) func() error { return func() error { return nil } }

// Named is bad: the result has a name, and a deferred call looks after something else.
func Named(fetch func() (int, error), done func()) {
	var g errgroup.Group
	g.Go(func() (err error) {
		defer done()
		_, err = fetch()
		return err
	})
	g.Wait() // want "the error of g.Wait is dropped"
}

// Made is bad: the task makes the error itself.
func Made(ns []int) {
	var g errgroup.Group
	for _, n := range ns {
		g.Go(func() error {
			if n < 0 {
				return fmt.Errorf("negative: %d", n)
			}
			return nil
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
}

// Closer is bad: only the goroutine that closes the channel Waits.
func Closer(ctx context.Context, urls []string, fetch func(context.Context, string) (int, error)) (sum int) {
	g, gctx := errgroup.WithContext(ctx)
	out := make(chan int)
	for _, u := range urls {
		g.Go(func() error {
			n, err := fetch(gctx, u)
			if err != nil {
				return err
			}
			select {
			case out <- n:
				return nil
			case <-gctx.Done():
				return gctx.Err()
			}
		})
	}
	go func() {
		g.Wait() // want "the error of g.Wait is dropped"
		close(out)
	}()
	for n := range out {
		sum += n
	}
	return sum
}

// Typed is bad: the task makes an error of its own type, and nobody sees it.
func Typed(ctx context.Context, ns []int, work func(context.Context, int)) {
	g, gctx := errgroup.WithContext(ctx)
	for _, n := range ns {
		g.Go(func() error {
			if n < 0 {
				return &rangeError{n}
			}
			work(gctx, n)
			return nil
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
}

type rangeError struct{ n int }

func (e *rangeError) Error() string { return fmt.Sprint("out of range: ", e.n) }

// Async is bad: a go statement drops the error, and nobody waits.
func Async(urls []string, fetch func(string) error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	go g.Wait() // want "the error of g.Wait is dropped"
}

// WithData is bad: the error tells what has failed.
func WithData(ctx context.Context, urls []string, status func(context.Context, string) int) {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error {
			if code := status(gctx, u); code != 200 {
				return fmt.Errorf("%s: status %d", u, code)
			}
			return nil
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
}
