// Package goodfeeder holds senders that are not left alone by their workers.
package goodfeeder

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// Selects is good: the feeder ends with the group's context.
func Selects(ctx context.Context, urls []string, fetch func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	in := make(chan string)
	g.Go(func() error {
		defer close(in)
		for _, u := range urls {
			select {
			case in <- u:
			case <-gctx.Done():
				return gctx.Err()
			}
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

// Remembers is good: a worker goes on receiving after an error.
func Remembers(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string)
	for range 3 {
		g.Go(func() (err error) {
			for u := range in {
				err = errors.Join(err, fetch(u))
			}
			return err
		})
	}
	for _, u := range urls {
		in <- u
	}
	close(in)
	return g.Wait()
}

// Drains is good: a worker that has failed receives what is left.
func Drains(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string)
	for range 3 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(u); err != nil {
					for range in {
					}
					return err
				}
			}
			return nil
		})
	}
	for _, u := range urls {
		in <- u
	}
	close(in)
	return g.Wait()
}

// DrainsAtEnd is good: so does this one, whatever makes it return.
func DrainsAtEnd(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string)
	for range 3 {
		g.Go(func() error {
			defer func() {
				for range in {
				}
			}()
			for u := range in {
				if err := fetch(u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, u := range urls {
		in <- u
	}
	close(in)
	return g.Wait()
}

// Buffered is good: there is room for all.
func Buffered(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string, len(urls))
	for _, u := range urls {
		in <- u
	}
	close(in)
	for range 3 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// OneStays is good: one of the workers never leaves.
func OneStays(urls []string, fetch func(string) error, log func(error)) error {
	var g errgroup.Group
	in := make(chan string)
	g.Go(func() error {
		for u := range in {
			log(fetch(u))
		}
		return nil
	})
	for range 3 {
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
		in <- u
	}
	close(in)
	return g.Wait()
}

// Quits is good: a worker leaves when it is told to, by the last value that it gets.
func Quits(urls []string, fetch func(string)) error {
	var g errgroup.Group
	in := make(chan string)
	for range 3 {
		g.Go(func() error {
			for u := range in {
				if u == "" {
					return nil
				}
				fetch(u)
			}
			return nil
		})
	}
	for _, u := range urls {
		in <- u
	}
	for range 3 {
		in <- ""
	}
	return g.Wait()
}

// OneEach is good: there are as many values as workers.
func OneEach(fetch func(string) error) error {
	var g errgroup.Group
	in := make(chan string)
	for range 3 {
		g.Go(func() error {
			for u := range in {
				if err := fetch(u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 3 {
		in <- "x"
	}
	close(in)
	return g.Wait()
}
