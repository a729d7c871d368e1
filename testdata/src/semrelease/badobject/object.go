// Package badobject acquires a semaphore for an object that it does not return.
package badobject

import (
	"context"
	"io"
)

// A Pool limits its connections.
type Pool struct {
	slots chan struct{}
	dial  func(context.Context) (io.ReadWriteCloser, error)
}

func NewPool(n int, dial func(context.Context) (io.ReadWriteCloser, error)) *Pool {
	return &Pool{slots: make(chan struct{}, n), dial: dial}
}

// A Conn holds a slot until it is closed.
type Conn struct {
	io.ReadWriteCloser
	pool *Pool
}

func (p *Pool) Get(ctx context.Context) (*Conn, error) {
	p.slots <- struct{}{}
	c, err := p.dial(ctx)
	if err != nil {
		return nil, err // want "returns with p.slots acquired since line 26"
	}
	return &Conn{c, p}, nil
}

func (c *Conn) Close() error {
	<-c.pool.slots
	return c.ReadWriteCloser.Close()
}

// Open returns the release with the object.
func (p *Pool) Open(ctx context.Context) (io.ReadWriteCloser, func(), error) {
	p.slots <- struct{}{}
	c, err := p.dial(ctx)
	if err != nil {
		return nil, nil, err // want "returns with p.slots acquired since line 41"
	}
	return c, func() { <-p.slots }, nil
}

// A body releases when it is closed.
type body struct {
	io.ReadWriteCloser
	onClose func()
}

func (b *body) Close() error {
	b.onClose()
	return b.ReadWriteCloser.Close()
}

// Body leaves the release to the object that it returns on success.
func (p *Pool) Body(ctx context.Context) (io.ReadWriteCloser, error) {
	p.slots <- struct{}{}
	c, err := p.dial(ctx)
	if err != nil {
		return nil, err // want "returns with p.slots acquired since line 62"
	}
	return &body{c, func() { <-p.slots }}, nil
}
