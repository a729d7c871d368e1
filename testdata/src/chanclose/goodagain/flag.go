// Package goodagain closes channels in fields once, though it takes a second look.
package goodagain

import "sync"

// A Buffer sets its flag wherever it closes: here, in what is called, or before.
type Buffer struct {
	c       chan int
	mu      sync.Mutex
	backlog []int
	closing bool
	closed  bool
}

func NewBuffer() *Buffer { return &Buffer{c: make(chan int, 1)} }

func (b *Buffer) Load() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.backlog) > 0 {
		b.backlog = b.backlog[1:]
	} else if b.closing && !b.closed {
		b.closed = true
		close(b.c)
	}
}

func (b *Buffer) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.backlog = nil
	if b.closing && !b.closed {
		b.mark()
		close(b.c)
	}
}

func (b *Buffer) mark() { b.closed = true }

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

// A Gate has its flag set by the callers of what closes.
type Gate struct {
	open bool
	c    chan struct{}
}

func NewGate() *Gate { return &Gate{c: make(chan struct{})} }

func (g *Gate) release() {
	if !g.open {
		close(g.c)
	}
}

func (g *Gate) Open() {
	g.release()
	g.open = true
}

func (g *Gate) Force() {
	if !g.open {
		g.open = true
		close(g.c)
	}
}

// A Door has two flags: the one that the close does not set is not the only guard.
type Door struct {
	c      chan struct{}
	closed bool
	wanted bool
}

func NewDoor() *Door { return &Door{c: make(chan struct{}), wanted: true} }

func (d *Door) Step() {
	if d.wanted && !d.closed {
		d.wanted = false
		close(d.c)
	}
}

func (d *Door) Close() {
	if d.wanted && !d.closed {
		d.closed = true
		close(d.c)
	}
}

// A Phase makes a new channel for each close.
type Phase struct {
	c    chan struct{}
	over bool
}

func NewPhase() *Phase { return &Phase{c: make(chan struct{})} }

func (p *Phase) Next() {
	if !p.over {
		close(p.c)
		p.c = make(chan struct{})
	}
}

func (p *Phase) End() {
	if !p.over {
		p.over = true
		close(p.c)
	}
}

// A Valve can be opened again: its flag does not say that the channel is closed for good.
type Valve struct {
	c    chan struct{}
	shut bool
}

func NewValve() *Valve { return &Valve{c: make(chan struct{})} }

func (v *Valve) Shut() {
	if !v.shut {
		v.shut = true
		close(v.c)
	}
}

func (v *Valve) Reopen() *Valve {
	v.shut = false
	return &Valve{c: make(chan struct{})}
}

func (v *Valve) Drop(last bool) {
	if last && !v.shut {
		close(v.c)
	}
}

// A Watch has a flag that is set where nothing is closed.
type Watch struct {
	c      chan struct{}
	paused bool
}

func NewWatch() *Watch { return &Watch{c: make(chan struct{})} }

func (w *Watch) Pause() { w.paused = true }

func (w *Watch) Finish() {
	if !w.paused {
		close(w.c)
	}
}
