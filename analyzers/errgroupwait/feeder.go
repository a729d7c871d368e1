package errgroupwait

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/repair"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds senders that wait for workers which have given up.

// feeders reports the sends, outside of a select, to workers of the group that
// stop receiving when they fail, if nobody else receives.
func (g *group) feeders() {
	seen := make(map[model.Loc]bool)
	for _, op := range g.m.Ops() {
		if op.Kind != model.Receive || len(op.On) != 1 || !g.isTask(op.Inst.Thread) {
			continue
		}
		if ch := op.On[0]; !seen[ch] && ch.Own() && !ch.Escaped() {
			seen[ch] = true
			g.feeder(ch)
		}
	}
}

// feeder reports the first send to a channel that blocks when all who receive
// have left.
func (g *group) feeder(ch model.Loc) {
	if !small(ch) {
		return
	}
	var send, receive *model.Op
	var exit *ssa.Return
	for _, op := range g.m.OpsOn(ch) {
		switch op.Kind {
		case model.Receive:
			ret := g.givesUp(op, ch)
			if ret == nil {
				return // receives to the end, or where that cannot be told
			}
			receive, exit = op, ret
		case model.Send:
			if send == nil && g.feeds(op) {
				send = op
			}
		}
	}
	if send == nil || exit == nil {
		return
	}
	start := g.m.Joins.Task(receive.Inst.Thread)
	_, x := g.eng.Syntax.Operation(send.Pos())
	name := "the channel"
	if x != nil {
		name = syntax.Text(x)
	}
	finding := g.report(send.Pos(), fmt.Sprintf("send on %s blocks forever once the tasks that receive have failed: each returns at %s and receives no more", name, g.line(returnPos(exit), send.Pos())),
		g.step(start.Pos(), "the tasks that receive are started here"),
		g.step(returnPos(exit), "when one fails it returns here, and leaves the rest to the others"),
		g.step(send.Pos(), "when all have failed nobody receives what is sent here"))
	finding.Repair = func() *report.Fix { return repair.New(g.pass, g.eng).Leave(send.Pos()) }
	g.pass.Report(*finding)
}

// small reports whether the buffer of a channel is smaller than what a loop may
// send: none, or a constant.
func small(ch model.Loc) bool {
	mk, ok := ch.Obj.Site.(*ssa.MakeChan)
	if !ok {
		return false
	}
	_, isConst := mk.Size.(*ssa.Const)
	return isConst
}

// feeds reports whether a send waits for nothing but a receiver, and is repeated
// in a loop of unknown length.
func (g *group) feeds(op *model.Op) bool {
	if _, plain := op.Instr.(*ssa.Send); !plain || !op.Only(op.On[0]) {
		return false
	}
	loop := g.eng.Program().Loops(op.Inst.Fn).Innermost(op.Instr.Block())
	return loop != nil && loop.Turns() <= 1
}

// givesUp returns the return statement at which a task leaves its loop of
// receives although there is more to come: with an error that may be other than
// nil. It is nil where the receive is none of such a loop.
func (g *group) givesUp(op *model.Op, ch model.Loc) *ssa.Return {
	t := op.Inst.Thread
	if !g.isTask(t) || op.Inst != t.Root || !op.Only(ch) {
		return nil
	}
	loop := g.eng.Program().Loops(op.Inst.Fn).Innermost(op.Instr.Block())
	if loop == nil || defers(op.Inst.Fn) {
		return nil
	}
	from := received(op)
	if from == nil {
		return nil
	}
	return g.exit(from, op, ch)
}

// defers reports whether a function defers something other than a call of the
// standard operations, which may receive what is left.
func defers(fn *ssa.Function) bool {
	for instr := range ir.Instrs(fn) {
		if d, ok := instr.(*ssa.Defer); ok && ir.Op(&d.Call) == api.None && !ir.IsBuiltin(&d.Call, "close") {
			return true
		}
	}
	return false
}

// received returns the block in which a receive has delivered a value.
func received(op *model.Op) *ssa.BasicBlock {
	recv, ok := op.Instr.(*ssa.UnOp)
	if !ok || !recv.CommaOk {
		return nil // a select, of which the explorer sees what its cases do; or no worker's loop
	}
	for _, ref := range *recv.Referrers() {
		ok, isExtract := ref.(*ssa.Extract)
		if !isExtract || ok.Index != 1 {
			continue
		}
		for _, r := range *ok.Referrers() {
			switch r := r.(type) {
			case *ssa.If:
				return r.Block().Succs[0]
			case *ssa.UnOp:
				for _, rr := range *r.Referrers() {
					if test, isIf := rr.(*ssa.If); isIf && r.Op == token.NOT {
						return test.Block().Succs[1]
					}
				}
			}
		}
	}
	return nil
}

// exit returns a return of an error that control reaches from a block with no
// further receive from the channel.
func (g *group) exit(from *ssa.BasicBlock, op *model.Op, ch model.Loc) *ssa.Return {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || g.receivesIn(b, op, ch) {
			continue
		}
		seen[b] = true
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if !ir.IsNil(result(ret, 0)) {
				return ret
			}
		}
		work = append(work, b.Succs...)
	}
	return nil
}

// receivesIn reports whether a block receives from the channel, or calls what
// does.
func (g *group) receivesIn(b *ssa.BasicBlock, op *model.Op, ch model.Loc) bool {
	for _, instr := range b.Instrs {
		for _, x := range g.m.OpsOn(ch) {
			if x.Kind == model.Receive && x.Inst == op.Inst && x.Instr == instr {
				return true
			}
		}
	}
	return false
}
