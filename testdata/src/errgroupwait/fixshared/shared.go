// Package fixshared holds error variables of which the fix gives each task its own.
package fixshared

import "golang.org/x/sync/errgroup"

// Loop assigns the variable again after the tasks.
func Loop(urls []string, fetch func(string) error) error {
	err := fetch("index")
	if err != nil {
		return err
	}
	var g errgroup.Group
	for _, u := range urls {
		g.Go(func() error {
			err = fetch(u) // want "task assigns err without a lock"
			return err
		})
	}
	err = g.Wait()
	return err
}

// Two gives it to both tasks.
func Two(a, b func() (int, error)) (int, error) {
	var (
		x, y int
		err  error
		g    errgroup.Group
	)
	g.Go(func() error {
		x, err = a()
		return err
	})
	g.Go(func() error { y, err = b(); return err }) // want "task assigns err without a lock"
	if err = g.Wait(); err != nil {
		return 0, err
	}
	return x + y, nil
}

// Read needs what the tasks have left in the variable, and gets no fix.
func Read(urls []string, fetch func(string) error) error {
	var (
		err error
		g   errgroup.Group
	)
	for _, u := range urls {
		g.Go(func() error {
			err = fetch(u) // want "task assigns err without a lock"
			return nil
		})
	}
	_ = g.Wait()
	return err
}
