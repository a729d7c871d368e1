package model

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// This file knows the contexts that nothing ends while the code of the model runs.

// maxDerived bounds how many contexts derived from one another are looked at.
const maxDerived = 8

// NeverDone reports whether an operation waits for the end of a context that has none,
// such as context.Background(): a select never chooses that case.
func (m *Model) NeverDone(op *Op) bool {
	return op.Kind == Receive && len(op.On) > 0 && !slices.ContainsFunc(op.On, func(l Loc) bool {
		return l.Obj.Kind != DoneChan || !m.Endless(l.Obj.Parent)
	})
}

// Endless reports whether all contexts that a value can be have no end: the root
// contexts, what is derived from them without one, and the context of a test, which
// outlives the test's function.
func (m *Model) Endless(ctx Ref) bool { return m.endless(ctx, 0) }

func (m *Model) endless(ctx Ref, depth int) bool {
	if ctx.Value == nil || ctx.Inst == nil || depth > maxDerived {
		return false
	}
	all := m.PointsTo(ctx.Inst, ctx.Value)
	return len(all) > 0 && !slices.ContainsFunc(all, func(l Loc) bool { return !m.hasNoEnd(l.Obj, depth) })
}

func (m *Model) hasNoEnd(ctx *Object, depth int) bool {
	call, ok := ctx.Site.(*ssa.Call)
	if !ok || ctx.Kind != Context && ctx.Kind != Symbol {
		return false
	}
	obj := ir.Object(&call.Call)
	switch {
	case api.Of(obj) == api.CtxRoot, api.Of(obj) == api.CtxWithoutCancel, api.MakerOf(obj) == api.TestContext:
		return true
	case api.Of(obj) == api.CtxDerive && obj.Name() == "WithValue":
		return m.endless(ctx.Parent, depth+1)
	}
	return false
}

// EndedBy returns the calls with which a context is derived that can end, each of them
// by its cancel function only, and false if a context can end in another way: by time,
// by a task's error, or by whoever gave it to the code of the model.
func (m *Model) EndedBy(ctx Ref) ([]*Object, bool) {
	var out []*Object
	ok := m.endedBy(ctx, 0, &out)
	return out, ok
}

func (m *Model) endedBy(ctx Ref, depth int, out *[]*Object) bool {
	if ctx.Value == nil || ctx.Inst == nil || depth > maxDerived {
		return false
	}
	all := m.PointsTo(ctx.Inst, ctx.Value)
	for _, l := range all {
		if m.hasNoEnd(l.Obj, depth) {
			continue
		}
		call, ok := l.Obj.Site.(*ssa.Call)
		if !ok || l.Obj.Kind != Context || ir.Op(&call.Call) != api.CtxDerive {
			return false
		}
		switch ir.Object(&call.Call).Name() {
		case "WithCancel", "WithCancelCause":
			*out = append(*out, l.Obj)
		case "WithValue":
		default:
			return false
		}
		if !m.endedBy(l.Obj.Parent, depth+1, out) {
			return false
		}
	}
	return len(all) > 0
}
