package errgroupwait

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// This file finds the groups that nobody Waits for: on one path, or at all.

// States of the walk: whether something ends the tasks, and whether something may
// have taken time, in the lowest bits, and above them the number of the Go that
// started the last task which is not waited for.
const (
	ending flow.State = 1 << iota
	busy
	firstGo
	marks = firstGo - 1
)

// unwaited reports the returns of the function that makes a group, on which its
// tasks are left running.
func (g *group) unwaited() {
	t := g.home()
	if t == nil || g.vague || g.waitedElsewhere(t) {
		return
	}
	inMain := g.eng.Program().RunsOnce(t.Root.Fn)
	if inMain && len(g.waits) > 0 {
		return // the process ends, and the tasks with it
	}
	told := make(map[token.Pos]bool)
	g.walk(t, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case g.starts(op):
				return st&ending | flow.State(slices.Index(g.goes, op)+1)*firstGo, true
			case g.on(op, api.EGWait):
				return st & marks, true
			case g.hears(op):
				return st, false // it waits in a way of its own
			case op.Kind == model.Receive && g.isDone(op), op.Kind == model.Close:
				return st | ending | busy, true
			}
			return st | busy, true
		},
		Call: func(st flow.State, inst *model.Instance, site ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
			if g.endsTasks(inst, site) {
				st |= ending
			}
			return st, true
		},
		Unknown: func(st flow.State, _ *model.Instance, site ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
			if keeps, _ := api.Callee(ir.Object(site.Common())); keeps && ir.Op(site.Common()) == api.None {
				st |= busy // it may serve as long as the process lives
			}
			return st, true
		},
		Make: func(st flow.State, inst *model.Instance, v ssa.Value) flow.State {
			if g.renews(inst, v) {
				return 0
			}
			return st
		},
		End: func(st flow.State, p *flow.Path) {
			if st < firstGo || told[p.Instr.Pos()] {
				return
			}
			var f *report.Finding
			switch start := g.goes[st/firstGo-1]; {
			case !inMain:
				f = g.left(start, st&ending != 0, p)
			case st&busy == 0:
				f = g.mainFinding(start)
			}
			if f != nil {
				told[p.Instr.Pos()] = true
				g.pass.Report(*f)
			}
		},
	})
}

// home returns the thread at whose end nobody has the group any more: its root
// makes the group, or has it from a function that it calls.
func (g *group) home() *model.Thread {
	inst := g.loc.Obj.Inst
	if inst == nil {
		return nil
	}
	t := inst.Thread
	if inst == t.Root || inst.Parent == t.Root && returnsGroup(inst.Fn) {
		return t
	}
	return nil
}

func returnsGroup(fn *ssa.Function) bool {
	for v := range fn.Signature.Results().Variables() {
		if api.IsGroup(v.Type()) {
			return true
		}
	}
	return false
}

// waitedElsewhere reports whether another goroutine than t Waits for the group,
// or starts tasks: what becomes of it then, t does not show.
func (g *group) waitedElsewhere(t *model.Thread) bool {
	for _, op := range append(slices.Clone(g.waits), g.goes...) {
		if op.Async() || op.Inst.Thread != t && !(op.Call != api.EGWait && g.isTask(op.Inst.Thread)) {
			return true
		}
	}
	return false
}

// left returns the finding for a path that ends while tasks of the group may run,
// or nil where that may be meant.
func (g *group) left(start *model.Op, ending bool, p *flow.Path) *report.Finding {
	ret, ok := p.Instr.(*ssa.Return)
	if !ok {
		return nil
	}
	if len(g.waits) == 0 {
		if inTest(p.Inst.Fn) {
			return nil
		}
		return g.neverFinding(start)
	}
	switch hides := g.returnsContextError(p.Inst, ret); {
	case hides:
		return g.hiddenFinding(start, ret)
	case ending || inTest(p.Inst.Fn):
		return nil
	}
	wait := g.waitAfter(start)
	if wait != nil && !decided(p) {
		return nil
	}
	return g.earlyFinding(start, wait, ret)
}

// decided reports whether the last branch of a path is one that code takes for a
// reason of its own: an error, or the answer of a call. A count or a flag may
// just say that no task was started.
func decided(p *flow.Path) bool {
	all := p.Decisions()
	if len(all) == 0 {
		return false
	}
	last := all[len(all)-1]
	if last.Inst != p.Inst {
		return false
	}
	switch cond := last.If.Cond.(type) {
	case *ssa.BinOp:
		return api.IsError(cond.X.Type())
	case *ssa.Call:
		_, isBuiltin := cond.Call.Value.(*ssa.Builtin)
		return !isBuiltin && ir.Op(&cond.Call) != api.EGTryGo // which says that it has not started a task
	}
	return false
}

