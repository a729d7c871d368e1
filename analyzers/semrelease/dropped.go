package semrelease

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

// This file finds the returns that drop what was to release a semaphore: the function
// has put a literal that releases into an object which it returns, and then returns nil
// and an error instead.

// drops returns the literal that is to release what h has acquired, if a return drops
// the object in which it is, or nil.
func (c *checker) drops(f *locks.Func, e locks.Exit, h locks.Hold) *ssa.MakeClosure {
	site := h.Taken()
	if !h.Unknown || h.Read != 1 || site == nil || !outlives(h.Lock, f.Fn) || !returnsNothing(e) || !c.locks.Direct(site) || c.passesOn(f.Fn, 0) {
		return nil
	}
	var found *ssa.MakeClosure
	for _, by := range f.Pairs[site] {
		mc, ok := by.(*ssa.MakeClosure)
		if !ok || !c.together(site, by) {
			continue
		}
		if found != nil {
			return nil // either of them may release
		}
		found = mc
	}
	if found == nil || !ir.Dominates(site, found) || !ir.Dominates(found, e.Return) || c.mayRelease(f, h, found, e.Return) {
		return nil
	}
	kept := objectOf(found)
	if kept == nil || kept.Parent() != f.Fn || !c.isReturned(kept) {
		return nil
	}
	d := dropper{c: c, at: e.Return, method: c.callers(kept)}
	if d.givenAway(kept) {
		return nil
	}
	return found
}

// returnsNothing reports whether an exit returns nil and an error.
func returnsNothing(e locks.Exit) bool {
	n := len(e.Return.Results)
	return e.Failure && n == 2 && ir.IsNil(e.Return.Results[0]) && api.IsError(e.Return.Results[1].Type())
}

// objectOf returns the object into a field of which a literal is put, if nothing else
// becomes of it, or nil.
func objectOf(mc *ssa.MakeClosure) *ssa.Alloc {
	var object *ssa.Alloc
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			field, ok := ref.Addr.(*ssa.FieldAddr)
			if !ok || object != nil {
				return nil
			}
			if object, ok = field.X.(*ssa.Alloc); !ok {
				return nil
			}
		default:
			return nil
		}
	}
	return object
}

// isReturned reports whether a return gives the object to the caller.
func (c *checker) isReturned(object ssa.Value) bool {
	for _, ref := range *object.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return:
			return true
		case *ssa.MakeInterface:
			if c.isReturned(ref) {
				return true
			}
		}
	}
	return false
}

// mayRelease reports whether anything but a literal may have released a semaphore when a
// return is reached: another literal, a function that is deferred, or an operation, or a
// call of a function of the package that has one, between the two.
func (c *checker) mayRelease(f *locks.Func, h locks.Hold, mc *ssa.MakeClosure, ret *ssa.Return) bool {
	unknown := c.releasedByOthers(f, h) // by a function that a value may be, for all that is known
	for instr := range ir.Instrs(f.Fn) {
		if other, ok := instr.(*ssa.MakeClosure); ok && other != mc && c.releases(other.Fn.(*ssa.Function), unknown, 0) {
			return true
		}
		if _, deferred := instr.(*ssa.Defer); !deferred && !(ir.Reaches(mc, instr) && ir.Reaches(instr, ret)) {
			continue
		}
		for _, op := range c.ops(instr) {
			if op.Do == locks.Release {
				return true
			}
		}
		if call, ok := instr.(ssa.CallInstruction); ok && c.calleeReleases(call, unknown, 0) {
			return true
		}
	}
	return false
}

// calleeReleases reports whether a call may release a semaphore: its function is one of the
// package that does, or a value of which that is not known.
func (c *checker) calleeReleases(call ssa.CallInstruction, unknown bool, depth int) bool {
	callee := c.prog.StaticCallee(call)
	if callee == nil {
		_, isBuiltin := call.Common().Value.(*ssa.Builtin)
		return unknown && !isBuiltin && !call.Common().IsInvoke() && call.Common().StaticCallee() == nil
	}
	return c.releases(callee, unknown, depth)
}

