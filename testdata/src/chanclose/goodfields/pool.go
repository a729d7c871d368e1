// Package goodfields holds types that look like those of badfields and close
// the channel field that they range over, or leave that to code that is not
// in sight.
package goodfields

import (
	"sync"
	"sync/atomic"
)

// Pool is good: work ranges over tasks, Stop closes it in another method.
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

func (p *Pool) work() {
	defer p.wg.Done()
	for f := range p.tasks {
		f()
	}
}

// Submit hands f to a worker.
func (p *Pool) Submit(f func()) { p.tasks <- f }

// Stop ends the workers and waits for them.
func (p *Pool) Stop() {
	close(p.tasks)
	p.wg.Wait()
}

type event struct {
	name string
	at   int64
}

// Dispatcher is good: a Once closes events, however often Close is called.
type Dispatcher struct {
	mu       sync.RWMutex
	closed   bool
	events   chan event
	stopOnce sync.Once
	seen     atomic.Int64
}

// NewDispatcher starts the delivery.
func NewDispatcher() *Dispatcher {
	d := &Dispatcher{events: make(chan event, 16)}
	go d.loop()
	return d
}

func (d *Dispatcher) loop() {
	for ev := range d.events {
		if ev.name != "" {
			d.seen.Add(1)
		}
	}
}

// Publish queues an event, unless the dispatcher is closed.
func (d *Dispatcher) Publish(name string, at int64) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return false
	}
	d.events <- event{name, at}
	return true
}

// Close ends the delivery.
func (d *Dispatcher) Close() {
	d.stopOnce.Do(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.closed = true
		close(d.events)
	})
}

// Restarter is good: every Start makes the channel that its run closes, so
// Start and Stop may alternate forever.
type Restarter struct {
	mu   sync.Mutex
	quit chan struct{}
	done chan struct{}
}

// Start begins a run.
func (r *Restarter) Start(step func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quit != nil {
		return
	}
	r.quit, r.done = make(chan struct{}), make(chan struct{})
	go r.run(step, r.quit, r.done)
}

func (r *Restarter) run(step func(), quit <-chan struct{}, done chan<- struct{}) {
	defer close(done)
	for {
		select {
		case <-quit:
			return
		default:
			step()
		}
	}
}

// Stop ends the run and waits for it.
func (r *Restarter) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quit == nil {
		return
	}
	close(r.quit)
	<-r.done
	r.quit, r.done = nil, nil
}
