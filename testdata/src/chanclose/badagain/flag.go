// Package badagain closes channels in fields that may be closed already: by a function that
// does not set its own flag, for each request, by each goroutine of a restart.
package badagain

import "sync"

// A Buffer is closed when its backlog is empty.
type Buffer struct {
	c       chan int
	mu      sync.Mutex
	backlog []int
	closing bool
	closed  bool
}

func NewBuffer() *Buffer { return &Buffer{c: make(chan int, 1)} }

func (b *Buffer) Put(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return
	}
	if len(b.backlog) == 0 {
		select {
		case b.c <- v:
			return
		default:
		}
	}
	b.backlog = append(b.backlog, v)
}

func (b *Buffer) Load() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.backlog) > 0 {
		select {
		case b.c <- b.backlog[0]:
			b.backlog = b.backlog[1:]
		default:
		}
	} else if b.closing && !b.closed {
		close(b.c) // want `close of b\.c again: closed, which tells that it is closed, is not set here, so the next call panics`
	}
}

func (b *Buffer) Get() <-chan int { return b.c }

func (b *Buffer) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return
	}
	b.closing = true
	if len(b.backlog) == 0 {
		b.closed = true
		close(b.c)
	}
}

// A Gate opens once, for an error or on request.
type Gate struct {
	mu   sync.Mutex
	open bool
	c    chan struct{}
	err  error
}

func NewGate() *Gate { return &Gate{c: make(chan struct{})} }

func (g *Gate) Fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open {
		return
	}
	g.err = err
	close(g.c) // want `close of g\.c again: open, .* is not set here`
}

func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.open {
		close(g.c)
		g.open = true
	}
}

func (g *Gate) Wait() error {
	<-g.c
	return g.err
}
