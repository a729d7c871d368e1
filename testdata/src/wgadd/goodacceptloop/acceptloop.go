// Package goodacceptloop waits for the goroutine that Adds before it waits for the group.
package goodacceptloop

import (
	"io"
	"net"
	"sync"
)

type Server struct {
	ln   net.Listener
	wg   sync.WaitGroup
	done chan struct{}
}

func New(ln net.Listener) *Server {
	s := &Server{ln: ln, done: make(chan struct{})}
	go s.accept()
	return s
}

func (s *Server) accept() {
	defer close(s.done)
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.wg.Add(1)
		go s.handle(c)
	}
}

func (s *Server) handle(c net.Conn) {
	defer s.wg.Done()
	defer c.Close()
	_, _ = io.Copy(io.Discard, c)
}

func (s *Server) Shutdown() error {
	err := s.ln.Close()
	<-s.done
	s.wg.Wait()
	return err
}
