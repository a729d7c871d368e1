// Package goodcondlock holds locks that are reached through a sync.Cond, and unlocked by
// that or another name.
package goodcondlock

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
	p.mu.Unlock()
}

func (p *Progress) Wait(n int) {
	p.lock()
	for p.done < n {
		p.cond.Wait()
	}
	p.unlock()
}

func (p *Progress) lock()   { p.cond.L.Lock() }
func (p *Progress) unlock() { p.mu.Unlock() }

// A Gate is open to others: who has it, has its lock.
type Gate struct {
	Cond *sync.Cond
	open bool
}

func NewGate() *Gate { return &Gate{Cond: sync.NewCond(new(sync.Mutex))} }

// Enter returns with the lock held; the caller unlocks it.
func (g *Gate) Enter() {
	g.Cond.L.Lock()
	for !g.open {
		g.Cond.Wait()
	}
}

func (g *Gate) Open() {
	g.Cond.L.Lock()
	defer g.Cond.L.Unlock()
	g.open = true
	g.Cond.Broadcast()
}
