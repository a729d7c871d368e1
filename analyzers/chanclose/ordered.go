package chanclose

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// sure reports whether an operation, if it is executed, is one on the channel.
func (s *subject) sure(op *model.Op) bool { return op.Only(s.c) && !s.apart(op) }

// apart reports whether an operation stands where a comparison of two channels,
// each of which may be this one, has shown that they differ: a guard against the
// very mistake that this check looks for.
func (s *subject) apart(op *model.Op) bool {
	instr := op.Instr
	for inst := op.Inst; ; inst, instr = inst.Parent, inst.Site {
		for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
			if differ := s.differ(inst, b.Idom()); differ != nil && len(differ.Preds) == 1 && differ.Dominates(instr.Block()) {
				return true
			}
		}
		if inst.Site == nil || inst.Parent == nil || inst.Thread != inst.Parent.Thread {
			return false
		}
	}
}

// differ returns the block to which control passes from b if two channels, each
// of which may be this one, are found to differ, or nil.
func (s *subject) differ(inst *model.Instance, b *ssa.BasicBlock) *ssa.BasicBlock {
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	eq, ok := test.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	if _, ok := eq.X.Type().Underlying().(*types.Chan); !ok {
		return nil
	}
	if !slices.Contains(s.m.PointsTo(inst, eq.X), s.c) || !slices.Contains(s.m.PointsTo(inst, eq.Y), s.c) {
		return nil
	}
	if eq.Op == token.NEQ {
		return b.Succs[0]
	}
	return b.Succs[1]
}

// recovered reports whether a panic in an instance is stopped by it or by one
// of its callers in the thread: then it may be expected.
func (s *subject) recovered(inst *model.Instance) bool {
	for t := inst.Thread; inst != nil && inst.Thread == t; inst = inst.Parent {
		if s.eng.Program().MayRecover(inst.Fn) {
			return true
		}
	}
	return false
}

// unsent reports whether a send cannot be executed once the close k is, though
// nothing waits for it: it never comes to be.
func (s *subject) unsent(k, send *model.Op) bool { return s.stopped(k, send) || s.unserved(k, send) }

// stopped reports whether a send is that of a timer's function, and the close k
// is reached where the timer's Stop returned true: then the function is not run.
func (s *subject) stopped(k, send *model.Op) bool {
	delayed := false
	for t := send.Inst.Thread; t.Site != nil; t = t.Parent {
		delayed = delayed || ir.Op(t.Site.Common()) == api.TimerFunc
	}
	if !delayed {
		return false
	}
	found := false
	flow.Walk(s.m.Model, k.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
			found = found || op == k && slices.ContainsFunc(p.Decisions(), stopsTimer)
			return st, true
		},
		Done: func() bool { return found },
	})
	return found
}

// stopsTimer reports whether a branch is the one for a timer that was stopped
// before its function was run.
func stopsTimer(d flow.Decision) bool {
	cond, is := d.If.Cond, d.Then
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, is = not.X, !is
	}
	call, ok := cond.(*ssa.Call)
	return ok && is && api.MakerOf(ir.Object(&call.Call)) == api.TimerStop
}

// unserved reports whether a send only passes on what was received from the
// channel, and the close k is executed only where the first value, the one that
// somebody sends of his own accord, is not.
func (s *subject) unserved(k, send *model.Op) bool {
	if !s.relays(send) {
		return false
	}
	for _, first := range s.sends {
		if s.relays(first) {
			continue
		}
		if t := k.Inst.Thread; first.Inst.Thread != t || !s.m.Joins.NeverAfter(t, first, k) {
			return false
		}
	}
	return true
}

// relays reports whether a send is executed only after a value, and not the
// close of the channel, was received from the channel itself.
func (s *subject) relays(send *model.Op) bool {
	return slices.ContainsFunc(s.receives, func(r *model.Op) bool {
		if r.Inst != send.Inst {
			return false
		}
		test, done := closedTest(r)
		if test == nil {
			return false
		}
		open := test.Block().Succs[1-done]
		return len(open.Preds) == 1 && open.Dominates(send.Instr.Block())
	})
}

// perItem reports whether a Wait is one for a group that counts what is sent,
// not who sends it: an Add comes before the send, and whoever receives an item
// calls Done in the same turn of his loop. Wait then returns when all that was
// sent has been received.
func (s *subject) perItem(wait, send *model.Op) bool {
	if wait.Call != api.WGWait || len(wait.On) != 1 {
		return false
	}
	counted, done := false, false
	for _, op := range s.m.OpsOn(wait.On[0]) {
		switch {
		case op.Call == api.WGDone, op.Call == api.WGAdd && op.Negative():
			done = done || slices.ContainsFunc(s.receives, func(r *model.Op) bool { return s.sharesTurn(r, op) })
		case op.Call == api.WGAdd:
			counted = counted || comesBefore(op, send)
		}
	}
	return counted && done
}

// sharesTurn reports whether op belongs to a turn of the loop around the receive
// r, in the function of the receive or in what that calls or starts.
func (s *subject) sharesTurn(r, op *model.Op) bool {
	loop := s.eng.Program().Loops(r.Inst.Fn).Innermost(r.Instr.Block())
	if loop == nil {
		return false
	}
	instr := op.Instr
	for inst := op.Inst; inst != r.Inst; inst, instr = inst.Parent, inst.Site {
		if inst.Parent == nil || inst.Site == nil {
			return false
		}
	}
	_, deferred := instr.(*ssa.Defer)
	return !deferred && loop.Contains(instr.Block())
}

// comesBefore reports whether one operation comes before another one in any case,
// in the function of it or in one that calls or starts that.
func comesBefore(before, op *model.Op) bool {
	instr := op.Instr
	for inst := op.Inst; ; inst, instr = inst.Parent, inst.Site {
		at := before.Instr
		for b := before.Inst; b != nil; b, at = b.Parent, b.Site {
			if b == inst {
				if _, deferred := at.(*ssa.Defer); !deferred && ir.Dominates(at, instr) {
					return true
				}
				break
			}
			if b.Site == nil || b.Thread != b.Parent.Thread {
				break
			}
		}
		if inst.Parent == nil || inst.Site == nil {
			return false
		}
	}
}
