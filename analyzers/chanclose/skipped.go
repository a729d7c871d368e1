package chanclose

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// skippedClose reports a path on which the thread that closes the channel ends
// without doing so.
func (s *subject) skippedClose(d drain) bool {
	main := s.m.Root.Thread
	closers := s.closingThreads()
	if slices.ContainsFunc(closers, func(t *model.Thread) bool { return t.Kind == model.Callback }) {
		return false // unknown code may have it closed at any time
	}
	if d.op.Inst.Thread != main && !s.endsWithProcess(s.m.Root.Fn) {
		if exit := s.pathWithoutClose(main, d); exit != nil {
			s.reportSkipped(d, main, exit)
			return true
		}
	}
	if len(closers) != 1 || closers[0] == main || closers[0].Kind != model.Spawned || closers[0] == d.op.Inst.Thread {
		return false // several may close in each other's stead
	}
	if slices.ContainsFunc(s.closes, received) {
		return false // it closes what it is sent, if it is
	}
	if s.m.Shared(closers[0], s.c.Obj) {
		return false // one of several equal goroutines may: the last, say
	}
	if exit := s.pathWithoutClose(closers[0], d); exit != nil {
		s.reportSkipped(d, closers[0], exit)
		return true
	}
	return false
}

// received reports whether the channel of an operation came out of a channel
// or a collection.
func received(op *model.Op) bool { return fromReceive(op.Value(), 0) }

func fromReceive(v ssa.Value, depth int) bool {
	if depth > 8 {
		return true
	}
	depth++
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.ARROW || fromReceive(v.X, depth)
	case *ssa.Select, *ssa.Next, *ssa.Lookup, *ssa.IndexAddr, *ssa.Index:
		return true
	case *ssa.Extract:
		return fromReceive(v.Tuple, depth)
	case *ssa.Field:
		return fromReceive(v.X, depth)
	case *ssa.FieldAddr:
		return fromReceive(v.X, depth)
	case *ssa.ChangeType:
		return fromReceive(v.X, depth)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return fromReceive(e, depth) })
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v && fromReceive(st.Val, depth) {
				return true
			}
		}
	}
	return false
}

// closingThreads returns the threads that close the channel.
func (s *subject) closingThreads() []*model.Thread {
	var out []*model.Thread
	seen := make(map[*model.Thread]bool)
	for _, op := range s.closes {
		if t := op.Inst.Thread; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// pathWithoutClose returns a path of thread t to its end on which the channel
// is not closed though the drain has been started, or nil.
func (s *subject) pathWithoutClose(t *model.Thread, d drain) *flow.Path {
	p := s.walkWithoutClose(t, d, nil)
	if p == nil || !slices.ContainsFunc(p.Decisions(), s.saysClosed) {
		return p
	}
	said := make(map[flow.Decision]bool)
	return s.walkWithoutClose(t, d, func(_ flow.State, dec flow.Decision) bool {
		is, ok := said[dec]
		if !ok {
			is = s.saysClosed(dec)
			said[dec] = is
		}
		return !is
	})
}

// walkWithoutClose is pathWithoutClose for the paths that take only branches that
// admit, if it is not nil, does.
func (s *subject) walkWithoutClose(t *model.Thread, d drain, admit func(flow.State, flow.Decision) bool) *flow.Path {
	var found *flow.Path
	delegates := func(u *model.Thread) bool {
		for _, op := range s.closes {
			if u.Ancestor(op.Inst.Thread) {
				return true
			}
		}
		return false
	}
	start := started
	if t == s.m.Root.Thread {
		start = 0
	}
	complete := flow.Walk(s.m.Model, t, start, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case s.cancelledLater(op, d):
				return st, false
			case on(op, s.c):
				if op.Kind == model.Close {
					st |= closed
				}
			case op.Kind == model.Send || op.Kind == model.Close:
				if s.tells(op, d) {
					st |= signaled
				}
			case op.State >= 0 && s.waitsForEnd(op, d) && !s.m.Shared(d.op.Inst.Thread, s.c.Obj):
				st |= signaled // the drain, which was the only one, has ended in another way
			}
			return st, found == nil
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if u.Ancestor(d.op.Inst.Thread) {
				st |= started
			}
			if delegates(u) {
				st |= closed
			}
			return st, found == nil
		},
		Make:   s.renew,
		Branch: admit,
		End: func(st flow.State, p *flow.Path) {
			if st&started != 0 && st&(closed|signaled) == 0 && found == nil && !s.deferredDecides(p) && !s.guards(p) {
				found = p
			}
		},
		Done: func() bool { return found != nil },
	})
	if !complete && found == nil {
		s.pass.Count("path budget exhausted in " + t.Root.Fn.Name())
	}
	return found
}

