// Package fixticker holds loops over the ticks of stopped tickers, with and without a fix.
package fixticker

import (
	"sync"
	"time"
)

// Progress shows that something goes on while work is done.
func Progress(work, show func()) {
	t := time.NewTicker(time.Millisecond) // often
	defer t.Stop()
	go func() {
		for range t.C { // want "range over t.C blocks forever after t.Stop"
			show()
		}
	}()
	work()
}

// Stamps stops the ticker at the end, and uses the time.
func Stamps(work func(done func()), stamp func(time.Time)) {
	var once sync.WaitGroup
	done := once.Done
	once.Add(1)
	ticker := time.NewTicker(time.Millisecond)
	go func() {
		for now := range ticker.C { // want "range over ticker.C blocks forever after ticker.Stop"
			if now.IsZero() {
				continue
			}
			stamp(now)
		}
	}()
	work(done)
	ticker.Stop()
}

// Beat has the receive written out.
func Beat(work, beat func()) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	go func() {
		for {
			<-t.C // want "receive from t.C in a loop blocks forever after t.Stop"
			beat()
		}
	}()
	work()
}

// The following get no fix.

// Stopper gets none: its result may be called twice.
func Stopper(beat func()) (stop func()) {
	t := time.NewTicker(time.Millisecond)
	go func() {
		for range t.C { // want "range over t.C blocks forever after t.Stop"
			beat()
		}
	}()
	return func() { t.Stop() }
}

// Early gets none: it stops the ticker in several places.
func Early(work func() bool, beat func()) {
	t := time.NewTicker(time.Millisecond)
	go func() {
		for range t.C { // want "range over t.C blocks forever after t.Stop"
			beat()
		}
	}()
	if !work() {
		t.Stop()
		return
	}
	beat()
	t.Stop()
}

// A Monitor has its ticker in a field.
type Monitor struct {
	ticker *time.Ticker
}

// Run gets none: it is another function that stops the ticker.
func (m *Monitor) Run(beat func()) {
	m.ticker = time.NewTicker(time.Millisecond)
	go func() {
		for range m.ticker.C { // want "range over m.ticker.C blocks forever after m.ticker.Stop"
			beat()
		}
	}()
}

// Close stops the ticker.
func (m *Monitor) Close() { m.ticker.Stop() }
