// Package badhandover gives a semaphore to goroutines that do not release it.
package badhandover

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A Server limits its requests.
type Server struct {
	slots chan struct{}
}

func NewServer(n int) *Server { return &Server{slots: make(chan struct{}, n)} }

// Handle starts a goroutine with an early return above its release.
func (s *Server) Handle(req func() error, done func()) {
	s.slots <- struct{}{}
	go func() {
		if err := req(); err != nil {
			return // want "goroutine returns without releasing s.slots, which was acquired for it at line 20"
		}
		done()
		<-s.slots
	}()
}

// All does the same in a group.
func All(ctx context.Context, tasks []func() error) error {
	sem := semaphore.NewWeighted(2)
	var g errgroup.Group
	for _, task := range tasks {
		if err := sem.Acquire(ctx, 1); err != nil {
			break
		}
		g.Go(func() error {
			if err := task(); err != nil {
				return err // want "goroutine returns without releasing sem, which was acquired for it at line 35"
			}
			sem.Release(1)
			return nil
		})
	}
	return g.Wait()
}
