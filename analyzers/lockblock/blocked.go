package lockblock

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// sentUnderLock reports a send with a lock held where all who receive from the channel take
// that lock between two receives: when they wait for it, nobody is left to receive. Room in
// the channel only puts that off.
//
// Where a run shows the same, it tells more. Nothing is executed for this, so all that happens to the channel must be in sight, and the
// lock and the channel must be in fields of one object in both functions.
func (c *checker) sentUnderLock(f *locks.Func) {
	seen := make(map[*ssa.Send]bool)
	if c.isMain(f.Fn) {
		return
	}
	for _, s := range f.Sends {
		channel, ok := c.locks.SameOwner(s.Held.Lock, s.Send.Chan)
		if !ok || seen[s.Send] || !c.locks.Stable(s.Held.Lock) || c.withObject(s.Held) || c.locks.Local(s.Held.Lock) || c.eng.SelectedElsewhere(channel.Name()) {
			continue
		}
		known := c.eng.Field(channel)
		if known.Leaks || computedRoom(known) {
			continue
		}
		if at := c.waitingReceivers(s, channel, known); at != nil {
			seen[s.Send] = true
			c.reportSent(s, at)
		}
	}
}

// waitingReceivers returns a place where a receiver takes the lock, if each receiver does so
// in the loop in which it receives; or nil.
func (c *checker) waitingReceivers(s locks.Send, channel *types.Var, known *fields.Var) ssa.Instruction {
	var at ssa.Instruction
	for _, u := range known.Uses {
		if u.Kind != model.Receive {
			continue
		}
		block := c.takenInLoop(u, channel, s.Held)
		if block == nil || c.calls(u.Fn, s.Send.Parent(), 0) {
			return nil
		}
		if at == nil {
			at = block.Instrs[0]
			for _, in := range block.Instrs {
				if in.Pos().IsValid() && c.locks.Takes(in) {
					at = in
					break
				}
			}
		}
	}
	return at
}

// takenInLoop returns a block of the loop around a receive in which the lock is taken that a
// sender holds.
func (c *checker) takenInLoop(u fields.Use, channel *types.Var, held locks.Hold) *ssa.BasicBlock {
	var blocks []*ssa.BasicBlock
	for _, ch := range received(u.Instr) {
		blocks = append(blocks, c.locks.TakenBeside(u.Fn, ch, channel, held.Lock.Field, false)...)
		if held.Write > 0 {
			blocks = append(blocks, c.locks.TakenBeside(u.Fn, ch, channel, held.Lock.Field, true)...)
		}
	}
	slices.SortFunc(blocks, func(x, y *ssa.BasicBlock) int { return x.Index - y.Index })
	for _, b := range blocks {
		for l := c.prog.Loops(u.Fn).Innermost(u.Instr.Block()); l != nil; l = l.Parent {
			if l.Contains(b) {
				return b
			}
		}
	}
	return nil
}

// received returns the channels from which an instruction receives.
func received(in ssa.Instruction) []ssa.Value {
	switch in := in.(type) {
	case *ssa.UnOp:
		return []ssa.Value{in.X}
	case *ssa.Select:
		var out []ssa.Value
		for _, s := range in.States {
			if s.Dir == types.RecvOnly {
				out = append(out, s.Chan)
			}
		}
		return out
	}
	return nil
}

// calls reports whether a function leads to another one by calls: then it is the receiver
// itself that sends.
func (c *checker) calls(from, to *ssa.Function, depth int) bool {
	if from == to {
		return true
	}
	if depth > 6 {
		return true
	}
	for in := range ir.Instrs(from) {
		if call, ok := in.(*ssa.Call); ok {
			if callee := c.prog.StaticCallee(call); callee != nil && c.calls(callee, to, depth+1) {
				return true
			}
		}
	}
	return false
}

// computedRoom reports whether a channel is made with as much room as something has
// elements.
func computedRoom(known *fields.Var) bool {
	for _, in := range known.Made {
		st, ok := in.(*ssa.Store)
		if !ok {
			return true
		}
		mk, ok := st.Val.(*ssa.MakeChan)
		if !ok {
			return true
		}
		switch mk.Size.(type) {
		case *ssa.Const, *ssa.Parameter:
		default:
			return true
		}
	}
	return len(known.Made) == 0
}

func (c *checker) reportSent(s locks.Send, at ssa.Instruction) {
	start, end := c.eng.Syntax.Span(s.Send.Pos())
	lock := c.name(s.Held.Innermost())
	finding := report.Finding{
		Pos: start, End: end,
		Message: "sends with " + lock + " " + verb(s.Held.Write == 0) + ", which the receiver takes at " + c.line(at.Pos(), start) +
			": when it waits there, both block forever",
		Story: []report.Step{
			c.taken(s.Held),
			c.step(s.Send.Pos(), "it is still held while this waits for a receiver"),
			c.step(at.Pos(), "the receiver waits for %s here before it receives again", lock),
		},
		Advice: "send after the Unlock, or let the receiver do without the lock",
	}
	all := finding
	for _, step := range finding.Story {
		all.Involved = append(all.Involved, step.Pos)
	}
	if !tells(c.pass.Found(), all) {
		c.pass.Report(finding)
	}
}
