// Package goodnested holds tasks that start tasks and cannot run out of places by it.
package goodnested

import (
	"os"

	"golang.org/x/sync/errgroup"
)

// Unlimited is good: there is always a place.
func Unlimited(dirs []string, list func(string) []string, read func(string) error) error {
	var g errgroup.Group
	for _, d := range dirs {
		g.Go(func() error {
			for _, f := range list(d) {
				g.Go(func() error {
					return read(f)
				})
			}
			return nil
		})
	}
	return g.Wait()
}

// LimitOff is good: a negative limit is none.
func LimitOff(dirs []string, read func(string) error) error {
	var g errgroup.Group
	g.SetLimit(-1)
	for _, d := range dirs {
		g.Go(func() error {
			g.Go(func() error {
				return read(d)
			})
			return nil
		})
	}
	return g.Wait()
}

// Tries is good: where there is no place the task does the work itself.
func Tries(root string, limit int) error {
	var g errgroup.Group
	g.SetLimit(limit)
	var walk func(dir string) error
	walk = func(dir string) error {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			sub := dir + "/" + e.Name()
			if e.IsDir() && !g.TryGo(func() error { return walk(sub) }) {
				if err := walk(sub); err != nil {
					return err
				}
			}
		}
		return nil
	}
	g.Go(func() error {
		return walk(root)
	})
	return g.Wait()
}

// OneProducer is good: one task keeps one place, and the others end by themselves.
func OneProducer(xs []int, work func(int) error) error {
	var g errgroup.Group
	g.SetLimit(8)
	g.Go(func() error {
		for _, x := range xs {
			g.Go(func() error {
				return work(x)
			})
		}
		return nil
	})
	return g.Wait()
}

// FewProducers is good: three tasks keep three places of eight.
func FewProducers(xs []int, work func(int) error) error {
	var g errgroup.Group
	g.SetLimit(8)
	for range 3 {
		g.Go(func() error {
			for _, x := range xs {
				g.Go(func() error {
					return work(x)
				})
			}
			return nil
		})
	}
	return g.Wait()
}

// OtherGroup is good: each task has a group of its own for its own tasks.
func OtherGroup(dirs []string, list func(string) []string, read func(string) error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, d := range dirs {
		g.Go(func() error {
			var inner errgroup.Group
			inner.SetLimit(2)
			for _, f := range list(d) {
				inner.Go(func() error {
					return read(f)
				})
			}
			return inner.Wait()
		})
	}
	return g.Wait()
}

// LimitElsewhere may be good: the group that is limited is not the one of the tasks.
func LimitElsewhere(dirs []string, read func(string) error) error {
	var g, h errgroup.Group
	h.SetLimit(2)
	for _, d := range dirs {
		g.Go(func() error {
			h.Go(func() error {
				return read(d)
			})
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		_ = h.Wait()
		return err
	}
	return h.Wait()
}

type pool struct {
	g *errgroup.Group
}

// Run may be good: whether the group has a limit is not known here (trap 46).
func (p *pool) Run(xs []int, work func(int) error) {
	for _, x := range xs {
		p.g.Go(func() error {
			p.g.Go(func() error {
				return work(x)
			})
			return nil
		})
	}
}

// AsManyAsNeeded is good: there is a place for each task.
func AsManyAsNeeded(dirs []string, read func(string) error) error {
	var g errgroup.Group
	g.SetLimit(2*len(dirs) + 1)
	for _, d := range dirs {
		g.Go(func() error {
			g.Go(func() error {
				return read(d)
			})
			return nil
		})
	}
	return g.Wait()
}

// FromGoroutine is good: the goroutine that waits for a place has none.
func FromGoroutine(dirs []string, read func(string) error) error {
	var g errgroup.Group
	g.SetLimit(2)
	more := make(chan string, len(dirs))
	for _, d := range dirs {
		g.Go(func() error {
			go func() {
				g.Go(func() error {
					return read(d)
				})
				more <- d
			}()
			return nil
		})
	}
	for range dirs {
		<-more
	}
	return g.Wait()
}
