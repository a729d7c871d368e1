// Package goodafter holds types with methods that talk to a goroutine and do not hang when
// it has ended, or of which nothing says that they may be called then.
package goodafter

import "sync"

// A Node guards all of its sends, but for the one that ends it.
type Node struct {
	props  chan int
	status chan chan int
	stop   chan struct{}
	done   chan struct{}
}

func Start() *Node {
	n := &Node{
		props:  make(chan int),
		status: make(chan chan int),
		stop:   make(chan struct{}),
		done:   make(chan struct{}),
	}
	go n.run()
	return n
}

func (n *Node) run() {
	defer close(n.done)
	sum := 0
	for {
		select {
		case p := <-n.props:
			sum += p
		case c := <-n.status:
			c <- sum
		case <-n.stop:
			return
		}
	}
}

func (n *Node) Propose(p int) {
	select {
	case n.props <- p:
	case <-n.done:
	}
}

func (n *Node) Status() int {
	c := make(chan int)
	select {
	case n.status <- c:
	case <-n.done:
		return 0
	}
	return <-c
}

func (n *Node) Stop() {
	n.stop <- struct{}{}
	<-n.done
}

// A Queue looks first, under a lock, or has somebody else who receives, or room.
type Queue struct {
	mu     sync.Mutex
	closed bool
	in     chan int
	checks chan int
	wide   chan int
	shared chan int
	done   chan struct{}
	quit   chan struct{}
}

func NewQueue() *Queue {
	q := &Queue{in: make(chan int), checks: make(chan int), wide: make(chan int, 100), shared: make(chan int), done: make(chan struct{}), quit: make(chan struct{})}
	go q.run()
	go q.drain()
	return q
}

func (q *Queue) run() {
	defer close(q.done)
	for {
		select {
		case <-q.in:
		case <-q.checks:
		case <-q.wide:
		case <-q.shared:
		case <-q.quit:
			return
		}
	}
}

// drain takes what comes when run has left.
func (q *Queue) drain() {
	<-q.done
	for range 10 {
		<-q.shared
	}
}

func (q *Queue) Put(v int) {
	select {
	case q.in <- v:
	case <-q.done:
	}
}

func (q *Queue) Check(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.checks <- v
}

func (q *Queue) Wide(v int) { q.wide <- v }

func (q *Queue) Shared(v int) { q.shared <- v }

func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.quit)
	}
}

// In a Server no method looks for the end: it must not be used after Close.
type Server struct {
	in, out chan int
	quit    chan struct{}
}

func NewServer() *Server {
	s := &Server{make(chan int), make(chan int), make(chan struct{})}
	go s.run()
	return s
}

func (s *Server) run() {
	for {
		select {
		case <-s.in:
		case <-s.out:
		case <-s.quit:
			return
		}
	}
}

func (s *Server) In(v int)  { s.in <- v }
func (s *Server) Out(v int) { s.out <- v }
func (s *Server) Close()    { close(s.quit) }

// A Pump is started again: who sends meanwhile waits for that.
type Pump struct {
	in, ask chan int
	quit    chan struct{}
	done    chan struct{}
}

func NewPump() *Pump {
	return &Pump{make(chan int), make(chan int), make(chan struct{}), make(chan struct{})}
}

func (p *Pump) Start() { go p.run() }

func (p *Pump) run() {
	defer close(p.done)
	for {
		select {
		case <-p.in:
		case <-p.ask:
		case <-p.quit:
			return
		}
	}
}

func (p *Pump) In(v int) {
	select {
	case p.in <- v:
	case <-p.done:
	}
}

func (p *Pump) Ask(v int) { p.ask <- v }
