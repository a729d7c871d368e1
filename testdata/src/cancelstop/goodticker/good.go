// Package goodticker has loops over ticks that end, or are meant to go on.
package goodticker

import (
	"context"
	"sync"
	"time"
)

// A Monitor has a channel for its end.
type Monitor struct {
	ticker *time.Ticker
	done   chan struct{}
}

// NewMonitor starts a monitor.
func NewMonitor(measure func()) *Monitor {
	m := &Monitor{ticker: time.NewTicker(time.Second), done: make(chan struct{})}
	go m.run(measure)
	return m
}

func (m *Monitor) run(measure func()) {
	for {
		select {
		case <-m.ticker.C:
			measure()
		case <-m.done:
			return
		}
	}
}

// Close ends the goroutine.
func (m *Monitor) Close() {
	m.ticker.Stop()
	close(m.done)
}

// Forever is meant to go on as long as the process: its Stop is for form.
func Forever(work func()) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		work()
	}
}

// ForeverLiteral stops in a deferred function literal.
func ForeverLiteral(work func()) {
	t := time.NewTicker(time.Second)
	defer func() { t.Stop() }()
	for {
		<-t.C
		work()
	}
}

// Never stops its ticker.
func Never(work func()) {
	t := time.NewTicker(time.Second)
	go func() {
		for range t.C {
			work()
		}
	}()
}

// Leaves has a way out of the loop, and Stop comes behind it.
func Leaves(work func() bool) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range t.C {
			if !work() {
				return
			}
		}
	}()
	<-over
}

// A Pausing starts its ticker again.
type Pausing struct{ ticker *time.Ticker }

// NewPausing starts it.
func NewPausing(work func()) *Pausing {
	p := &Pausing{ticker: time.NewTicker(time.Second)}
	go func() {
		for range p.ticker.C {
			work()
		}
	}()
	return p
}

// Pause stops the ticks.
func (p *Pausing) Pause() { p.ticker.Stop() }

// Resume starts them again.
func (p *Pausing) Resume() { p.ticker.Reset(time.Second) }

// Given gets the ticker from somebody else, who may start it again.
func Given(t *time.Ticker, work func(), over func()) {
	go func() {
		for range t.C {
			work()
		}
	}()
	over()
	t.Stop()
}

// PassedOn gives the ticker away.
func PassedOn(keep func(*time.Ticker), work func()) {
	t := time.NewTicker(time.Second)
	keep(t)
	go func() {
		for range t.C {
			work()
		}
	}()
	t.Stop()
}

// Waits for the goroutine: it never comes to its Stop.
func Waits(work func()) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range t.C {
			work()
		}
	}()
	wg.Wait()
}

// Timeout drains the timer as one did before Go 1.23.
func Timeout(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	<-ctx.Done()
	if !t.Stop() {
		<-t.C
	}
}

// Select takes what may be there.
func Select(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	<-ctx.Done()
	t.Stop()
	select {
	case <-t.C:
	default:
	}
}

// Again starts the timer again before it waits for it.
func Again(d time.Duration, work func()) {
	t := time.NewTimer(d)
	work()
	t.Stop()
	t.Reset(d)
	<-t.C
}

// Another is another timer.
func Another(d time.Duration, work func()) {
	t := time.NewTimer(d)
	work()
	t.Stop()
	t = time.NewTimer(d)
	<-t.C
}

// Own is no ticker of package time.
type Own struct{ C chan int }

// Stop closes the channel.
func (o *Own) Stop() { close(o.C) }

// Owned ends when its own kind of ticker is stopped.
func Owned(work func()) {
	t := &Own{C: make(chan int)}
	defer t.Stop()
	go func() {
		for range t.C {
			work()
		}
	}()
}
