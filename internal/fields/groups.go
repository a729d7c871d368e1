package fields

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// A Group is a sync.WaitGroup or errgroup.Group that the package declares or
// makes, with what the package does with it.
type Group struct {
	// Decl is the field or package-level variable, and Local the variable of a
	// function, or what makes the group there. One of them is nil.
	Decl  *types.Var
	Local ssa.Value

	// Exported is set if other packages may select Decl by its name.
	Exported bool

	*Var // Leaks says nothing of Exported
}

// Pos returns where the group is declared or made.
func (g *Group) Pos() token.Pos {
	if g.Decl != nil {
		return g.Decl.Pos()
	}
	if e, ok := g.Local.(*ssa.Extract); ok {
		return e.Tuple.Pos()
	}
	return g.Local.Pos()
}

// Groups returns the groups of the package in source order.
func (x *Index) Groups() []Group {
	var out []Group
	for v := range x.sites {
		if isGroup(v.Type()) && v.Pkg() == x.prog.Types {
			out = append(out, Group{Decl: v, Exported: exported(v), Var: x.inside(v)})
		}
	}
	for _, fn := range x.prog.Funcs {
		for instr := range ir.Instrs(fn) {
			switch v := instr.(type) {
			case *ssa.Alloc:
				if isGroup(v.Type()) {
					out = append(out, x.local(v, 1))
				}
			case *ssa.Extract:
				if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 && ir.Op(&call.Call) == api.EGWithContext {
					out = append(out, x.local(v, 0))
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Group) int { return ir.ComparePos(x.prog.Fset, a.Pos(), b.Pos()) })
	return out
}

func (x *Index) local(v ssa.Value, l level) Group {
	t := x.tracer(nil)
	t.trace(v, l)
	return Group{Local: v, Var: t.v}
}

// isGroup reports whether t is a group or a pointer to one.
func isGroup(t types.Type) bool { return api.IsWaitGroup(t) || api.IsGroup(t) }
