// Package goodlives holds the twins of badlives, and types whose ends wait for what
// other methods do.
package goodlives

import "sync"

// A Session says that it is done in any case.
type Session struct {
	stop, done chan struct{}
}

func Open(keep func() error) *Session {
	s := &Session{make(chan struct{}), make(chan struct{})}
	go s.run(keep)
	return s
}

func (s *Session) run(keep func() error) {
	defer close(s.done)
	if err := keep(); err != nil {
		return
	}
	<-s.stop
}

func (s *Session) Close() {
	close(s.stop)
	<-s.done
}

// A Server is closed while somebody runs it.
type Server struct {
	stop, done chan struct{}
	conns      chan int
}

func NewServer() *Server {
	s := &Server{stop: make(chan struct{}), done: make(chan struct{}), conns: make(chan int)}
	go func() {
		for range s.conns {
		}
	}()
	return s
}

func (s *Server) Run() {
	<-s.stop
	close(s.conns)
	close(s.done)
}

func (s *Server) Close() {
	close(s.stop)
	<-s.done
}

// A Loop that has stopped has said so.
type Loop struct {
	stop, done chan struct{}
	work       func() error
}

func NewLoop(work func() error) *Loop {
	l := &Loop{stop: make(chan struct{}), done: make(chan struct{}), work: work}
	go l.run()
	return l
}

func (l *Loop) run() {
	defer close(l.done)
	if err := l.work(); err != nil {
		return
	}
	<-l.stop
}

func (l *Loop) Close() {
	select {
	case l.stop <- struct{}{}:
	case <-l.done:
	}
}

// A Queue's reader waits for what Put sends.
type Queue struct {
	in   chan int
	done chan struct{}
}

func NewQueue() *Queue {
	q := &Queue{in: make(chan int), done: make(chan struct{})}
	go func() {
		defer close(q.done)
		for v := range q.in {
			if v < 0 {
				return
			}
		}
	}()
	return q
}

func (q *Queue) Put(v int) { q.in <- v }

func (q *Queue) Finish() { <-q.done }

// A Pair waits for a signal that a function of the package gives.
type Pair struct {
	mu   sync.Mutex
	cond *sync.Cond
	set  bool
}

func NewPair() *Pair {
	p := &Pair{}
	p.cond = sync.NewCond(&p.mu)
	go p.Wait()
	return p
}

func (p *Pair) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.set {
		p.cond.Wait()
	}
}

func Set(p *Pair) {
	p.mu.Lock()
	p.set = true
	p.mu.Unlock()
	p.cond.Broadcast()
}

// A Feed gives away the channel that its end sends on.
type Feed struct{ out chan int }

func NewFeed() *Feed {
	f := &Feed{out: make(chan int)}
	go func() { f.out <- 1 }()
	return f
}

func (f *Feed) Out() <-chan int { return f.out }

func (f *Feed) Close() { f.out <- 0 }

// A Stub is stopped only if it could be started.
type Stub struct{ started chan struct{} }

func NewStub() *Stub { return &Stub{started: make(chan struct{})} }

func (s *Stub) Start(listen func() error) error {
	if err := listen(); err != nil {
		return err
	}
	go func() { close(s.started) }()
	return nil
}

func (s *Stub) Stop() { <-s.started }
