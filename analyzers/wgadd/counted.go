package wgadd

import (
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// holds reports whether the goroutine t, while it executes add, certainly holds
// a count of its own: it is a task of the group's Go, an Add precedes its start
// on every path, or the work that it received is counted; and its own Done
// comes after add.
func (g *group) holds(t *model.Thread, add *model.Op) bool {
	if task := g.m.Joins.Task(t); task != nil && task.Call == api.WGGo && task.Only(g.loc) {
		return true // what another group's Go starts may hold a count of this one all the same
	}
	own := g.in(g.dones, t)
	if len(own) == 0 {
		return add.Call != api.WGGo && g.handsOver(t) // given back elsewhere
	}
	if len(own) <= g.explicit(t) && (!g.passesOn(t) || g.onlySelf(t, own)) {
		return false // its own Done belongs to its own Add
	}
	if g.doneBefore(t, add) {
		return false
	}
	return g.countedBefore(t) || g.countedWork(t)
}

// explicit returns the number of Adds of a goroutine. Go, which brings its own
// Done, is not among them.
func (g *group) explicit(t *model.Thread) int {
	n := 0
	for _, add := range g.in(g.adds, t) {
		if add.Call == api.WGAdd {
			n++
		}
	}
	return n
}

// countedWork reports whether what t receives is counted before it is sent: t
// receives, passes counts on, and another goroutine Adds before it Waits.
func (g *group) countedWork(t *model.Thread) bool {
	receives := false
	for _, op := range g.m.Ops() {
		receives = receives || op.Kind == model.Receive && op.Inst.Thread == t
	}
	if !receives || len(g.waits) == 0 {
		return false
	}
	for _, w := range g.waits {
		if w.Inst.Thread == t || !g.addsBefore(w) {
			return false
		}
	}
	return true
}

// addsBefore reports whether a Wait's goroutine may Add before it Waits.
func (g *group) addsBefore(wait *model.Op) bool {
	found := false
	complete := flow.Walk(g.m.Model, wait.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op == wait:
				found = found || st == 1
			case g.on(op) && op.Call == api.WGAdd && !op.Negative():
				st = 1
			}
			return st, true
		},
		Done: func() bool { return found },
	})
	return found || !complete
}

// handsOver reports whether the model cannot tell who gives back the counts
// that t takes: t has no Done, and neither has a goroutine that it starts.
func (g *group) handsOver(t *model.Thread) bool {
	for _, d := range g.dones {
		if t.Ancestor(d.Inst.Thread) {
			return false
		}
	}
	return g.escapes()
}

// passesOn reports whether the counts that t adds are for others: for
// goroutines that it starts, or for what it sends to others.
func (g *group) passesOn(t *model.Thread) bool {
	return g.childTakes(t) || g.sendsAfterAdd(t)
}

// childTakes reports whether a goroutine that t starts has a Done.
func (g *group) childTakes(t *model.Thread) bool {
	for _, d := range g.dones {
		if d.Inst.Thread != t && t.Ancestor(d.Inst.Thread) {
			return true
		}
	}
	return g.startsItself(t)
}

// startsItself reports whether t starts a goroutine that the model takes to be
// t again, or that calls what it takes to be a part of t, or whether t calls what the
// model takes to be a part of a goroutine that led to t: a recursion.
func (g *group) startsItself(t *model.Thread) bool {
	for _, inst := range g.m.Instances {
		if !t.Ancestor(inst.Thread) {
			continue
		}
		for instr := range ir.Instrs(inst.Fn) {
			site, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			_, starts := site.(*ssa.Go)
			for _, callee := range g.m.Callees(inst, site).Callees {
				if callee.Thread == t && (starts || inst.Thread != t) || callee.Thread != t && callee.Thread.Ancestor(t) {
					return true
				}
			}
		}
	}
	return false
}

// sendsAfterAdd reports whether t may send something after an Add: the work
// that the count is for.
func (g *group) sendsAfterAdd(t *model.Thread) bool {
	found := false
	complete := flow.Walk(g.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Send && st == 1:
				found = true
			case op.Call == api.WGAdd && g.on(op):
				st = 1
			}
			return st, true
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			found = found || st == 1 && g.sends(u)
			return st, true
		},
		Done: func() bool { return found },
	})
	return found || !complete
}

func (g *group) sends(t *model.Thread) bool {
	for _, op := range g.m.Ops() {
		if op.Kind == model.Send && t.Ancestor(op.Inst.Thread) {
			return true
		}
	}
	return false
}

// countedBefore reports whether an Add precedes the start of t on every path of
// the goroutine that starts it, or precedes that goroutine's own start.
func (g *group) countedBefore(t *model.Thread) bool {
	for ; t.Parent != nil && t.Kind == model.Spawned; t = t.Parent {
		uncounted := false
		complete := flow.Walk(g.m.Model, t.Parent, 0, flow.Visitor{
			Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
				if op.Call == api.WGAdd && g.on(op) && !op.Negative() {
					st = 1
				}
				return st, true
			},
			Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
				if u == t && st == 0 {
					uncounted = true
				}
				return st, true
			},
			Done: func() bool { return uncounted },
		})
		if !complete || !uncounted {
			return true
		}
		if len(g.in(g.adds, t.Parent)) > 0 {
			return false // on some paths only
		}
	}
	return false
}

// doneBefore reports whether t may execute its own Done, and then add, for one
// and the same piece of work: without a receive in between.
func (g *group) doneBefore(t *model.Thread, add *model.Op) bool {
	found := false
	flow.Walk(g.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Receive:
				st = 0 // the next piece of work
			case op == add:
				found = found || st == 1
			case op.Inst.Thread == t && g.on(op) && (op.Call == api.WGDone || op.Negative()):
				st = 1
			}
			return st, true
		},
		Done: func() bool { return found },
	})
	return found
}

// onlySelf reports whether the goroutine t takes back, once and when it ends, as
// many counts as it adds, and starts nothing that takes one.
func (g *group) onlySelf(t *model.Thread, own []*model.Op) bool {
	for _, d := range own {
		if !d.Deferred() || d.Inst != t.Root {
			return false
		}
	}
	for _, add := range g.in(g.adds, t) {
		if add.Inst != t.Root || g.eng.Program().Loops(add.Inst.Fn).Innermost(add.Instr.Block()) != nil {
			return false
		}
	}
	return !g.childTakes(t)
}