// cancelledLater reports whether an operation waits for the end of a context that ends
// only once the drain, or what the operation is part of, is over: its function derived
// it from one without an end, and cancels it when it returns, or behind the drain.
func (s *subject) cancelledLater(op *model.Op, d drain) bool {
	if op.Kind != model.Receive || op.State < 0 || len(op.On) == 0 {
		return false
	}
	return !slices.ContainsFunc(op.On, func(l model.Loc) bool {
		if l.Obj.Kind != model.DoneChan {
			return true
		}
		derived, ok := s.m.EndedBy(l.Obj.Parent)
		return !ok || slices.ContainsFunc(derived, func(ctx *model.Object) bool {
			return !cancelsAfter(ctx, d.op) && !cancelsAfter(ctx, op)
		})
	})
}

// cancelsAfter reports whether the function that derives a context is executing op, and
// cancels only by a deferred call or one that comes after op.
func cancelsAfter(ctx *model.Object, op *model.Op) bool {
	inst, at := op.Inst, op.Instr
	for inst != ctx.Inst {
		if inst == nil || inst.Site == nil || inst.Thread.Root == inst {
			return false
		}
		inst, at = inst.Parent, inst.Site
	}
	return !slices.ContainsFunc(*ctx.Site.Referrers(), func(r ssa.Instruction) bool {
		cancel, ok := r.(*ssa.Extract)
		return ok && cancel.Index == 1 && slices.ContainsFunc(*cancel.Referrers(), func(use ssa.Instruction) bool {
			switch use := use.(type) {
			case *ssa.Defer:
				return use.Call.Value != cancel
			case *ssa.Call:
				return use.Call.Value != cancel || ir.Reaches(use, at)
			}
			return true
		})
	})
}

// deferredDecides reports whether a deferred call that can close the channel
// decided on a path not to, by a condition that this walk cannot settle.
func (s *subject) deferredDecides(p *flow.Path) bool {
	return slices.ContainsFunc(s.closes, func(k *model.Op) bool { return s.undecided(p, k) })
}

// guards reports whether a path only went around an if that encloses one of
// several closes, and then on to where the closing path goes too: the condition
// of that if may well say that another one has closed the channel. An error that
// must be nil says no such thing, nor does an early return.
func (s *subject) guards(p *flow.Path) bool {
	if len(s.closes) < 2 {
		return false
	}
	for _, k := range s.closes {
		instr := k.Instr
		inst := k.Inst
		for inst != p.Inst && inst.Site != nil && inst.Thread == p.Inst.Thread {
			inst, instr = inst.Parent, inst.Site
		}
		if inst != p.Inst || k.Deferred() || !ir.Reaches(instr, p.Instr) {
			continue
		}
		if test := guard(instr); test == nil || !comparesError(test.Cond) {
			return true
		}
	}
	return false
}

// guard returns the nearest branch that decides whether instr is executed.
func guard(instr ssa.Instruction) *ssa.If {
	b := instr.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		test, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		reaches := 0
		for _, succ := range d.Succs {
			if succ == b || reachable(succ, func(_, to *ssa.BasicBlock) bool { return to != d })[b] {
				reaches++
			}
		}
		if reaches == 1 {
			return test
		}
	}
	return nil
}

// comparesError reports whether a condition compares an error with nil.
func comparesError(cond ssa.Value) bool {
	eq, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	c, ok := eq.Y.(*ssa.Const)
	return ok && c.IsNil() && api.IsError(eq.X.Type())
}

// renew begins anew where the channel is made anew.
func (s *subject) renew(st flow.State, inst *model.Instance, made ssa.Value) flow.State {
	if inst == s.c.Obj.Inst && made == s.c.Obj.Site {
		return 0
	}
	return st
}
