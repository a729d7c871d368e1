// Package badrounds holds groups that are used on after they have failed.
package badrounds

import (
	"log"

	"golang.org/x/sync/errgroup"
)

// LogAndGoOn is bad: after one batch has failed, all later ones are said to.
func LogAndGoOn(batches [][]string, fetch func(string) error) (failed int) {
	var g errgroup.Group
	for _, b := range batches {
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil { // want "g.Wait returns the error of an earlier round again: a group keeps its first error, and this loop goes on with the same group"
			log.Print(err)
			failed++
		}
	}
	return failed
}

// Retry is bad: no attempt after the first can succeed.
func Retry(urls []string, fetch func(string) error) bool {
	g := new(errgroup.Group)
	g.SetLimit(4)
	for range 3 {
		for _, u := range urls {
			g.Go(func() error {
				return fetch(u)
			})
		}
		err := g.Wait() // want "g.Wait returns the error of an earlier round again"
		if err == nil {
			return true
		}
	}
	return false
}
