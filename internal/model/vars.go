package model

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// A variable that closures capture lives in memory, and memory is one cell for
// the points-to analysis, whenever it is read. For the plain case that is too
// coarse: "g, ctx := errgroup.WithContext(ctx)" assigns a captured parameter,
// and what ctx is depends on where one asks. If only the declaring function
// assigns the variable, a load sees just the assignments that reach it; in a
// closure, those that reach the closure's creation, provided that none can
// follow it.

// reaching returns the stores whose values a load may see, and whether that
// could be told.
func (m *Model) reaching(inst *Instance, load *ssa.UnOp) (env *Instance, stores []*ssa.Store, ok bool) {
	var at ssa.Instruction = load
	addr := load.X
	for {
		fv, isFree := addr.(*ssa.FreeVar)
		if !isFree {
			break
		}
		mc := inst.closure
		if mc == nil || inst.Env == nil || inst.Env.Fn != mc.Parent() {
			return nil, nil, false
		}
		for i, v := range inst.Fn.FreeVars {
			if v == fv {
				addr = mc.Bindings[i]
			}
		}
		at, inst = mc, inst.Env
	}
	alloc, isAlloc := addr.(*ssa.Alloc)
	if !isAlloc || alloc.Parent() != at.Parent() || !m.assignedHere(alloc) {
		return nil, nil, false
	}
	closure := at != ssa.Instruction(load)
	var all []*ssa.Store
	for _, ref := range *alloc.Referrers() {
		if st, ok := ref.(*ssa.Store); ok {
			if closure && (!m.work(len(at.Parent().Blocks)) || ir.Reaches(at, st) && !remade(alloc, at, st)) {
				return nil, nil, false // assigned while the closure may run
			}
			all = append(all, st)
		}
	}
	return inst, m.last(all, at), true
}

// last returns those of the stores to the variable that can be the last one
// before at.
func (m *Model) last(all []*ssa.Store, at ssa.Instruction) (stores []*ssa.Store) {
	if len(all) == 1 && ir.Dominates(all[0], at) {
		return all // as nearly always
	}
	if !m.work(10 * len(all)) {
		return nil
	}
	assigns := make(map[*ssa.BasicBlock]bool)
	for _, st := range all {
		assigns[st.Block()] = true
	}
	found := make(map[*ssa.Store]bool)
	seen := make([]bool, len(at.Parent().Blocks))
	// back notes the last store in a block before an index, or where there is
	// none adds the blocks before it.
	var work []*ssa.BasicBlock
	back := func(b *ssa.BasicBlock, end int) {
		for i := end - 1; i >= 0 && assigns[b]; i-- {
			if st, ok := b.Instrs[i].(*ssa.Store); ok && st.Addr == all[0].Addr {
				found[st] = true
				return
			}
		}
		work = append(work, b.Preds...)
	}
	back(at.Block(), ir.Index(at))
	for len(work) > 0 && m.work(1) {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[b.Index] {
			seen[b.Index] = true
			back(b, len(b.Instrs))
		}
	}
	for _, st := range all {
		if found[st] {
			stores = append(stores, st)
		}
	}
	return stores
}

// work counts what a search or an edge touches, and reports whether the model
// may go on: the steps count only what is new, and in a huge function one looks
// long for nothing new.
func (m *Model) work(n int) bool {
	if m.worked += n; m.worked > maxWork {
		m.giveUp("too many branches")
	}
	return m.GaveUp == ""
}

// remade reports whether the store can follow at only through a new execution
// of the declaration, as in the next turn of a loop.
func remade(alloc *ssa.Alloc, at, st ssa.Instruction) bool {
	return !ir.Dominates(at, st) && ir.Dominates(alloc, st) && ir.Reaches(at, alloc) && !reachesAvoiding(at, st, alloc)
}

// assignedHere reports whether the variable of alloc is assigned only in its
// own function, and otherwise just read, here or in closures.
func (m *Model) assignedHere(alloc *ssa.Alloc) bool {
	known, ok := m.assigned[alloc]
	if !ok {
		known = onlyRead(alloc, true, 0)
		m.assigned[alloc] = known
	}
	return known
}

func onlyRead(v ssa.Value, stores bool, depth int) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if ref.Op != token.MUL {
				return false
			}
		case *ssa.Store:
			if ref.Addr != v || !stores {
				return false
			}
		case *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && (depth > 4 || !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i], false, depth+1)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// reachesAvoiding reports whether control can pass from a to b without
// executing one of the stops in between.
func reachesAvoiding(a, b ssa.Instruction, stops ...ssa.Instruction) bool {
	inBlock := make(map[*ssa.BasicBlock][]int)
	for _, s := range stops {
		inBlock[s.Block()] = append(inBlock[s.Block()], ir.Index(s))
	}
	// clear reports whether no stop lies in the block at from ≤ index < to.
	clear := func(blk *ssa.BasicBlock, from, to int) bool {
		for _, i := range inBlock[blk] {
			if from <= i && i < to {
				return false
			}
		}
		return true
	}
	start, end := ir.Index(a)+1, ir.Index(b)
	if a.Block() == b.Block() && start <= end && clear(a.Block(), start, end) {
		return true
	}
	if !clear(a.Block(), start, len(a.Block().Instrs)) {
		return false
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := append([]*ssa.BasicBlock(nil), a.Block().Succs...)
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x] {
			continue
		}
		seen[x] = true
		if x == b.Block() && clear(x, 0, end) {
			return true
		}
		if clear(x, 0, len(x.Instrs)) {
			work = append(work, x.Succs...)
		}
	}
	return false
}
