package gospawn

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// isToken reports whether an operation of the turn takes something that its
// goroutines give back.
func (f *finder) isToken(t *turn, op *model.Op, path []step, started map[*model.Thread]bool) bool {
	if started[op.Inst.Thread] || !takes(op) || !f.before(t, path) || f.skipped(t, op) {
		return false
	}
	for _, l := range op.On {
		for _, back := range f.m.OpsOn(l) {
			if started[back.Inst.Thread] && gives(op, back) {
				return true
			}
		}
		if f.passedOn(t, l) {
			return true
		}
	}
	return false
}

// takes reports whether an operation can take a token.
func takes(op *model.Op) bool {
	switch {
	case op.Kind == model.Send, op.Kind == model.Receive:
		return true
	case op.Call == api.SemAcquire, op.Call == api.SemTryAcquire:
		return true
	case op.Call == api.Atomic:
		v, ok := op.Instr.(ssa.Value)
		return ok && decides(v)
	}
	return false
}

// decides reports whether a branch depends on the order of a number, or on the
// success of a swap.
func decides(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.BinOp, *ssa.If:
			return true
		case *ssa.Convert:
			if decides(r) {
				return true
			}
		}
	}
	return false
}

// gives reports whether back is the counterpart of take.
func gives(take, back *model.Op) bool {
	switch {
	case take.Kind == model.Send:
		return back.Kind == model.Receive
	case take.Kind == model.Receive:
		return back.Kind == model.Send
	case take.Call == api.Atomic:
		obj := ir.Object(back.Instr.(ssa.CallInstruction).Common())
		return back.Call == api.Atomic && obj != nil && !strings.HasPrefix(obj.Name(), "Load")
	default:
		return back.Call == api.SemRelease
	}
}

// skipped reports whether the start is reached as well if a try to take the
// token, a select with a default, does not get it.
func (f *finder) skipped(t *turn, op *model.Op) bool {
	sel, ok := op.Instr.(*ssa.Select)
	if !ok || sel.Blocking {
		return false
	}
	for _, st := range t.chain {
		if st.inst != op.Inst {
			continue
		}
		entry := ir.CaseEntry(sel, op.State)
		return entry == nil || !entry.Dominates(st.at.Block())
	}
	return false // in a helper that says whether it got it
}

// passedOn reports whether a start of the turn gives the object to code that
// cannot be seen, which may give the token back.
func (f *finder) passedOn(t *turn, l model.Loc) bool {
	site, ok := t.chain[0].at.(ssa.CallInstruction)
	if !ok || f.prog.StaticCallee(site) != nil {
		return false
	}
	for _, arg := range site.Common().Args {
		if slices.Contains(f.m.PointsTo(t.chain[0].inst, arg), l) {
			return true
		}
	}
	return false
}

// handedRelease reports whether the goroutine defers a call that gives back
// what the turn was given: a function that it was handed, or a method of an
// object, out of sight, of which another method was called before the start.
func (f *finder) handedRelease(s *spawn, t *turn) bool {
	for _, inst := range f.m.Instances {
		owner := false
		for _, thread := range s.threads {
			owner = owner || thread == inst.Thread
		}
		if !owner {
			continue
		}
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				d, ok := instr.(*ssa.Defer)
				if ok && (f.handedFunc(t, inst, d) || f.counterpart(t, inst, d)) {
					return true
				}
			}
		}
	}
	return false
}

// handedFunc reports whether a deferred call is of a function that the turn
// received, or got from a call.
func (f *finder) handedFunc(t *turn, inst *model.Instance, d *ssa.Defer) bool {
	common := d.Common()
	if common.IsInvoke() || common.StaticCallee() != nil || isCancel(common.Value) {
		return false
	}
	v := common.Value
	for range 8 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FreeVar:
			env, binding := captured(inst, x)
			if binding == nil {
				return false
			}
			inst, v = env, binding
		case *ssa.Parameter:
			caller, arg := argument(inst, x)
			if arg == nil {
				return false
			}
			inst, v = caller, arg
		case *ssa.Alloc:
			val := onlyStore(x)
			if val == nil {
				return false
			}
			v = val
		case *ssa.Extract:
			at, ok := x.Tuple.(ssa.Instruction)
			return ok && !isDerive(x.Tuple) && f.within(t, inst, at) != nil
		case *ssa.Call:
			return !isDerive(x) && f.within(t, inst, x) != nil
		default:
			return false
		}
		if u, ok := v.(*ssa.UnOp); ok && u.CommaOk {
			return f.within(t, inst, u) != nil
		}
	}
	return false
}

