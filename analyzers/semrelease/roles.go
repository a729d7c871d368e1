package semrelease

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// An acquirer says by which operation a semaphore is acquired.
type acquirer uint8

const (
	notSemaphore acquirer = iota
	bySend
	byReceive // of tokens with which the channel was filled
)

// acquiredBy decides whether the channels of a family are semaphores.
func (c *channels) acquiredBy(f *family) acquirer {
	if f.other || f.open || len(f.made) == 0 {
		return notSemaphore
	}
	for _, m := range f.made {
		if k, ok := m.Size.(*ssa.Const); ok && (k.Value == nil || constant.Sign(k.Value) == 0) {
			return notSemaphore
		}
	}
	fills := 0
	var sends, receives []use
	for _, u := range f.uses {
		switch {
		case u.send && c.fills(f, u):
			fills++
			c.filling[u.instr] = true
		case u.send:
			sends = append(sends, u)
		default:
			receives = append(receives, u)
		}
	}
	by, releases := bySend, receives
	if fills > 0 {
		by, releases = byReceive, sends
	}
	if len(sends) == 0 || len(receives) == 0 {
		return notSemaphore
	}
	for _, u := range releases {
		if u.waits() || by == byReceive && u.tries() {
			return notSemaphore // a signal, for which somebody waits among others
		}
	}
	return by
}

// fills reports whether a send is one of those that fill a channel with tokens
// when it is made: in a loop of its own, before anything else happens to the
// channel.
func (c *channels) fills(f *family, u use) bool {
	send, ok := u.instr.(*ssa.Send)
	if !ok {
		return false
	}
	loop := c.prog.Loops(send.Parent()).Innermost(send.Block())
	if loop == nil {
		return false
	}
	made := false
	for _, m := range f.made {
		made = made || m.Parent() == send.Parent() && ir.Dominates(m, send)
	}
	if !made {
		return false
	}
	for _, b := range send.Parent().Blocks {
		if loop.Contains(b) && !plain(b) {
			return false
		}
	}
	for _, other := range f.uses {
		if other.instr != u.instr && other.instr.Parent() == send.Parent() && reaches(other.instr.Block(), send.Block(), nil) {
			return false
		}
	}
	for instr := range ir.Instrs(send.Parent()) {
		if g, ok := instr.(*ssa.Go); ok && reaches(g.Block(), send.Block(), nil) {
			return false // somebody may use it already
		}
	}
	return true
}

// reaches reports whether control can get from one block to another, without
// passing a third one.
func reaches(from, to, not *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b.Index] && b != not {
			seen[b.Index] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// plain reports whether nothing happens in a block but sends and the counting
// of a loop.
func plain(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Phi, *ssa.BinOp, *ssa.If, *ssa.Jump, *ssa.Send, *ssa.UnOp, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.DebugRef, *ssa.Alloc:
		case *ssa.Call:
			if _, ok := instr.Call.Value.(*ssa.Builtin); !ok {
				return false
			}
		case *ssa.Store:
			if _, ok := instr.Addr.(*ssa.Alloc); !ok {
				return false
			}
		default:
			return false
		}
	}
	return true
}
