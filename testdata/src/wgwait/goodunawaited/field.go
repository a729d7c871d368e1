package goodunawaited

import (
	"net"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Poller is good: Close waits for its goroutine.
type Poller struct {
	wg   sync.WaitGroup
	stop chan struct{}
	poll func()
}

// NewPoller starts a poller.
func NewPoller(poll func()) *Poller {
	p := &Poller{stop: make(chan struct{}), poll: poll}
	p.wg.Add(1)
	go p.run()
	return p
}

func (p *Poller) run() {
	defer p.wg.Done()
	for {
		select {
		case <-p.stop:
			return
		default:
			p.poll()
		}
	}
}

// Close stops the poller.
func (p *Poller) Close() {
	close(p.stop)
	end(p.wg.Wait)
}

func end(wait func()) { wait() }

// A Beat is good: it has a channel that tells of the end besides.
type Beat struct {
	wg         sync.WaitGroup
	stop, done chan struct{}
}

// Start starts it.
func (b *Beat) Start(beat func()) {
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		defer close(b.done)
		for {
			select {
			case <-b.stop:
				return
			default:
				beat()
			}
		}
	}()
}

// Stop waits for the channel.
func (b *Beat) Stop() {
	close(b.stop)
	<-b.done
}

// A Limiter is good: its group only limits, and there are no errors.
type Limiter struct{ g errgroup.Group }

// NewLimiter returns a limiter.
func NewLimiter(n int) *Limiter {
	l := new(Limiter)
	l.g.SetLimit(n)
	return l
}

// Go waits for a free place.
func (l *Limiter) Go(task func()) {
	l.g.Go(func() error {
		task()
		return nil
	})
}

// A Server is good: Serve never returns, and would wait.
type Server struct {
	l  net.Listener
	wg sync.WaitGroup
}

// Serve accepts.
func (s *Server) Serve(handle func(net.Conn)) {
	for {
		conn, err := s.l.Accept()
		if err != nil {
			panic(err)
		}
		s.wg.Go(func() { handle(conn) })
	}
	s.wg.Wait()
}

// A Sink is good: a file that is not built here waits.
type Sink struct{ pending sync.WaitGroup }

// Put writes in the background.
func (s *Sink) Put(write func()) { s.pending.Go(write) }
