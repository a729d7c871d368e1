package badhandover

import (
	"context"
	"io"

	"golang.org/x/sync/semaphore"
)

// A lease gives its place back when it is closed.
type lease struct {
	io.Reader
	release func()
}

func (l *lease) Close() error {
	l.release()
	return nil
}

// Open makes the function that releases before it knows whether anybody will call it.
func (s *Server) Open(open func() (io.Reader, error)) (io.ReadCloser, error) {
	s.slots <- struct{}{}
	release := func() { <-s.slots }
	r, err := open()
	if err != nil {
		return nil, err // want "returns with s.slots acquired since line 23"
	}
	return &lease{r, release}, nil
}

// Check releases on one of two ways out before the function is handed on.
func (s *Server) Check(open func() (io.Reader, error), check func(io.Reader) error) (io.ReadCloser, error) {
	s.slots <- struct{}{}
	release := func() { <-s.slots }
	r, err := open()
	if err != nil {
		release()
		return nil, err
	}
	if err := check(r); err != nil {
		return nil, err // want "returns with s.slots acquired since line 34"
	}
	return &lease{r, release}, nil
}

// A Host has two limits.
type Host struct {
	cpu, disk *semaphore.Weighted
}

func NewHost(cpu, disk int64) *Host {
	return &Host{semaphore.NewWeighted(cpu), semaphore.NewWeighted(disk)}
}

// Do keeps the first when it does not get the second.
func (h *Host) Do(ctx, inner context.Context, f func() error) error {
	if err := h.cpu.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := h.disk.Acquire(inner, 1); err != nil {
		return err // want "returns with h.cpu acquired since line 58"
	}
	defer func() {
		h.disk.Release(1)
		h.cpu.Release(1)
	}()
	return f()
}
