// Package badleft counts what it then does not do.
package badleft

import (
	"errors"
	"net"
	"sync"
)

// A Server counts its connections.
type Server struct {
	wg     sync.WaitGroup
	accept func(net.Conn) error
}

// NewServer returns a server.
func NewServer(accept func(net.Conn) error) *Server { return &Server{accept: accept} }

// Handle returns without Done for a connection that is not accepted.
func (s *Server) Handle(c net.Conn) error {
	s.wg.Add(1)
	if err := s.accept(c); err != nil {
		return err // want "returns without the Done for the Add to s.wg at line 21: the Wait at line 32 blocks forever"
	}
	go func() {
		defer s.wg.Done()
		c.Close()
	}()
	return nil
}

func (s *Server) Close() { s.wg.Wait() }

// A Pool counts its callers.
type Pool struct {
	busy  sync.WaitGroup
	check func() error
}

// NewPool returns a pool.
func NewPool(check func() error) *Pool { return &Pool{check: check} }

// Do defers Done too late.
func (p *Pool) Do(f func()) error {
	p.busy.Add(1)
	if err := p.check(); err != nil {
		return err // want "returns without the Done for the Add to p.busy at line 45: the Wait at line 55 blocks forever"
	}
	defer p.busy.Done()
	f()
	return nil
}

// Stop waits for the callers.
func (p *Pool) Stop() { p.busy.Wait() }

// A Store counts its readers; some of the errors give the count back.
type Store struct {
	readers sync.WaitGroup
	files   map[string]string
}

// NewStore returns a store.
func NewStore(files map[string]string) *Store { return &Store{files: files} }

// Read returns the length of a file.
func (s *Store) Read(name string) (int, error) {
	s.readers.Add(1)
	if name == "" {
		s.readers.Done()
		return 0, errors.New("no name")
	}
	text, ok := s.files[name]
	if !ok {
		return 0, errors.New("no such file") // want "returns without the Done for the Add to s.readers at line 68: the Wait at line 82 blocks forever"
	}
	s.readers.Done()
	return len(text), nil
}

// Close waits for the readers.
func (s *Store) Close() { s.readers.Wait() }
