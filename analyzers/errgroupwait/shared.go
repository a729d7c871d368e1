package errgroupwait

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds variables and maps that several tasks write to.

// A target is what a task writes to: a variable of the function that starts the
// task, a field of it or of what it points to, or the map in one of these.
type target struct {
	variable *ssa.Alloc
	path     string
	isMap    bool
}

// A write is an instruction of a task that writes to a target.
type write struct {
	target
	task  *model.Thread
	start *model.Op
	instr ssa.Instruction
}

// shared reports each target that two tasks write to, or one task that is started
// again and again, with nothing that keeps the tasks apart.
func (g *group) shared() {
	if g.oneAtATime() {
		return
	}
	byTarget := make(map[target][]write)
	var order []target
	for _, op := range g.goes {
		for _, t := range g.tasks(op) {
			if !g.starts(op) || t.Inst != op.Inst || g.keepsApart(t) {
				continue
			}
			for _, w := range g.writes(t, op) {
				if byTarget[w.target] == nil {
					order = append(order, w.target)
				}
				byTarget[w.target] = append(byTarget[w.target], w)
			}
		}
	}
	for _, x := range order {
		if first, second, ok := g.race(x, byTarget[x]); ok {
			g.raceFinding(first, second, byTarget[x])
		}
	}
}

// oneAtATime reports whether the limit of the group lets one task run at a time.
func (g *group) oneAtATime() bool {
	return slices.ContainsFunc(g.setLimits, func(op *model.Op) bool {
		n, known := number(op)
		return known && n <= 1
	})
}

// keepsApart reports whether a task does something that may keep it apart from
// others: takes a lock, sends, receives, asks an atomic variable.
func (g *group) keepsApart(t *model.Thread) bool {
	for _, op := range g.m.Ops() {
		if op.Inst.Thread != t {
			continue
		}
		switch op.Kind {
		case model.Receive:
			if !slices.ContainsFunc(op.On, func(l model.Loc) bool { return l.Obj.Kind != model.DoneChan }) && len(op.On) > 0 {
				continue // waiting for the end of a context is no turn
			}
			return true
		case model.Send, model.Close:
			return true
		}
		switch op.Call {
		case api.Lock, api.RLock, api.TryLock:
			if op.Inst == t.Root || !g.unlocks(op.Inst) {
				return true
			}
		case api.Atomic, api.OnceDo, api.CondWait, api.SemAcquire, api.SemTryAcquire, api.WGWait, api.EGWait:
			return true
		}
	}
	return brackets(t.Root.Fn)
}

// unlocks reports whether an instance gives back a lock: what it takes is then
// not held when it returns.
func (g *group) unlocks(inst *model.Instance) bool {
	return slices.ContainsFunc(g.m.Ops(), func(op *model.Op) bool {
		return op.Inst == inst && (op.Call == api.Unlock || op.Call == api.RUnlock)
	})
}

// brackets reports whether a function calls two methods of one object, without
// arguments or results: they may be a lock that cannot be seen.
func brackets(fn *ssa.Function) bool {
	first := make(map[types.Object]*types.Func)
	for instr := range ir.Instrs(fn) {
		call, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		f := ir.Object(call.Common())
		if f == nil || f.Signature().Recv() == nil || f.Signature().Results().Len() > 0 || f.Signature().Params().Len() > 0 || f.Pkg() == nil {
			continue
		}
		n := api.ReceiverNamed(f)
		if n == nil {
			continue
		}
		if g := first[n.Obj()]; g != nil && g != f {
			return true
		}
		first[n.Obj()] = f
	}
	return false
}

// writes returns what the body of a task writes to outside of it, where the task
// does so each time or if an error says so: what depends on more may be done by
// one task only.
func (g *group) writes(t *model.Thread, start *model.Op) []write {
	var out []write
	for instr := range ir.Instrs(t.Root.Fn) {
		var x target
		ok := false
		switch instr := instr.(type) {
		case *ssa.Store:
			x, ok = place(t.Root, instr.Addr)
		case *ssa.MapUpdate:
			if load, isLoad := instr.Map.(*ssa.UnOp); isLoad && load.Op == token.MUL {
				x, ok = place(t.Root, load.X)
				x.isMap = true
				ok = ok && (x.path != "" || assignedOnce(x.variable))
			}
		}
		if ok && instr.Pos().IsValid() && g.plain(t.Root.Fn, instr.Block()) {
			out = append(out, write{x, t, start, instr})
		}
	}
	return out
}

// place returns the variable, and the fields of it, that an address in a task is
// of: one of the function that makes the task's closure.
func place(inst *model.Instance, addr ssa.Value) (target, bool) {
	switch addr := addr.(type) {
	case *ssa.FreeVar:
		if inst.Closure() == nil {
			return target{}, false
		}
		for i, fv := range inst.Fn.FreeVars {
			if fv == addr {
				v, ok := inst.Closure().Bindings[i].(*ssa.Alloc)
				return target{variable: v}, ok && inst.Env != nil
			}
		}
	case *ssa.FieldAddr:
		base := addr.X
		deref := ""
		if load, ok := base.(*ssa.UnOp); ok && load.Op == token.MUL {
			base, deref = load.X, "*"
		}
		x, ok := place(inst, base)
		if !ok || deref != "" && (x.path != "" || !assignedOnce(x.variable)) {
			return target{}, false // may point to something else for each task
		}
		x.path += deref + "." + strconv.Itoa(addr.Field)
		return x, true
	}
	return target{}, false
}

