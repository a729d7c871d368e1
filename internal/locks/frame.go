package locks

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A frame says what the parameters and free variables of a callee are in its
// caller.
type frame struct {
	roots map[ssa.Value]*Path // of free variables
	args  map[ssa.Value]*Path // of parameters

	// outer is set for a function that was handed down by the caller: roots
	// and args are what they are for that, and outer says what the caller's
	// values are called here.
	outer *frame
}

func (f *frame) of(v ssa.Value) *Path {
	if p := f.args[v]; p != nil {
		return p
	}
	return f.roots[v]
}

// bind returns the frame of a static call.
func (w *walker) bind(call ssa.CallInstruction, callee *ssa.Function) *frame {
	f := &frame{args: w.argsOf(call.Common(), callee)}
	if mc, ok := call.Common().Value.(*ssa.MakeClosure); ok {
		f.roots = w.closureFrame(mc, callee).roots
	}
	return f
}

func (w *walker) argsOf(common *ssa.CallCommon, callee *ssa.Function) map[ssa.Value]*Path {
	args := make(map[ssa.Value]*Path)
	if len(common.Args) == len(callee.Params) {
		for i, a := range common.Args {
			args[callee.Params[i]] = w.a.paths.Of(a)
		}
	}
	return args
}

func (w *walker) closureFrame(mc *ssa.MakeClosure, callee *ssa.Function) *frame {
	f := &frame{roots: make(map[ssa.Value]*Path)}
	if len(mc.Bindings) == len(callee.FreeVars) {
		for i, b := range mc.Bindings {
			f.roots[callee.FreeVars[i]] = w.a.paths.Of(b)
		}
	}
	return f
}

// target returns the function that a function value certainly is, if it
// operates on locks, and a frame for it: a literal or a method value.
func (w *walker) target(v ssa.Value) (*ssa.Function, *frame) {
	mc, ok := v.(*ssa.MakeClosure)
	if !ok {
		fn, ok := v.(*ssa.Function)
		if callee := w.a.prog.Callee(fn); ok && callee != nil && w.a.touches[callee] {
			return callee, &frame{}
		}
		return nil, nil
	}
	fn := mc.Fn.(*ssa.Function)
	if obj := objectOf(fn); obj != nil && len(mc.Bindings) == 1 {
		method := w.a.prog.FuncOf(obj.Origin())
		if method == nil || !w.a.touches[method] || len(method.Params) == 0 {
			return nil, nil
		}
		return method, &frame{args: map[ssa.Value]*Path{method.Params[0]: w.a.paths.Of(mc.Bindings[0])}}
	}
	callee := w.a.prog.Callee(fn)
	if callee == nil || !w.a.touches[callee] {
		return nil, nil
	}
	return callee, w.closureFrame(mc, callee)
}

// translate returns what a callee's path is in the caller, or nil where it has
// no name there.
func (t *paths) translate(p *Path, f *frame) *Path {
	p = t.outward(p, f)
	if p != nil && f.outer != nil {
		p = t.inward(p, f.outer)
	}
	return p
}

// outward replaces parameters and free variables by what they are bound to.
func (t *paths) outward(p *Path, f *frame) *Path {
	if p.Base == nil {
		switch p.Root.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			if q := f.of(p.Root); q != nil {
				return q
			}
			return nil
		}
		return p // a global, or a value of an outer function
	}
	base := t.outward(p.Base, f)
	switch {
	case base == nil:
		return nil
	case p.Field != nil:
		return t.field(base, p.Field)
	case p.Deref:
		return t.deref(base)
	}
	if p.with != nil {
		y := t.outward(p.with, f)
		if y == nil {
			return nil
		}
		op, _, _ := strings.Cut(p.other, "@")
		if c, ok := y.Root.(*ssa.Const); ok && y.Base == nil {
			return t.step(base, op+constName(c), nil)
		}
		return t.compare(base, op, y)
	}
	for _, c := range p.other {
		if c == '@' {
			return nil // an index by a value of the callee
		}
	}
	return t.step(base, p.other, nil)
}
