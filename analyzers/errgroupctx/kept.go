package errgroupctx

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/ir"
)

// This file finds the groups that a struct keeps beside their context: one
// method makes both, and another one Waits.

// A keptGroup is a pair of struct fields that hold a group and its context.
type keptGroup struct {
	group, context *types.Var
	pos            token.Pos // of errgroup.WithContext
}

// keptGroups returns the pairs of fields of the package to which nothing is
// assigned but the results of one call of errgroup.WithContext.
func keptGroups(eng *engine.Package) []keptGroup {
	prog := eng.Program()
	if prog == nil {
		return nil
	}
	var out []keptGroup
	others := make(map[*types.Var]int) // assignments by field
	for _, fn := range prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if f := ir.FieldVar(instr.Addr); f != nil {
						others[f.Origin()]++
					}
				case *ssa.Call:
					if ir.Op(&instr.Call) == api.EGWithContext {
						out = appendKept(out, instr)
					}
				}
			}
		}
	}
	n := 0
	for _, k := range out {
		if others[k.group] == 1 && others[k.context] == 1 {
			out[n] = k
			n++
		}
	}
	return out[:n]
}

// waitElsewhere returns the functions that have a method of their package Wait for a kept
// group, and have no group of their own: no model begins with them.
func waitElsewhere(eng *engine.Package, kept []keptGroup) []*ssa.Function {
	if len(kept) == 0 {
		return nil
	}
	prog, roots := eng.Program(), eng.Roots()
	var out []*ssa.Function
	for _, fn := range prog.Funcs {
		if !slices.ContainsFunc(kept, func(k keptGroup) bool { return waitsFor(fn, k) }) {
			continue
		}
		for _, call := range prog.Callers(fn) {
			if _, ok := call.(*ssa.Call); !ok {
				continue
			}
			if caller := call.Parent(); caller.Parent() == nil && !slices.Contains(roots, caller) && !slices.Contains(out, caller) {
				out = append(out, caller)
			}
		}
	}
	return out
}

// waitsFor reports whether a function Waits for the group in a kept field.
func waitsFor(fn *ssa.Function, k keptGroup) bool {
	for instr := range ir.Instrs(fn) {
		call, ok := instr.(*ssa.Call)
		if !ok || ir.Op(&call.Call) != api.EGWait {
			continue
		}
		load, ok := call.Call.Args[0].(*ssa.UnOp)
		if !ok {
			continue
		}
		if f := ir.FieldVar(load.X); f != nil && f.Origin() == k.group {
			return true
		}
	}
	return false
}

// appendKept adds the fields to which the results of a call are assigned, if
// these are of one struct.
func appendKept(out []keptGroup, call *ssa.Call) []keptGroup {
	group, context := fieldOfResult(call, 0), fieldOfResult(call, 1)
	if group == nil || context == nil || group.X != context.X {
		return out
	}
	g, c := ir.FieldVar(group), ir.FieldVar(context)
	if g == nil || c == nil {
		return out
	}
	return append(out, keptGroup{g.Origin(), c.Origin(), call.Pos()})
}

func fieldOfResult(call *ssa.Call, i int) *ssa.FieldAddr {
	e := extract(call, i)
	if e == nil {
		return nil
	}
	for _, ref := range *e.Referrers() {
		if st, ok := ref.(*ssa.Store); ok {
			if addr, ok := st.Addr.(*ssa.FieldAddr); ok {
				return addr
			}
		}
	}
	return nil
}

// keptIn returns the kept groups for which a function of the model Waits and
// which it was given: they were made before it was called.
func (s *subject) keptIn(kept []keptGroup) []*group {
	var out []*group
	seen := make(map[source]bool)
	for _, op := range s.m.Ops() {
		if op.Call != api.EGWait {
			continue
		}
		load, ok := op.Value().(*ssa.UnOp)
		if !ok {
			continue
		}
		addr, ok := load.X.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, k := range kept {
			f := ir.FieldVar(addr)
			if f == nil || f.Origin() != k.group {
				continue
			}
			at, base := s.m.PointsTo(op.Inst, addr), s.m.PointsTo(op.Inst, addr.X)
			if len(at) != 1 || len(base) != 1 || at[0].Own() || len(s.values.stores[at[0]]) > 0 {
				continue // made in this model
			}
			context := base[0]
			context.Path += "." + strconv.Itoa(fieldIndex(addr, k.context))
			g := &group{group: source{loc: at[0]}, context: source{loc: context}, name: k.context.Name(), pos: k.pos}
			if !seen[g.group] {
				seen[g.group] = true
				out = append(out, g)
			}
		}
	}
	return out
}

// fieldIndex returns the index of a field in the struct that addr points into.
func fieldIndex(addr *ssa.FieldAddr, v *types.Var) int {
	if p, ok := addr.X.Type().Underlying().(*types.Pointer); ok {
		if st, ok := p.Elem().Underlying().(*types.Struct); ok {
			for i := range st.NumFields() {
				if st.Field(i).Origin() == v {
					return i
				}
			}
		}
	}
	return -1
}
