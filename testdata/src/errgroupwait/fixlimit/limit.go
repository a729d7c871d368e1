// Package fixlimit holds limits that the fix sets before the tasks start.
package fixlimit

import "golang.org/x/sync/errgroup"

// AfterLoop has its limit moved to the front of the loop.
func AfterLoop(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			return fetch(u)
		})
	}
	// Not more than three at a time.
	g.SetLimit(3) // want "g.SetLimit comes after the Go"
	return g.Wait()
}

// Computed has a limit that may not be known before, and gets no fix.
func Computed(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	limit := 0
	for _, u := range urls {
		limit++
		g.Go(func() error {
			return fetch(u)
		})
	}
	g.SetLimit(limit) // want "g.SetLimit comes after the Go"
	return g.Wait()
}
