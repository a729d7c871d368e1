// Package badnested holds tasks of a limited group that start further tasks of it.
package badnested

import (
	"context"
	"os"

	"golang.org/x/sync/errgroup"
)

// TwoLevels is bad: when eight tasks of the outer level stand in Go, none ends.
func TwoLevels(dirs []string, list func(string) []string, read func(string) error) error {
	var g errgroup.Group
	g.SetLimit(8)
	for _, d := range dirs {
		g.Go(func() error {
			for _, f := range list(d) {
				g.Go(func() error { // want "g.Go in a task of g blocks forever when 8 tasks, its limit, stand here: each keeps its place while it waits for another"
					return read(f)
				})
			}
			return nil
		})
	}
	return g.Wait()
}

// Walk is bad: each level of folders holds a place and waits for another.
func Walk(ctx context.Context, root string, limit int) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(limit)
	var walk func(dir string) error
	walk = func(dir string) error {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.IsDir() && gctx.Err() == nil {
				g.Go(func() error { // want "g.Go in a task of g blocks forever when as many tasks as its limit allows stand here"
					return walk(dir + "/" + e.Name())
				})
			}
		}
		return nil
	}
	g.Go(func() error {
		return walk(root)
	})
	return g.Wait()
}

type tree struct {
	left, right *tree
}

type visitor struct {
	g     *errgroup.Group
	visit func(*tree) error
}

// walk starts a task for one half and goes on with the other.
func (v *visitor) walk(t *tree) error {
	if t == nil {
		return nil
	}
	v.g.Go(func() error { // want "v.g.Go in a task of v.g blocks forever when 4 tasks"
		return v.walk(t.left)
	})
	if err := v.visit(t); err != nil {
		return err
	}
	return v.walk(t.right)
}

// Visit is bad: the tasks start one another, without a loop.
func Visit(t *tree, visit func(*tree) error) error {
	g := new(errgroup.Group)
	g.SetLimit(4)
	v := &visitor{g, visit}
	g.Go(func() error {
		return v.walk(t)
	})
	return g.Wait()
}

// OnlyPlace is bad: the producer itself has the only place.
func OnlyPlace(xs []int, work func(int) error) error {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		for _, x := range xs {
			g.Go(func() error { // want "g.Go in a task of g blocks forever under a limit of 1: the task itself has the only place"
				return work(x)
			})
		}
		return nil
	})
	return g.Wait()
}
