// Package goodforgotten keeps cancel functions that somebody calls, or that need no call.
package goodforgotten

import (
	"context"
	"time"
)

// A Poller polls until it is closed.
type Poller struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// NewPoller is good: Close cancels.
func NewPoller() *Poller {
	p := &Poller{}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Close ends it.
func (p *Poller) Close() { p.cancel() }

// A Child ends with its parent.
type Child struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// NewChild is good, if whoever has the parent ends it.
func NewChild(ctx context.Context) *Child {
	c := &Child{}
	c.ctx, c.cancel = context.WithCancel(ctx)
	return c
}

// Done tells of its end.
func (c *Child) Done() <-chan struct{} { return c.ctx.Done() }

// A Call ends by itself.
type Call struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// NewCall is good: it has a deadline.
func NewCall() *Call {
	c := &Call{}
	c.ctx, c.cancel = context.WithTimeout(context.Background(), time.Second)
	return c
}

// Err tells whether it is over.
func (c *Call) Err() error { return c.ctx.Err() }

// A Stop gives its function away.
type Stop struct {
	ctx  context.Context
	stop func()
}

// NewStop is good: the function that it returns cancels.
func NewStop() (s *Stop, stop func()) {
	s = &Stop{}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s, s.stop
}

// A Copy is handed on as a whole.
type Copy struct {
	ctx    context.Context
	Cancel context.CancelFunc
}

// NewCopy is good: others call Cancel.
func NewCopy() *Copy {
	c := &Copy{}
	c.ctx, c.Cancel = context.WithCancel(context.Background())
	return c
}

// Ctx is its context.
func (c *Copy) Ctx() context.Context { return c.ctx }

// A Both has a local name for it too.
type Both struct{ cancel context.CancelFunc }

// Do is good: it cancels by the other name.
func Do(work func(context.Context)) *Both {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b := &Both{cancel: cancel}
	work(ctx)
	return b
}

// A List ends them in a range.
type List struct{ entries []entry }

type entry struct {
	ctx  context.Context
	quit context.CancelFunc
}

// Add is good.
func (l *List) Add() context.Context {
	ctx, quit := context.WithCancel(context.Background())
	l.entries = append(l.entries, entry{ctx, quit})
	return ctx
}

// Close ends all.
func (l *List) Close() {
	for _, e := range l.entries {
		e.quit()
	}
}
