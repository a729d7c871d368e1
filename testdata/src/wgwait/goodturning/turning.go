// Package goodturning holds Waits for goroutines that turn in a loop until they are told,
// and are.
package goodturning

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// A Flusher is told before the Wait.
type Flusher struct {
	stop  chan struct{}
	wg    sync.WaitGroup
	flush func()
}

func NewFlusher(every time.Duration, flush func()) *Flusher {
	f := &Flusher{stop: make(chan struct{}), flush: flush}
	f.wg.Add(1)
	go f.loop(every)
	return f
}

func (f *Flusher) loop(every time.Duration) {
	defer f.wg.Done()
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			f.flush()
		case <-f.stop:
			return
		}
	}
}

func (f *Flusher) Close() error {
	close(f.stop)
	f.wg.Wait()
	return nil
}

// A Service has a method that waits, and another that tells.
type Service struct {
	stop chan struct{}
	wg   sync.WaitGroup
}

func NewService(work func()) *Service {
	s := &Service{stop: make(chan struct{})}
	s.wg.Go(func() {
		for {
			select {
			case <-time.After(time.Millisecond):
				work()
			case <-s.stop:
				return
			}
		}
	})
	return s
}

func (s *Service) Wait() { s.wg.Wait() }
func (s *Service) Stop() { close(s.stop) }

// Follow lives as long as its context, which the caller cancels.
func Follow(ctx context.Context, look func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-time.After(time.Millisecond):
				look()
			case <-ctx.Done():
				return
			}
		}
	})
	wg.Wait()
}

// Retry gives up by itself.
func Retry(try func() error) {
	never := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			if try() == nil {
				return
			}
			select {
			case <-time.After(time.Millisecond):
			case <-never:
				return
			}
		}
	})
	wg.Wait()
}

// SelfClosing closes its own stop channel when it has failed.
func SelfClosing(try func() error) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-time.After(time.Millisecond):
				if try() != nil {
					close(stop)
				}
			case <-stop:
				return
			}
		}
	})
	wg.Wait()
}

// Pair has one loop that ends the other.
func Pair(try func() error) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-time.After(time.Millisecond):
			case <-stop:
				return
			}
		}
	})
	wg.Go(func() {
		defer close(stop)
		for try() == nil {
			time.Sleep(time.Millisecond)
		}
	})
	wg.Wait()
}

// Flagged is told by a flag.
func Flagged(look, work func()) {
	var over atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !over.Load() {
			look()
			time.Sleep(time.Millisecond)
		}
	})
	work()
	over.Store(true)
	wg.Wait()
}

// Recovers leaves its loop by a panic that it catches.
func Recovers(try func() error) {
	never := make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { _ = recover() }()
		for {
			select {
			case <-time.After(time.Millisecond):
				must(try())
			case <-never:
				return
			}
		}
	}()
	wg.Wait()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Renewed waits on another channel in each turn.
func Renewed(try func() error) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			ctx, cancel := context.WithCancel(context.Background())
			if errors.Is(try(), errOver) {
				cancel()
			}
			select {
			case <-time.After(time.Millisecond):
			case <-ctx.Done():
				return
			}
			cancel()
		}
	})
	wg.Wait()
}

var errOver = errors.New("over")

// Toggled sets its channel to nil and back.
func Toggled(in chan int, look func(int)) {
	done := make(chan int)
	go func() {
		done <- 1
	}()
	var wg sync.WaitGroup
	wg.Go(func() {
		ch := in
		for {
			select {
			case <-time.After(time.Millisecond):
				ch = done
			case n := <-ch:
				look(n)
				if n == 1 {
					return
				}
			}
		}
	})
	wg.Wait()
}

// Serve waits for a loop that never ends, as it is meant to.
func Serve(look func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for range time.Tick(time.Millisecond) {
			look()
		}
	})
	wg.Wait()
}
