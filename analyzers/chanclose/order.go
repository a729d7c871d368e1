package chanclose

import (
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
		if !k.Only(s.c) || guarded(k.Inst) {
			continue
		}
		if s.eachCloses(k) {
			s.reportEach(k)
			return true
		}
		for _, op := range append(s.sends, s.closes...) {
			if op.Inst == k.Inst && op.Only(s.c) && s.certainAfter(k, op) {
				s.reportAfterClose(k, op)
				return true
			}
		}
	}
	return false
}

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
	if op != k && ir.Dominates(k.Instr, op.Instr) && (op.Kind == model.Close || op.State < 0) {
		return !remade(made, k, op)
	}
	if op != k {
		return false
	}
	// Another turn of a loop: the close must lie on each way round, and the
	// channel must be made outside.
	loop := s.eng.Program().Loops(k.Inst.Fn).Innermost(k.Instr.Block())
	if loop == nil || made != nil && made.Parent() == k.Inst.Fn && loop.Contains(made.Block()) {
		return false
	}
	if s.c.Obj.Inst != k.Inst {
		return false // made per call of this function, perhaps
	}
	for _, latch := range loop.Latches() {
		if !k.Instr.Block().Dominates(latch) {
			return false
		}
	}
	return len(loop.Latches()) > 0
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
	made, _ := s.c.Obj.Site.(ssa.Instruction)
	if !s.m.Ancestors(t.Inst, s.c.Obj.Inst) || !s.m.Repeats(t.Inst, t.Site, s.c.Obj.Inst, made) {
		return false
	}
	if t.Inst == s.c.Obj.Inst && made != nil && leavesLoop(t.Site) {
		return false
	}
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
		End: func(st flow.State, _ *flow.Path) { skips = skips || st == 0 },
	})
	return complete && !skips && !decides
}

// leavesLoop reports whether control never comes back to a start in a loop.
func leavesLoop(site ssa.Instruction) bool { return !ir.Reaches(site, site) }

func sameThread(ops []*model.Op) bool {
	for _, op := range ops {
		if op.Inst.Thread != ops[0].Inst.Thread {
			return false
		}
	}
	return true
}

// earlyClose reports a close that nothing orders after the sends of another
// goroutine.
func (s *subject) earlyClose() bool {
	if s.c.Escaped() {
		return false // the order may be established elsewhere
	}
	for _, k := range s.closes {
		if !k.Only(s.c) || guarded(k.Inst) || k.Inst.Thread.Kind == model.Callback {
			continue
		}
		for _, send := range s.sends {
			if !send.Only(s.c) || send.Inst.Thread.Kind != model.Spawned || s.careful(send.Inst.Thread) {
				continue
			}
			if s.unordered(k, send) {
				s.reportEarly(k, send)
				return true
			}
		}
	}
	return false
}

// careful reports whether a thread takes locks, recovers from panics, or asks
// an atomic variable: it may have its own way to know that it must not send.
func (s *subject) careful(t *model.Thread) bool {
	for _, op := range s.m.Ops() {
		if op.Inst.Thread != t {
			continue
		}
		switch op.Call {
		case api.Lock, api.RLock, api.TryLock, api.Atomic, api.CondWait:
			return true
		}
	}
	for _, inst := range s.m.Instances {
		if inst.Thread == t && (inst.Fn.Recover != nil || callsRecover(inst.Fn)) {
			return true
		}
	}
	return false
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && ir.IsBuiltin(call.Common(), "recover") {
				return true
			}
		}
	}
	return false
}

// unordered reports whether a run exists in which the close k comes before a
// send of another thread: from the start of that thread to the close, no
// operation waits for it.
func (s *subject) unordered(k, send *model.Op) bool {
	t, u := k.Inst.Thread, send.Inst.Thread
	if t == u || u.Ancestor(t) {
		return false // the sender starts the closer: its own order
	}
	if a := branchFrom(u, t); a != nil {
		return s.reaches(t, a, k, send, nil)
	}
	// Neither started the other: a common ancestor started both.
	for p := t.Parent; p != nil; p = p.Parent {
		a, b := branchFrom(u, p), branchFrom(t, p)
		if a == nil {
			continue
		}
		return s.reaches(p, a, nil, send, b) && s.reaches(t, nil, k, send, nil)
	}
	return false
}

// reaches reports whether thread t has a path from the start of thread a (or
// from its entry, if a is nil) to the close k, or to the start of thread b,
// with no operation on it that waits for the last send.
func (s *subject) reaches(t, a *model.Thread, k *model.Op, send *model.Op, b *model.Thread) bool {
	const running, ordered flow.State = 1, 2
	found := false
	start := flow.State(0)
	if a == nil {
		start = running
	}
	flow.Walk(s.m.Model, t, start, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			if st&running == 0 {
				return st, true
			}
			if op == k {
				found = found || st&ordered == 0
				return st, false
			}
			if on(op, s.c) && op.Kind == model.Receive || s.m.Joins.WaitsFor(op, send.Inst.Thread, send) {
				return st | ordered, true
			}
			return st, !found
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if b != nil && u == b && st&running != 0 && st&ordered == 0 {
				found = true
			}
			if u == a {
				st |= running
			}
			return st, !found
		},
		Unknown: func(st flow.State, _ *model.Instance, _ ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
			return st, !found
		},
	})
	return found
}

// waitFirst reports a Wait for goroutines that send on an unbuffered channel
// whose only receiver stands behind the Wait.
func (s *subject) waitFirst() bool {
	mk, ok := s.c.Obj.Site.(*ssa.MakeChan)
	if !ok || s.c.Escaped() || len(s.receives) == 0 {
		return false
	}
	if size, ok := mk.Size.(*ssa.Const); !ok || size.Int64() != 0 {
		return false
	}
	t := s.receives[0].Inst.Thread
	for _, r := range s.receives {
		if r.Inst.Thread != t || !r.Only(s.c) {
			return false
		}
	}
	for _, send := range s.sends {
		if send.State >= 0 || send.Inst.Thread == t || !send.Only(s.c) || guarded(send.Inst) {
			continue // it has another way out
		}
		if wait := s.waitBeforeReceive(t, send); wait != nil {
			s.reportWaitFirst(wait, send)
			return true
		}
	}
	return false
}

// waitBeforeReceive returns a Wait of thread t for the sender that lies on all
// of t's paths to a receive from the channel, or nil.
func (s *subject) waitBeforeReceive(t *model.Thread, send *model.Op) *model.Op {
	var wait *model.Op
	early := false
	complete := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Receive && on(op, s.c):
				early = early || st == 0
			case (op.Call == api.WGWait || op.Call == api.EGWait) && s.counts(op, send):
				if st == 0 {
					wait = op
				}
				st = 1
			}
			return st, !early
		},
	})
	if !complete || early {
		return nil
	}
	return wait
}

// counts reports whether a Wait returns only after the goroutine of send, which
// it counts directly, has sent.
func (s *subject) counts(wait, send *model.Op) bool {
	u := send.Inst.Thread
	if task := s.m.Joins.Task(u); task != nil {
		return len(task.On) == 1 && wait.Only(task.On[0])
	}
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == u && op.Call == api.WGDone && len(wait.On) == 1 && op.Only(wait.On[0]) {
			return op.Deferred() || s.m.Joins.After(u, send, op) && !s.m.Joins.After(u, op, send)
		}
	}
	return false
}
