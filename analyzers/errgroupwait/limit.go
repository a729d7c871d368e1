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

// This file finds limits that are set too late or leave no room.

// A limitState is the state of the walk over the paths that set a limit.
type limitState struct {
	bound bound
	limit int // the number of the SetLimit that is in force, if it is a zero one
	start int // the number of the Go whose task may run
}

// A bound is what is known of the limit that is in force.
type bound uint8

const (
	unlimited bound = iota
	limited
	closed // no task can start
)

func (s limitState) pack() flow.State {
	return flow.State(s.bound) | flow.State(s.limit)<<8 | flow.State(s.start)<<20
}

func unpackLimit(st flow.State) limitState {
	return limitState{bound(st & 0xff), int(st >> 8 & 0xfff), int(st >> 20)}
}

// maxOps bounds the operations of one kind on a group that is looked at: there
// is a number for each in a limitState.
const maxOps = 1 << 12

// limits reports each SetLimit while tasks may run, and each limit of zero under
// which Go is called.
//
// A SetLimit puts a new token channel into the group. It panics if it finds a
// token in the old one. If there is none, because the group had no limit before,
// the running tasks took no token, and still each gives one back when it ends: it
// waits for one that nobody may ever take.
func (g *group) limits() {
	if len(g.setLimits) == 0 || len(g.setLimits) >= maxOps || len(g.goes) >= maxOps {
		return
	}
	for _, t := range threads(g.setLimits) {
		w := &limitWalk{g: g, told: make(map[*model.Op]bool)}
		g.walk(t, flow.Visitor{Op: w.op, Unknown: w.unknown, Make: w.make})
	}
}

// A limitWalk is one walk.
type limitWalk struct {
	g    *group
	told map[*model.Op]bool // the SetLimits that were reported
}

func (w *limitWalk) op(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
	g, s := w.g, unpackLimit(st)
	switch {
	case g.starts(op) && s.bound == closed:
		if limit := g.setLimits[s.limit-1]; op.Call == api.EGGo && !w.told[limit] {
			w.told[limit] = true
			g.emptyFinding(limit, op)
		}
		return st, op.Call == api.EGTryGo
	case g.starts(op):
		s.start = slices.Index(g.goes, op) + 1
	case g.on(op, api.EGSetLimit):
		n, known := number(op)
		if s.start > 0 && !(known && n < 0) && !w.told[op] && g.mustFollow(g.goes[s.start-1], op) {
			w.told[op] = true
			g.lateFinding(op, g.goes[s.start-1], s.bound == limited)
		}
		s.bound, s.limit = limited, 0
		switch {
		case known && n < 0:
			s.bound = unlimited
		case known && n == 0 || emptyOnSmall(op) != "":
			s.bound, s.limit = closed, slices.Index(g.setLimits, op)+1
		}
	case op.Call == api.EGWait && slices.Contains(op.On, g.loc), g.hears(op):
		s.start = 0
	}
	return s.pack(), true
}

// unknown is a call of code that cannot be seen: it may Wait for the tasks. Go,
// given a function that cannot be seen, does not.
func (w *limitWalk) unknown(st flow.State, _ *model.Instance, site ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
	s := unpackLimit(st)
	if w.g.loc.Escaped() && ir.Op(site.Common()) == api.None {
		s.start = 0
	}
	return s.pack(), true
}

func (w *limitWalk) make(st flow.State, inst *model.Instance, v ssa.Value) flow.State {
	if w.g.renews(inst, v) {
		return limitState{}.pack()
	}
	return st
}

// mustFollow reports whether a SetLimit that a path performs after a Go is no
// matter of a condition that holds in another turn of a loop than the Go: of the
// first turn, for instance.
func (g *group) mustFollow(start, limit *model.Op) bool {
	inst, a, b := common(start, limit)
	if inst == nil {
		return false
	}
	if ir.Dominates(a, b) {
		return true
	}
	for loop := g.eng.Program().Loops(inst.Fn).Innermost(b.Block()); loop != nil; loop = loop.Parent {
		if !loop.Contains(a.Block()) {
			continue
		}
		return !slices.ContainsFunc(loop.Latches(), func(latch *ssa.BasicBlock) bool { return !b.Block().Dominates(latch) })
	}
	return true
}

