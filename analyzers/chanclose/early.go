package chanclose

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

// earlyClose reports a close that nothing orders after the sends of another
// goroutine.
func (s *subject) earlyClose() bool {
	if s.closable() {
		return false // the order may be established elsewhere
	}
	if s.shared() && len(s.eng.Program().Callers(s.m.Root.Fn)) > 0 {
		return false // the models of the callers show who receives
	}
	for _, k := range s.closes {
		if !s.sure(k) || guarded(k.Inst) || k.Inst.Thread.Kind == model.Callback {
			continue
		}
		if s.many() && !s.sameTurn(k.Inst, k.Instr) {
			continue // may be another of the channels made there
		}
		for _, send := range s.sends {
			if !s.sure(send) || send.Inst.Thread.Kind != model.Spawned || s.careful(send.Inst.Thread) {
				continue
			}
			if s.unordered(k, send) && !s.countedOut(k) && !s.unsent(k, send) {
				s.reportEarly(k, send)
				return true
			}
		}
	}
	return false
}

// sameTurn reports whether an instruction belongs to the turn of the loop that
// makes the channel: it stands in that loop, or in a thread started there.
func (s *subject) sameTurn(inst *model.Instance, instr ssa.Instruction) bool {
	base, loop := s.makingLoop()
	for inst != base {
		if inst.Parent == nil || inst.Site == nil {
			return false
		}
		inst, instr = inst.Parent, inst.Site
	}
	return loop.Contains(instr.Block())
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
		if inst.Thread == t && s.eng.Program().MayRecover(inst.Fn) {
			return true
		}
	}
	return false
}

// unordered reports whether the close k may come before a send of another
// thread. Receives of what is sent count as waiting, unless the loop of them
// was left early.
func (s *subject) unordered(k, send *model.Op) bool {
	return s.m.Joins.Overtakes(order.Question{
		First: k,
		Last:  send,
		Counts: func(op *model.Op) bool {
			return op.Kind == model.Receive && (on(op, s.c) || s.acknowledged(op, send)) || s.perItem(op, send)
		},
		Short: s.leftEarly,
	})
}

// acknowledged reports whether a receive in a loop takes what the sender's
// goroutine sends too: an answer for each of its turns, perhaps.
func (s *subject) acknowledged(op, send *model.Op) bool {
	if s.eng.Program().Loops(op.Inst.Fn).Innermost(op.Instr.Block()) == nil {
		return false
	}
	for _, l := range op.On {
		for _, o := range s.m.OpsOn(l) {
			if o.Kind == model.Send && o.Inst.Thread == send.Inst.Thread {
				return true
			}
		}
	}
	return false
}

// countedOut reports whether a loop that receives from the channel stands before
// the close: it may end only when it has what all senders send, whatever its
// condition is. Only an early way out of it shows that it did not.
func (s *subject) countedOut(k *model.Op) bool {
	for _, r := range s.receives {
		if r.Inst != k.Inst || s.eng.Program().Loops(r.Inst.Fn).Innermost(r.Instr.Block()) == nil {
			continue
		}
		if !k.Deferred() && ir.Reaches(r.Instr, k.Instr) {
			return true
		}
	}
	return false
}

// leftEarly reports whether a path left a loop that counts receives from the
// channel before it had done all its turns.
func (s *subject) leftEarly(p *flow.Path) bool {
	for _, r := range s.receives {
		loop := s.eng.Program().Loops(r.Inst.Fn).Innermost(r.Instr.Block())
		if loop == nil || r.State >= 0 {
			continue
		}
		for _, dec := range p.Decisions() {
			b := dec.If.Block()
			if dec.Inst != r.Inst || !loop.Contains(b) || ownTest(loop, b) {
				continue
			}
			to := b.Succs[1]
			if dec.Then {
				to = b.Succs[0]
			}
			if !loop.Contains(to) {
				return true
			}
		}
	}
	return false
}

// ownTest reports whether the branch at the end of a block is the loop's own
// condition: behind the body where a counter is tested there, as in a range
// over an integer, and in the header otherwise.
func ownTest(loop *ir.Loop, b *ssa.BasicBlock) bool {
	behind := func(latch *ssa.BasicBlock) bool { return testsCounter(loop, latch) }
	if slices.ContainsFunc(loop.Latches(), behind) {
		return testsCounter(loop, b)
	}
	return b == loop.Header
}

// testsCounter reports whether a block ends with the test of a loop's counter
// that was raised before.
func testsCounter(loop *ir.Loop, b *ssa.BasicBlock) bool {
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	less, ok := test.Cond.(*ssa.BinOp)
	if !ok || less.Op != token.LSS {
		return false
	}
	next, ok := less.X.(*ssa.BinOp)
	if !ok || next.Op != token.ADD {
		return false
	}
	counter, ok := next.X.(*ssa.Phi)
	return ok && counter.Block() == loop.Header
}

// waitFirst reports a Wait for goroutines that send on an unbuffered channel
// whose only receiver stands behind the Wait.
func (s *subject) waitFirst() bool {
	mk, ok := s.c.Obj.Site.(*ssa.MakeChan)
	if !ok || s.shared() || len(s.receives) == 0 {
		return false
	}
	size, ok := mk.Size.(*ssa.Const)
	if !ok {
		return false // as large as the number of sends, perhaps
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
		if size.Int64() > 0 && s.sendsAtLeast(send) <= size.Int64() {
			continue // there may be room for all
		}
		if wait := s.waitBeforeReceive(t, send); wait != nil {
			s.reportWaitFirst(wait, send)
			return true
		}
	}
	return false
}

// sendsAtLeast returns how often a send is executed if nothing fails, as far as
// that is a constant: once in each goroutine that a loop with a constant number
// of turns starts.
func (s *subject) sendsAtLeast(send *model.Op) int64 {
	t := send.Inst.Thread
	if send.Inst != t.Root || t.Inst != s.c.Obj.Inst {
		return 1
	}
	loop := s.eng.Program().Loops(t.Inst.Fn).Innermost(t.Site.Block())
	if loop == nil || loop.Parent != nil || !t.Site.Block().Dominates(latchOf(loop)) {
		return 1
	}
	return loop.Turns()
}

func latchOf(loop *ir.Loop) *ssa.BasicBlock { return loop.Latches()[0] }

// waitBeforeReceive returns a Wait of thread t for the sender that lies on all
// of t's paths to a receive from the channel, or nil.
func (s *subject) waitBeforeReceive(t *model.Thread, send *model.Op) *model.Op {
	const running, waited flow.State = 1, 2
	var wait *model.Op
	early := false
	start := flow.State(0)
	if t.Child(send.Inst.Thread) == nil {
		start = running // not started by t
	}
	complete := flow.Walk(s.m.Model, t, start, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Receive && on(op, s.c):
				early = early || st&waited == 0
			case st&running != 0 && (op.Call == api.WGWait || op.Call == api.EGWait) && s.counts(op, send):
				if st&waited == 0 {
					wait = op
				}
				st |= waited
			}
			return st, !early
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if u.Ancestor(send.Inst.Thread) {
				st |= running
			}
			return st, !early
		},
		Done: func() bool { return early },
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
			return atEndOf(op, send) || s.m.Joins.After(u, send, op) && s.m.Joins.NeverAfter(u, op, send)
		}
	}
	return false
}

// atEndOf reports whether an operation is deferred by the function of another one, or by
// a function that called it: it comes when that is over.
func atEndOf(op, other *model.Op) bool { return op.Deferred() && model.Within(other.Inst, op.Inst) }
