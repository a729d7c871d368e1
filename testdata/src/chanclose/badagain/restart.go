package badagain

import (
	"context"
	"sync"
)

// A Stream runs while it has users.
type Stream struct {
	mu     sync.Mutex
	users  int
	cancel context.CancelFunc
	done   chan struct{}
}

func NewStream() *Stream { return &Stream{done: make(chan struct{})} }

func (s *Stream) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users++
	if s.users != 1 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.run(ctx)
}

func (s *Stream) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	if s.users != 0 {
		return
	}
	s.cancel()
	<-s.done
}

func (s *Stream) run(ctx context.Context) {
	defer close(s.done) // want `close of s\.done by each goroutine that is started at line 27: s\.done is made once, so the second close panics`
	<-ctx.Done()
}

// A Poller can be started again after it has stopped.
type Poller struct {
	mu      sync.Mutex
	running bool
	stop    context.CancelFunc
	ended   chan struct{}
}

func NewPoller() *Poller { return &Poller{ended: make(chan struct{})} }

func (p *Poller) Start(poll func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running || poll == nil {
		return false
	}
	p.running = true
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	go func() {
		defer close(p.ended) // want `close of p\.ended by each goroutine that is started at line 65`
		for ctx.Err() == nil {
			poll()
		}
	}()
	return true
}

func (p *Poller) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return
	}
	p.running = false
	p.stop()
	<-p.ended
}
