// Package goodfield holds shapes of real code of which an abstract run can go wrong.
package goodfield

import (
	"io"
	"net"
	"sync"
)

// The key of a map escapes.
type listener struct{ add chan int }

func (l *listener) pop() {
	for range l.add {
	}
}

type proc struct {
	mu        sync.Mutex
	started   bool
	listeners map[*listener]bool
}

func (p *proc) addListener(l *listener) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listeners == nil {
		p.listeners = make(map[*listener]bool)
	}
	p.listeners[l] = true
	if p.started {
		go l.pop()
	}
}
func (p *proc) Run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.listeners {
		go l.pop()
	}
	p.started = true
}
func (p *proc) AddHandler(items []int) {
	l := &listener{add: make(chan int)}
	p.addListener(l)
	for _, x := range items {
		l.add <- x
	}
}

// Nil by a default pick.
type client struct {
	mu       sync.Mutex
	handlers map[string]chan int
}

func (c *client) open(name string) <-chan int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch := c.handlers[name]; ch != nil {
		return nil
	}
	ch := make(chan int, 16)
	c.handlers[name] = ch
	return ch
}
func drain(in <-chan int) {
	for range in {
	}
}
func (c *client) Forward() {
	go drain(c.open("x"))
}

// A reader that reads until its input ends.
type pipe struct {
	conn    net.Conn
	pending chan chan []byte
	exit    chan struct{}
}

func newPipe(c net.Conn) *pipe {
	p := &pipe{conn: c, pending: make(chan chan []byte, 8), exit: make(chan struct{})}
	go p.read()
	return p
}
func (p *pipe) read() {
	defer close(p.exit)
	for {
		buf := make([]byte, 4)
		if _, err := io.ReadFull(p.conn, buf); err != nil {
			return
		}
		ch := <-p.pending
		ch <- buf
	}
}
func (p *pipe) call(req []byte) []byte {
	ch := make(chan []byte, 1)
	p.pending <- ch
	p.conn.Write(req)
	select {
	case b := <-ch:
		return b
	case <-p.exit:
		return nil
	}
}
func Call(c net.Conn) []byte {
	defer c.Close()
	return newPipe(c).call([]byte("x"))
}
