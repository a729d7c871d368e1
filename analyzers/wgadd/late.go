package wgadd

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// afterGo reports an Add that follows the start of a goroutine with a Done for
// which nothing was added before: the Done may come first. It returns the
// goroutines that are counted so.
func (g *group) afterGo() map[*model.Thread]bool {
	late := make(map[*model.Thread]bool)
	reported := make(map[*model.Op]bool)
	for _, u := range g.m.Threads {
		if u.Kind != model.Spawned || len(g.in(g.adds, u.Parent)) == 0 || len(g.in(g.dones, u)) == 0 {
			continue // nothing to be counted, or nobody to count it
		}
		if task := g.m.Joins.Task(u); task != nil && task.Call == api.WGGo || len(g.in(g.adds, u)) > 0 && !g.passesOn(u) {
			continue // counted by Go, or by itself
		}
		if g.eng.Program().IsLinked(u.Root.Fn) || ofTimer(u) {
			continue // it runs what it is given later, in its own order
		}
		if g.addedRightBefore(u) {
			continue // the usual shape: wg.Add(1); go ...
		}
		add := g.lateAdd(u)
		if add == nil {
			continue
		}
		late[u] = true
		if !reported[add] {
			reported[add] = true
			g.reportAfterGo(add, u)
		}
	}
	return late
}

// ofTimer reports whether time.AfterFunc starts a goroutine.
func ofTimer(t *model.Thread) bool {
	return t.Site != nil && ir.Op(t.Site.Common()) == api.TimerFunc
}

// addedRightBefore reports whether an Add precedes the start of u in its block,
// with no other start in between.
func (g *group) addedRightBefore(u *model.Thread) bool {
	instrs := u.Site.Block().Instrs
	for i := ir.Index(u.Site) - 1; i >= 0; i-- {
		if _, ok := instrs[i].(*ssa.Go); ok {
			return false
		}
		for _, op := range g.m.OpsAt(u.Inst, instrs[i]) {
			if g.on(op) && op.Call == api.WGAdd {
				return true
			}
		}
	}
	return false
}

// lateAdd returns the Add for a goroutine that was started before it.
func (g *group) lateAdd(u *model.Thread) *model.Op {
	// The low bits count what was added and not yet taken by a start, up to
	// plenty, which is never used up.
	const (
		plenty flow.State = 15
		naked  flow.State = 16
		late   flow.State = 32
	)
	var candidate, found *model.Op
	flow.Walk(g.m.Model, u.Parent, 0, flow.Visitor{
		Start: func(st flow.State, v *model.Thread, _ *flow.Path) (flow.State, bool) {
			switch left := st & plenty; {
			case v == u && st&late != 0:
				found = candidate // the next turn of a loop
			case v != u && st&late != 0 && g.counts(v):
				st = st&^late | plenty // the Add was for this one
			case !g.counts(v) || left == plenty:
			case left > 0:
				if !g.startsMore(v) {
					st--
				}
			case v == u:
				st |= naked
			}
			return st, found == nil
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case !g.on(op):
			case op.Call == api.WGAdd && !op.Negative() && st&naked != 0:
				st |= late
				candidate = op
			case op.Call == api.WGAdd && !op.Negative():
				st = st&^plenty | min(st&plenty+amount(op, plenty), plenty)
			case op.Call == api.WGWait && st&late != 0:
				found = candidate
			}
			return st, found == nil
		},
		End: func(st flow.State, _ *flow.Path) {
			if st&late != 0 && found == nil {
				found = candidate
			}
		},
		Done: func() bool { return found != nil },
	})
	if found == nil || !g.freeDone(u, found) {
		return nil
	}
	return found
}

// startsMore reports whether the start of a thread stands in a loop without an
// Add: how many there are, and whether the Add was for so many, is not counted.
func (g *group) startsMore(t *model.Thread) bool {
	loop := g.eng.Program().Loops(t.Inst.Fn).Innermost(t.Site.Block())
	for ; loop != nil; loop = loop.Parent {
		adds := false
		for _, add := range g.adds {
			adds = adds || add.Inst == t.Inst && loop.Contains(add.Instr.Block())
		}
		if !adds {
			return true
		}
	}
	return false
}

