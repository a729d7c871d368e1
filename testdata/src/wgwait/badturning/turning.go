// Package badturning holds Waits for goroutines that turn in a loop, woken by time, until
// they are told: after the Wait.
package badturning

import (
	"context"
	"sync"
	"time"
)

// A Flusher flushes at intervals.
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
	f.wg.Wait() // want `f.wg.Wait blocks forever: the goroutine started at line 21 stays in its loop until f.stop is closed, which comes only after this \(line 41\)`
	close(f.stop)
	return nil
}

// A Poller looks without waiting, and counts what it sees under a lock of its own.
type Poller struct {
	stop chan struct{}
	wg   sync.WaitGroup
	mu   sync.Mutex
	seen int
	out  chan int
}

func NewPoller(look func() int) *Poller {
	p := &Poller{stop: make(chan struct{}), out: make(chan int, 1)}
	p.wg.Go(func() { p.run(look) })
	return p
}

func (p *Poller) run(look func() int) {
	for {
		select {
		case <-p.stop:
			return
		default:
		}
		n := look()
		p.mu.Lock()
		p.seen += n
		p.mu.Unlock()
		select {
		case p.out <- n:
		default:
		}
		time.Sleep(time.Millisecond)
	}
}

func (p *Poller) Seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

func (p *Poller) Close() {
	defer close(p.stop)
	p.wg.Wait() // want `p.wg.Wait blocks forever: the goroutine started at line 56 stays in its loop until p.stop is closed, which comes only after this`
}

// Watch has a context that is cancelled by the deferred call alone.
func Watch(ctx context.Context, look func(), work func() error) error {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			select {
			case <-time.After(time.Millisecond):
				look()
			case <-inner.Done():
				return
			}
		}
	}()
	err := work()
	wg.Wait() // want `wg.Wait blocks forever: the goroutine started at line 96 stays in its loop until its context is cancelled`
	return err
}

// WatchErr asks the context whether it is over.
func WatchErr(look func(), work func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for ctx.Err() == nil {
			look()
			time.Sleep(time.Millisecond)
		}
	}()
	work()
	wg.Wait() // want `wg.Wait blocks forever: the goroutine started at line 117 stays in its loop until its context is cancelled`
	cancel()
}

// Both has two loops and tells one of them.
func Both(tick, tock func()) {
	stopTick, stopTock := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for _, l := range []struct {
		stop chan struct{}
		do   func()
	}{{stopTick, tick}, {stopTock, tock}} {
		wg.Go(func() { beat(l.stop, l.do) })
	}
	close(stopTick)
	wg.Wait() // want `wg.Wait blocks forever`
	close(stopTock)
}

func beat(stop chan struct{}, do func()) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			do()
		case <-stop:
			return
		}
	}
}
