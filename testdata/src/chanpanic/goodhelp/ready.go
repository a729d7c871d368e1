package goodhelp

import (
	"errors"
	"time"
)

type waiter interface {
	Register(id int) <-chan any
}

// nop is a fake that never answers.
type nop struct{}

func (nop) Register(int) <-chan any { return nil }

type server struct {
	ready    chan struct{}
	stopping chan struct{}
	w        waiter
}

func newServer(w waiter) *server {
	return &server{ready: make(chan struct{}), stopping: make(chan struct{}), w: w}
}

var errStopped = errors.New("stopped")

func (s *server) do(timeout time.Duration) error {
	ch := s.w.Register(1)
	select {
	case <-ch:
		return nil
	case <-time.After(timeout):
		return errors.New("timeout")
	case <-s.stopping:
	}
	return errStopped
}

func (s *server) publish(timeout time.Duration) {
	for {
		switch err := s.do(timeout); err {
		case nil:
			close(s.ready)
			return
		case errStopped:
			return
		}
	}
}
