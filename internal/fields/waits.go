package fields

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// A Wait is a call of the method Wait on a field or package-level variable.
type Wait struct {
	Call ssa.CallInstruction
	Var  *types.Var
}

// Waits returns the calls of an operation, WGWait or CondWait, on fields and
// package-level variables, in source order, the first one of each variable.
func Waits(prog *ir.Program, op api.Op) []Wait {
	var out []Wait
	seen := make(map[*types.Var]bool)
	for _, fn := range prog.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				call, ok := in.(ssa.CallInstruction)
				if !ok || ir.Op(call.Common()) != op || len(call.Common().Args) == 0 {
					continue
				}
				if v := variable(call.Common().Args[0]); v != nil && !seen[v] {
					seen[v] = true
					out = append(out, Wait{call, v})
				}
			}
		}
	}
	return out
}

// variable returns the field or package-level variable that a pointer points
// to, or was loaded from.
func variable(v ssa.Value) *types.Var {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return ir.FieldVar(v)
	case *ssa.Global:
		obj, _ := v.Object().(*types.Var)
		return obj
	}
	return nil
}
