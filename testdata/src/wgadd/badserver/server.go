// Package badserver holds servers whose shutdown can overtake what they start.
package badserver

import (
	"net"
	"net/http"
	"sync"
	"testing"
)

// A Server hands each connection to its own goroutine.
type Server struct {
	ln     net.Listener
	wg     sync.WaitGroup
	handle func(net.Conn)
}

// Start starts the accept loop without a count.
func (s *Server) Start() {
	go s.accept()
}

// accept is bad: a connection accepted just before Close is counted after Close has Waited.
func (s *Server) accept() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.wg.Add(1) // want "s\\.wg\\.Add"
		go func() {
			defer s.wg.Done()
			s.handle(c)
		}()
	}
}

// Close stops accepting and is meant to wait for the connections.
func (s *Server) Close() error {
	err := s.ln.Close()
	s.wg.Wait()
	return err
}

// A Hook calls its subscribers after each request.
type Hook struct {
	calls sync.WaitGroup
	call  func(path string)
}

// ServeHTTP is bad: the request is answered while its calls are not counted yet.
func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	go func() {
		h.calls.Add(1) // want "h\\.calls\\.Add"
		defer h.calls.Done()
		h.call(path)
	}()
	w.WriteHeader(http.StatusAccepted)
}

// Shutdown waits for the calls.
func (h *Hook) Shutdown() {
	h.calls.Wait()
}

// startServer is bad: a test that ends at once cleans up before the goroutine is counted.
func startServer(t *testing.T, ln net.Listener, serve func(net.Listener) error) {
	var wg sync.WaitGroup
	t.Cleanup(func() {
		ln.Close()
		wg.Wait()
	})
	go func() {
		wg.Add(1) // want "wg\\.Add"
		defer wg.Done()
		if err := serve(ln); err != nil {
			t.Log(err)
		}
	}()
}
