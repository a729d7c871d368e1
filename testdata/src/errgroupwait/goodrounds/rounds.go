// Package goodrounds holds groups that are used for one round, or until they fail.
package goodrounds

import (
	"context"
	"log"

	"golang.org/x/sync/errgroup"
)

// Returns is good: the loop ends with the first error.
func Returns(batches [][]string, fetch func(string) error) error {
	var g errgroup.Group
	for _, b := range batches {
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// Breaks is good in the same way.
func Breaks(batches [][]string, fetch func(string) error) {
	g := new(errgroup.Group)
	for _, b := range batches {
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		err := g.Wait()
		if err != nil {
			log.Print(err)
			break
		}
	}
}

// EachTurn is good: each round has a group of its own.
func EachTurn(batches [][]string, fetch func(string) error) {
	for _, b := range batches {
		var g errgroup.Group
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil {
			log.Print(err)
		}
	}
}

// Renewed is good: the variable holds another group after an error.
func Renewed(ctx context.Context, batches [][]string, fetch func(context.Context, string) error) {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range batches {
		for _, u := range b {
			g.Go(func() error {
				return fetch(gctx, u)
			})
		}
		if err := g.Wait(); err != nil {
			log.Print(err)
		}
		g, gctx = errgroup.WithContext(ctx)
	}
}

// Pages is good: the loop that goes on after an error is another one.
func Pages(batches [][]string, fetch func(string) error) {
	for _, b := range batches {
		g := new(errgroup.Group)
		for _, u := range b {
			g.Go(func() error {
				return fetch(u)
			})
			if len(u) > 100 {
				if err := g.Wait(); err != nil {
					break
				}
			}
		}
	}
}

// Flag is good: the error sets the variable that ends the loop.
func Flag(next func() []string, fetch func(string) error) {
	var g errgroup.Group
	failed := false
	for !failed {
		for _, u := range next() {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err := g.Wait(); err != nil {
			log.Print(err)
			failed = true
		}
	}
}

// First is good: the loop goes on as long as there is no error.
func First(next func() []string, fetch func(string) error) error {
	var (
		g   errgroup.Group
		err error
	)
	for err == nil {
		for _, u := range next() {
			g.Go(func() error {
				return fetch(u)
			})
		}
		if err = g.Wait(); err != nil {
			log.Print(err)
		}
	}
	return err
}
