package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// Some channels are not closed but get a value at the end that is no data: a poison pill,
// as -1, "" or nil. If a run shows that a loop of receives is left at a value which the
// program sends as a constant, then data that happen to look the same are not expected.

// An EndMark is the way of a condition on a received value that leaves the loop.
type EndMark struct {
	If   *ssa.If
	Then bool
}

// EndMarks returns the ways out of loops of receives that the run has taken for a value
// that was known.
func (m *Machine) EndMarks() []EndMark { return m.endMarks }

// noteEndMark notes a condition that was decided without a choice.
func (m *Machine) noteEndMark(x *ssa.If, then bool) {
	if mark := (EndMark{x, then}); m.prog.asksMark(x) && !slices.Contains(m.endMarks, mark) && leavesLoop(mark) {
		m.endMarks = append(m.endMarks, mark)
	}
}

// asksMark reports whether a condition compares a part of a received value with a
// constant. An error is no mark, nor is a boolean: both are data as well.
func (p *Program) asksMark(x *ssa.If) bool {
	asks, ok := p.marks[x]
	if !ok {
		asks = comparesReceived(x)
		p.marks[x] = asks
	}
	return asks
}

func comparesReceived(x *ssa.If) bool {
	cond, ok := x.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	v := cond.X
	if _, ok := cond.Y.(*ssa.Const); !ok {
		if _, ok = cond.X.(*ssa.Const); !ok {
			return false
		}
		v = cond.Y
	}
	b, isBasic := v.Type().Underlying().(*types.Basic)
	return !api.IsError(v.Type()) && !(isBasic && b.Info()&types.IsBoolean != 0) && isReceived(v, 0)
}

// isReceived reports whether a value is received from a channel, or a part of what is.
func isReceived(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.ARROW || v.Op == token.MUL && isReceived(v.X, depth+1)
	case *ssa.Extract:
		_, isSelect := v.Tuple.(*ssa.Select)
		return isSelect && v.Index > 1 || v.Index == 0 && isReceived(v.Tuple, depth+1)
	case *ssa.Field:
		return isReceived(v.X, depth+1)
	case *ssa.FieldAddr:
		return isReceived(v.X, depth+1)
	case *ssa.Alloc:
		return slices.ContainsFunc(*v.Referrers(), func(in ssa.Instruction) bool {
			st, ok := in.(*ssa.Store)
			return ok && st.Addr == ssa.Value(v) && isReceived(st.Val, depth+1)
		})
	}
	return false
}

// leavesLoop reports whether one way of a condition comes back to it, and this one not.
func leavesLoop(mark EndMark) bool {
	out, back := mark.If.Block().Succs[0], mark.If.Block().Succs[1]
	if !mark.Then {
		out, back = back, out
	}
	comesBack := func(b *ssa.BasicBlock) bool {
		return b == mark.If.Block() || len(b.Instrs) > 0 && ir.Reaches(b.Instrs[0], mark.If)
	}
	return !comesBack(out) && comesBack(back)
}
