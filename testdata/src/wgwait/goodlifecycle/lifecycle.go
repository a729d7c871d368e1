// Package goodlifecycle holds owners whose Close ends the goroutines that it waits for.
package goodlifecycle

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
	close(f.stop)
	f.wg.Wait()
}

// WithFlusher is good: close gives the signal before it waits.
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
	defer c.wg.Done()
	for msg := range c.queue {
		if err := c.consume(msg); err != nil {
			log.Print(err)
			return
		}
	}
}

func (c *Consumer) close() {
	close(c.queue)
	c.wg.Wait()
}

// ConsumeAll is good: the loop defers its Done.
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

// A Monitor has two loops, and close ends both.
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
	close(m.resize)
	m.wg.Wait()
}

// Monitored is good: the loop over resize is ended as well.
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
	if name == "" {
		return ErrEmpty
	}
	r.pending.Add(1)
	go func() {
		defer r.pending.Done()
		r.save(name)
	}()
	return nil
}

// RegisterAll is good: register counts what it starts.
func RegisterAll(names []string, save func(string)) error {
	r := &Registrar{save: save}
	var first error
	for _, n := range names {
		if err := r.register(n); err != nil && first == nil {
			first = err
		}
	}
	r.pending.Wait()
	return first
}

// A Listener is closed by its user, through Close.
type Listener struct {
	wg   sync.WaitGroup
	stop chan struct{}
	once sync.Once
}

// NewListener returns a running listener.
func NewListener(poll func()) *Listener {
	l := &Listener{stop: make(chan struct{})}
	l.wg.Go(func() {
		for {
			select {
			case <-l.stop:
				return
			default:
				poll()
			}
		}
	})
	return l
}

// Stop ends the loop and may be called often.
func (l *Listener) Stop() { l.once.Do(func() { close(l.stop) }) }

// Wait is good: somebody calls Stop, here or elsewhere.
func (l *Listener) Wait() { l.wg.Wait() }

// Poll is good: a timer stops the listener.
func Poll(d time.Duration, poll func()) {
	l := NewListener(poll)
	time.AfterFunc(d, l.Stop)
	l.Wait()
}
