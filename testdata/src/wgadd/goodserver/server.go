// Package goodserver holds servers that count what they start while somebody holds a count, and
// handlers that unseen code calls.
package goodserver

import (
	"context"
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

// Start is good: the accept loop is counted, and counts the connections.
func (s *Server) Start() {
	s.wg.Add(1)
	go s.accept()
}

func (s *Server) accept() {
	defer s.wg.Done()
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			s.handle(c)
		}()
	}
}

// Close stops accepting and waits for the connections.
func (s *Server) Close() error {
	err := s.ln.Close()
	s.wg.Wait()
	return err
}

// A Frontend is run by its caller.
type Frontend struct {
	conns  sync.WaitGroup
	handle func(net.Conn)
}

// Serve is good: it is exported and blocks; in which goroutine it runs is not known here.
func (f *Frontend) Serve(ln net.Listener) error {
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		f.conns.Add(1)
		go f.serve(c)
	}
}

func (f *Frontend) serve(c net.Conn) {
	defer f.conns.Done()
	defer c.Close()
	f.handle(c)
}

// Wait waits for the connections.
func (f *Frontend) Wait() {
	f.conns.Wait()
}

// ServeAndDrain is good: the loop and the Wait are in one goroutine.
func ServeAndDrain(ln net.Listener, handle func(net.Conn)) {
	var wg sync.WaitGroup
	for {
		c, err := ln.Accept()
		if err != nil {
			break
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer c.Close()
			handle(c)
		}()
	}
	wg.Wait()
}

// A Hook calls its subscribers after each request.
type Hook struct {
	calls sync.WaitGroup
	call  func(path string)
}

// ServeHTTP is good: the call is counted before the request is answered.
func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	h.calls.Add(1)
	go func() {
		defer h.calls.Done()
		h.call(path)
	}()
	w.WriteHeader(http.StatusAccepted)
}

// Shutdown waits for the calls.
func (h *Hook) Shutdown() {
	h.calls.Wait()
}

// Drained is good: the handler counts around its own body; net/http calls it, and Shutdown
// returns when no handler runs.
func Drained(srv *http.Server, next http.Handler, stop <-chan struct{}) error {
	var inflight sync.WaitGroup
	srv.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inflight.Add(1)
		defer inflight.Done()
		next.ServeHTTP(w, r)
	})
	<-stop
	err := srv.Shutdown(context.Background())
	inflight.Wait()
	return err
}

// startServer is good: the goroutine is counted before the test goes on.
func startServer(t *testing.T, ln net.Listener, serve func(net.Listener) error) {
	var wg sync.WaitGroup
	t.Cleanup(func() {
		ln.Close()
		wg.Wait()
	})
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := serve(ln); err != nil {
			t.Log(err)
		}
	}()
}

// startAll is good: the method value wg.Wait runs after the test, all Adds before.
func startAll(t *testing.T, workers int, work func()) {
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work()
		}()
	}
}
