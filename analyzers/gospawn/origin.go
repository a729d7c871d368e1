package gospawn

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// maxOrigin bounds how far a value is followed back.
const maxOrigin = 24

// origin follows a value back to an input that is not bounded. A neutral value
// is neither bounded nor unbounded by itself: nil, or what is being followed.
func (f *finder) origin(inst *model.Instance, v ssa.Value, depth int) (src *source, neutral bool) {
	key := ref{inst, v}
	if depth > maxOrigin {
		return nil, false
	}
	if f.visiting[key] {
		return nil, true
	}
	f.visiting[key] = true
	defer delete(f.visiting, key)
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		return nil, v.IsNil()
	case *ssa.Parameter:
		if caller, arg := argument(inst, v); arg != nil {
			return f.origin(caller, arg, depth)
		}
		return f.parameter(inst, v), false
	case *ssa.FreeVar:
		if env, binding := captured(inst, v); binding != nil {
			return f.origin(env, binding, depth)
		}
	case *ssa.Phi:
		return f.merged(inst, v, depth)
	case *ssa.Slice:
		return f.sliced(inst, v, depth)
	case *ssa.MakeSlice:
		if x := lenOf(v.Len); x != nil {
			return f.origin(inst, x, depth)
		}
	case *ssa.MakeMap:
		return f.filled(inst, v), false
	case *ssa.Convert:
		return f.origin(inst, v.X, depth)
	case *ssa.ChangeType:
		return f.origin(inst, v.X, depth)
	case *ssa.ChangeInterface:
		return f.origin(inst, v.X, depth)
	case *ssa.MakeInterface:
		return f.origin(inst, v.X, depth)
	case *ssa.TypeAssert:
		return f.origin(inst, v.X, depth)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			return f.loaded(inst, v.X, depth)
		case token.ARROW:
			return f.part(inst, nil, v, depth), false
		}
	case *ssa.Field, *ssa.Lookup, *ssa.Index:
		return f.part(inst, nil, v, depth), false
	case *ssa.Extract:
		return f.extracted(inst, v, depth)
	case *ssa.Call:
		return f.result(inst, v, 0, depth)
	}
	return nil, false
}

type ref struct {
	inst *model.Instance
	v    ssa.Value
}

// merged requires that a variable is unbounded whichever way it was set: a
// length that is cut to a maximum is not.
func (f *finder) merged(inst *model.Instance, phi *ssa.Phi, depth int) (src *source, neutral bool) {
	neutral = true
	for _, e := range phi.Edges {
		s, n := f.origin(inst, e, depth)
		switch {
		case s != nil:
			src = s
		case !n:
			return nil, false
		}
		neutral = neutral && n
	}
	return src, neutral && src == nil
}

// sliced looks through x[i:], and through x[i:len(x)]; another upper bound is
// the program's own.
func (f *finder) sliced(inst *model.Instance, v *ssa.Slice, depth int) (*source, bool) {
	if v.High != nil && lenOf(v.High) == nil {
		return nil, false
	}
	if _, ok := v.X.(*ssa.Alloc); ok {
		return nil, false // the elements of a literal
	}
	return f.origin(inst, v.X, depth)
}

// filled returns the input of the loop that fills a map.
func (f *finder) filled(inst *model.Instance, m *ssa.MakeMap) *source {
	for _, r := range *m.Referrers() {
		if up, ok := r.(*ssa.MapUpdate); ok {
			if src := f.repeated(inst, up); src != nil {
				return src
			}
		}
	}
	return nil
}

// repeated returns the unbounded input of a loop around an instruction.
func (f *finder) repeated(inst *model.Instance, at ssa.Instruction) *source {
	for l := f.prog.Loops(inst.Fn).Innermost(at.Block()); l != nil; l = l.Parent {
		if step := f.stride(l); step != nil && !isOne(step) {
			return nil // a list of batches
		}
		if src := f.loopInput(inst, l, at); src != nil {
			return src
		}
	}
	return nil
}

// appended returns what append makes of its first argument: as long as the
// input of the loop in which it stands, or as what it appends.
func (f *finder) appended(inst *model.Instance, call *ssa.Call, depth int) (*source, bool) {
	src, neutral := f.origin(inst, call.Call.Args[0], depth)
	if src != nil || len(call.Call.Args) < 2 {
		return src, false
	}
	if src, _ := f.origin(inst, call.Call.Args[1], depth); src != nil {
		return src, false
	}
	if neutral {
		return f.repeated(inst, call), true
	}
	return nil, false
}

// loaded returns the origin of what is loaded from an address.
func (f *finder) loaded(inst *model.Instance, addr ssa.Value, depth int) (*source, bool) {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return f.variable(inst, addr, depth)
	case *ssa.FreeVar:
		if env, binding := captured(inst, addr); binding != nil {
			return f.loaded(env, binding, depth)
		}
	case *ssa.Parameter:
		if caller, arg := argument(inst, addr); arg != nil {
			return f.loaded(caller, arg, depth)
		}
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return f.part(inst, addr, nil, depth), false
	}
	return nil, false
}

// variable returns the origin of a local variable that closures share or
// whose address is taken: of all that is stored in it, or of what a decoder
// puts there.
func (f *finder) variable(inst *model.Instance, v *ssa.Alloc, depth int) (src *source, neutral bool) {
	if src := decodedInto(v); src != nil {
		return src, false
	}
	neutral = true
	for _, st := range f.stores(inst, v) {
		s, n := f.origin(st.inst, st.val, depth)
		switch {
		case s != nil:
			src = s
		case !n:
			return nil, false
		}
		neutral = neutral && n
	}
	return src, neutral && src == nil
}

