// Package goodoptional has semaphores that need not be there.
package goodoptional

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A Group limits its goroutines if it was told to.
type Group struct {
	sem chan struct{}
	wg  sync.WaitGroup
}

func (g *Group) SetLimit(n int) { g.sem = make(chan struct{}, n) }

func (g *Group) Go(f func()) {
	if g.sem != nil {
		g.sem <- struct{}{}
	}
	g.wg.Add(1)
	go func() {
		defer g.done()
		f()
	}()
}

func (g *Group) TryGo(f func()) bool {
	if g.sem != nil {
		select {
		case g.sem <- struct{}{}:
		default:
			return false
		}
	}
	g.wg.Add(1)
	go func() {
		defer g.done()
		f()
	}()
	return true
}

func (g *Group) done() {
	if g.sem != nil {
		<-g.sem
	}
	g.wg.Done()
}

func (g *Group) Wait() { g.wg.Wait() }

// Walk is limited if there is a limiter.
func Walk(ctx context.Context, limiter *semaphore.Weighted, dirs []string, visit func(string) error) error {
	for _, d := range dirs {
		if limiter != nil {
			if err := limiter.Acquire(ctx, 1); err != nil {
				return err
			}
		}
		err := visit(d)
		if limiter != nil {
			limiter.Release(1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Dispatch does so in goroutines.
func Dispatch(ctx context.Context, limiter *semaphore.Weighted, dirs []string, visit func(string) error) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, d := range dirs {
		if limiter != nil {
			if err := limiter.Acquire(ctx, 1); err != nil {
				return err
			}
		}
		wg.Go(func() {
			err := visit(d)
			if limiter != nil {
				limiter.Release(1)
			}
			if err != nil {
				return
			}
		})
	}
	return nil
}
