package ir

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Loop is a natural loop of a function: the blocks from which its header can
// be reached again without leaving it.
type Loop struct {
	Header *ssa.BasicBlock
	Parent *Loop // the innermost enclosing loop, or nil
	blocks []bool
}

// Contains reports whether b belongs to the loop.
func (l *Loop) Contains(b *ssa.BasicBlock) bool { return l.blocks[b.Index] }

// Latches returns the blocks of the loop that jump back to its header.
func (l *Loop) Latches() []*ssa.BasicBlock {
	var latches []*ssa.BasicBlock
	for _, pred := range l.Header.Preds {
		if l.Contains(pred) {
			latches = append(latches, pred)
		}
	}
	return latches
}

// Exits returns the edges that leave the loop, each as the block inside and
// the block outside.
func (l *Loop) Exits() [][2]*ssa.BasicBlock {
	var exits [][2]*ssa.BasicBlock
	for i, in := range l.blocks {
		if !in {
			continue
		}
		b := l.Header.Parent().Blocks[i]
		for _, s := range b.Succs {
			if !l.Contains(s) {
				exits = append(exits, [2]*ssa.BasicBlock{b, s})
			}
		}
	}
	return exits
}

// Turns returns how often the body of a loop that counts up to a constant is
// executed, or 1 where that is not known.
func (l *Loop) Turns() int64 {
	exits := l.Exits()
	if len(exits) != 1 {
		return 1
	}
	from := exits[0][0]
	test, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok {
		return 1
	}
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok || cond.Op != token.LSS {
		return 1
	}
	bound, ok := cond.Y.(*ssa.Const)
	if !ok || bound.Value == nil || bound.Value.Kind() != constant.Int {
		return 1
	}
	// The counter is tested itself, or after it was raised: in the header, as
	// in a range over a slice, or behind the body, as in a range over an
	// integer, where the first turn is not tested.
	phi, ok := cond.X.(*ssa.Phi)
	raised := int64(0)
	if !ok {
		next, isSum := cond.X.(*ssa.BinOp)
		if !isSum || next.Op != token.ADD {
			return 1
		}
		if phi, ok = next.X.(*ssa.Phi); !ok {
			return 1
		}
		if from == l.Header && from != l.Latches()[0] {
			raised = 1
		}
	}
	first, ok := l.entryValue(phi)
	if !ok {
		return 1
	}
	return max(bound.Int64()-first-raised, 1)
}

// entryValue returns the constant that a loop variable begins with.
func (l *Loop) entryValue(phi *ssa.Phi) (int64, bool) {
	for i, pred := range l.Header.Preds {
		if l.Contains(pred) {
			continue
		}
		if c, ok := phi.Edges[i].(*ssa.Const); ok && phi.Block() == l.Header && c.Value != nil && c.Value.Kind() == constant.Int {
			return c.Int64(), true
		}
	}
	return 0, false
}

// A Forest holds the loops of one function.
type Forest struct {
	Loops     []*Loop // inner loops before those that enclose them
	innermost []*Loop // by block
}

// Innermost returns the innermost loop that contains b, or nil.
func (f *Forest) Innermost(b *ssa.BasicBlock) *Loop { return f.innermost[b.Index] }

// Loops returns the loops of fn.
func (p *Program) Loops(fn *ssa.Function) *Forest {
	f := p.forests[fn]
	if f == nil {
		f = findLoops(fn)
		p.forests[fn] = f
	}
	return f
}

// findLoops finds the natural loops by their back edges: an edge to a block
// that dominates its source. Loops with one header are one loop.
func findLoops(fn *ssa.Function) *Forest {
	f := &Forest{innermost: make([]*Loop, len(fn.Blocks))}
	for _, header := range fn.Blocks {
		var work []*ssa.BasicBlock
		for _, pred := range header.Preds {
			if header.Dominates(pred) {
				work = append(work, pred)
			}
		}
		if len(work) == 0 {
			continue
		}
		l := &Loop{Header: header, blocks: make([]bool, len(fn.Blocks))}
		l.blocks[header.Index] = true
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if l.blocks[b.Index] {
				continue
			}
			l.blocks[b.Index] = true
			work = append(work, b.Preds...)
		}
		f.Loops = append(f.Loops, l)
	}
	size := func(l *Loop) int {
		n := 0
		for _, in := range l.blocks {
			if in {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(f.Loops, func(a, b *Loop) int { return size(a) - size(b) })
	for i, l := range f.Loops {
		for _, outer := range f.Loops[i+1:] {
			if outer.Contains(l.Header) {
				l.Parent = outer
				break
			}
		}
		for b, in := range l.blocks {
			if in && f.innermost[b] == nil {
				f.innermost[b] = l
			}
		}
	}
	return f
}

// Reaches reports whether control can pass from instruction a to instruction b
// of the same function, by at least one step.
func Reaches(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && Index(a) < Index(b) {
		return true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := slices.Clone(a.Block().Succs)
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == b.Block() {
			return true
		}
		if !seen[x] {
			seen[x] = true
			work = append(work, x.Succs...)
		}
	}
	return false
}

// Dominates reports whether every path from the entry of the function to b
// passes a first. Both must belong to one function.
func Dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return Index(a) < Index(b)
	}
	return a.Block().Dominates(b.Block())
}

// Index returns the position of instr in its block.
func Index(instr ssa.Instruction) int { return slices.Index(instr.Block().Instrs, instr) }

func sortFuncs(funcs []*ssa.Function) {
	slices.SortFunc(funcs, func(a, b *ssa.Function) int {
		if d := ComparePos(a.Prog.Fset, a.Pos(), b.Pos()); d != 0 {
			return d
		}
		return compare(a, b)
	})
}

// ComparePos orders positions by file name and place in the file. The positions
// themselves depend on the order in which a driver happens to parse the files.
func ComparePos(fset *token.FileSet, a, b token.Pos) int {
	fa, fb := fset.File(a), fset.File(b)
	if fa != fb && fa != nil && fb != nil {
		if d := strings.Compare(fa.Name(), fb.Name()); d != 0 {
			return d
		}
	}
	return cmp.Compare(a, b)
}

func compare(a, b *ssa.Function) int {
	an, bn := a.RelString(nil), b.RelString(nil)
	switch {
	case an < bn:
		return -1
	case an > bn:
		return 1
	}
	return 0
}

// FieldVar returns the struct field that a FieldAddr or Field instruction
// selects, or nil for other values.
func FieldVar(v ssa.Value) *types.Var {
	var t types.Type
	var i int
	switch v := v.(type) {
	case *ssa.FieldAddr:
		t, i = v.X.Type().Underlying().(*types.Pointer).Elem(), v.Field
	case *ssa.Field:
		t, i = v.X.Type(), v.Field
	default:
		return nil
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() {
		return nil // a type parameter whose types share a struct
	}
	return s.Field(i).Origin()
}
