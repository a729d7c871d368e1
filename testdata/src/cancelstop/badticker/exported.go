package badticker

import "time"

// A Probe has its Ticker in a field that everybody sees; nobody can end the loop by it.
type Probe struct {
	Ticker *time.Ticker
	check  func()
}

// NewProbe starts to check.
func NewProbe(check func()) *Probe {
	p := &Probe{Ticker: time.NewTicker(time.Hour), check: check}
	go p.run()
	return p
}

func (p *Probe) run() {
	for range p.Ticker.C { // want "range over p.Ticker.C blocks forever after p.Ticker.Stop at line 25"
		p.check()
	}
}

// Stop leaves the goroutine where it is.
func (p *Probe) Stop() { p.Ticker.Stop() }
