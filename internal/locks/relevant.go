package locks

import (
	"golang.org/x/tools/go/ssa"
)

// narrow restricts what a walk remembers of its branches to those that decide
// whether something happens to a lock. That loses the results that go with an
// outcome, so it is for functions with too many paths otherwise.
func (w *walker) narrow() {
	relevant := w.deciding()
	worth := make(map[*Path]bool)
	for _, b := range w.fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !relevant[b.Index] {
			continue
		}
		worth[w.tests[branch].path] = true
		v := branch.Cond
		if u, ok := v.(*ssa.UnOp); ok {
			v = u.X
		}
		if p, ok := v.(*ssa.Phi); ok {
			for _, e := range p.Edges {
				worth[w.a.paths.testOf(e).path] = true
			}
		}
	}
	for p := range w.worth {
		w.worth[p] = worth[p]
	}
	w.narrowed = true
}

// deciding returns the blocks that end in a branch on which it depends, directly
// or through other branches, whether an operation on a lock is executed.
func (w *walker) deciding() []bool {
	post := postDominators(w.fn)
	blocks := w.fn.Blocks
	relevant := make([]bool, len(blocks))
	var work []*ssa.BasicBlock
	for _, b := range blocks {
		if w.operates(b) {
			work = append(work, b)
		}
	}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, d := range blocks {
			if relevant[d.Index] || len(d.Succs) != 2 {
				continue
			}
			// x depends on d if it follows from one of d's branches, not from d.
			one, other := post[d.Succs[0].Index].has(x.Index), post[d.Succs[1].Index].has(x.Index)
			if one != other {
				relevant[d.Index] = true
				work = append(work, d)
			}
		}
	}
	return relevant
}

// operates reports whether a block operates on a lock, or calls what does.
func (w *walker) operates(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		if w.a.operates(instr) {
			return true
		}
		if call, ok := instr.(ssa.CallInstruction); ok {
			if callee := w.a.prog.StaticCallee(call); callee != nil && w.a.touches[callee] {
				return true
			}
		}
	}
	return false
}

// A blockSet is a set of the blocks of a function, by index.
type blockSet []uint64

func (s blockSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// postDominators returns, for each block, the blocks that every path from it to
// an exit passes, itself included.
func postDominators(fn *ssa.Function) []blockSet {
	n := len(fn.Blocks)
	sets := make([]blockSet, n)
	for i, b := range fn.Blocks {
		sets[i] = make(blockSet, (n+63)/64)
		if len(b.Succs) > 0 {
			for j := range sets[i] {
				sets[i][j] = ^uint64(0)
			}
		}
		sets[i][i/64] |= 1 << (i % 64)
	}
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			changed = meet(sets, fn.Blocks[i]) || changed
		}
	}
	return sets
}

// meet makes a block's set that of what its successors have in common, and
// reports whether it became smaller.
func meet(sets []blockSet, b *ssa.BasicBlock) bool {
	if len(b.Succs) == 0 {
		return false
	}
	changed := false
	for j := range sets[b.Index] {
		word := ^uint64(0)
		for _, s := range b.Succs {
			word &= sets[s.Index][j]
		}
		if b.Index/64 == j {
			word |= 1 << (b.Index % 64)
		}
		if word != sets[b.Index][j] {
			sets[b.Index][j] = word
			changed = true
		}
	}
	return changed
}
