// Package badfield has groups that are fields of the receiver: only the methods of the type can
// reach them.
package badfield

import "sync"

// A Target is something to probe.
type Target struct {
	Name  string
	Muted bool
	Probe func() float64
}

// A Prober probes targets.
type Prober struct {
	wg   sync.WaitGroup
	mu   sync.Mutex
	last map[string]float64
}

// NewProber returns a prober without results.
func NewProber() *Prober { return &Prober{last: make(map[string]float64)} }

// probe is bad: the early return stands above the Done.
func (p *Prober) probe(t Target) {
	if t.Muted {
		return
	}
	defer p.wg.Done()
	v := t.Probe()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last[t.Name] = v
}

// All probes all targets once.
func (p *Prober) All(targets []Target) int {
	for _, t := range targets {
		p.wg.Add(1)
		go p.probe(t)
	}
	p.wg.Wait() // want "p.wg.Wait blocks forever when t.Muted .line 26.: the goroutine started at line 40 returns at line 27 without calling Done"
	return len(p.last)
}

// A Gate lets visitors in until it is closed.
type Gate struct {
	visitors sync.WaitGroup
	mu       sync.Mutex
	closed   bool
}

// Enter counts a visitor, who is never counted out.
func (g *Gate) Enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.visitors.Add(1)
	return true
}

// Close is bad: it waits for the visitors to leave.
func (g *Gate) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.visitors.Wait() // want "g.visitors.Wait blocks forever after the Add at line 60: nothing calls Done on it"
}
