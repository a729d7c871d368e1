package wgadd

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/flow"
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
		if u.Call == api.WGWait && !g.runs(add.Inst.Thread, u) && !g.inModel(u) {
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
		End: func(st flow.State, _ *flow.Path) { free = free || st == 1 },
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
