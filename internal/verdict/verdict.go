// Package verdict says, of the final state of a run, which goroutines are stuck
// for ever.
//
// When no goroutine can go on, not each of them is stuck: one that was cut in
// a long loop may go on, and do something for the others. So it starts from
// those and what they can reach, and lets each goroutine live that waits for
// something a live one can reach; what is left when nothing changes any more is
// stuck, because everybody who could help is stuck as well. It is the idea of
// the runtime's goroutine leak profile, applied to the state of package machine.
package verdict

import (
	"go/token"

	"github.com/concurlint/concurlint/internal/machine"
)

// A Stuck is a goroutine that never proceeds beyond an operation.
type Stuck struct {
	G  *machine.Goroutine
	Op *machine.Op
}

// Pos returns the position of the operation.
func (s Stuck) Pos() token.Pos { return s.Op.Pos }

// Judge returns the goroutines that are stuck, in the order of their start. The
// machine must be at an end: none of its goroutines can go on.
func Judge(m *machine.Machine) []Stuck {
	live := make(map[*machine.Goroutine]bool)
	reach := machine.NewReach()
	for _, g := range m.Goroutines {
		if g.Busy {
			live[g] = true
			reach.Add(g)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, g := range m.Goroutines {
			if g.Done || live[g] || g.Pending == nil || !helped(m, g, g.Pending, live, reach) {
				continue
			}
			live[g] = true
			reach.Add(g)
			changed = true
		}
	}
	var out []Stuck
	for _, g := range m.Goroutines {
		if g.Done || live[g] || g.Pending == nil || meant(g) {
			continue
		}
		out = append(out, Stuck{G: g, Op: g.Pending})
	}
	return out
}

// meant reports whether a goroutine does not go on because it is not meant to:
// a callback that was never called, a goroutine in select {}, one that is
// about to crash.
func meant(g *machine.Goroutine) bool {
	op := g.Pending
	return op.Kind == machine.OpTimer || op.Kind == machine.OpSelect && op.Cases() == 0 || g.Unwinding()
}

// helped reports whether a live goroutine can make the operation proceed.
func helped(m *machine.Machine, g *machine.Goroutine, op *machine.Op, live map[*machine.Goroutine]bool, reach *machine.Reach) bool {
	switch op.Kind {
	case machine.OpLock, machine.OpRLock, machine.OpOnce:
		return lockHelped(m, g, op.Prim, live, reach)
	}
	if op.Ctx != nil && reach.Ctx(op.Ctx) {
		return true
	}
	if op.Prim != nil && reach.Prim(op.Prim) {
		return true
	}
	for _, c := range op.Chans {
		if reach.Chan(c) {
			return true
		}
	}
	return false
}

// lockHelped reports whether a lock can become free. Who holds it gives it back
// if it lives. One that has ended with the lock held may have left that to
// others: to unseen code, if that can reach the lock, or to a live goroutine.
//
// Who takes a lock twice inside a literal may wait on purpose until the function
// around it unlocks, which a run of the literal alone does not show.
func lockHelped(m *machine.Machine, waiting *machine.Goroutine, p *machine.Prim, live map[*machine.Goroutine]bool, reach *machine.Reach) bool {
	holders := make([]*machine.Goroutine, 0, 1+len(p.Readers))
	if p.Owner != nil {
		holders = append(holders, p.Owner)
	}
	for _, r := range p.Readers {
		holders = append(holders, r.G)
	}
	if p.Escaped() && m.Root().Parent() != nil {
		return true
	}
	for _, g := range holders {
		if g == waiting && reach.Prim(p) && (startedUnder(m, g, p) || onlyUnlocks(m, live)) {
			return true // a goroutine alive may have to unlock it
		}
		if live[g] || g.Done && (p.Escaped() || reach.Prim(p)) {
			return true
		}
	}
	return false
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
func onlyUnlocks(m *machine.Machine, live map[*machine.Goroutine]bool) bool {
	for _, g := range m.Goroutines {
		if live[g] && m.Ahead(g)&(machine.ActUnlock|machine.ActLock) == machine.ActUnlock {
			return true
		}
	}
	return false
}
