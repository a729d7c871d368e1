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

// ownClose reports a close that one goroutine follows by a send or another
// close itself, or that each of several equal goroutines executes.
func (s *subject) ownClose() bool {
	for _, k := range s.closes {
		if !s.sure(k) || s.excused(k.Inst) {
			continue
		}
		if s.eachCloses(k) {
			s.reportEach(k)
			return true
		}
		for _, op := range slices.Concat(s.sends, s.closes) {
			if op.Inst == k.Inst && s.sure(op) && s.certainAfter(k, op) {
				if t := k.Inst.Thread; t.Kind == model.Spawned && s.m.Shared(t, s.c.Obj) && comesBack(t) {
					s.reportEach(k) // in each of several goroutines at that
				} else {
					s.reportAfterClose(k, op)
				}
				return true
			}
		}
		if op := s.unavoidable(k); op != nil {
			s.reportAfterClose(k, op)
			return true
		}
		if op := s.afterDeferred(k); op != nil {
			s.reportAfterClose(k, op)
			return true
		}
		for _, other := range s.closes {
			if s.bothClose(k, other) {
				s.reportTwo(k, other)
				return true
			}
		}
	}
	return false
}

// unavoidable returns a send or another close that the goroutine of the close k
// comes to after it whatever way it goes, if it comes to an end at all.
func (s *subject) unavoidable(k *model.Op) *model.Op {
	if s.many() || !s.another(k, func(*model.Op) bool { return true }) {
		return nil
	}
	var found *model.Op
	avoidable, asks := false, false
	complete := flow.Walk(s.m.Model, k.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
			switch {
			case st == 1 && s.undecided(p, op):
				asks = true
			case op == k:
				return 1, st == 0
			case !on(op, s.c) || st == 0:
			case op.Kind == model.Receive || op.Instr == k.Instr:
				asks = true // it looks, or is the same function called again
			case s.sure(op) && op.State < 0 && !s.excused(op.Inst):
				if found == nil {
					found = op
				}
				return st, false
			}
			return st, !avoidable
		},
		End:  func(st flow.State, _ *flow.Path) { avoidable = avoidable || st == 1 },
		Make: s.renew,
		Done: func() bool { return avoidable || asks },
	})
	if !complete || avoidable || asks || found == nil || !s.ends(found) {
		return nil
	}
	return found
}

// another reports whether the goroutine of the close k has, elsewhere, a send or
// close that is certainly one on this channel and that fits. Where it has none, no
// path need be walked.
func (s *subject) another(k *model.Op, fits func(*model.Op) bool) bool {
	return slices.ContainsFunc(slices.Concat(s.sends, s.closes), func(op *model.Op) bool {
		return op.Inst.Thread == k.Inst.Thread && op.Instr != k.Instr && op.State < 0 && fits(op) && s.sure(op) && !s.excused(op.Inst)
	})
}

// ends reports whether the goroutine of an operation can end after it.
func (s *subject) ends(op *model.Op) bool {
	ends := false
	flow.Walk(s.m.Model, op.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, o *model.Op, _ *flow.Path) (flow.State, bool) {
			if o == op {
				st = 1
			}
			return st, true
		},
		End:  func(st flow.State, _ *flow.Path) { ends = ends || st == 1 },
		Done: func() bool { return ends },
	})
	return ends
}

// afterDeferred returns a send or close that the goroutine of the close k
// performs after it, where one of the two is deferred: it runs whatever way
// the function ends.
func (s *subject) afterDeferred(k *model.Op) *model.Op {
	atEnd := s.atEnd(k)
	if s.many() || !s.another(k, func(op *model.Op) bool { return atEnd || s.atEnd(op) }) {
		return nil
	}
	var found *model.Op
	asks := false
	complete := flow.Walk(s.m.Model, k.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
			switch {
			case !on(op, s.c):
			case st == 1 && (s.undecided(p, op) || s.undecided(p, k)):
				asks = true // by a condition of the deferred call
			case op.Kind == model.Receive:
				asks = true // it looks whether the channel is closed
			case op != k && op.Instr == k.Instr:
				asks = true // one function, called twice: it has its own ways to tell
			case st == 1 && op != k && found == nil && s.sure(op) && op.State < 0 && (atEnd || s.atEnd(op)) && !s.excused(op.Inst):
				found = op
			case op == k:
				st = 1
			}
			return st, true
		},
		Make: s.renew,
		Done: func() bool { return asks },
	})
	if asks || !complete {
		return nil
	}
	return found
}

