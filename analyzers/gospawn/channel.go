package gospawn

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// channel returns the source that a receive takes its values from.
func (f *finder) channel(inst *model.Instance, ch ssa.Value, pos token.Pos) *source {
	t, ok := ch.Type().Underlying().(*types.Chan)
	if !ok || !isEvent(t.Elem()) || mayBeNil(ch) {
		return nil
	}
	if !f.fed(inst, ch, 0) {
		return nil // what comes through it is bounded, as far as can be seen
	}
	return &source{kind: received, unit: "value", name: f.operandText(pos), pos: pos, elem: t.Elem()}
}

// mayBeNil reports whether a channel variable is switched off at times, which
// is how a select loop stops taking more than it can handle.
func mayBeNil(ch ssa.Value) bool {
	phi, ok := ch.(*ssa.Phi)
	if !ok {
		return false
	}
	for _, e := range phi.Edges {
		if ir.IsNil(e) {
			return true
		}
	}
	return false
}

// isEvent reports whether values of type t are data: not ticks, signals,
// tokens or notifications, nor connections, of which one each is what a
// server is for.
func isEvent(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Struct); ok && s.NumFields() == 0 {
		return false
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		return false
	}
	if n := api.Named(t); n != nil && n.Obj().Pkg() != nil {
		switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
		case "time.Time", "os.Signal":
			return false
		}
	}
	return !isConnection(t) && !api.IsError(t)
}

// isConnection reports whether t can be closed and read from or written to, or
// accepted.
func isConnection(t types.Type) bool {
	has := func(name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		_, ok := obj.(*types.Func)
		return ok
	}
	return has("Accept") || has("Close") && (has("Read") || has("Write"))
}

// fed reports whether there is no bound on the values that come through a
// channel: it is given by code that cannot be seen, or sent on by it, or sent
// on once per element of an unbounded input.
func (f *finder) fed(inst *model.Instance, ch ssa.Value, depth int) bool {
	for _, l := range f.m.PointsTo(inst, ch) {
		if l.Obj.Kind == model.Chan && f.filledHere(l) {
			return true
		}
	}
	if depth++; depth > 8 {
		return false
	}
	switch v := ch.(type) {
	case *ssa.ChangeType:
		return f.fed(inst, v.X, depth)
	case *ssa.Parameter:
		if caller, arg := argument(inst, v); arg != nil {
			return f.fed(caller, arg, depth)
		}
		return inst == f.m.Root && open(f.prog, inst.Fn)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.fedThrough(inst, v.X, depth)
		}
	case *ssa.Field:
		return f.fieldFed(ir.FieldVar(v))
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return f.resultFed(inst, call, v.Index, depth)
		}
	case *ssa.Call:
		return f.resultFed(inst, v, 0, depth)
	}
	return false
}

// fedThrough asks the same of the channel at an address.
func (f *finder) fedThrough(inst *model.Instance, addr ssa.Value, depth int) bool {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return f.fieldFed(ir.FieldVar(addr))
	case *ssa.FreeVar:
		if env, binding := captured(inst, addr); binding != nil {
			return f.fedThrough(env, binding, depth)
		}
	case *ssa.Alloc:
		for _, st := range f.stores(inst, addr) {
			if f.fed(st.inst, st.val, depth) {
				return true
			}
		}
	}
	return false
}

// fieldFed decides for a channel in a struct field by all that the package
// does with the field.
func (f *finder) fieldFed(v *types.Var) bool {
	if v == nil {
		return false
	}
	field := f.eng.Field(v)
	return field.Leaks || field.Has(func(u fields.Use) bool { return u.Kind == model.Send })
}

// resultFed decides for a channel that a function returns: unknown code does
// what it likes with it.
func (f *finder) resultFed(inst *model.Instance, call *ssa.Call, index, depth int) bool {
	callees := f.m.Callees(inst, call)
	for _, callee := range callees.Callees {
		for _, b := range callee.Fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && index < len(ret.Results) && f.fed(callee, ret.Results[index], depth) {
				return true
			}
		}
	}
	return len(callees.Callees) == 0 && f.prog.StaticCallee(call) == nil
}

// filledHere decides for a channel that the model makes itself.
func (f *finder) filledHere(l model.Loc) bool {
	for _, op := range f.m.OpsOn(l) {
		if op.Kind == model.Send && f.perElement(op.Inst, op.Instr) {
			return true
		}
	}
	for _, e := range l.Obj.Escapes {
		if e.Via == nil && !e.RecvOnly && !e.Returned {
			return true // unknown code may send
		}
	}
	return false
}

// perElement reports whether an instruction, or the start of the goroutine
// that executes it, is repeated per element of an unbounded input.
func (f *finder) perElement(inst *model.Instance, at ssa.Instruction) bool {
	for range 8 {
		for _, t := range f.turns(f.chain(inst, at)) {
			if f.input(t) != nil {
				return true
			}
		}
		thread := inst.Thread
		if thread.Inst == nil || thread.Site == nil {
			return false
		}
		inst, at = thread.Inst, thread.Site
	}
	return false
}
