package wgadd

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// refusable reports whether an Add stands under a lock and behind a branch on
// a variable that other goroutines can set: the shape by which a type keeps new
// work out once it has begun to wait.
func (g *group) refusable(add *model.Op) bool {
	for inst, instr := add.Inst, add.Instr; inst != nil && inst.Thread == add.Inst.Thread && instr != nil; inst, instr = inst.Parent, siteOf(inst) {
		if g.lockedAt(inst, instr) && branchesOnVariable(instr) {
			return true
		}
	}
	return false
}

func siteOf(inst *model.Instance) ssa.Instruction {
	if inst.Site == nil {
		return nil
	}
	return inst.Site
}

// lockedAt reports whether a lock is taken before instr in its function.
func (g *group) lockedAt(inst *model.Instance, instr ssa.Instruction) bool {
	for _, op := range g.m.Ops() {
		if op.Inst == inst && (op.Call == api.Lock || op.Call == api.RLock) && !op.Deferred() && ir.Dominates(op.Instr, instr) {
			return true
		}
	}
	return false
}

// branchesOnVariable reports whether instr is reached only on one side of a
// branch whose condition reads memory.
func branchesOnVariable(instr ssa.Instruction) bool {
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		dom := b.Idom()
		test, ok := dom.Instrs[len(dom.Instrs)-1].(*ssa.If)
		if !ok || !reads(test.Cond, 0) {
			continue
		}
		for _, s := range dom.Succs {
			if s == b || s.Dominates(b) {
				return true
			}
		}
	}
	return false
}

func reads(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		switch v.X.(type) {
		case *ssa.FieldAddr, *ssa.Global, *ssa.FreeVar:
			return true
		}
		return reads(v.X, depth+1)
	case *ssa.BinOp:
		return reads(v.X, depth+1) || reads(v.Y, depth+1)
	case *ssa.Extract:
		_, ok := v.Tuple.(*ssa.Select) // of a channel that is closed once new work is refused
		return ok
	case *ssa.Call:
		return isBool(v.Type()) || ir.Op(&v.Call) == api.CtxErr // a question such as isClosed
	}
	return false
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}