// undecided reports whether an operation is part of a deferred function that
// decided on this path, by a condition that nothing before had settled.
func (s *subject) undecided(p *flow.Path, op *model.Op) bool {
	if op.Deferred() || !s.atEnd(op) {
		return false
	}
	var part []*model.Instance // up to the deferred call
	for inst := op.Inst; ; inst = inst.Parent {
		part = append(part, inst)
		if _, ok := inst.Site.(*ssa.Defer); ok {
			break
		}
	}
	return slices.ContainsFunc(p.Decisions(), func(d flow.Decision) bool { return slices.Contains(part, d.Inst) })
}

// atEnd reports whether an operation is deferred, or part of a deferred call.
func (s *subject) atEnd(op *model.Op) bool {
	if op.Deferred() {
		return true
	}
	for inst := op.Inst; inst.Site != nil && inst.Thread == op.Inst.Thread; inst = inst.Parent {
		if _, ok := inst.Site.(*ssa.Defer); ok {
			return true
		}
	}
	return false
}

// bothClose reports whether the close k of one goroutine and the close other of
// another one, which is started on the same path, are both executed.
func (s *subject) bothClose(k, other *model.Op) bool {
	t, u := k.Inst.Thread, other.Inst.Thread
	if t == u || u.Kind != model.Spawned || !s.sure(other) || s.excused(other.Inst) || s.many() {
		return false
	}
	switch {
	case t == u.Parent:
		// Whoever closes starts the other, before or after.
		return k.Inst == u.Inst && !k.Deferred() && (ir.Dominates(k.Instr, u.Site) || ir.Dominates(u.Site, k.Instr)) && s.alwaysCloses(u)
	case t.Kind == model.Spawned && t.Inst == u.Inst:
		return ir.Dominates(t.Site, u.Site) && !(k.Instr == other.Instr && waitsBetween(t.Site, u.Site)) && s.alwaysCloses(t) && s.alwaysCloses(u)
	}
	return false
}

// waitsBetween reports whether a function that starts the same goroutine again waits for
// something before, which may be the outcome of the first one.
func waitsBetween(first, second ssa.Instruction) bool {
	for instr := range ir.Instrs(first.Parent()) {
		waits := false
		switch instr := instr.(type) {
		case *ssa.Select:
			waits = instr.Blocking
		case *ssa.UnOp:
			waits = instr.Op == token.ARROW
		}
		if waits && ir.Dominates(first, instr) && ir.Dominates(instr, second) {
			return true
		}
	}
	return false
}

// excused reports whether a close or send in an instance may well come after a
// close: it is not executed then, or its panic is stopped.
func (s *subject) excused(inst *model.Instance) bool { return guarded(inst) || s.recovered(inst) }

// guarded reports whether an instance, or one of its callers in the thread, is
// a callback that runs at most once.
func guarded(inst *model.Instance) bool {
	for ; inst != nil; inst = inst.Parent {
		if inst.Maybe {
			return true
		}
	}
	return false
}

// certainAfter reports whether op is executed after the close k on one channel
// value by anyone who goes on: one dominates the other, or the close is
// executed in each turn of a loop.
func (s *subject) certainAfter(k, op *model.Op) bool {
	if k.Deferred() || op.Deferred() {
		return false
	}
	made, _ := s.c.Obj.Site.(ssa.Instruction)
	if s.many() && k.Value() != op.Value() {
		return false // two of the channels that one make makes, perhaps
	}
	if op != k && ir.Dominates(k.Instr, op.Instr) && (op.Kind == model.Close || op.State < 0) {
		return !remade(made, k, op)
	}
	if op != k && (op.Kind != model.Send || op.State >= 0 || !ir.Dominates(op.Instr, k.Instr)) {
		return false
	}
	// Another turn of a loop: the close must lie on each way round, and the
	// channel must be made outside.
	loop := s.eng.Program().Loops(k.Inst.Fn).Innermost(k.Instr.Block())
	if loop == nil || made != nil && made.Parent() == k.Inst.Fn && loop.Contains(made.Block()) {
		return false
	}
	if s.c.Obj.Inst != k.Inst && model.Within(s.c.Obj.Inst, k.Inst) {
		return false // made by what this function calls, perhaps in each turn
	}
	if s.many() || !invariant(k.Value(), loop) {
		return false // another channel in each turn
	}
	for _, latch := range loop.Latches() {
		if !k.Instr.Block().Dominates(latch) {
			return false
		}
	}
	return len(loop.Latches()) > 0
}