// assignedOnce reports whether a variable is given a value once and keeps it.
func assignedOnce(v *ssa.Alloc) bool {
	stores := 0
	var count func(addr ssa.Value) bool
	count = func(addr ssa.Value) bool {
		for _, ref := range *addr.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr != addr {
					return false
				}
				stores++
			case *ssa.MakeClosure:
				for i, b := range ref.Bindings {
					if b == addr && !count(ref.Fn.(*ssa.Function).FreeVars[i]) {
						return false
					}
				}
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return false
			}
		}
		return true
	}
	return count(v) && stores == 1
}

// plain reports whether a block of a task is executed whatever the task is given:
// the branches in front of it ask for errors, or are those of loops.
func (g *group) plain(fn *ssa.Function, b *ssa.BasicBlock) bool {
	return g.plainSince(fn, b, nil)
}

// plainSince reports the same of the branches up to one block.
func (g *group) plainSince(fn *ssa.Function, b, since *ssa.BasicBlock) bool {
	if b == since {
		return true
	}
	for d := b.Idom(); d != since && d != nil; d = d.Idom() {
		test, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || leads(d.Succs[0], b, d) && leads(d.Succs[1], b, d) {
			continue // decides nothing
		}
		if cond, ok := test.Cond.(*ssa.BinOp); ok && api.IsError(cond.X.Type()) {
			continue
		}
		if !g.entersLoop(fn, d, b) {
			return false
		}
	}
	return true
}

// entersLoop reports whether a branch decides whether another turn of a loop
// around b, or its first one, is executed.
func (g *group) entersLoop(fn *ssa.Function, branch, b *ssa.BasicBlock) bool {
	for loop := g.eng.Program().Loops(fn).Innermost(b); loop != nil; loop = loop.Parent {
		if branch == loop.Header || slices.Contains(branch.Succs, loop.Header) {
			return true
		}
	}
	return false
}

// leads reports whether control can pass from a successor of a branch to a block
// without coming to the branch again.
func leads(from, to, branch *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{branch: true}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// race returns two of the writes to a target that a path starts with no Wait
// between them: in two tasks, or in two runs of one.
func (g *group) race(x target, writes []write) (first, second write, found bool) {
	inst := writes[0].start.Inst
	if x.variable.Parent() != inst.Fn || len(writes) >= maxOps {
		return first, second, false
	}
	g.walk(inst.Thread, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			i := slices.IndexFunc(writes, func(w write) bool { return w.start == op })
			switch {
			case op.Call == api.EGWait || g.hears(op):
				return 0, true
			case i >= 0 && st > 0 && g.bothRun(writes[st-1].start, op):
				first, second, found = writes[st-1], writes[i], true
			case i >= 0:
				return flow.State(i + 1), true
			}
			return st, !found
		},
		Make: func(st flow.State, in *model.Instance, v ssa.Value) flow.State {
			if in == inst && v == x.variable {
				return 0
			}
			return st
		},
	})
	return first, second, found
}

// bothRun reports whether two Go calls that follow one another on a path are
// certain to, where the second one is reached at all: the first one is always on
// the way to it, or they are one call in a loop, which what is looped over does
// not choose.
func (g *group) bothRun(first, second *model.Op) bool {
	if first != second {
		return ir.Dominates(first.Instr, second.Instr)
	}
	fn := first.Inst.Fn
	loop := g.eng.Program().Loops(fn).Innermost(first.Instr.Block())
	return loop != nil && g.plainSince(fn, first.Instr.Block(), loop.Header)
}

// raceFinding reports two writes without order, of all those to a target.
func (g *group) raceFinding(first, second write, all []write) {
	at := second.instr.Pos()
	e := g.assigned(at)
	if e == nil {
		return // not in source text
	}
	f := report.Finding{Pos: e.Pos(), End: e.End()}
	if first.start == second.start {
		f.Message = fmt.Sprintf("task assigns %s without a lock, and others like it, started at %s, do so at the same time: a data race", syntax.Text(e), g.line(first.start.Pos(), at))
	} else {
		f.Message = fmt.Sprintf("task assigns %s without a lock, and so does the task started at %s: a data race", syntax.Text(e), g.line(first.start.Pos(), at))
	}
	f.Story = []report.Step{
		{Pos: first.variable.Pos(), Message: first.variable.Comment + " is declared here, outside of the tasks"},
		g.step(first.start.Pos(), "a task that assigns it is started here"),
	}
	if first.start != second.start {
		f.Story = append(f.Story, g.step(second.start.Pos(), "and another one here, with no Wait in between"))
	}
	f.Fix = g.localFix(all)
	g.pass.Report(f)
}

// assigned returns the expression on the left side of an assignment at a
// position.
func (g *group) assigned(pos token.Pos) ast.Expr {
	for _, n := range g.eng.Syntax.Path(pos) {
		var left []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			left = n.Lhs
		case *ast.IncDecStmt:
			left = []ast.Expr{n.X}
		case *ast.FuncLit:
			return nil
		}
		for _, e := range left {
			if within(pos, e) {
				return e
			}
		}
	}
	return nil
}
