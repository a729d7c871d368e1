package goodticker

import "time"

// A Probe has a channel of its own that ends it.
type Probe struct {
	Ticker *time.Ticker
	check  func()
	done   chan struct{}
}

// NewProbe starts to check.
func NewProbe(check func()) *Probe {
	p := &Probe{Ticker: time.NewTicker(time.Hour), check: check, done: make(chan struct{})}
	go p.run()
	return p
}

func (p *Probe) run() {
	for {
		select {
		case <-p.Ticker.C:
			p.check()
		case <-p.done:
			return
		}
	}
}

// Stop ends the goroutine.
func (p *Probe) Stop() {
	p.Ticker.Stop()
	close(p.done)
}

// A Handed has a Ticker that whoever makes it passes, and may start again.
type Handed struct {
	Ticker *time.Ticker
	Check  func()
}

// Start begins to check.
func (g *Handed) Start() { go g.run() }

func (g *Handed) run() {
	for range g.Ticker.C {
		g.Check()
	}
}

// Pause stops the ticks for a while.
func (g *Handed) Pause() { g.Ticker.Stop() }
