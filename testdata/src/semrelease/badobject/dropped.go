package badobject

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"
)

// A stream releases when it is closed.
type stream struct {
	io.Reader
	onClose func()
}

func (s *stream) Close() error {
	s.onClose()
	return nil
}

// Unpack drops the stream, with what releases, when there is nothing to unpack.
func (p *Pool) Unpack(ctx context.Context) (io.ReadCloser, error) {
	p.slots <- struct{}{}
	c, err := p.dial(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	s := &stream{bufio.NewReader(c), func() { <-p.slots }}
	z, err := gzip.NewReader(s)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err) // want "returns with p.slots acquired since line 27"
	}
	s.Reader = z
	return s, nil
}

// A Files limits how many are open.
type Files struct {
	sem  *semaphore.Weighted
	open func(string) (io.Reader, error)
}

// NewFiles returns files of which n may be open.
func NewFiles(n int64, open func(string) (io.Reader, error)) *Files {
	return &Files{sem: semaphore.NewWeighted(n), open: open}
}

// Open drops what it has made when the name is empty.
func (f *Files) Open(ctx context.Context, name string) (*stream, error) {
	if err := f.sem.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	s := &stream{onClose: func() { f.sem.Release(1) }}
	if name == "" {
		return nil, errors.New("no name") // want "returns with f.sem acquired since line 55"
	}
	r, err := f.open(name)
	if err != nil {
		return nil, err // want "returns with f.sem acquired since line 55"
	}
	s.Reader = r
	return s, nil
}