// many reports whether the channel stands for several: it is made in a loop, or
// by a function that is called in one.
func (s *subject) many() bool {
	_, loop := s.makingLoop()
	return loop != nil
}

// makingLoop returns the innermost loop around the make of the channel, or
// around a call that leads to it, and the instance in which that loop stands.
func (s *subject) makingLoop() (*model.Instance, *ir.Loop) {
	instr, ok := s.c.Obj.Site.(ssa.Instruction)
	for inst := s.c.Obj.Inst; ok && inst != nil; inst = inst.Parent {
		if loop := s.eng.Program().Loops(inst.Fn).Innermost(instr.Block()); loop != nil {
			return inst, loop
		}
		if inst.Site == nil {
			break
		}
		instr = inst.Site
	}
	return nil, nil
}

// invariant reports whether v is the same in each turn of a loop: computed
// before it, or the content of a variable declared before it.
func invariant(v ssa.Value, loop *ir.Loop) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.MUL && invariant(v.X, loop) && !assigned(v.X, loop)
	case *ssa.ChangeType:
		return invariant(v.X, loop)
	case *ssa.FieldAddr:
		return invariant(v.X, loop)
	case ssa.Instruction:
		return !loop.Contains(v.Block())
	}
	return true // a parameter, free variable or global
}

// assigned reports whether a loop assigns to the variable that an address is, or to the
// variable that it is a part of: before Go 1.22 all turns shared the loop variable.
func assigned(addr ssa.Value, loop *ir.Loop) bool {
	for addr.Referrers() != nil { // those of a package-level variable are not known
		for _, ref := range *addr.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == addr && loop.Contains(st.Block()) {
				return true
			}
		}
		field, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		addr = field.X
	}
	return false
}

// remade reports whether a new channel may be made between the close and op.
func remade(made ssa.Instruction, k, op *model.Op) bool {
	return made != nil && made.Parent() == k.Inst.Fn && ir.Reaches(k.Instr, made) && ir.Reaches(made, op.Instr)
}

// eachCloses reports whether the thread of the close k is started more than
// once for one channel and closes it on each of its ways.
func (s *subject) eachCloses(k *model.Op) bool {
	t := k.Inst.Thread
	if t.Kind != model.Spawned || len(s.closes) != 1 && !sameThread(s.closes) {
		return false
	}
	if s.many() && !s.sameTurn(t.Inst, t.Site) {
		return false // one goroutine for each channel, perhaps
	}
	// A start that control never comes back to is no second one, though it
	// may stand in a loop.
	return s.m.Shared(t, s.c.Obj) && comesBack(t) && s.alwaysCloses(t)
}

// alwaysCloses reports whether a thread closes the channel on each of its
// paths, without a lock or atomic variable that may tell it that another one
// has done so.
func (s *subject) alwaysCloses(t *model.Thread) bool {
	skips, decides := false, false
	complete := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Close && on(op, s.c):
				st = 1
			case op.Call == api.Atomic || op.Call == api.Lock || op.Call == api.TryLock:
				decides = true // who comes last may be counted
			}
			return st, true
		},
		End:  func(st flow.State, _ *flow.Path) { skips = skips || st == 0 },
		Done: func() bool { return skips || decides },
	})
	return complete && !skips && !decides
}

// comesBack reports whether control can reach the start of a thread, or the
// call that leads to it, again.
func comesBack(t *model.Thread) bool {
	site := t.Site
	for inst := t.Inst; ; inst = inst.Parent {
		if ir.Reaches(site, site) {
			return true
		}
		if inst.Site == nil || inst.Parent == nil {
			return false
		}
		site = inst.Site
	}
}

func sameThread(ops []*model.Op) bool {
	for _, op := range ops {
		if op.Inst.Thread != ops[0].Inst.Thread {
			return false
		}
	}
	return true
}
