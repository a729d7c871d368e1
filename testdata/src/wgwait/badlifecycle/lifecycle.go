// Package badlifecycle holds owners whose Close waits for goroutines that it does not end, or that
// end without being counted down.
package badlifecycle

import (
	"context"
	"errors"
	"log"
	"sync"
	"time"
)

// A Flusher flushes from time to time.
type Flusher struct {
	wg    sync.WaitGroup
	stop  chan struct{}
	flush func() error
}

func newFlusher(flush func() error) *Flusher {
	f := &Flusher{stop: make(chan struct{}), flush: flush}
	f.wg.Add(1)
	go f.loop()
	return f
}

func (f *Flusher) loop() {
	defer f.wg.Done()
	<-f.stop
	if err := f.flush(); err != nil {
		log.Print(err)
	}
}

func (f *Flusher) close() {
	f.wg.Wait() // want "f.wg.Wait blocks forever"
	close(f.stop)
}

// WithFlusher is bad: close waits before it gives the signal.
func WithFlusher(work func(), flush func() error) {
	f := newFlusher(flush)
	defer f.close()
	work()
}

// A Consumer takes messages until its queue is closed.
type Consumer struct {
	wg      sync.WaitGroup
	queue   chan string
	consume func(string) error
}

func newConsumer(consume func(string) error) *Consumer {
	c := &Consumer{queue: make(chan string, 8), consume: consume}
	c.wg.Add(1)
	go c.loop()
	return c
}

func (c *Consumer) loop() {
	for msg := range c.queue {
		if err := c.consume(msg); err != nil {
			log.Print(err)
			return
		}
	}
	c.wg.Done()
}

func (c *Consumer) close() {
	close(c.queue)
	c.wg.Wait() // want "c.wg.Wait blocks forever"
}

// ConsumeAll is bad: after an error the loop returns without Done.
func ConsumeAll(msgs []string, consume func(string) error) {
	c := newConsumer(consume)
	for _, m := range msgs {
		select {
		case c.queue <- m:
		default:
			log.Print("queue is full")
		}
	}
	c.close()
}

// A Monitor has two loops, of which close ends one.
type Monitor struct {
	wg         sync.WaitGroup
	cancel     context.CancelFunc
	resize     chan int
	check, fit func()
}

func newMonitor(check, fit func()) *Monitor {
	ctx, cancel := context.WithCancel(context.Background())
	m := &Monitor{cancel: cancel, resize: make(chan int), check: check, fit: fit}
	m.wg.Add(2)
	go m.checks(ctx)
	go m.fits()
	return m
}

func (m *Monitor) checks(ctx context.Context) {
	defer m.wg.Done()
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			m.check()
		case <-ctx.Done():
			return
		}
	}
}

func (m *Monitor) fits() {
	defer m.wg.Done()
	for range m.resize {
		m.fit()
	}
}

func (m *Monitor) close() {
	m.cancel()
	m.wg.Wait()
}

// Monitored is bad: the loop over resize is not ended.
func Monitored(work, check, fit func()) {
	m := newMonitor(check, fit)
	work()
	m.close()
}

// ErrEmpty is returned for an empty name.
var ErrEmpty = errors.New("empty name")

// A Registrar counts registrations that run.
type Registrar struct {
	pending sync.WaitGroup
	save    func(string)
}

func (r *Registrar) register(name string) error {
	r.pending.Add(1)
	if name == "" {
		return ErrEmpty
	}
	go func() {
		defer r.pending.Done()
		r.save(name)
	}()
	return nil
}

// RegisterAll is bad: register counts before it returns the error.
func RegisterAll(names []string, save func(string)) error {
	r := &Registrar{save: save}
	var first error
	for _, n := range names {
		if err := r.register(n); err != nil && first == nil {
			first = err
		}
	}
	r.pending.Wait() // want "r.pending.Wait blocks forever"
	return first
}
