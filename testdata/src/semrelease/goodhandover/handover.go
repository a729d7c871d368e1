// Package goodhandover has semaphores that others release.
package goodhandover

import (
	"context"
	"errors"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A Server hands a slot to each goroutine.
type Server struct {
	slots chan struct{}
	sem   *semaphore.Weighted
	queue chan func()
}

func NewServer(n int) *Server {
	s := &Server{slots: make(chan struct{}, n), sem: semaphore.NewWeighted(int64(n)), queue: make(chan func())}
	go s.work()
	return s
}

// Literal releases in a deferred literal.
func (s *Server) Literal(f func()) {
	s.slots <- struct{}{}
	go func() {
		defer func() { <-s.slots }()
		f()
	}()
}

// Method releases in a method.
func (s *Server) Method(f func()) {
	s.slots <- struct{}{}
	go s.run(f)
}

func (s *Server) run(f func()) {
	defer s.release()
	f()
}

func (s *Server) release() { <-s.slots }

// Early releases itself when it does not start the goroutine.
func (s *Server) Early(ctx context.Context, f func()) error {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if f == nil {
		<-s.slots
		return errors.New("nothing to do")
	}
	go func() {
		defer func() { <-s.slots }()
		f()
	}()
	return nil
}

// Queue leaves the slot to the worker that gets the job.
func (s *Server) Queue(ctx context.Context, f func()) error {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	select {
	case s.queue <- f:
		return nil
	case <-ctx.Done():
		s.sem.Release(1)
		return ctx.Err()
	}
}

func (s *Server) work() {
	for f := range s.queue {
		f()
		s.sem.Release(1)
	}
}

// Ask waits for the worker that releases, and returns its error.
func (s *Server) Ask(ctx context.Context, f func() error) error {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	answer := make(chan error, 1)
	select {
	case s.queue <- func() { answer <- f() }:
	case <-ctx.Done():
		s.sem.Release(1)
		return ctx.Err()
	}
	if err := <-answer; err != nil {
		return errors.Join(errors.New("failed"), err)
	}
	if f == nil {
		return errors.New("nothing to do")
	}
	return nil
}

// Group hands over to the tasks of a group.
func (s *Server) Group(ctx context.Context, tasks []func() error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, task := range tasks {
		if err := s.sem.Acquire(ctx, 1); err != nil {
			break
		}
		g.Go(func() error {
			defer s.sem.Release(1)
			return task()
		})
	}
	return g.Wait()
}

// Submit hands over to a pool that it does not know.
func (s *Server) Submit(submit func(func()), f func() error) error {
	s.slots <- struct{}{}
	if f == nil {
		<-s.slots
		return errors.New("nothing to do")
	}
	submit(func() {
		defer s.release()
		f()
	})
	return nil
}

// Answer has the goroutine release on success, and itself on failure.
func (s *Server) Answer(f func() error) error {
	s.slots <- struct{}{}
	failed := make(chan error, 1)
	go func() {
		if err := f(); err != nil {
			failed <- err
			return
		}
		<-s.slots
		failed <- nil
	}()
	err := <-failed
	if err != nil {
		<-s.slots
	}
	return err
}

var global = make(chan struct{}, 2)

// Global hands over a function that captures nothing.
func Global(submit func(func()), f func() error) error {
	global <- struct{}{}
	if err := f(); err != nil {
		<-global
		return err
	}
	submit(func() { <-global })
	return nil
}

// A body releases when it is closed.
type body struct {
	io.Reader
	once    sync.Once
	onClose func()
}

func (b *body) Close() error {
	b.once.Do(b.onClose)
	return nil
}

// Open leaves the release to the object that it returns.
func (s *Server) Open(ctx context.Context, open func() (io.Reader, error)) (io.ReadCloser, error) {
	if err := s.sem.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	r, err := open()
	if err != nil {
		s.sem.Release(1)
		return nil, err
	}
	return &body{Reader: r, onClose: func() { s.sem.Release(1) }}, nil
}

// Lease returns the function that releases.
func (s *Server) Lease(ctx context.Context, ok func() error) (func(), error) {
	s.slots <- struct{}{}
	if err := ok(); err != nil {
		<-s.slots
		return nil, err
	}
	return func() { <-s.slots }, nil
}

// Borrow returns the method that does.
func (s *Server) Borrow(ok func() bool) func() {
	s.slots <- struct{}{}
	if !ok() {
		<-s.slots
		return nil
	}
	return s.release
}

// A Pool has connections, each with a slot.
type Pool struct {
	slots chan struct{}
	idle  []*Conn
}

type Conn struct{ broken bool }

func NewPool(n int) *Pool { return &Pool{slots: make(chan struct{}, n)} }

// Get leaves the release to Put.
func (p *Pool) Get(dial func() (*Conn, error)) (*Conn, error) {
	p.slots <- struct{}{}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	c, err := dial()
	if err != nil {
		<-p.slots
		return nil, err
	}
	return c, nil
}

func (p *Pool) Put(c *Conn) {
	if !c.broken {
		p.idle = append(p.idle, c)
	}
	<-p.slots
}

// Named leaves it to a deferred call that looks at the result.
func (p *Pool) Named(dial func() (*Conn, error)) (c *Conn, err error) {
	p.slots <- struct{}{}
	defer func() {
		if err != nil {
			<-p.slots
		}
	}()
	c, err = dial()
	if err != nil {
		return nil, err
	}
	if c.broken {
		return nil, errors.New("broken")
	}
	return c, nil
}
