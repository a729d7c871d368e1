package verdict

import (
	"github.com/concurlint/concurlint/internal/machine"
)

// A goroutine that is cut in a loop may live for ever, and still be of no help: a loop
// that a ticker wakes turns until somebody closes its stop channel, and whoever would do
// that waits for its end.
//
//	func (l *loop) Close() {
//		l.wg.Wait()   // for run, which turns until
//		close(l.stop) // this
//	}
//
// So a Treadmill helps only with what its code can do as long as the gates that nobody
// alive opens are shut. One that is to turn for ever, with no gate that would let it out
// to where it helps, was meant so by its author, and those who wait for its end as well:
// it is taken to help.

// A Treadmill is a live goroutine that turns in a loop.
type Treadmill struct {
	G *machine.Goroutine
	// Gates are those that keep it in its loop.
	Gates []machine.Gate

	reach  *machine.Reach
	now    *machine.Future // with the gates that are open
	opened *machine.Future // with all gates open
}

// helpers are those that may help others, as far as known.
type helpers struct {
	m     *machine.Machine
	opens func(machine.Gate) bool // by unseen code, or nil
	mills []*Treadmill
	live  map[*machine.Goroutine]bool
	reach *machine.Reach // of those alive that are no treadmills
}

// newHelpers returns who can help when all goroutines stand still, but those that turn in
// loops. The gates of these are open where opens says so.
func newHelpers(m *machine.Machine, opens func(machine.Gate) bool) *helpers {
	h := &helpers{m: m, opens: opens, live: make(map[*machine.Goroutine]bool), reach: machine.NewReach()}
	for _, g := range m.Goroutines {
		if g.Busy {
			t := &Treadmill{G: g, reach: machine.NewReach()}
			t.reach.Add(g)
			h.mills = append(h.mills, t)
		}
	}
	for changed := true; changed; {
		changed = h.look()
		for _, g := range m.Goroutines {
			if g.Done || g.Busy || h.live[g] || g.Pending == nil || !h.helped(g) {
				continue
			}
			h.live[g] = true
			h.reach.Add(g)
			changed = true
		}
	}
	return h
}

// look looks again at what treadmills may do, and reports whether that is more.
func (h *helpers) look() (more bool) {
	for _, t := range h.mills {
		f := h.m.Future(t.G, t.reach, h.open)
		more = more || t.now == nil || f.Size() > t.now.Size()
		t.now, t.Gates = f, f.Shut
	}
	return more
}

// open reports whether somebody may open a gate.
func (h *helpers) open(gate machine.Gate) bool {
	c := gate.Chan
	return c.Proceeds() || h.opens != nil && h.opens(gate) || h.onChan(machine.ActSend|machine.ActClose, c)
}

// onChan reports whether somebody alive may do something on a channel.
func (h *helpers) onChan(acts machine.Action, c *machine.Chan) bool {
	if h.reach.Chan(c) {
		return true
	}
	for _, t := range h.mills {
		if t.now != nil && t.reach.Chan(c) && t.helps(func(f *machine.Future) bool { return f.OnChan(acts, c) }) {
			return true
		}
	}
	return false
}

// onPrim is like onChan for a lock or group.
func (h *helpers) onPrim(acts machine.Action, p *machine.Prim) bool {
	if h.reach.Prim(p) {
		return true
	}
	for _, t := range h.mills {
		if t.now != nil && t.reach.Prim(p) && t.helps(func(f *machine.Future) bool { return f.OnPrim(acts, p) }) {
			return true
		}
	}
	return false
}

// cancels reports whether somebody alive may cancel a context.
func (h *helpers) cancels(c *machine.Ctx) bool {
	if h.reach.Ctx(c) {
		return true
	}
	for _, t := range h.mills {
		if t.now != nil && t.reach.Ctx(c) && t.helps((*machine.Future).Cancels) {
			return true
		}
	}
	return false
}

// helps reports whether a treadmill may do something: as the gates stand, or, if that is
// beyond all of them, in the code that its loop never comes to.
func (t *Treadmill) helps(does func(*machine.Future) bool) bool {
	if does(t.now) {
		return true
	}
	return !t.held(does) && does(t.G.Whole())
}

// held reports whether a treadmill would do something if its gates opened.
func (t *Treadmill) held(does func(*machine.Future) bool) bool {
	if len(t.Gates) == 0 {
		return false
	}
	if t.opened == nil {
		t.opened = t.G.Opened(t.reach)
	}
	return !does(t.now) && does(t.opened)
}

// Treadmills returns those that would let a stuck goroutine go on if the gates opened that
// hold them in their loops.
func Treadmills(m *machine.Machine, s Stuck) []*Treadmill {
	var out []*Treadmill
	for _, t := range newHelpers(m, nil).mills {
		if t.holds(s.Op) {
			out = append(out, t)
		}
	}
	return out
}

