package errgroupwait

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file finds Waits that return the error of an earlier round.

// rounds reports a Wait in a loop that goes on after the Wait has returned an
// error: a group keeps its first error, so every later Wait returns it again. If
// the group has a context, that is cancelled, which is another matter.
func (g *group) rounds() {
	if g.vague || g.hasContext() || len(g.waits) != 1 {
		return
	}
	op := g.waits[0]
	wait, ok := op.Instr.(*ssa.Call)
	if !ok {
		return
	}
	loop := g.loopOf(op)
	if loop == nil || flagged(op.Inst.Fn, loop) {
		return // each round has a group of its own, or there is one; or a variable may end the loop
	}
	test := goesOn(wait, loop)
	start := slices.IndexFunc(g.goes, func(x *model.Op) bool { return x.Inst == op.Inst && loop.Contains(x.Instr.Block()) })
	if test == nil || start < 0 {
		return
	}
	name := g.name(op)
	g.pass.Report(*g.report(op.Pos(), fmt.Sprintf("%s.Wait returns the error of an earlier round again: a group keeps its first error, and this loop goes on with the same group", name),
		g.step(g.loc.Obj.Pos(), "the group is made here, for all rounds"),
		g.step(g.goes[start].Pos(), "each round starts tasks here"),
		g.step(test.Cond.Pos(), "after an error the loop goes on from here"),
	))
}

// loopOf returns the outermost loop around an operation in which the group stays
// the same one, or nil.
func (g *group) loopOf(op *model.Op) *ir.Loop {
	if g.loc.Obj.Inst != op.Inst {
		return nil
	}
	made, ok := g.loc.Obj.Site.(ssa.Instruction)
	if !ok {
		return nil
	}
	var out *ir.Loop
	for l := g.eng.Program().Loops(op.Inst.Fn).Innermost(op.Instr.Block()); l != nil && !l.Contains(made.Block()); l = l.Parent {
		out = l
	}
	return out
}

// flagged reports whether a loop asks a variable that the loop itself may have
// set, other than a counter.
func flagged(fn *ssa.Function, loop *ir.Loop) bool {
	for _, b := range fn.Blocks {
		test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !loop.Contains(b) {
			continue
		}
		switch cond := test.Cond.(type) {
		case *ssa.Phi:
			return true
		case *ssa.UnOp:
			if cond.Op != token.NOT || isPhi(cond.X) || isLoad(cond.X) {
				return true
			}
		case *ssa.BinOp:
			for _, v := range []ssa.Value{cond.X, cond.Y} {
				if (isPhi(v) || isLoad(v)) && !isInteger(v.Type()) {
					return true
				}
			}
		}
	}
	return false
}

func isLoad(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// goesOn returns the branch that keeps a loop going where an error is not nil.
func goesOn(err *ssa.Call, loop *ir.Loop) *ssa.If {
	for _, ref := range *err.Referrers() {
		cond, ok := ref.(*ssa.BinOp)
		if !ok || !ir.IsNil(cond.X) && !ir.IsNil(cond.Y) {
			continue
		}
		for _, r := range *cond.Referrers() {
			test, ok := r.(*ssa.If)
			if !ok {
				continue
			}
			failed := test.Block().Succs[0]
			if cond.Op == token.EQL {
				failed = test.Block().Succs[1]
			}
			if loop.Contains(failed) {
				return test
			}
		}
	}
	return nil
}
