package gospawn

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// This file knows the loops that go through an input several elements at a time. Where
// the size of such a batch is computed from the length of the input, there is a number
// of batches that the program has chosen, however long the input is. Where it is not,
// a goroutine per batch is still a decision and no oversight; a goroutine per element
// of each batch is none.

// perBatch reports whether the turn handles a batch of elements.
func (f *finder) perBatch(t *turn) bool {
	if t.loop != nil {
		step := f.stride(t.loop)
		return step != nil && !isOne(step)
	}
	size := chunkSize(t.call.Common().Value)
	return size != nil && !isOne(size)
}

// stride returns by how much a loop increases the index that it compares with a
// length, or nil if it has none.
func (f *finder) stride(loop *ir.Loop) ssa.Value {
	test, ok := loop.Header.Instrs[len(loop.Header.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	cmp, ok := test.Cond.(*ssa.BinOp)
	if !ok || lenOf(cmp.Y) == nil {
		return nil
	}
	phi, ok := cmp.X.(*ssa.Phi)
	if !ok || phi.Block() != loop.Header {
		return nil
	}
	for i, e := range phi.Edges {
		if !loop.Contains(phi.Block().Preds[i]) {
			continue
		}
		if add, ok := e.(*ssa.BinOp); ok && add.Op == token.ADD && add.X == phi {
			return add.Y
		}
	}
	return nil
}

// chunkSize returns the size that a call of slices.Chunk is given, or nil for another
// value.
func chunkSize(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok || fullName(ir.Object(&call.Call)) != "slices.Chunk" || len(call.Call.Args) != 2 {
		return nil
	}
	return call.Call.Args[1]
}

func isOne(v ssa.Value) bool {
	n, ok := constInt(v)
	return ok && n == 1
}

// fromLength reports whether a number is computed from the length of something.
func fromLength(v ssa.Value) bool { return lengthWithin(v, 0) }

func lengthWithin(v ssa.Value, depth int) bool {
	if depth > 6 || v == nil {
		return false
	}
	depth++
	switch v := v.(type) {
	case *ssa.BinOp:
		return lengthWithin(v.X, depth) || lengthWithin(v.Y, depth)
	case *ssa.Convert:
		return lengthWithin(v.X, depth)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if lengthWithin(e, depth) {
				return true
			}
		}
	case *ssa.Call:
		if lenOf(v) != nil {
			return true
		}
		for _, arg := range v.Call.Args { // min, max, math.Ceil
			if isNumber(arg) && lengthWithin(arg, depth) {
				return true
			}
		}
	}
	return false
}

func isNumber(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}
