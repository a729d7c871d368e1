// Package badticker waits for tickers and timers that have been stopped.
package badticker

import (
	"context"
	"sync"
	"time"
)

// A Monitor measures something from time to time.
type Monitor struct {
	mu     sync.Mutex
	ticker *time.Ticker
	values []int
}

// NewMonitor starts a monitor.
func NewMonitor(measure func() int) *Monitor {
	m := &Monitor{ticker: time.NewTicker(time.Millisecond)}
	go m.run(measure)
	return m
}

func (m *Monitor) run(measure func() int) {
	for range m.ticker.C { // want "range over m.ticker.C blocks forever after m.ticker.Stop at line 36, which does not close the channel"
		m.mu.Lock()
		m.values = append(m.values, measure())
		m.mu.Unlock()
	}
}

// Close is meant to end the goroutine.
func (m *Monitor) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ticker.Stop()
}

// Progress shows that something goes on while work is done.
func Progress(work func(), show func()) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	go func() {
		for range t.C { // want "range over t.C blocks forever after t.Stop at line 42"
			show()
		}
	}()
	work()
}

// Beat sends heartbeats until stop is called.
func Beat(beat func()) (stop func()) {
	t := time.NewTicker(time.Millisecond)
	go func() {
		for {
			<-t.C // want "receive from t.C in a loop blocks forever after t.Stop at line 61"
			beat()
		}
	}()
	return func() {
		t.Stop()
	}
}

// Until stops the ticker when the context is done, and waits for a tick then.
func Until(ctx context.Context, tick func(time.Time)) {
	t := time.NewTicker(time.Millisecond)
	go func() {
		<-ctx.Done()
		t.Stop()
	}()
	for {
		select {
		case now := <-t.C: // want "receive from t.C in a loop blocks forever after t.Stop at line 70"
			tick(now)
		}
	}
}

// Rest waits for the rest of a time that it has just cancelled.
func Rest(d time.Duration, work func()) {
	t := time.NewTimer(d)
	work()
	t.Stop()
	<-t.C // want "receive from t.C after t.Stop at line 84: nothing is sent any more, it blocks forever"
}

// Remaining goes through the ticks that are left.
func Remaining(t0 time.Time, d time.Duration) (n int) {
	t := time.NewTicker(d)
	time.Sleep(2 * d)
	t.Stop()
	println(t0.String())
	for range t.C { // want "receive from t.C after t.Stop at line 92: nothing is sent any more, it blocks forever"
		n++
	}
	return n
}
