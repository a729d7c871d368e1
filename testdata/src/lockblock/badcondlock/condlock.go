// Package badcondlock holds locks that are reached through a sync.Cond or as a
// sync.Locker, and left locked.
package badcondlock

import "sync"

// A Progress counts what is done.
type Progress struct {
	mu   sync.Mutex
	cond *sync.Cond
	done int
}

func NewProgress() *Progress {
	p := &Progress{}
	p.cond = sync.NewCond(&p.mu)
	return p
}

func (p *Progress) Finish() {
	p.cond.L.Lock()
	p.done++
	p.cond.Broadcast()
	p.cond.L.Unlock()
}

func (p *Progress) Wait(n int) {
	p.cond.L.Lock()
	for p.done < n {
		p.cond.Wait()
	}
} // want `returns with p.cond.L locked since line 28: whoever locks it next blocks forever`

// A Gauge has its lock from elsewhere.
type Gauge struct {
	l sync.Locker
	n int
}

func NewGauge(l sync.Locker) *Gauge { return &Gauge{l: l} }

func (g *Gauge) Inc() {
	g.l.Lock()
	g.n++
} // want `returns with g.l locked since line 43`

func (g *Gauge) Value() int {
	g.l.Lock()
	defer g.l.Unlock()
	return g.n
}