// releases reports whether a function of the package, or one that it calls, may release a
// semaphore.
func (c *checker) releases(fn *ssa.Function, unknown bool, depth int) bool {
	if depth > 3 {
		return true
	}
	for instr := range ir.Instrs(fn) {
		for _, op := range c.ops(instr) {
			if op.Do == locks.Release {
				return true
			}
		}
		if inner, ok := instr.(ssa.CallInstruction); ok && c.calleeReleases(inner, unknown, depth+1) {
			return true
		}
	}
	return false
}

// callers returns the names of the methods of an object that read a field of function
// type, and so may call what is in it.
func (c *checker) callers(object *ssa.Alloc) map[string]bool {
	names := make(map[string]bool)
	named := api.Named(object.Type())
	for _, fn := range c.prog.Funcs {
		recv := fn.Signature.Recv()
		if recv == nil || named == nil || api.Named(recv.Type()) != named {
			continue
		}
		for instr := range ir.Instrs(fn) {
			v, ok := instr.(ssa.Value)
			if f := fieldOf(v, ok); f != nil {
				if _, isFunc := f.Type().Underlying().(*types.Signature); isFunc {
					names[fn.Name()] = true
				}
			}
		}
	}
	return names
}

func fieldOf(v ssa.Value, ok bool) *types.Var {
	if !ok {
		return nil
	}
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.Field:
		return ir.FieldVar(v)
	}
	return nil
}

// A dropper looks at what becomes of an object on the way to a return that drops it.
type dropper struct {
	c      *checker
	at     *ssa.Return
	method map[string]bool // that release
}

// givenAway reports whether somebody else may have the object at the return, or may have
// called what is in it.
func (d *dropper) givenAway(object ssa.Value) bool {
	for _, ref := range *object.Referrers() {
		if !ir.Reaches(ref, d.at) {
			continue
		}
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.FieldAddr:
			if !onlySet(ref) {
				return true
			}
		case *ssa.MakeInterface:
			if d.givenAway(ref) {
				return true
			}
		case *ssa.ChangeInterface:
			if d.givenAway(ref) {
				return true
			}
		case *ssa.Call:
			if !d.onlyFailed(ref, object) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// onlySet reports whether the address of a field is used to assign to it, or to read it
// if it is no function.
func onlySet(field *ssa.FieldAddr) bool {
	_, isFunc := ir.FieldVar(field).Type().Underlying().(*types.Signature)
	for _, ref := range *field.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if isFunc {
				return false
			}
		case *ssa.Store:
			if ref.Addr != ssa.Value(field) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyFailed reports whether a call that is given an object can do no more with it than to
// fail, which is what the return is for: the function of another package knows it by an
// interface without the methods that release, and nothing is called behind it.
func (d *dropper) onlyFailed(call *ssa.Call, object ssa.Value) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || d.c.prog.StaticCallee(call) != nil {
		return false
	}
	for i, arg := range call.Call.Args {
		if arg != object {
			continue
		}
		if i >= callee.Signature.Params().Len() || callee.Signature.Recv() != nil || len(d.method) == 0 {
			return false
		}
		iface, ok := callee.Signature.Params().At(i).Type().Underlying().(*types.Interface)
		if !ok || iface.NumMethods() == 0 {
			return false
		}
		for m := range iface.Methods() {
			if d.method[m.Name()] {
				return false
			}
		}
	}
	return d.followsError(call)
}

// followsError reports whether the return is what follows where a call has returned an
// error.
func (d *dropper) followsError(call *ssa.Call) bool {
	block := d.at.Block()
	if len(block.Preds) != 1 {
		return false
	}
	pred := block.Preds[0]
	branch, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	test, ok := branch.Cond.(*ssa.BinOp)
	if !ok || !ir.IsNil(test.Y) {
		return false
	}
	err := test.X
	if result, ok := err.(*ssa.Extract); ok {
		err = result.Tuple
	}
	if err != ssa.Value(call) {
		return false
	}
	for _, instr := range block.Instrs {
		if call, ok := instr.(*ssa.Call); ok && !api.Formats(ir.Object(&call.Call)) && !isErrorsNew(call) {
			return false
		}
	}
	return true
}

func isErrorsNew(call *ssa.Call) bool {
	obj := ir.Object(&call.Call)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "errors"
}