type store struct {
	inst *model.Instance
	val  ssa.Value
}

// stores returns what is stored in a variable, by its function and by the
// closures that capture it.
func (f *finder) stores(inst *model.Instance, addr ssa.Value) []store {
	var out []store
	refs := addr.Referrers()
	if refs == nil {
		return nil
	}
	for _, r := range *refs {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == addr {
				out = append(out, store{inst, r.Val})
			}
		case *ssa.MakeClosure:
			i := slices.Index(r.Bindings, addr)
			fn := r.Fn.(*ssa.Function)
			for _, in := range f.m.Instances {
				if i >= 0 && in.Fn == fn && in.Env == inst {
					out = append(out, f.stores(in, fn.FreeVars[i])...)
					break
				}
			}
		}
	}
	return out
}

// part returns the origin of a field, element or received value: only what
// belongs to a request, or was decoded here, is unbounded in its parts. Fields
// of other parameters are configuration more often than not, and the elements
// of an unbounded input are bounded enough if the input itself is handled one
// by one.
func (f *finder) part(inst *model.Instance, addr, v ssa.Value, depth int) *source {
	base := addr
	if base == nil {
		base = v
	}
	for range maxOrigin {
		if src := f.requestRoot(inst, base); src != nil {
			return src
		}
		switch b := base.(type) {
		case *ssa.FieldAddr:
			base = b.X
		case *ssa.IndexAddr:
			base = b.X
		case *ssa.Field:
			base = b.X
		case *ssa.Index:
			base = b.X
		case *ssa.Lookup:
			base = b.X
		case *ssa.Extract:
			base = b.Tuple
		case *ssa.TypeAssert:
			base = b.X
		case *ssa.ChangeType:
			base = b.X
		case *ssa.UnOp:
			if b.Op != token.MUL {
				return nil
			}
			base = b.X
		case *ssa.Alloc:
			if src := decodedInto(b); src != nil {
				return src
			}
			return f.only(inst, b, depth)
		case *ssa.Call:
			src, _ := f.result(inst, b, 0, depth+1)
			return whole(src)
		case *ssa.FreeVar:
			env, binding := captured(inst, b)
			if binding == nil {
				return nil
			}
			inst, base = env, binding
		case *ssa.Parameter:
			caller, arg := argument(inst, b)
			if arg == nil {
				return nil
			}
			inst, base = caller, arg
		default:
			return nil
		}
	}
	return nil
}

// only returns the origin of the parts of a variable that is set once.
func (f *finder) only(inst *model.Instance, v *ssa.Alloc, depth int) *source {
	stores := f.stores(inst, v)
	if len(stores) != 1 || depth > maxOrigin {
		return nil
	}
	return f.part(stores[0].inst, nil, stores[0].val, depth+1)
}

// whole keeps a source of which each part is as unbounded as the whole.
func whole(src *source) *source {
	if src != nil && (src.kind == request || src.kind == decoded) {
		return src
	}
	return nil
}

// extracted returns the origin of one of several results.
func (f *finder) extracted(inst *model.Instance, v *ssa.Extract, depth int) (*source, bool) {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return f.result(inst, t, v.Index, depth)
	case *ssa.Lookup, *ssa.TypeAssert, *ssa.UnOp:
		return f.part(inst, nil, v, depth), false
	}
	return nil, false
}

// result returns the origin of a result of a call.
func (f *finder) result(inst *model.Instance, call *ssa.Call, index, depth int) (*source, bool) {
	if ir.IsBuiltin(&call.Call, "append") {
		return f.appended(inst, call, depth)
	}
	if src := f.outside(inst, call, depth); src != nil {
		return src, false
	}
	for _, callee := range f.m.Callees(inst, call).Callees {
		if callee.Thread != inst.Thread || callee.Parent != inst {
			continue
		}
		for _, b := range callee.Fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || index >= len(ret.Results) {
				continue
			}
			if src, _ := f.origin(callee, ret.Results[index], depth); src != nil {
				return src, false
			}
		}
	}
	return nil, false
}

// argument returns what a parameter of an instance was given, where the call
// passes its arguments as they are.
func argument(inst *model.Instance, p *ssa.Parameter) (*model.Instance, ssa.Value) {
	if inst.Parent == nil || inst.Site == nil {
		return nil, nil
	}
	common := inst.Site.Common()
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	if fn := common.StaticCallee(); fn != nil && fn != inst.Fn && fn.Origin() != inst.Fn {
		return nil, nil // inst is a callback, which is given other things
	}
	i := slices.Index(inst.Fn.Params, p)
	if i < 0 || len(args) != len(inst.Fn.Params) {
		return nil, nil
	}
	return inst.Parent, args[i]
}

// captured returns what a free variable of an instance is bound to.
func captured(inst *model.Instance, fv *ssa.FreeVar) (*model.Instance, ssa.Value) {
	if inst.Env == nil || inst.Closure() == nil {
		return nil, nil
	}
	i := slices.Index(inst.Fn.FreeVars, fv)
	if i < 0 {
		return nil, nil
	}
	return inst.Env, inst.Closure().Bindings[i]
}