// amount returns what an Add adds if that is a small constant, and otherwise
// limit.
func amount(add *model.Op, limit flow.State) flow.State {
	call, ok := add.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) < 2 {
		return limit
	}
	c, ok := call.Common().Args[1].(*ssa.Const)
	if !ok || c.Int64() >= int64(limit) {
		return limit
	}
	return flow.State(c.Int64())
}

// freeDone reports whether u may come to a Done without having waited for the
// goroutine that Adds.
func (g *group) freeDone(u *model.Thread, add *model.Op) bool {
	for _, d := range g.in(g.dones, u) {
		if !takenOver(d.Inst) && !g.balanced(d) && g.m.Joins.Free(d, add.Inst.Thread, add) {
			return true
		}
	}
	return false
}

// balanced reports whether a Done takes back what its own function has added before:
// whenever it is executed, that count is there.
func (g *group) balanced(d *model.Op) bool {
	adds, dones := 0, 0
	for _, op := range g.adds {
		if op.Inst == d.Inst && op.Call == api.WGAdd && !op.Deferred() && ir.Dominates(op.Instr, d.Instr) {
			adds++
		}
	}
	for _, op := range g.dones {
		if op.Inst == d.Inst {
			dones++
		}
	}
	return adds > 0 && adds >= dones
}

// takenOver reports whether a goroutine executes a function that it was handed: it
// received it from a channel, or took it out of a queue. Whoever handed it over has done
// its Add before.
func takenOver(inst *model.Instance) bool {
	for ; inst != nil && inst != inst.Thread.Root && inst.Site != nil; inst = inst.Parent {
		common := inst.Site.Common()
		if common.IsInvoke() || common.StaticCallee() != nil {
			continue
		}
		v := common.Value
		if x, ok := v.(*ssa.TypeAssert); ok {
			v = x.X // out of a queue of anything
		}
		if x, ok := v.(*ssa.Extract); ok {
			v = x.Tuple
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			switch v.X.(type) {
			case *ssa.FieldAddr, *ssa.IndexAddr:
				return true
			}
			if v.Op == token.ARROW {
				return true
			}
		case *ssa.Lookup, *ssa.Next, *ssa.Select, *ssa.Field:
			return true
		}
	}
	return false
}

// afterWaiter reports an Add that follows the start of a goroutine that Waits,
// while nothing has been added before: the Wait may come first.
func (g *group) afterWaiter() {
	for _, w := range g.waits {
		b := w.Inst.Thread
		if b.Kind != model.Spawned || w.Async() || g.handedOut() {
			continue
		}
		if add := g.firstAddAfter(b); add != nil && !g.refusable(add) && g.m.Joins.Free(w, add.Inst.Thread, add) {
			g.reportAfterWaiter(add, w)
			return
		}
	}
}

// firstAddAfter returns the Add that the goroutine which starts b executes after
// that, on a path with no Add before, and before anything that waits for b.
func (g *group) firstAddAfter(b *model.Thread) *model.Op {
	const added, open flow.State = 1, 2
	var found *model.Op
	flow.Walk(g.m.Model, b.Parent, 0, flow.Visitor{
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			switch {
			case u == b && st&added == 0:
				st |= open
			case g.addsIn(u):
				st |= added // that goroutine's own Adds are another matter
			}
			return st, found == nil
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case g.on(op) && (op.Call == api.WGAdd && !op.Negative() || op.Call == api.WGGo):
				if st == open {
					found = op
				}
				st |= added
			case st == open && g.m.Joins.WaitsFor(op, b, nil):
				return st, false
			}
			return st, found == nil
		},
		Make: func(st flow.State, inst *model.Instance, made ssa.Value) flow.State {
			if g.loc.Obj.Inst == inst && g.loc.Obj.Site == made {
				return 0 // another group, for which b does not Wait
			}
			return st
		},
		Done: func() bool { return found != nil },
	})
	return found
}

func (g *group) addsIn(t *model.Thread) bool {
	for _, add := range g.adds {
		if t.Ancestor(add.Inst.Thread) {
			return true
		}
	}
	return false
}

// counts reports whether a thread has a Done for the group.
func (g *group) counts(t *model.Thread) bool {
	for _, d := range g.dones {
		if t.Ancestor(d.Inst.Thread) {
			return true
		}
	}
	return false
}