// common returns the innermost instance in which two operations of a thread are
// performed, and the instructions there that perform them.
func common(x, y *model.Op) (inst *model.Instance, a, b ssa.Instruction) {
	at := make(map[*model.Instance]ssa.Instruction)
	a = x.Instr
	for inst := x.Inst; inst != nil; inst = inst.Parent {
		at[inst] = a
		if inst == inst.Thread.Root {
			break
		}
		a = inst.Site
	}
	b = y.Instr
	for inst := y.Inst; inst != nil; inst = inst.Parent {
		if a := at[inst]; a != nil {
			return inst, a, b
		}
		if inst == inst.Thread.Root {
			break
		}
		b = inst.Site
	}
	return nil, nil, nil
}

// emptyOnSmall returns the expression that a SetLimit is given if that is zero on
// a machine with one processor, such as runtime.NumCPU()/2.
func emptyOnSmall(op *model.Op) string {
	call, ok := op.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) != 2 {
		return ""
	}
	x, ok := call.Common().Args[1].(*ssa.BinOp)
	if !ok {
		return ""
	}
	cpus, ok := x.X.(*ssa.Call)
	n, isConst := x.Y.(*ssa.Const)
	if !ok || !isConst || n.Value == nil || !api.CountsProcessors(ir.Object(&cpus.Call)) {
		return ""
	}
	if (x.Op == token.QUO && n.Int64() > 1 || x.Op == token.SUB && n.Int64() == 1) && !asksProcessors(op.Inst.Fn) {
		return ir.Object(&cpus.Call).Name()
	}
	return ""
}

// asksProcessors reports whether a function compares the number of processors,
// or what it computes from that, with something.
func asksProcessors(fn *ssa.Function) bool {
	for instr := range ir.Instrs(fn) {
		test, ok := instr.(*ssa.If)
		if !ok {
			continue
		}
		cond, ok := test.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		for _, v := range []ssa.Value{cond.X, cond.Y} {
			if sum, ok := v.(*ssa.BinOp); ok {
				v = sum.X
			}
			if call, ok := v.(*ssa.Call); ok && api.CountsProcessors(ir.Object(&call.Call)) {
				return true
			}
		}
	}
	return false
}

// lateFinding reports a SetLimit while tasks may run.
func (g *group) lateFinding(op, start *model.Op, wasLimited bool) {
	name := g.name(op)
	effect := "a task that still runs then blocks forever at its end, and " + name + ".Wait with it"
	change := "each task that runs is to give back a token at its end, though it took none"
	if wasLimited {
		effect = "it panics if a task still runs then"
		change = "a limit may not be changed while a task holds a token"
	}
	f := g.report(op.Pos(), fmt.Sprintf("%s.SetLimit comes after the %s at %s: %s", name, method(start), g.line(start.Pos(), op.Pos()), effect),
		g.step(start.Pos(), "a task is started here, and may still run"),
		g.step(op.Pos(), "without Wait in between, %s", change))
	f.Fix = g.limitFix(op, wasLimited)
	g.pass.Report(*f)
}

// emptyFinding reports a limit that lets no task start.
func (g *group) emptyFinding(limit, start *model.Op) {
	name := g.name(limit)
	message := fmt.Sprintf("%s.SetLimit(0) lets no task start: %s.Go at %s blocks forever", name, name, g.line(start.Pos(), limit.Pos()))
	if cpus := emptyOnSmall(limit); cpus != "" {
		message = fmt.Sprintf("%s.SetLimit is given 0 where runtime.%s returns 1: %s.Go at %s then blocks forever", name, cpus, name, g.line(start.Pos(), limit.Pos()))
	}
	g.pass.Report(*g.report(limit.Pos(), message, g.step(start.Pos(), "this waits for a place that there is not")))
}

func method(start *model.Op) string {
	if start.Call == api.EGTryGo {
		return "TryGo"
	}
	return "Go"
}

// limitFix moves a SetLimit that stands behind the Go calls to the front of
// them, where that changes nothing else: its argument is a constant, and the
// group had no other limit.
func (g *group) limitFix(op *model.Op, wasLimited bool) *report.Fix {
	n, known := number(op)
	if !known || n < 1 || wasLimited || len(g.setLimits) != 1 {
		return nil
	}
	stmt, before := g.inFrontOfGoes(op)
	if stmt == nil {
		return nil
	}
	e := g.pass.Edit(stmt.Pos())
	e.MoveBefore(stmt, before)
	return e.Fix("Set the limit before the tasks start")
}