// holds reports whether a treadmill would let an operation proceed if its gates opened.
func (t *Treadmill) holds(op *machine.Op) bool {
	if op.Prim != nil && t.reach.Prim(op.Prim) && t.held(func(f *machine.Future) bool { return f.OnPrim(helpful[op.Kind], op.Prim) }) {
		return true
	}
	for i, c := range op.Chans {
		if t.reach.Chan(c) && t.held(func(f *machine.Future) bool { return f.OnChan(partner(op, i), c) }) {
			return true
		}
	}
	return false
}

// helpful tells what lets an operation on a lock or group proceed.
var helpful = map[machine.OpKind]machine.Action{
	machine.OpLock: machine.ActUnlock, machine.OpRLock: machine.ActUnlock,
	machine.OpWait: machine.ActDone, machine.OpGroupWait: machine.ActDone, machine.OpGroupGo: machine.ActDone,
	machine.OpAcquire: machine.ActRelease, machine.OpCondWait: machine.ActSignal,
}

// partner returns what lets a send or receive on the i-th channel of an operation proceed.
func partner(op *machine.Op, i int) machine.Action {
	if op.Sends(i) {
		return machine.ActReceive
	}
	return machine.ActSend | machine.ActClose
}

// helped reports whether somebody can make the operation proceed before which a goroutine
// stands.
func (h *helpers) helped(g *machine.Goroutine) bool {
	op := g.Pending
	switch op.Kind {
	case machine.OpLock, machine.OpRLock, machine.OpOnce:
		return h.lockHelped(g, op)
	}
	if op.Ctx != nil && h.cancels(op.Ctx) {
		return true
	}
	if op.Prim != nil && h.onPrim(helpful[op.Kind], op.Prim) {
		return true
	}
	for i, c := range op.Chans {
		if h.onChan(partner(op, i), c) {
			return true
		}
	}
	return false
}

// lockHelped reports whether a lock can become free. Who holds it gives it back
// if it lives, and can. One that has ended with the lock held may have left that to
// others: to unseen code, if that can reach the lock, or to a live goroutine.
//
// Who takes a lock twice inside a literal may wait on purpose until the function
// around it unlocks, which a run of the literal alone does not show.
func (h *helpers) lockHelped(waiting *machine.Goroutine, op *machine.Op) bool {
	p := op.Prim
	if p.Escaped() && h.m.Root().Parent() != nil {
		return true
	}
	unlocked := h.onPrim(machine.ActUnlock, p) || op.Kind == machine.OpOnce && h.onPrim(^machine.Action(0), p)
	for _, g := range holdersOf(p) {
		if g == waiting && unlocked && (startedUnder(h.m, g, p) || h.onlyUnlocks()) {
			return true // a goroutine alive may have to unlock it
		}
		if h.live[g] || g.Busy && h.unlocks(g, op) || g.Done && (p.Escaped() || unlocked) {
			return true
		}
	}
	return false
}

// unlocks reports whether a treadmill that holds a lock may give it back. What a Once
// runs in a loop is taken to end.
func (h *helpers) unlocks(g *machine.Goroutine, op *machine.Op) bool {
	for _, t := range h.mills {
		if t.G == g && op.Kind != machine.OpOnce {
			return t.helps(func(f *machine.Future) bool { return f.OnPrim(machine.ActUnlock, op.Prim) })
		}
	}
	return true
}

func holdersOf(p *machine.Prim) []*machine.Goroutine {
	holders := make([]*machine.Goroutine, 0, 1+len(p.Readers))
	if p.Owner != nil {
		holders = append(holders, p.Owner)
	}
	for _, r := range p.Readers {
		holders = append(holders, r.G)
	}
	return holders
}

// startedUnder reports whether a goroutine has started another one since it took
// a lock.
func startedUnder(m *machine.Machine, g *machine.Goroutine, p *machine.Prim) bool {
	for i := len(m.Events) - 1; i >= 0; i-- {
		switch e := m.Events[i]; {
		case e.G != g:
		case e.Kind == machine.OpSpawn:
			return true
		case e.Prim == p && (e.Kind == machine.OpLock || e.Kind == machine.OpRLock):
			return false
		}
	}
	return false
}

// onlyUnlocks reports whether a live goroutine has nothing but unlocks ahead.
func (h *helpers) onlyUnlocks() bool {
	for _, g := range h.m.Goroutines {
		if (g.Busy || h.live[g]) && h.m.Ahead(g)&(machine.ActUnlock|machine.ActLock) == machine.ActUnlock {
			return true
		}
	}
	return false
}
