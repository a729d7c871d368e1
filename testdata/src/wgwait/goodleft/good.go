// Package goodleft counts down what it does not do, or leaves that to somebody else.
package goodleft

import (
	"errors"
	"net"
	"sync"
)

// A Server counts its connections.
type Server struct {
	mu      sync.Mutex
	wg      sync.WaitGroup
	closed  bool
	accept  func(net.Conn) error
	queue   chan net.Conn
	pending []func()
}

// NewServer starts a server.
func NewServer(accept func(net.Conn) error) *Server {
	s := &Server{accept: accept, queue: make(chan net.Conn)}
	go s.serve()
	return s
}

func (s *Server) serve() {
	for c := range s.queue {
		c.Close()
		s.wg.Done()
	}
}

// Done counts down by hand.
func (s *Server) Done(c net.Conn) error {
	s.wg.Add(1)
	if err := s.accept(c); err != nil {
		s.wg.Done()
		return err
	}
	go func() {
		defer s.wg.Done()
		c.Close()
	}()
	return nil
}

// Deferred counts down in any case.
func (s *Server) Deferred(c net.Conn) error {
	s.wg.Add(1)
	defer s.wg.Done()
	return s.accept(c)
}

// Later counts behind the error.
func (s *Server) Later(c net.Conn) error {
	if err := s.accept(c); err != nil {
		return err
	}
	s.wg.Go(func() { c.Close() })
	return nil
}

// begin counts for its caller, unless it is too late.
func (s *Server) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wg.Add(1)
	if s.closed {
		s.wg.Done()
		return errors.New("closed")
	}
	return nil
}

// Uses counts by begin.
func (s *Server) Uses(c net.Conn) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.wg.Done()
	return s.accept(c)
}

// Method fails by a method that counts down.
func (s *Server) Method(c net.Conn) error {
	s.wg.Add(1)
	if err := s.accept(c); err != nil {
		s.fail(c)
		return err
	}
	s.wg.Done()
	return nil
}

func (s *Server) fail(c net.Conn) {
	c.Close()
	s.wg.Done()
}

// Queue leaves the count to whoever gets the connection.
func (s *Server) Queue(c net.Conn) error {
	s.wg.Add(1)
	if c == nil {
		s.wg.Done()
		return errors.New("no connection")
	}
	s.queue <- c
	if err := s.accept(c); err != nil {
		return err
	}
	return nil
}

// Defers leaves the count to a function that is called later.
func (s *Server) Defers(c net.Conn) error {
	s.wg.Add(1)
	s.pending = append(s.pending, func() { s.wg.Done() })
	if err := s.accept(c); err != nil {
		return err
	}
	return nil
}

// try leaves the count of what has failed to its caller.
func (s *Server) try(c net.Conn) error {
	s.wg.Add(1)
	if err := s.accept(c); err != nil {
		return err
	}
	s.wg.Done()
	return nil
}

// Tries counts down for try.
func (s *Server) Tries(c net.Conn) {
	if err := s.try(c); err != nil {
		c.Close()
		s.wg.Done()
	}
}

// Close waits for the connections.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wg.Wait()
	close(s.queue)
}

// A Loop runs until it is stopped. One that has not started needs no Stop.
type Loop struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// Start starts the loop if it can listen.
func (l *Loop) Start(addr string) error {
	l.wg.Add(1)
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	l.stop = make(chan struct{})
	go l.run(ln)
	return nil
}

func (l *Loop) run(ln net.Listener) {
	defer l.wg.Done()
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// Stop waits for the loop.
func (l *Loop) Stop(ln net.Listener) {
	ln.Close()
	l.wg.Wait()
}

// Given counts in a group of somebody else's.
type Given struct{ WG *sync.WaitGroup }

// Do returns without Done; only the owner of the group knows what that means.
func (g *Given) Do(f func() error) error {
	g.WG.Add(1)
	if err := f(); err != nil {
		return err
	}
	g.WG.Done()
	return nil
}

// Wait waits.
func (g *Given) Wait() { g.WG.Wait() }
