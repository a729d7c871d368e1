package errgroupctx

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// This file finds the uses of a derived context after Wait, which cancels it.

// States of the walk over the paths of the goroutine that Waits.
const (
	before  flow.State = iota // the group is not made yet
	running                   // tasks may run
	waited                    // the context is cancelled
)

// A lateUse is a use of a group's context that a path reaches after the Wait.
type lateUse struct {
	use
	group *group
	wait  *model.Op
	route route
	entry int // the outermost hop that the path makes after the Wait
}

func (l *lateUse) at() hop { return l.route.hops[l.entry] }

// usesAfterWait reports the uses of a group's context behind each of its Waits.
func (s *subject) usesAfterWait(g *group) []report.Finding {
	var out []report.Finding
	if g.context == (source{}) {
		return nil
	}
	for _, op := range s.m.Ops() {
		if op.Call != api.EGWait || !isAll(s.values.routes(hop{op.Inst, op.Instr, op.Value()}), g.group) {
			continue
		}
		for _, l := range s.lateUses(g, op) {
			out = append(out, s.lateFinding(l))
		}
	}
	return out
}

// lateUses walks the paths of the thread that executes a Wait.
func (s *subject) lateUses(g *group, wait *model.Op) []*lateUse {
	w := &lateWalk{s: s, g: g, wait: wait, at: make(map[hop][]candidate)}
	for _, u := range s.uses {
		w.consider(u)
	}
	if len(w.candidates) == 0 {
		return nil
	}
	start := before
	if g.call == nil || g.inst.Thread != wait.Inst.Thread {
		start = running
	}
	complete := flow.Walk(s.m.Model, wait.Inst.Thread, start, flow.Visitor{
		Op: w.op, Call: w.call, Start: w.start,
	})
	if !complete {
		s.pass.Count("path budget exhausted in " + wait.Inst.Thread.Root.Fn.Name())
	}
	var out []*lateUse
	for _, l := range w.candidates {
		if l.entry >= 0 && s.pos(l.at()).IsValid() {
			out = append(out, l)
		}
	}
	return out
}

// A lateWalk is the state of one walk.
type lateWalk struct {
	s          *subject
	g          *group
	wait       *model.Op
	candidates []*lateUse
	at         map[hop][]candidate // by the place of a hop: its value is not set
}

type candidate struct {
	late *lateUse
	hop  int
}

// consider makes a use a candidate if it is one of the group's context, on the
// paths that pass the Wait.
func (w *lateWalk) consider(u use) {
	if !w.mayBe(u) {
		return
	}
	routes := w.s.values.after(w.wait).routes(u.hop)
	if !stemsFrom(routes, w.g.context) {
		return
	}
	if u.kind == guard && (!u.isDone(routes) || !u.blocks()) {
		return // a select with a default case only asks whether it is cancelled
	}
	l := &lateUse{use: u, group: w.g, wait: w.wait, route: routes[0], entry: -1}
	l.route.hops = l.route.upTo(w.g.context)
	w.candidates = append(w.candidates, l)
	for i, h := range l.route.hops {
		k := hop{inst: h.inst, instr: h.instr}
		w.at[k] = append(w.at[k], candidate{l, i})
	}
}

// mayBe reports whether a use is one that the thread of the Wait, or one that
// it starts, makes.
func (w *lateWalk) mayBe(u use) bool {
	return w.wait.Inst.Thread.Ancestor(u.inst.Thread)
}

// hit notes that the path is at an instruction after the Wait.
func (w *lateWalk) hit(inst *model.Instance, instr ssa.Instruction, p *flow.Path) {
	for _, c := range w.at[hop{inst: inst, instr: instr}] {
		if c.late.kind == result && !w.succeeded(p) {
			continue // the error of the context explains why the group failed
		}
		c.late.entry = max(c.late.entry, c.hop)
	}
}

// succeeded reports whether the Wait returned no error on the path, or nobody
// asked.
func (w *lateWalk) succeeded(p *flow.Path) bool {
	err, ok := w.wait.Instr.(*ssa.Call)
	if !ok || len(*err.Referrers()) == 0 {
		return ok
	}
	for _, d := range p.Decisions() {
		cond, ok := d.If.Cond.(*ssa.BinOp)
		if ok && d.Inst == w.wait.Inst && (cond.X == err || cond.Y == err) {
			return d.Then == (cond.Op == token.EQL)
		}
	}
	return false
}

func (w *lateWalk) op(st flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
	if st == waited {
		w.hit(op.Inst, op.Instr, p)
	}
	switch {
	case w.g.call != nil && op.Inst == w.g.inst && op.Instr == ssa.Instruction(w.g.call):
		return running, true
	case op.Inst == w.wait.Inst && op.Instr == w.wait.Instr && st == running:
		return waited, true
	}
	return st, true
}

// call looks at a call that the path performs. What it calls is walked as well
// unless it has no operations: then all that is in it happens here.
func (w *lateWalk) call(st flow.State, inst *model.Instance, site ssa.CallInstruction, p *flow.Path) (flow.State, bool) {
	if st != waited {
		return st, true
	}
	w.hit(inst, site, p)
	for _, callee := range w.s.m.Callees(inst, site).Callees {
		if callee.Thread == inst.Thread && callee.Parent == inst && !w.s.m.HasEffect(callee) {
			w.within(p, func(i *model.Instance) bool { return isBelow(i, callee) })
		}
	}
	return st, true
}

// start looks at a goroutine that is started after the Wait.
func (w *lateWalk) start(st flow.State, t *model.Thread, p *flow.Path) (flow.State, bool) {
	if st == waited {
		w.within(p, func(i *model.Instance) bool { return t.Ancestor(i.Thread) })
	}
	return st, true
}

// within notes that all in the given instances happens after the Wait.
func (w *lateWalk) within(p *flow.Path, in func(*model.Instance) bool) {
	for _, l := range w.candidates {
		for _, h := range l.route.hops {
			if in(h.inst) {
				w.hit(h.inst, h.instr, p)
			}
		}
	}
}

func isBelow(inst, caller *model.Instance) bool {
	for ; inst != nil; inst = inst.Parent {
		if inst == caller {
			return true
		}
	}
	return false
}
