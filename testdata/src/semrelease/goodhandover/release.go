package goodhandover

import (
	"context"
	"io"
	"sync"

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

// Variable is good: the function is called on each way out on which it is not handed on.
func (s *Server) Variable(open func() (io.Reader, error), check func(io.Reader) error) (io.ReadCloser, error) {
	s.slots <- struct{}{}
	release := func() { <-s.slots }
	r, err := open()
	if err != nil {
		release()
		return nil, err
	}
	l := &lease{r, release}
	if err := check(r); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Registered is good: whoever has registered the function calls it.
func (s *Server) Registered(onEnd func(func()), f func() error) error {
	s.slots <- struct{}{}
	release := func() { <-s.slots }
	onEnd(release)
	if err := f(); err != nil {
		return err
	}
	return nil
}

// OnceOnly is good: it is the function made of it that is called and handed on.
func (s *Server) OnceOnly(ctx context.Context, open func() (io.Reader, error)) (io.ReadCloser, error) {
	s.slots <- struct{}{}
	release := sync.OnceFunc(func() { <-s.slots })
	context.AfterFunc(ctx, release)
	r, err := open()
	if err != nil {
		release()
		return nil, err
	}
	return &lease{r, release}, nil
}

// Chosen is good: which of two functions it is depends.
func (s *Server) Chosen(limited bool, open func() (io.Reader, error)) (io.ReadCloser, error) {
	release := func() {}
	if limited {
		s.slots <- struct{}{}
		release = func() { <-s.slots }
	}
	r, err := open()
	if err != nil {
		release()
		return nil, err
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

// Do is good: it gives back the first when it does not get the second.
func (h *Host) Do(ctx context.Context, f func() error) error {
	if err := h.cpu.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := h.disk.Acquire(ctx, 1); err != nil {
		h.cpu.Release(1)
		return err
	}
	defer func() {
		h.disk.Release(1)
		h.cpu.Release(1)
	}()
	return f()
}

// Both is good: a helper takes both or none, and another one gives both back.
func (h *Host) Both(ctx context.Context, f func() error) error {
	if err := h.enter(ctx); err != nil {
		return err
	}
	defer h.leave()
	return f()
}

func (h *Host) enter(ctx context.Context) error {
	if err := h.cpu.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := h.disk.Acquire(ctx, 1); err != nil {
		h.cpu.Release(1)
		return err
	}
	return nil
}

func (h *Host) leave() {
	h.disk.Release(1)
	h.cpu.Release(1)
}
