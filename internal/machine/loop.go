package machine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// turn counts the turns of loops.
func (m *Machine) turn(g *Goroutine, f *frame, from, to *block) bool {
	if !to.header {
		return true
	}
	f.loops()
	if !to.inside[from.ssa] {
		f.turns[to.loop], f.counted[to.loop] = 0, false
		return true
	}
	f.turns[to.loop]++
	limit := uint8(maxTurns)
	if f.counted[to.loop] {
		limit = maxCounted
	}
	if f.turns[to.loop] > limit {
		g.Busy = true
		f.block, f.pc = to, to.phis // where it would go on
		return false
	}
	return true
}

// skipsLoop reports whether the branch is that of a loop of which all turns are
// skipped.
func (b *block) skipsLoop() bool { return b.header && !b.inside[b.skip.ssa] }

// loops makes room for the counts of the function's loops.
func (f *frame) loops() {
	if f.turns == nil {
		f.turns = make([]uint8, len(f.code.blocks))
		f.counted = make([]bool, len(f.code.blocks))
	}
}

// large reports whether a loop that counts up to a large number has turned
// often enough: more turns of it show nothing new, or nothing in time.
func (m *Machine) large(f *frame, h *block, x *ssa.If) bool {
	cmp, ok := x.Cond.(*ssa.BinOp)
	turns := f.turns[h.loop]
	if f.block != h {
		turns++ // the test is at the end of the turn
	}
	if !ok || turns < 2 {
		return false
	}
	bound := largeBound(cmp)
	if bound == 0 {
		return false
	}
	if m.scaled != 0 && m.scaled != bound {
		m.mixed = true
	}
	m.scaled = bound
	return true
}

// largeBound returns the large constant that is compared with, or 0.
func largeBound(cmp *ssa.BinOp) int64 {
	for _, y := range []ssa.Value{cmp.X, cmp.Y} {
		if c, ok := y.(*ssa.Const); ok && c.Value != nil && types.Identical(c.Type().Underlying(), types.Typ[types.Int]) {
			if n := c.Int64(); n > maxCounted {
				return n
			}
		}
	}
	return 0
}

// skip goes on where the ways of a branch meet that decides nothing that
// matters. What the ways would have set is unknown.
func (m *Machine) skip(g *Goroutine, f *frame) {
	b, to := f.block, f.block.skip
	if b.skipsLoop() {
		for i := range b.phis {
			in := &b.instrs[i]
			if in.dst >= 0 {
				f.env[in.dst] = m.lost(in.in.(ssa.Value).Type())
			}
		}
	}
	for _, s := range b.forgot {
		m.forgetStore(f, s)
	}
	if !m.turn(g, f, b, to) {
		return
	}
	f.block, f.pc = to, to.phis
	m.phis(f, to, func(in *instr) Value {
		same, first := true, none
		for k, p := range to.ssa.Preds {
			if p == b.ssa || b.ssa.Dominates(p) {
				if first == none {
					first = in.ops[k]
				}
				same = same && in.ops[k] == first
			}
		}
		if same && first != none {
			return m.get(f, first)
		}
		return m.lost(in.in.(ssa.Value).Type())
	})
}

// lost returns the unknown value of something that skipped code computes.
func (m *Machine) lost(t types.Type) *Sym {
	s := m.fresh(t)
	s.vague = true
	return s
}

// forgetStore makes unknown what a skipped store may have written, if the
// variable can be told.
func (m *Machine) forgetStore(f *frame, s *ssa.Store) {
	c := m.staticCell(f, s.Addr, 0)
	if c == nil || isAggregate(c.Typ) {
		return
	}
	c.zero = false
	c.val = m.lost(c.Typ)
}

// staticCell returns the variable that an address denotes that is computed
// from values already known.
func (m *Machine) staticCell(f *frame, addr ssa.Value, depth int) *Cell {
	if depth > 4 {
		return nil
	}
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		if c := m.staticCell(f, fa.X, depth+1); c != nil {
			return m.part(c, fa.Field)
		}
		return nil
	}
	slot, ok := f.code.slotOf(addr)
	if !ok {
		return nil
	}
	if slot >= 0 {
		c, _ := f.env[slot].(*Cell)
		return c
	}
	return nil
}
