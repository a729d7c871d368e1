// Package goodwatch holds a stream whose helper goroutines are joined through a
// channel that a second goroutine closes.
package goodwatch

import (
	"context"
	"sync"
)

type substream struct {
	ctx    context.Context
	closed bool
}

type stream struct {
	wg       sync.WaitGroup
	resuming []*substream
	closing  chan *substream
	open     func() error
	reqs     chan *substream
}

// Start starts the stream.
func Start(open func() error) *stream {
	s := &stream{closing: make(chan *substream), open: open, reqs: make(chan *substream)}
	go s.run()
	return s
}

func (s *stream) run() {
	defer func() {
		for range s.resuming {
			<-s.closing
		}
		s.wg.Wait()
	}()
	if err := s.connect(); err != nil {
		return
	}
	for r := range s.reqs {
		s.resuming = append(s.resuming, r)
		if err := s.connect(); err != nil {
			return
		}
	}
}

func (s *stream) connect() error {
	stop := make(chan struct{})
	done := s.cancelAll(stop)
	err := s.open()
	close(stop)
	<-done
	return err
}

// cancelAll is good: connect waits for the goroutines started here before it
// returns, so their Adds come before the Wait in run.
func (s *stream) cancelAll(stop <-chan struct{}) <-chan struct{} {
	var wg sync.WaitGroup
	wg.Add(len(s.resuming))
	done := make(chan struct{})
	for i := range s.resuming {
		go func(r *substream) {
			defer wg.Done()
			if r.closed {
				return
			}
			select {
			case <-r.ctx.Done():
				r.closed = true
				s.wg.Add(1)
				go func() {
					defer s.wg.Done()
					s.closing <- r
				}()
			case <-stop:
			}
		}(s.resuming[i])
	}
	go func() {
		defer close(done)
		wg.Wait()
	}()
	return done
}
