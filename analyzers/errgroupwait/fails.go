package errgroupwait

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file finds out whether a task returns errors that only Wait tells of.

// A failure is an error that a task may return.
type failure struct {
	task *model.Thread
	pos  token.Pos // of the call that returns or makes it
}

// fails returns an error that a task of the group may return and that nobody
// learns of but who Waits. It is looked for among the tasks that a Go starts, or
// among all if that is nil.
func (g *group) fails(start *model.Op) *failure {
	for _, op := range g.goes {
		if start != nil && op != start || !g.starts(op) {
			continue
		}
		for _, t := range g.tasks(op) {
			o := &origins{g: g, task: t, seen: make(map[ssa.Value]bool)}
			if p := o.returned(t.Root, 0); p.IsValid() {
				return &failure{t, p}
			}
		}
	}
	return nil
}

// origins looks for where an error comes from.
type origins struct {
	g    *group
	task *model.Thread
	seen map[ssa.Value]bool
}

// maxCalls bounds how far an error is followed through calls.
const maxCalls = 4

// returned returns where an error that a function may return comes from, or
// NoPos.
func (o *origins) returned(inst *model.Instance, depth int) token.Pos {
	for _, b := range inst.Fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		if p := o.of(inst, ret.Results[len(ret.Results)-1], depth); p.IsValid() {
			return p
		}
	}
	return token.NoPos
}

// of returns where an error comes from, if that is a call that may fail and
// nothing becomes of the error but that it is returned, or if the task makes it
// itself. Errors that say that the context is done, those whose origin is not in
// sight, and those that may be there to end the other tasks are none.
func (o *origins) of(inst *model.Instance, v ssa.Value, depth int) token.Pos {
	if o.seen[v] || depth > maxCalls || !api.IsError(v.Type()) {
		return token.NoPos
	}
	o.seen[v] = true
	switch v := v.(type) {
	case *ssa.Phi:
		for _, e := range v.Edges {
			if p := o.of(inst, e, depth); p.IsValid() {
				return p
			}
		}
	case *ssa.UnOp:
		local, ok := v.X.(*ssa.Alloc)
		if !ok || !onlyHere(local) {
			return token.NoPos
		}
		for _, ref := range *local.Referrers() {
			if st, ok := ref.(*ssa.Store); ok {
				if p := o.of(inst, st.Val, depth); p.IsValid() {
					return p
				}
			}
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && !told(v) {
			return o.call(inst, call, depth)
		}
	case *ssa.Call:
		if !told(v) {
			return o.call(inst, v, depth)
		}
	case *ssa.MakeInterface:
		if made, ok := v.X.(*ssa.Alloc); ok && !told(v) {
			return made.Pos()
		}
	}
	return token.NoPos
}

// call returns where the error that a call returns comes from.
func (o *origins) call(inst *model.Instance, call *ssa.Call, depth int) token.Pos {
	common := call.Common()
	switch ir.Op(common) {
	case api.None:
	case api.SemAcquire, api.EGWait, api.CtxErr, api.CtxCause:
		return token.NoPos // ends with a context, or is another group's matter
	}
	known := o.g.m.Callees(inst, call)
	if len(known.Callees) > 0 {
		for _, callee := range known.Callees {
			if p := o.returned(callee, depth+1); p.IsValid() {
				return call.Pos()
			}
		}
		return token.NoPos
	}
	f := ir.Object(common)
	if f == nil {
		return call.Pos() // a function value
	}
	switch wraps, makes := api.ErrorOf(f); {
	case wraps >= 0 && wraps < len(common.Args):
		return o.of(inst, common.Args[wraps], depth)
	case makes:
		if inner := wrapped(call); inner != nil {
			return o.of(inst, inner, depth)
		}
		if o.endsOthers(call) {
			return token.NoPos
		}
	case takesError(f):
		return token.NoPos // a logger, or what it makes of the error is not known
	}
	return call.Pos()
}

// endsOthers reports whether an error that a task makes may be there only to end
// the other tasks of the group, through its context: it carries no data, and the
// task is one of many that are alike, or waits for something.
func (o *origins) endsOthers(call *ssa.Call) bool {
	if !o.g.hasContext() {
		return false
	}
	if n := len(call.Call.Args); n > 1 {
		if c, ok := call.Call.Args[n-1].(*ssa.Const); !ok || !c.IsNil() {
			return false // text with arguments
		}
	}
	return o.g.m.Several(o.task) || slices.ContainsFunc(o.g.m.Ops(), func(op *model.Op) bool {
		return op.Inst.Thread == o.task && op.Kind == model.Receive
	})
}

func takesError(f *types.Func) bool {
	for v := range f.Signature().Params().Variables() {
		if api.IsError(v.Type()) {
			return true
		}
	}
	return false
}

// wrapped returns the error among the variadic arguments of a call such as
// fmt.Errorf, or nil.
func wrapped(call *ssa.Call) ssa.Value {
	for _, arg := range call.Call.Args {
		list, ok := arg.(*ssa.Slice)
		if !ok {
			continue
		}
		array, ok := list.X.(*ssa.Alloc)
		if !ok {
			continue
		}
		for _, ref := range *array.Referrers() {
			elem, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, r := range *elem.Referrers() {
				if st, ok := r.(*ssa.Store); ok {
					if err := asError(st.Val); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// asError returns the error that a value is, as it was before it was converted.
func asError(v ssa.Value) ssa.Value {
	if c, ok := v.(*ssa.ChangeInterface); ok {
		v = c.X
	}
	if api.IsError(v.Type()) {
		return v
	}
	return nil
}

// onlyHere reports whether a local variable is only loaded and stored by its own
// function: no closure sees it.
func onlyHere(v *ssa.Alloc) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != v {
				return false
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// told reports whether a task does something with an error besides comparing,
// wrapping and returning it: logs it, keeps it, sends it somewhere. Whoever is
// to know of it has been told then.
func told(err ssa.Value) bool {
	for _, ref := range *err.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp, *ssa.Return, *ssa.Extract:
		case *ssa.Phi:
			// Followed no further: a phi is what is returned at the end.
		case *ssa.ChangeInterface:
			if told(ref) {
				return true
			}
		case *ssa.Store:
			switch to := ref.Addr.(type) {
			case *ssa.Alloc:
				if !onlyHere(to) {
					return true
				}
			case *ssa.IndexAddr:
				if !onlyWrapped(to) {
					return true
				}
			default:
				return true
			}
		case *ssa.Call:
			if !asks(ref) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// onlyWrapped reports whether an element belongs to the variadic arguments of a
// call that asks about the error or makes another one of it.
func onlyWrapped(elem *ssa.IndexAddr) bool {
	array, ok := elem.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *array.Referrers() {
		list, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, r := range *list.Referrers() {
			if call, ok := r.(*ssa.Call); !ok || !asks(call) {
				return false
			}
		}
	}
	return true
}

// asks reports whether a call makes an error of the errors that it is given, as
// fmt.Errorf does, or answers a question about them, as errors.Is does.
func asks(call *ssa.Call) bool {
	res := call.Call.Signature().Results()
	return res.Len() == 1 && (api.IsError(res.At(0).Type()) || types.Identical(res.At(0).Type(), types.Typ[types.Bool]))
}
