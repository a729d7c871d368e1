package wgadd

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

// overtaking reports whether a Wait for the group can return before add is
// executed, and which one, where it is in the model.
func (g *group) overtaking(add *model.Op) (found bool, wait ssa.Instruction) {
	for _, w := range g.waits {
		if w.Inst.Thread == add.Inst.Thread || w.Async() {
			continue // in the goroutine's own order
		}
		if g.m.Joins.Overtakes(order.Question{First: w, Last: add, Either: true}) {
			return true, w.Instr
		}
	}
	if len(g.waits) > 0 && !g.escapes() {
		return false, nil
	}
	field := g.variable()
	if field == nil || g.joined(add) {
		return false, nil
	}
	v := g.eng.Field(field)
	for _, u := range v.Uses {
		if g.inTest(u.Instr) && !g.inTest(add.Instr) {
			continue // a test's own waiting is not what the type is made for
		}
		if u.Call == api.WGWait && !g.runs(add.Inst.Thread, u) && !g.inModel(u) && !g.waitsBefore(u, add.Inst.Thread) {
			return true, u.Instr
		}
	}
	return false, nil
}

// variable returns the field or package-level variable of this package that the
// group is, or nil for a local one.
func (g *group) variable() *types.Var {
	f := g.loc.Field()
	if f == nil && g.loc.Obj.Kind == model.Global {
		if global, ok := g.loc.Obj.Site.(*ssa.Global); ok {
			f, _ = global.Object().(*types.Var)
		}
	}
	if f == nil || f.Pkg() != g.eng.Types {
		return nil
	}
	return f
}

// escapes reports whether code outside the model may use the group.
func (g *group) escapes() bool { return g.loc.Escaped() }

// inModel reports whether a use of the group's field is one of the model's own
// Waits, which were looked at with all that precedes them.
func (g *group) inModel(u fields.Use) bool {
	for _, w := range g.waits {
		if w.Instr == u.Instr {
			return true
		}
	}
	return false
}

// inTest reports whether an instruction stands in a test file.
func (g *group) inTest(instr ssa.Instruction) bool {
	return strings.HasSuffix(g.eng.Fset.Position(instr.Pos()).Filename, "_test.go")
}

// runs reports whether a use is in a function that thread t executes.
func (g *group) runs(t *model.Thread, u fields.Use) bool {
	for _, inst := range g.m.Instances {
		if inst.Thread == t && inst.Fn == u.Fn {
			return true
		}
	}
	return false
}

// joined reports whether the goroutine that starts the one of add waits for it
// to have executed add, on every path.
func (g *group) joined(add *model.Op) bool {
	t := add.Inst.Thread
	if t.Parent == nil || g.callerMayJoin(t) {
		return true
	}
	free := false
	complete := flow.Walk(g.m.Model, t.Parent, 0, flow.Visitor{
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if u == t {
				st = 1
			}
			return st, true
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			return st, !(st == 1 && g.m.Joins.WaitsFor(op, t, add))
		},
		End:  func(st flow.State, _ *flow.Path) { free = free || st == 1 },
		Done: func() bool { return free },
	})
	return !complete || !free
}

// callerMayJoin reports whether the root is a helper that gives its callers in
// the package a channel, function or group, or takes a channel on which t tells
// something: they may wait before they go on. Their own models show whether
// they do.
func (g *group) callerMayJoin(t *model.Thread) bool {
	root := g.m.Root.Fn
	if len(g.eng.Program().Callers(root)) == 0 {
		return false
	}
	for v := range root.Signature.Results().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok || api.IsPrimitive(v.Type()) {
			return true
		}
	}
	for _, op := range g.m.Ops() {
		if op.Kind != model.Send && op.Kind != model.Close || !t.Ancestor(op.Inst.Thread) {
			continue
		}
		for _, l := range op.On {
			if _, ok := l.Obj.Site.(*ssa.Parameter); ok && l.Path == "" {
				return true
			}
		}
	}
	return false
}

// waitsBefore reports whether the function of a Wait may wait, before that, for
// the goroutine t to end: for a channel that t closes or sends on, for another
// group that counts t, for a condition. What it calls before counts too.
func (g *group) waitsBefore(u fields.Use, t *model.Thread) bool {
	return g.joins(u.Fn, u.Instr, t, 0)
}

// joins reports whether fn may wait for t, before the instruction end if that is
// not nil.
func (g *group) joins(fn *ssa.Function, end ssa.Instruction, t *model.Thread, depth int) bool {
	if depth > 2 {
		return true // not followed further
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if end != nil && (instr == end || !ir.Reaches(instr, end)) {
				continue
			}
			if g.mayJoin(instr, t) {
				return true
			}
			if call, ok := instr.(*ssa.Call); ok {
				if callee := g.eng.Program().StaticCallee(call); callee != nil && callee != fn && g.joins(callee, nil, t, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// mayJoin reports whether one instruction may wait for t.
func (g *group) mayJoin(instr ssa.Instruction, t *model.Thread) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW && g.toldBy(instr.X, t)
	case *ssa.Select:
		return slices.ContainsFunc(instr.States, func(s *ssa.SelectState) bool { return s.Dir == types.RecvOnly && g.toldBy(s.Chan, t) })
	case *ssa.Call:
		common := &instr.Call
		if len(common.Args) == 0 {
			return false
		}
		switch ir.Op(common) {
		case api.CondWait:
			return true
		case api.WGWait, api.EGWait:
			other := ir.FieldVar(common.Args[0])
			return other == nil || other != g.variable() && g.countsIn(other, t)
		}
	}
	return false
}

// toldBy reports whether a receive from a channel may come from t: the channel
// is a field that t closes or sends on, or cannot be told.
func (g *group) toldBy(ch ssa.Value, t *model.Thread) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok {
		call, ok := ch.(*ssa.Call)
		return !ok || ir.Op(&call.Call) != api.CtxDone
	}
	f := ir.FieldVar(load.X)
	if f == nil {
		return true
	}
	for _, op := range g.m.Ops() {
		if op.Kind != model.Send && op.Kind != model.Close || !t.Ancestor(op.Inst.Thread) {
			continue
		}
		for _, l := range op.On {
			if l.Field() == f || l.Obj.Kind == model.Chan {
				return true
			}
			if v, ok := op.Value().(*ssa.UnOp); ok && ir.FieldVar(v.X) == f {
				return true
			}
		}
	}
	return false
}

// countsIn reports whether t is counted in the group of another field.
func (g *group) countsIn(other *types.Var, t *model.Thread) bool {
	if task := g.m.Joins.Task(t); task != nil && slices.ContainsFunc(task.On, func(l model.Loc) bool { return l.Field() == other }) {
		return true
	}
	for _, op := range g.m.Ops() {
		if op.Inst.Thread == t && op.Call == api.WGDone && slices.ContainsFunc(op.On, func(l model.Loc) bool { return l.Field() == other }) {
			return true
		}
	}
	return false
}
