package fixdefer

import (
	"context"
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A Server has goroutines release.
type Server struct {
	sem   *semaphore.Weighted
	slots chan struct{}
}

// NewServer returns a server of n at a time.
func NewServer(n int) *Server {
	return &Server{sem: semaphore.NewWeighted(int64(n)), slots: make(chan struct{}, n)}
}

// Handle starts a goroutine that is to release.
func (s *Server) Handle(wg *sync.WaitGroup, req func() error) {
	s.slots <- struct{}{}
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := req(); err != nil {
			log.Print(err)
			return // want "goroutine returns without releasing s.slots"
		}
		<-s.slots
	}()
}

// All has tasks of a group.
func (s *Server) All(ctx context.Context, tasks []func() error) error {
	var g errgroup.Group
	for _, task := range tasks {
		if err := s.sem.Acquire(ctx, cost); err != nil {
			break
		}
		g.Go(func() error {
			if err := task(); err != nil {
				return err // want "goroutine returns without releasing s.sem"
			}
			s.sem.Release(cost)
			return nil
		})
	}
	return g.Wait()
}

// Passed gets no fix: the goroutine has something to do when it has released.
func (s *Server) Passed(req func() error, done func()) {
	s.slots <- struct{}{}
	go func() {
		if err := req(); err != nil {
			return // want "goroutine returns without releasing s.slots"
		}
		<-s.slots
		done()
	}()
}
