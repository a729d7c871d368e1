package skeleton

import (
	"go/types"
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/concurlint/concurlint/internal/api"
)

// This file names types and packages in skeletons.

// spell returns the text of a type. What it may not be able to name where it is
// used makes the skeleton invalid there.
func (w *walker) spell(t types.Type) string {
	if b, ok := t.(*types.Basic); ok {
		switch {
		case b.Info()&types.IsUntyped != 0 && b.Kind() != types.UntypedNil:
			t = types.Default(b)
		case b.Kind() == types.UnsafePointer:
			w.s.paths["unsafe"] = "unsafe"
		case b.Kind() == types.Invalid || b.Kind() == types.UntypedNil:
			fail("type %s", t)
		}
	}
	if _, ok := t.(*types.Tuple); ok {
		fail("type %s", t)
	}
	if w.s.locals && w.s.isLocal(t) {
		fail("a local type")
	}
	return types.TypeString(t, w.s.qualify)
}

// isLocal reports whether a type has one in it that a function declares: outside of it
// the name means nothing, or something else.
func (s *Slicer) isLocal(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() == s.Pkg && obj.Parent() != s.Pkg.Scope() {
			return true
		}
		return slices.ContainsFunc(slices.Collect(t.TypeArgs().Types()), s.isLocal)
	case *types.Map:
		return s.isLocal(t.Key()) || s.isLocal(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays and channels
		return s.isLocal(t.Elem())
	case *types.Signature:
		return s.isLocal(t.Params()) || s.isLocal(t.Results())
	case *types.Tuple:
		return slices.ContainsFunc(slices.Collect(t.Variables()), func(v *types.Var) bool { return s.isLocal(v.Type()) })
	case *types.Struct:
		return slices.ContainsFunc(slices.Collect(t.Fields()), func(v *types.Var) bool { return s.isLocal(v.Type()) })
	}
	return false
}

// qualify returns the name under which skeletons refer to a package: its own where the
// path is nothing else, as of sync, or else with a hash of the path, so that it does not
// depend on which package comes first.
func (s *Slicer) qualify(p *types.Package) string {
	if p == s.Pkg {
		return ""
	}
	name := "p_" + p.Name()
	if p.Path() != p.Name() {
		h := fnv.New32a()
		h.Write([]byte(p.Path()))
		name += "_" + strconv.FormatUint(uint64(h.Sum32()), 36)
	}
	s.paths[name] = p.Path()
	return name
}

// kept reports whether variables of type t remain: those by which a primitive can
// be reached, and what decides branches.
func (w *walker) kept(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&(types.IsBoolean|types.IsInteger|types.IsString) != 0
	}
	return api.IsError(t) || w.s.carries(t)
}
