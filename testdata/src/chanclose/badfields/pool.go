// Package badfields holds types whose methods range over a channel field that
// no method closes, or that is closed in the wrong place.
package badfields

import (
	"sync"
	"sync/atomic"
)

// Pool runs tasks on a fixed number of workers.
type Pool struct {
	tasks chan func()
	wg    sync.WaitGroup
}

// NewPool starts n workers.
func NewPool(n int) *Pool {
	p := &Pool{tasks: make(chan func())}
	p.wg.Add(n)
	for range n {
		go p.work()
	}
	return p
}

// work is bad: it ranges over tasks, and Stop waits without closing it.
func (p *Pool) work() {
	defer p.wg.Done()
	for f := range p.tasks { // want "tasks is never closed"
		f()
	}
}

// Submit hands f to a worker.
func (p *Pool) Submit(f func()) { p.tasks <- f }

// Stop waits for the workers.
func (p *Pool) Stop() { p.wg.Wait() }

type event struct {
	name string
	at   int64
}

// Dispatcher delivers events to its handlers.
type Dispatcher struct {
	events   chan event
	closed   chan struct{}
	stopOnce sync.Once
	seen     atomic.Int64
}

// NewDispatcher starts the delivery.
func NewDispatcher() *Dispatcher {
	d := &Dispatcher{events: make(chan event, 16), closed: make(chan struct{})}
	go d.loop()
	return d
}

// loop is bad: Close closes another channel of the type than the one that is
// ranged over here.
func (d *Dispatcher) loop() {
	for ev := range d.events { // want "events is never closed"
		if ev.name != "" {
			d.seen.Add(1)
		}
	}
}

// Publish queues an event, unless the dispatcher is closed.
func (d *Dispatcher) Publish(name string, at int64) bool {
	select {
	case d.events <- event{name, at}:
		return true
	case <-d.closed:
		return false
	}
}

// Close ends the delivery.
func (d *Dispatcher) Close() { d.stopOnce.Do(func() { close(d.closed) }) }
