package machine

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A buffer of a hundred is full after a hundred values, which no run comes to. Where the
// values are sent in a loop without a bound, a run may take it for full from the start
// (Scenario.Filled): whatever was sent until then may have been sent and received before.

// Floods returns the makes of channels with a buffer of constant size that the run has
// sent on in loops without a bound, in order.
func (m *Machine) Floods() []*ssa.MakeChan { return m.floods }

// Filled returns the channel whose buffer the run takes to be full, or nil.
func (m *Machine) Filled() *ssa.MakeChan { return m.what.Filled }

// noteFlood notes a send that comes again and again, and to the same channel: a server that
// answers requests sends in a loop as well, but once to each.
func (m *Machine) noteFlood(c *Chan, op *Op) {
	site, ok := c.Site.(*ssa.MakeChan)
	if !ok || op.Kind != OpSend || c.Cap < 1 || c.Cap > maxFilled || slices.Contains(m.floods, site) {
		return
	}
	if _, fixed := site.Size.(*ssa.Const); fixed && c.sentBefore() && op.g.repeats(op.In) {
		m.floods = append(m.floods, site)
	}
}

// sentBefore reports whether the last use of the channel, a send, was there before.
func (c *Chan) sentBefore() bool {
	last := len(c.uses) - 1
	return slices.Contains(c.uses[:last], c.uses[last])
}

// Repeats reports whether a goroutine stands, in one of its frames, in a loop without a
// bound.
func (g *Goroutine) Repeats() bool { return g.Pending != nil && g.repeats(g.Pending.In) }

func (g *Goroutine) repeats(in ssa.Instruction) bool {
	if in != nil && g.m.prog.isEndless(in) {
		return true
	}
	return slices.ContainsFunc(g.frames, func(f *frame) bool {
		call, ok := f.site.(*ssa.Call)
		return ok && g.m.prog.isEndless(call)
	})
}

func (p *Program) isEndless(in ssa.Instruction) bool {
	is, ok := p.endless[in]
	if !ok {
		is = p.ir.Endless(in)
		p.endless[in] = is
	}
	return is
}
