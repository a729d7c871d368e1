// Package badshared holds variables that several tasks assign.
package badshared

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"
)

// OuterError is bad: the tasks of the loop share the err of the function.
func OuterError(urls []string, fetch func(string) error) (err error) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			err = fetch(u) // want "task assigns err without a lock, and others like it, started at line 15, do so at the same time: a data race"
			return err
		})
	}
	return g.Wait()
}

// TwoTasks is bad: each has a variable of its own for the value, and both have err.
func TwoTasks(ctx context.Context, user, orders func(context.Context) (string, error)) (string, string, error) {
	var (
		u, o string
		err  error
	)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		u, err = user(gctx)
		return err
	})
	g.Go(func() error {
		o, err = orders(gctx) // want "task assigns err without a lock, and so does the task started at line 30: a data race"
		return err
	})
	if werr := g.Wait(); werr != nil {
		return "", "", werr
	}
	return u, o, err
}

// Sum is bad: reading, adding and writing are three steps.
func Sum(urls []string, size func(string) (int, error)) (int, error) {
	var g errgroup.Group
	total := 0
	for _, u := range urls {
		g.Go(func() error {
			n, err := size(u)
			if err != nil {
				return err
			}
			total += n // want "task assigns total without a lock"
			return nil
		})
	}
	err := g.Wait()
	return total, err
}

// Count is bad in the same way, and counts failures.
func Count(urls []string, fetch func(string) error) (failed int) {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			if err := fetch(u); err != nil {
				failed++ // want "task assigns failed without a lock"
			}
			return nil
		})
	}
	_ = g.Wait()
	return failed
}

// Append is bad: two tasks may write to one place, and one of the values is lost.
func Append(urls []string, fetch func(string) (string, error)) ([]string, error) {
	var pages []string
	g := new(errgroup.Group)
	g.SetLimit(4)
	for _, u := range urls {
		g.Go(func() error {
			p, err := fetch(u)
			if err != nil {
				return err
			}
			pages = append(pages, strings.TrimSpace(p)) // want "task assigns pages without a lock"
			return nil
		})
	}
	return pages, g.Wait()
}

// Map is bad: a map that is written to from two goroutines ends the process.
func Map(urls []string, fetch func(string) (string, error)) (map[string]string, error) {
	pages := make(map[string]string)
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			p, err := fetch(u)
			if err != nil {
				return err
			}
			pages[u] = p // want `task assigns pages\[u\] without a lock`
			return nil
		})
	}
	return pages, g.Wait()
}

type stats struct {
	bytes int
	seen  map[string]bool
}

// Field is bad: the field belongs to one struct, whichever task writes to it.
func (s *stats) Field(urls []string, size func(string) int) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			for range 2 {
				s.bytes += size(u) // want "task assigns s.bytes without a lock"
			}
			return nil
		})
	}
	return g.Wait()
}

// MapInField is bad: a map in a field is one map as well.
func (s *stats) MapInField(urls []string) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			s.seen[u] = true // want `task assigns s.seen\[u\] without a lock`
			return nil
		})
	}
	return g.Wait()
}
