package errgroupwait

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file finds tasks of a limited group that start further tasks of it.

// nested reports a Go in a task of its own group, if the group is limited and as
// many tasks as the limit allows may come to stand there: none of them ends then.
func (g *group) nested() {
	limit := g.limit()
	if limit == nil {
		return
	}
	n, known := number(limit)
	for _, op := range g.goes {
		t := op.Inst.Thread
		if !g.on(op, api.EGGo) || !g.isTask(t) {
			continue // TryGo does not wait; what is no task takes no place
		}
		start := g.m.Joins.Task(t)
		if !(known && n == 1) && !g.many(t, start, op) {
			continue
		}
		name := g.name(op)
		message := fmt.Sprintf("%s.Go in a task of %s blocks forever ", name, name)
		switch {
		case known && n == 1:
			message += "under a limit of 1: the task itself has the only place"
		case known:
			message += fmt.Sprintf("when %d tasks, its limit, stand here: each keeps its place while it waits for another", n)
		default:
			message += "when as many tasks as its limit allows stand here: each keeps its place while it waits for another"
		}
		g.pass.Report(*g.report(op.Pos(), message,
			g.step(limit.Pos(), "the limit is set here"),
			g.step(start.Pos(), "the task is started here, and takes a place"),
			g.step(op.Pos(), "it waits for another place here; TryGo does not wait"),
		))
	}
}

// limit returns the SetLimit of a group that is limited for certain.
func (g *group) limit() *model.Op {
	var limit *model.Op
	for _, op := range g.setLimits {
		if n, known := number(op); !op.Only(g.loc) || known && n <= 0 || countsElements(op) {
			return nil
		}
		limit = op
	}
	return limit
}

// countsElements reports whether a limit is computed from the length of something:
// there may be as many places as tasks.
func countsElements(op *model.Op) bool {
	call, ok := op.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) != 2 {
		return true
	}
	seen := make(map[ssa.Value]bool)
	var counts func(v ssa.Value) bool
	counts = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.BinOp:
			return counts(v.X) || counts(v.Y)
		case *ssa.Call:
			return ir.IsBuiltin(&v.Call, "len") || ir.IsBuiltin(&v.Call, "cap") || slices.ContainsFunc(v.Call.Args, counts)
		case *ssa.Phi:
			return slices.ContainsFunc(v.Edges, counts)
		}
		return false
	}
	return counts(call.Common().Args[1])
}

func isPhi(v ssa.Value) bool {
	_, ok := v.(*ssa.Phi)
	return ok
}

// many reports whether the tasks like t, which come to the Go op, may be as many
// as any limit: they are started in a loop, or by one another.
func (g *group) many(t *model.Thread, start, op *model.Op) bool {
	if start.Instr == op.Instr {
		return true // the task starts others like itself
	}
	loop := g.eng.Program().Loops(t.Inst.Fn).Innermost(start.Instr.Block())
	if loop != nil && loop.Turns() > 1 {
		return false // a known number, which may be below the limit
	}
	return g.m.Shared(t, g.loc.Obj)
}
