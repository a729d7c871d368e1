// Package goodlives holds the twins of badlives, and types whose ends wait for what
// other methods do.
package goodlives

import (
	"context"
	"sync"
)

// A Store tells first.
type Store struct {
	stop chan struct{}
	wg   sync.WaitGroup
}

func NewStore() *Store {
	s := &Store{stop: make(chan struct{})}
	s.wg.Add(1)
	go s.loop()
	return s
}

func (s *Store) loop() {
	defer s.wg.Done()
	<-s.stop
}

func (s *Store) Close() error {
	close(s.stop)
	s.wg.Wait()
	return nil
}

// A Server is told by one method and waited for by another one.
type Server struct {
	stop chan struct{}
	wg   sync.WaitGroup
}

func NewServer() *Server {
	s := &Server{stop: make(chan struct{})}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		<-s.stop
	}()
	return s
}

func (s *Server) Shutdown() { close(s.stop) }

func (s *Server) Wait() { s.wg.Wait() }

// A Tracker waits for what its users have begun.
type Tracker struct {
	wg    sync.WaitGroup
	ready chan struct{}
}

func NewTracker() *Tracker {
	t := &Tracker{ready: make(chan struct{})}
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		<-t.ready
	}()
	return t
}

func (t *Tracker) Ready() { close(t.ready) }

func (t *Tracker) Begin() { t.wg.Add(1) }

func (t *Tracker) End() { t.wg.Done() }

func (t *Tracker) Close() { t.wg.Wait() }

// A Poller is told by its context, which is its caller's.
type Poller struct{ wg sync.WaitGroup }

func NewPoller(ctx context.Context) *Poller {
	p := &Poller{}
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		<-ctx.Done()
	}()
	return p
}

func (p *Poller) Wait() { p.wg.Wait() }

// An Agent is told by a function that it gives away.
type Agent struct {
	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
}

func NewAgent() *Agent {
	a := &Agent{}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.wg.Add(1)
	go func() {
		defer a.wg.Done()
		<-a.ctx.Done()
	}()
	return a
}

func (a *Agent) Cancel() context.CancelFunc { return a.cancel }

func (a *Agent) Join() { a.wg.Wait() }

// A Cache has a context of its own, which another method cancels.
type Cache struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func NewCache() *Cache {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Cache{cancel: cancel}
	c.wg.Add(1)
	go c.loop(ctx)
	return c
}

func (c *Cache) loop(ctx context.Context) {
	defer c.wg.Done()
	<-ctx.Done()
}

func (c *Cache) Stop() { c.cancel() }
func (c *Cache) Wait() { c.wg.Wait() }

// A Feed's context is derived from that of who makes it.
type Feed struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func NewFeed(ctx context.Context) *Feed {
	ctx, cancel := context.WithCancel(ctx)
	f := &Feed{cancel: cancel}
	f.wg.Add(1)
	go f.loop(ctx)
	return f
}

func (f *Feed) loop(ctx context.Context) {
	defer f.wg.Done()
	<-ctx.Done()
}

func (f *Feed) Wait() {
	defer f.cancel()
	f.wg.Wait()
}

// A Hub has given its cancel function away.
type Hub struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func NewHub() (*Hub, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Hub{cancel: cancel}
	h.wg.Add(1)
	go h.loop(ctx)
	return h, cancel
}

func (h *Hub) loop(ctx context.Context) {
	defer h.wg.Done()
	<-ctx.Done()
}

func (h *Hub) Wait() {
	defer h.cancel()
	h.wg.Wait()
}
