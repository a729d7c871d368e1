// Package badforgotten keeps cancel functions that nothing calls.
package badforgotten

import (
	"context"
	"errors"
	"time"
)

// A Poller polls until it is closed.
type Poller struct {
	ctx    context.Context
	cancel context.CancelFunc
	closed bool
}

// NewPoller starts it.
func NewPoller(poll func()) *Poller {
	p := &Poller{}
	p.ctx, p.cancel = context.WithCancel(context.Background()) // want "nothing calls p.cancel: the context of context.WithCancel is never done, and what it was to stop goes on"
	go p.run(poll)
	return p
}

func (p *Poller) run(poll func()) {
	for {
		select {
		case <-time.After(time.Millisecond):
			poll()
		case <-p.ctx.Done():
			return
		}
	}
}

// Close is bad: the poller polls on.
func (p *Poller) Close() {
	if p.cancel != nil {
		p.closed = true
	}
}

type stream struct {
	done  <-chan struct{}
	abort context.CancelCauseFunc
}

var errAborted = errors.New("aborted")

// Open is bad: who gets the stream has nothing to abort it with.
func Open(write func(context.Context)) <-chan struct{} {
	ctx, abort := context.WithCancelCause(context.TODO()) // want "nothing calls abort: the context of context.WithCancelCause is never done"
	s := &stream{abort: abort}
	done := make(chan struct{})
	s.done = done
	go func() {
		defer close(done)
		write(ctx)
	}()
	return s.done
}