// inTest reports whether a function is given a *testing.T or the like. What a
// failing test leaves behind, nobody minds.
func inTest(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if api.IsTesting(p.Type()) {
				return true
			}
		}
	}
	return false
}

// returnsContextError reports whether a return hands out the error of the
// group's context.
func (g *group) returnsContextError(inst *model.Instance, ret *ssa.Return) bool {
	for i := range ret.Results {
		call, ok := result(ret, i).(*ssa.Call)
		if !ok || ir.Op(&call.Call) != api.CtxErr {
			continue
		}
		locs := g.m.PointsTo(inst, call.Call.Value)
		if len(locs) == 1 && g.isContext(locs[0].Obj) {
			return true
		}
	}
	return false
}

// result returns what a return statement returns. In a function that defers
// something, that is stored in the variable of the result first.
func result(ret *ssa.Return, i int) ssa.Value {
	load, ok := ret.Results[i].(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ret.Results[i]
	}
	for _, instr := range slices.Backward(ret.Block().Instrs) {
		if st, ok := instr.(*ssa.Store); ok && st.Addr == load.X {
			return st.Val
		}
	}
	return load
}

// neverFinding reports a group without Wait whose tasks return errors.
func (g *group) neverFinding(start *model.Op) *report.Finding {
	e := g.fails(nil)
	if e == nil {
		return nil // nothing is lost, and the group may be there for its limit
	}
	name := g.name(start)
	at := g.m.Joins.Task(e.task)
	return g.report(at.Pos(), fmt.Sprintf("nothing Waits for %s: the error of this task is lost, and the function returns while it runs", name),
		g.step(g.loc.Obj.Pos(), "the group is made here"),
		g.step(e.pos, "its task returns the error of this, and nobody learns of it"))
}

// mainFinding reports a group of main without Wait: when main returns, right after
// it has started the tasks, the process ends.
func (g *group) mainFinding(start *model.Op) *report.Finding {
	return g.report(start.Pos(), fmt.Sprintf("nothing Waits for %s: main returns while this task runs, and ends it", g.name(start)),
		g.step(g.loc.Obj.Pos(), "the group is made here"),
		g.step(start.Pos(), "what main does after this takes no time"))
}

// earlyFinding reports a return between Go and Wait.
func (g *group) earlyFinding(start, wait *model.Op, ret *ssa.Return) *report.Finding {
	name := g.name(start)
	at := returnPos(ret)
	f := g.report(at, fmt.Sprintf("return without %s.Wait: the tasks started at %s are left running, and their errors are lost", name, g.line(start.Pos(), at)))
	if g.made() != nil {
		f.Story = append(f.Story, g.step(g.made().Pos(), "the context that is derived here ends with the first error of a task, with Wait or with its parent, not with a return"))
	}
	f.Story = append(f.Story,
		g.step(start.Pos(), "the tasks are started here"),
		g.step(at, "this path returns while they run"))
	if wait != nil {
		f.Story = append(f.Story, g.step(wait.Pos(), "others Wait for them here"))
	} else {
		f.Story = append(f.Story, g.step(g.waits[0].Pos(), "this Wait comes before they are started"))
	}
	return f
}

// hiddenFinding reports a return of the derived context's error, without Wait,
// outside of the tasks.
func (g *group) hiddenFinding(start *model.Op, ret *ssa.Return) *report.Finding {
	name := g.name(start)
	at := returnPos(ret)
	f := g.report(at, fmt.Sprintf("return of the derived context's error without %s.Wait: when a task started at %s fails, its error is lost and this is only \"context canceled\"", name, g.line(start.Pos(), at)),
		g.step(start.Pos(), "when a task that is started here fails, the derived context is cancelled"),
		g.step(at, "the error of the context says so, and not why"))
	if wait := g.waitAfter(start); wait != nil {
		f.Story = append(f.Story, g.step(wait.Pos(), "this Wait would return the task's error"))
	}
	return f
}

// returnPos returns where a return statement is, or the end of its function.
func returnPos(ret *ssa.Return) token.Pos {
	if ret.Pos().IsValid() {
		return ret.Pos()
	}
	return ir.End(ret.Parent())
}

// waitAfter returns a Wait that a path comes to after a Go, or nil.
func (g *group) waitAfter(start *model.Op) *model.Op {
	for _, op := range g.waits {
		if !g.m.Joins.NeverAfter(op.Inst.Thread, start, op) {
			return op
		}
	}
	return nil
}
