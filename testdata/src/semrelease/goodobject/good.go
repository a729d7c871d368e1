// Package goodobject gives back what an object was to release when it does not return it,
// or leaves that to whoever has the object.
package goodobject

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
)

// A Pool limits its connections.
type Pool struct {
	slots chan struct{}
	dial  func(context.Context) (io.ReadWriteCloser, error)
	open  map[*stream]bool
	check func(io.Reader) error
}

// NewPool returns a pool of n connections.
func NewPool(n int, dial func(context.Context) (io.ReadWriteCloser, error)) *Pool {
	return &Pool{slots: make(chan struct{}, n), dial: dial, open: make(map[*stream]bool)}
}

// A stream releases when it is closed.
type stream struct {
	io.Reader
	onClose func()
}

func (s *stream) Close() error {
	s.onClose()
	return nil
}

func (p *Pool) start(ctx context.Context) (*stream, error) {
	p.slots <- struct{}{}
	c, err := p.dial(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return &stream{bufio.NewReader(c), func() { <-p.slots }}, nil
}

// Closes closes the stream itself.
func (p *Pool) Closes(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	z, err := gzip.NewReader(s)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Calls calls what is in the stream.
func (p *Pool) Calls(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	z, err := gzip.NewReader(s)
	if err != nil {
		s.onClose()
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Receives releases by hand.
func (p *Pool) Receives(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	z, err := gzip.NewReader(s)
	if err != nil {
		<-p.slots
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Helper releases in a method.
func (p *Pool) Helper(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	z, err := gzip.NewReader(s)
	if err != nil {
		p.release()
		return nil, err
	}
	s.Reader = z
	return s, nil
}

func (p *Pool) release() { <-p.slots }

// Defers closes the stream on each error.
func (p *Pool) Defers(r io.Reader) (_ io.ReadCloser, err error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	z, err := gzip.NewReader(s)
	if err != nil {
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Registers leaves the stream in a map, from which Drop takes it.
func (p *Pool) Registers(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	p.open[s] = true
	z, err := gzip.NewReader(s)
	if err != nil {
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Drop closes the streams that are left.
func (p *Pool) Drop() {
	for s := range p.open {
		s.Close()
	}
}

// Cleans leaves it to the collector.
func (p *Pool) Cleans(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	runtime.SetFinalizer(s, (*stream).Close)
	z, err := gzip.NewReader(s)
	if err != nil {
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Posts gives the stream to somebody who closes it in any case.
func (p *Pool) Posts(r io.Reader, url string) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	req, err := http.NewRequest("POST", url, s)
	if err != nil {
		s.Close()
		return nil, err
	}
	if _, err := http.DefaultClient.Do(req); err != nil {
		return nil, err
	}
	return s, nil
}

// Unknown gives the stream to a function that may do anything.
func (p *Pool) Unknown(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	if err := p.check(s); err != nil {
		return nil, err
	}
	return s, nil
}

// Own gives the stream to a function of the package, which closes it.
func (p *Pool) Own(r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	s := &stream{r, func() { <-p.slots }}
	if err := verify(s); err != nil {
		return nil, err
	}
	return s, nil
}

func verify(rc io.ReadCloser) error {
	if _, err := rc.Read(nil); err != nil {
		rc.Close()
		return errors.New("cannot be read")
	}
	return nil
}

// Watched is released when the context is done, if nobody does it before.
func (p *Pool) Watched(ctx context.Context, r io.Reader) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	once := make(chan struct{}, 1)
	release := func() {
		select {
		case once <- struct{}{}:
			<-p.slots
		default:
		}
	}
	s := &stream{r, release}
	context.AfterFunc(ctx, release)
	z, err := gzip.NewReader(s)
	if err != nil {
		return nil, err
	}
	s.Reader = z
	return s, nil
}

// Returned is right too: an error with the stream.
func (p *Pool) Returned(ctx context.Context) (io.ReadCloser, error) {
	s, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	return s, io.ErrShortBuffer
}
