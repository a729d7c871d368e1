package engine

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// cancels reports whether a function that is not inside may cancel a context. It is so
// wherever that cannot be told.
func (p *Package) cancels(ctx ssa.Value, inside map[*ssa.Function]bool) bool {
	if at, ok := ctx.(*ssa.FieldAddr); ok {
		return p.cancelsBeside(at, inside)
	}
	return p.cancelsDerived(ctx, inside, 0)
}

// cancelsBeside reports whether a function that is not inside uses a function in a field
// beside the context's, which may be the one that cancels it.
func (p *Package) cancelsBeside(at *ssa.FieldAddr, inside map[*ssa.Function]bool) bool {
	owner, ok := at.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return true
	}
	for f := range owner.Fields() {
		if _, isFunc := f.Type().Underlying().(*types.Signature); isFunc && p.usedOutside(f, inside) {
			return true
		}
	}
	return false
}

// usedOutside reports whether a function that is not inside selects a field.
func (p *Package) usedOutside(f *types.Var, inside map[*ssa.Function]bool) bool {
	return slices.ContainsFunc(p.Fields().Sites(f), func(v ssa.Value) bool { return !inside[v.Parent()] })
}

// cancelsDerived is like cancels for a context that the functions inside pass on from where
// they make it.
func (p *Package) cancelsDerived(ctx ssa.Value, inside map[*ssa.Function]bool, depth int) bool {
	if depth > 4 {
		return true
	}
	switch v := ctx.(type) {
	case *ssa.Parameter:
		fn := v.Parent()
		i := slices.Index(fn.Params, v)
		callers := p.prog.Callers(fn)
		if fn.Object() == nil || fn.Object().Exported() {
			return true
		}
		return len(callers) == 0 || slices.ContainsFunc(callers, func(site ssa.CallInstruction) bool {
			args := site.Common().Args
			return !inside[site.Parent()] || i >= len(args) || p.cancelsDerived(args[i], inside, depth+1)
		})
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return !ok || v.Index != 0 || ir.Op(&call.Call) != api.CtxDerive || !unending(call.Call.Args[0]) || p.cancelLeaves(call, inside)
	}
	return true
}

// unending reports whether a context is never cancelled.
func unending(ctx ssa.Value) bool {
	call, ok := ctx.(*ssa.Call)
	return ok && ir.Op(&call.Call) == api.CtxRoot
}

// cancelLeaves reports whether the function that cancels a derived context gets anywhere but
// into an unexported field that only the functions inside use.
func (p *Package) cancelLeaves(derive *ssa.Call, inside map[*ssa.Function]bool) bool {
	for _, ref := range *derive.Referrers() {
		ex, ok := ref.(*ssa.Extract)
		if !ok || ex.Index == 0 {
			continue
		}
		for _, use := range *ex.Referrers() {
			switch use := use.(type) {
			case *ssa.DebugRef:
			case ssa.CallInstruction:
				if use.Common().Value != ex {
					return true
				}
			case *ssa.ChangeType:
				if !p.onlyKept(use, inside) {
					return true
				}
			default:
				if !p.keeps(use, ex, inside) {
					return true
				}
			}
		}
	}
	return false
}

// onlyKept reports whether a converted function is only kept in fields.
func (p *Package) onlyKept(v *ssa.ChangeType, inside map[*ssa.Function]bool) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(use ssa.Instruction) bool { return !p.keeps(use, v, inside) })
}

// keeps reports whether an instruction stores a function in an unexported field that only
// the functions inside use.
func (p *Package) keeps(use ssa.Instruction, v ssa.Value, inside map[*ssa.Function]bool) bool {
	st, ok := use.(*ssa.Store)
	if !ok || st.Val != v {
		return false
	}
	f := ir.FieldVar(st.Addr)
	return f != nil && !f.Exported() && !p.SelectedElsewhere(f.Name()) && !p.usedOutside(f, inside)
}