func isDerive(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && ir.Op(&call.Call) == api.CtxDerive
}

func onlyStore(v *ssa.Alloc) ssa.Value {
	var val ssa.Value
	for _, r := range *v.Referrers() {
		if st, ok := r.(*ssa.Store); ok && st.Addr == v {
			if val != nil {
				return nil
			}
			val = st.Val
		}
	}
	return val
}

// counterpart reports whether a deferred call is a method, out of sight, of an
// object that is older than the turn and of which the turn calls another
// method before the start.
func (f *finder) counterpart(t *turn, inst *model.Instance, d *ssa.Defer) bool {
	recv := receiver(d.Common())
	obj := ir.Object(d.Common())
	if recv == nil || obj == nil || f.prog.StaticCallee(d) != nil || api.Of(obj) != api.None {
		return false
	}
	objects := f.m.PointsTo(inst, recv)
	for _, other := range f.m.Instances {
		for _, b := range other.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || receiver(&call.Call) == nil || ir.Object(&call.Call) == obj {
					continue
				}
				path := f.within(t, other, call)
				if path == nil || !f.before(t, path) {
					continue
				}
				for _, l := range f.m.PointsTo(other, receiver(&call.Call)) {
					if slices.Contains(objects, l) && !f.ofTurn(t, l) {
						return true
					}
				}
			}
		}
	}
	return false
}

// ofTurn reports whether an object comes into being in the turn.
func (f *finder) ofTurn(t *turn, l model.Loc) bool {
	site, ok := l.Obj.Site.(ssa.Instruction)
	return ok && l.Obj.Inst != nil && site.Parent() == l.Obj.Inst.Fn && f.within(t, l.Obj.Inst, site) != nil
}

// callersToken reports whether the goroutine gives back a token that it does
// not take: whoever calls took it.
func (f *finder) callersToken(s *spawn) bool {
	for _, op := range f.m.Ops() {
		if op.Call != api.SemRelease || !s.owns(op) || f.acquiredBy(s, op) {
			continue
		}
		if !slices.ContainsFunc(op.On, func(l model.Loc) bool { return l.Own() }) {
			return !f.acquiredHere(s, op)
		}
	}
	return false
}

// acquiredBy reports whether the goroutine itself takes what op gives back.
func (f *finder) acquiredBy(s *spawn, op *model.Op) bool {
	for _, l := range op.On {
		for _, o := range f.m.OpsOn(l) {
			if s.owns(o) && (o.Call == api.SemAcquire || o.Call == api.SemTryAcquire) {
				return true
			}
		}
	}
	return false
}

// acquiredHere reports whether the model shows anybody who takes it.
func (f *finder) acquiredHere(s *spawn, op *model.Op) bool {
	for _, l := range op.On {
		for _, o := range f.m.OpsOn(l) {
			if o.Call == api.SemAcquire || o.Call == api.SemTryAcquire {
				return true
			}
		}
	}
	return false
}

// takesInside returns the operation with which the goroutine itself takes a
// token of a semaphore that outlives it, or nil.
func (f *finder) takesInside(s *spawn) *model.Op {
	for _, op := range f.m.Ops() {
		if !s.owns(op) || op.State >= 0 && len(op.On) == 0 {
			continue
		}
		for _, l := range op.On {
			if site, ok := l.Obj.Site.(ssa.Instruction); ok && l.Obj.Inst != nil && f.ownThread(s, l.Obj.Inst) && site.Parent() == l.Obj.Inst.Fn {
				continue // made by the goroutine
			}
			for _, back := range f.m.OpsOn(l) {
				if back.Inst.Thread == op.Inst.Thread && f.insidePair(op, back) {
					return op
				}
			}
		}
	}
	return nil
}

func (f *finder) ownThread(s *spawn, inst *model.Instance) bool {
	for _, t := range s.threads {
		if t.Ancestor(inst.Thread) {
			return true
		}
	}
	return false
}

// insidePair reports whether one goroutine takes a token with take and gives
// it back with back.
func (f *finder) insidePair(take, back *model.Op) bool {
	switch {
	case take.Call == api.SemAcquire:
		return back.Call == api.SemRelease
	case take.Kind == model.Send || take.Kind == model.Receive:
		return gives(take, back) && back != take
	}
	return false
}
