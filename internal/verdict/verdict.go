// Package verdict says, of the final state of a run, which goroutines are stuck
// for ever.
//
// When no goroutine can go on, not each of them is stuck: one that was cut in
// a long loop may go on, and do something for the others (see Treadmill). So it starts
// from what those may do, and lets each goroutine live that waits for
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
// machine must be at an end: none of its goroutines can go on. The gates that unseen
// code may open, if opens is not nil, keep no goroutine in its loop.
func Judge(m *machine.Machine, opens func(machine.Gate) bool) []Stuck {
	h := newHelpers(m, opens)
	var out []Stuck
	for _, g := range m.Goroutines {
		if g.Done || g.Busy || h.live[g] || g.Pending == nil || meant(g) {
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
