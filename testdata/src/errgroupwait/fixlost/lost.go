// Package fixlost holds Waits whose error the fix returns.
package fixlost

import "golang.org/x/sync/errgroup"

// All returns the error in place of nil.
func All(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
	return nil
}

// Pages returns it beside zero values.
func Pages(urls []string, fetch func(string) (string, error)) ([]string, int, error) {
	var g errgroup.Group
	pages := make([]string, len(urls))
	for i, u := range urls {
		g.Go(func() (err error) {
			pages[i], err = fetch(u)
			return err
		})
	}
	if len(pages) > 0 {
		g.Wait() // want "the error of g.Wait is dropped"
		return pages, len(pages), nil
	}
	return nil, 0, nil
}

// More has something to do between Wait and return, and gets no fix.
func More(urls []string, fetch func(string) error, flush func() error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
	return flush()
}

// NoError has no error to return, and gets no fix.
func NoError(urls []string, fetch func(string) error) bool {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.Wait() // want "the error of g.Wait is dropped"
	return true
}
