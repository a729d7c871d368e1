// Package goodtwice holds channels that several functions, methods or
// goroutines could close, and one does.
package goodtwice

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
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

// Shutdown is good: it leaves the channel to Stop.
func (s *Server) Shutdown() (err error) {
	s.Stop()
	for _, c := range s.conns {
		err = errors.Join(err, c.Close())
	}
	return err
}

// A Watcher reports changes of a file.
type Watcher struct {
	events chan string
	err    error
}

// fail keeps the error for the reader.
func (w *Watcher) fail(err error) {
	w.err = err
}

// Watch is good: only the deferred call closes.
func (w *Watcher) Watch(poll func() (string, error)) {
	defer close(w.events)
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
	once sync.Once
	done chan struct{}
	wg   sync.WaitGroup
}

// abort is good: a Once closes.
func (s *session) abort() {
	s.once.Do(func() { close(s.done) })
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

// A Guard closes its channel once, whoever asks.
type Guard struct {
	mu   sync.Mutex
	done chan struct{}
}

// Open is good: look and close are one step under the lock.
func (g *Guard) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.done:
	default:
		close(g.done)
	}
}

// OpenAll opens a guard from several goroutines.
func OpenAll() {
	g := &Guard{done: make(chan struct{})}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(g.Open)
	}
	wg.Wait()
	<-g.done
}

// A Lease ends once, when it is released or when it expires.
type Lease struct {
	mu       sync.Mutex
	released bool
	notify   func()
	expired  chan struct{}
}

// Release is good: the flag is read and set under the lock.
func (l *Lease) Release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.released {
		return
	}
	l.notify()
	l.released = true
	close(l.expired)
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

// A Latch opens once.
type Latch struct {
	opened atomic.Bool
	open   chan struct{}
}

// Open is good: one caller wins the swap.
func (l *Latch) Open() {
	if l.opened.CompareAndSwap(false, true) {
		close(l.open)
	}
}

// OpenLatch opens a latch from two goroutines.
func OpenLatch() {
	l := &Latch{open: make(chan struct{})}
	go l.Open()
	go l.Open()
	<-l.open
}

// A Relay forwards until it is stopped, from either end.
type Relay struct {
	once sync.Once
	done chan struct{}
}

// NewRelay returns a running relay.
func NewRelay() *Relay { return &Relay{done: make(chan struct{})} }

// CloseRead ends the reading side.
func (r *Relay) CloseRead() { r.once.Do(r.end) }

// CloseWrite ends the writing side.
func (r *Relay) CloseWrite() { r.once.Do(r.end) }

func (r *Relay) end() { close(r.done) }

// Close is good: both sides share the Once.
func (r *Relay) Close() error {
	r.CloseRead()
	r.CloseWrite()
	return nil
}

// Cancelable is good: a OnceFunc may be called as often as one likes.
func Cancelable(steps []func() error) error {
	quit := make(chan struct{})
	cancel := sync.OnceFunc(func() { close(quit) })
	defer cancel()
	for _, step := range steps {
		if err := step(); err != nil {
			cancel()
			return err
		}
	}
	return nil
}

// A Source hands out its channel until it is detached.
type Source struct {
	mu sync.Mutex
	ch chan int
}

// Detach is good: whoever takes the channel out of the field closes it.
func (s *Source) Detach() {
	s.mu.Lock()
	ch := s.ch
	s.ch = nil
	s.mu.Unlock()
	if ch != nil {
		close(ch)
	}
}

// DetachTwice detaches a source from two sides.
func DetachTwice() {
	s := &Source{ch: make(chan int)}
	ch := s.ch
	go s.Detach()
	go s.Detach()
	<-ch
}

// closeOnce closes ch unless that has been done, and says whether it did.
func closeOnce(ch chan struct{}) (closed bool) {
	defer func() {
		if recover() != nil {
			closed = false
		}
	}()
	close(ch)
	return true
}

// Recovered is good: the panic of the second close is expected and recovered.
func Recovered() (first, second bool) {
	ch := make(chan struct{})
	return closeOnce(ch), closeOnce(ch)
}
