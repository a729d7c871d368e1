package wgwait

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/ir"
)

// promotes reports whether the Wait of an embedded group may be called where that
// cannot be seen, as the method of a type that has it by promotion: by other
// packages, through an interface or as a type argument.
func promotes(eng *engine.Package, group *types.Var) bool {
	p := promotion{group: group, seen: make(map[types.Type]bool)}
	if eng.Types.Name() != "main" {
		for _, obj := range eng.Info.Defs {
			if obj != nil && obj.Exported() && p.in(obj.Type()) {
				return true
			}
		}
	}
	for _, inst := range eng.Info.Instances {
		for t := range inst.TypeArgs.Types() {
			if p.of(t) {
				return true
			}
		}
	}
	for _, fn := range eng.Program().Funcs {
		for instr := range ir.Instrs(fn) {
			if mk, ok := instr.(*ssa.MakeInterface); ok && p.of(mk.X.Type()) {
				return true
			}
		}
	}
	return false
}

// A promotion looks for types with the Wait of one embedded group.
type promotion struct {
	group *types.Var
	seen  map[types.Type]bool // not to be looked into again
}

// of reports whether the method Wait of a type is that of the group.
func (p *promotion) of(t types.Type) bool {
	obj, index, _ := types.LookupFieldOrMethod(t, true, p.group.Pkg(), "Wait")
	fn, ok := obj.(*types.Func)
	if !ok || len(index) < 2 || api.Of(fn) == api.None {
		return false
	}
	var last *types.Var
	for _, i := range index[:len(index)-1] {
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		last = t.Underlying().(*types.Struct).Field(i)
		t = last.Type()
	}
	return last.Origin() == p.group
}

// in reports whether whoever has a value of type t gets at one whose Wait is that
// of the group, without a field or method in between.
func (p *promotion) in(t types.Type) bool {
	if t == nil || p.seen[t] {
		return false
	}
	p.seen[t] = true
	if p.of(t) {
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if p.in(arg) {
				return true
			}
		}
		if _, ok := t.Underlying().(*types.Struct); ok {
			return false // its exported fields and methods are looked at themselves
		}
		return t.Obj().Pkg() == p.group.Pkg() && p.in(t.Underlying())
	case *types.Pointer:
		return p.in(t.Elem())
	case *types.Slice:
		return p.in(t.Elem())
	case *types.Array:
		return p.in(t.Elem())
	case *types.Chan:
		return p.in(t.Elem())
	case *types.Map:
		return p.in(t.Key()) || p.in(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if p.in(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return p.in(t.Params()) || p.in(t.Results())
	}
	return false
}
