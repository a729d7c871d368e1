package gospawn

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// limitedGroup reports whether s is a task of an errgroup that has a limit, or
// may have been given one by code that cannot be seen.
func (f *finder) limitedGroup(s *spawn) bool {
	if s.op != api.EGGo && s.op != api.EGTryGo {
		return false
	}
	groups := f.m.PointsTo(s.inst, s.site.Common().Args[0])
	if len(groups) == 0 {
		return true
	}
	for _, g := range groups {
		if !g.Own() || f.escapes(g) {
			return true
		}
		for _, op := range f.m.OpsOn(g) {
			if op.Call == api.EGSetLimit && !unlimits(op) {
				return true
			}
		}
	}
	return false
}

// escapes reports whether code that cannot be seen may set the limit of a
// group, or another function of the package does through a field.
func (f *finder) escapes(g model.Loc) bool {
	for _, e := range g.Obj.Escapes {
		switch {
		case e.Returned:
		case e.Via == nil:
			return true
		case f.eng.Field(e.Via).Has(func(u fields.Use) bool { return u.Call == api.EGSetLimit }):
			return true
		}
	}
	return false
}

// unlimits reports whether a SetLimit takes the limit away, as a negative
// number does.
func unlimits(op *model.Op) bool {
	call, ok := op.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) < 2 {
		return false
	}
	n, ok := constInt(call.Common().Args[1])
	return ok && n < 0
}

// limited reports whether something in the turn limits how many of the
// goroutines are alive: a token that they give back, a wait for some of them,
// or a call whose name says so.
func (f *finder) limited(s *spawn, t *turn) bool {
	started := f.startedIn(t)
	for _, op := range f.m.Ops() {
		path := f.within(t, op.Inst, op.Instr)
		if path == nil {
			continue
		}
		if f.waits(t, op, started) || f.isToken(t, op, path, started) || f.paced(t, op) {
			return true
		}
	}
	return f.queued(t, started) || f.owned(t) || f.toldToEnd(s, t, started) || f.rendezvous(s, t) || f.namedLimit(t) || f.handedRelease(s, t) || f.callersToken(s)
}

// startedIn returns the goroutines that are started in a turn, with those that
// they start and the callbacks that they make.
func (f *finder) startedIn(t *turn) map[*model.Thread]bool {
	started := make(map[*model.Thread]bool)
	for _, u := range f.m.Threads {
		switch {
		case u.Kind == model.Spawned && u.Inst != nil && f.within(t, u.Inst, u.Site) != nil:
			started[u] = true
		case u.Parent != nil && started[u.Parent]:
			started[u] = true
		case u.Kind == model.Callback && f.madeIn(t, u.Root):
			started[u] = true
		}
	}
	return started
}

// madeIn reports whether a closure that unknown code may run is made in the
// turn.
func (f *finder) madeIn(t *turn, root *model.Instance) bool {
	mc := root.Closure()
	return mc != nil && root.Env != nil && root != t.body &&
		!ir.IsLoopBody(root.Fn) && f.within(t, root.Env, mc) != nil
}

// waits reports whether an operation of the turn waits for goroutines of it.
func (f *finder) waits(t *turn, op *model.Op, started map[*model.Thread]bool) bool {
	switch {
	case op.Call == api.WGWait, op.Call == api.EGWait, op.Call == api.CondWait:
		return true
	case op.Kind == model.Method || started[op.Inst.Thread]:
		return false
	}
	for _, l := range op.On {
		if l.Obj.Kind != model.Chan {
			continue
		}
		for _, other := range f.m.OpsOn(l) {
			if !started[other.Inst.Thread] {
				continue
			}
			if op.Kind == model.Receive && (other.Kind == model.Send || other.Kind == model.Close) {
				return true
			}
			if f.ofTurn(t, l) {
				return true // a channel of this turn tells the goroutine to end
			}
		}
	}
	return false
}

// paced reports whether an operation makes each turn wait for a tick before the start:
// so many per second, as with a rate limiter.
func (f *finder) paced(t *turn, op *model.Op) bool {
	if op.Kind != model.Receive || op.State >= 0 || !isClock(op.Value()) {
		return false
	}
	return slices.ContainsFunc(t.chain, func(st step) bool { return st.inst == op.Inst && ir.Dominates(op.Instr, st.at) })
}

// isClock reports whether a channel delivers the time, as a ticker's does.
func isClock(ch ssa.Value) bool {
	c, ok := ch.Type().Underlying().(*types.Chan)
	return ok && isTime(c.Elem())
}

func isTime(t types.Type) bool {
	n := api.Named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Time"
}

// namedLimit reports whether the turn calls, before the start, a function that
// cannot be seen and whose name says that it blocks: Acquire of somebody's
// limiter, Wait of a rate limiter.
func (f *finder) namedLimit(t *turn) bool {
	for _, inst := range f.m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || f.prog.StaticCallee(call) != nil || ir.Op(&call.Call) != api.None {
					continue
				}
				if !limiterName(ir.Object(&call.Call), "Acquire", "Wait", "Take", "Throttle", "Reserve", "TryAcquire") {
					continue
				}
				if path := f.within(t, inst, call); path != nil {
					return true
				}
			}
		}
	}
	return false
}

// limiterName reports whether a method's name starts with one of the words.
func limiterName(obj *types.Func, words ...string) bool {
	if obj == nil || obj.Signature().Recv() == nil {
		return false
	}
	name := strings.ToLower(obj.Name())
	for _, w := range words {
		if strings.HasPrefix(name, strings.ToLower(w)) {
			return true
		}
	}
	return false
}
