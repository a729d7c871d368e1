// Package badtwice holds channels that are closed twice, by way of several
// functions, methods or goroutines.
package badtwice

import (
	"errors"
	"io"
	"sync"
)

// A Server serves until its done channel is closed.
type Server struct {
	done  chan struct{}
	conns []io.Closer
}

// NewServer returns a server that is ready to be stopped.
func NewServer(conns ...io.Closer) *Server {
	return &Server{done: make(chan struct{}), conns: conns}
}

// Stop tells the loops of the server to end.
func (s *Server) Stop() {
	close(s.done)
}

// Shutdown is bad: Stop has closed done already.
func (s *Server) Shutdown() (err error) {
	s.Stop()
	for _, c := range s.conns {
		err = errors.Join(err, c.Close())
	}
	close(s.done) // want "close of closed channel s.done"
	return err
}

// A Watcher reports changes of a file.
type Watcher struct {
	events chan string
	err    error
}

// fail keeps the error for the reader and ends its range.
func (w *Watcher) fail(err error) {
	w.err = err
	close(w.events)
}

// Watch is bad: when poll fails, fail closes events, and the deferred close
// does so again.
func (w *Watcher) Watch(poll func() (string, error)) {
	defer close(w.events) // want "close of closed channel w.events"
	for {
		name, err := poll()
		if err == io.EOF {
			return
		}
		if err != nil {
			w.fail(err)
			return
		}
		w.events <- name
	}
}

// A session has two loops, each of which may end it.
type session struct {
	done chan struct{}
	wg   sync.WaitGroup
}

// abort is bad, though nothing is reported here: both loops can find done open before one of them closes it.
func (s *session) abort() {
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}

func (s *session) loop(step func() error) {
	defer s.wg.Done()
	for {
		select {
		case <-s.done:
			return
		default:
		}
		if err := step(); err != nil {
			s.abort()
			return
		}
	}
}

// Serve runs the two loops of a session until one of them fails.
func Serve(read, write func() error) {
	s := &session{done: make(chan struct{})}
	s.wg.Add(2)
	go s.loop(read)
	go s.loop(write)
	s.wg.Wait()
}

// A Lease ends once, when it is released or when it expires.
type Lease struct {
	released bool
	notify   func()
	expired  chan struct{}
}

// Release is bad, though nothing is reported here: the flag is no guard between goroutines.
func (l *Lease) Release() {
	if !l.released {
		l.notify()
		l.released = true
		close(l.expired)
	}
}

// Hold runs the holders of a new lease; each of them releases it.
func Hold(holders [3]func(), notify func()) {
	l := &Lease{notify: notify, expired: make(chan struct{})}
	var wg sync.WaitGroup
	for _, hold := range holders {
		wg.Add(1)
		go func() {
			defer wg.Done()
			hold()
			l.Release()
		}()
	}
	wg.Wait()
	<-l.expired
}

// A Relay forwards until it is stopped, from either end.
type Relay struct {
	readOnce, writeOnce sync.Once
	done                chan struct{}
}

// NewRelay returns a running relay.
func NewRelay() *Relay { return &Relay{done: make(chan struct{})} }

// CloseRead ends the reading side.
func (r *Relay) CloseRead() {
	r.readOnce.Do(func() { close(r.done) })
}

// CloseWrite ends the writing side.
func (r *Relay) CloseWrite() {
	r.writeOnce.Do(func() { close(r.done) }) // want "close of closed channel r.done"
}

// Close is bad: each side has a Once of its own, but they share the channel.
func (r *Relay) Close() error {
	r.CloseRead()
	r.CloseWrite()
	return nil
}
