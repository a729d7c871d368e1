package gospawn

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// This file knows the branch in which a read has failed. What is started there, such as
// the sender of a stream that is opened again, is started once per end of an input, and
// for no element of it.

// afterFailure reports whether a block is reached only where a read or receive in front
// of it has delivered nothing: its error was not nil, or its bool, as that of a receive
// from a closed channel or of Scan, was false.
func afterFailure(read ssa.Value, b *ssa.BasicBlock) bool {
	for _, block := range read.Parent().Blocks {
		test, ok := block.Instrs[len(block.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		branch, ok := failing(read, test.Cond)
		if !ok {
			continue
		}
		if entry := block.Succs[branch]; len(entry.Preds) == 1 && entry.Dominates(b) {
			return true
		}
	}
	return false
}

// failing returns which branch of a condition is taken where a read has failed; it is
// not ok where the condition does not tell.
func failing(read, cond ssa.Value) (branch int, ok bool) {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			branch, ok = failing(read, cond.X)
			return 1 - branch, ok
		}
	case *ssa.BinOp:
		if !ir.IsNil(cond.Y) || !api.IsError(cond.X.Type()) || !isResult(read, cond.X) {
			return 0, false
		}
		switch cond.Op {
		case token.NEQ:
			return 0, true
		case token.EQL:
			return 1, true
		}
		return 0, false
	}
	return 1, isBool(cond) && isResult(read, cond)
}

// isResult reports whether a value is the last result of a read, perhaps by way of a
// variable that a function literal uses as well.
func isResult(read, v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Extract:
		tuple, ok := v.Tuple.Type().(*types.Tuple)
		return ok && v.Tuple == read && v.Index == tuple.Len()-1
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		stored := lastStore(v)
		return stored != nil && isResult(read, stored.Val)
	}
	return v == read
}

// lastStore returns the assignment in the block of a load which sets what it loads, or
// nil if there is none, or a call between the two.
func lastStore(load *ssa.UnOp) *ssa.Store {
	instrs := load.Block().Instrs
	for i := ir.Index(load) - 1; i >= 0; i-- {
		switch instr := instrs[i].(type) {
		case *ssa.Store:
			if instr.Addr == load.X {
				return instr
			}
		case ssa.CallInstruction:
			return nil
		}
	}
	return nil
}

func isBool(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}
