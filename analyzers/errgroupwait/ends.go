package errgroupwait

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file recognizes what is there to end the tasks of a group.

// isDone reports whether a receive is from the Done channel of the group's
// context, or of one from which that is derived: the tasks are told to end.
func (g *group) isDone(op *model.Op) bool {
	for _, l := range op.On {
		if l.Obj.Kind != model.DoneChan {
			return false
		}
		for _, ctx := range g.m.PointsTo(l.Obj.Parent.Inst, l.Obj.Parent.Value) {
			if !g.ends(ctx) {
				return false
			}
		}
	}
	return len(op.On) > 0
}

// ends reports whether the end of a context is one of the group's.
func (g *group) ends(ctx model.Loc) bool {
	call := g.made()
	return g.isContext(ctx.Obj) || call != nil && g.derives(model.Ref{Inst: g.loc.Obj.Inst, Value: call.Call.Args[0]}, ctx.Obj, 0)
}

// derives reports whether a value is a context, or one derived from it.
func (g *group) derives(v model.Ref, from *model.Object, depth int) bool {
	if v.Value == nil || v.Inst == nil || depth > maxDerived {
		return false
	}
	return slices.ContainsFunc(g.m.PointsTo(v.Inst, v.Value), func(l model.Loc) bool {
		return l.Obj == from || g.derives(l.Obj.Parent, from, depth+1)
	})
}

// maxDerived bounds how many contexts derived from one another are looked at.
const maxDerived = 8

// endsTasks reports whether a call is there to end the tasks: it cancels a
// context from which the group's is derived, or closes what a task uses.
func (g *group) endsTasks(inst *model.Instance, site ssa.CallInstruction) bool {
	common := site.Common()
	if f := ir.Object(common); f != nil {
		return closes(f) && g.usedByTask(inst, receiver(common))
	}
	made := g.made()
	if made == nil {
		return false
	}
	for _, f := range g.m.PointsTo(inst, common.Value) {
		// The context is another result of the call that returned the function.
		if call, ok := f.Obj.Site.(*ssa.Call); ok && call.Call.Signature().Results().Len() > 1 &&
			g.comesFrom(model.Ref{Inst: g.loc.Obj.Inst, Value: made.Call.Args[0]}, f.Obj, 0) {
			return true
		}
	}
	return false
}

// closes reports whether a method is one by whose name a reader knows that it
// ends what is done with its receiver. What is wrongly taken for such a method
// costs a report.
func closes(f *types.Func) bool {
	if f.Signature().Recv() == nil {
		return false
	}
	return slices.ContainsFunc([]string{"Close", "Stop", "Shutdown", "Cancel", "Kill", "Interrupt"}, func(prefix string) bool {
		return strings.HasPrefix(f.Name(), prefix)
	})
}

func receiver(common *ssa.CallCommon) ssa.Value {
	if common.IsInvoke() {
		return common.Value
	}
	if len(common.Args) > 0 {
		return common.Args[0]
	}
	return nil
}

// usedByTask reports whether a value is, or is a part of, that of a variable which
// a task of the group refers to.
func (g *group) usedByTask(inst *model.Instance, v ssa.Value) bool {
	variable := base(v)
	for _, t := range g.m.Threads {
		if g.isTask(t) && t.Root.Env == inst && t.Root.Closure() != nil && slices.Contains(t.Root.Closure().Bindings, variable) {
			return true
		}
	}
	return false
}

// base returns the variable of which a value is a part, or the value itself.
func base(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}

// comesFrom reports whether a value is a context that is made together with its
// cancel function, or one derived from it.
func (g *group) comesFrom(v model.Ref, cancel *model.Object, depth int) bool {
	if v.Value == nil || v.Inst == nil || depth > maxDerived {
		return false
	}
	return slices.ContainsFunc(g.m.PointsTo(v.Inst, v.Value), func(l model.Loc) bool {
		return l.Obj.Inst == cancel.Inst && l.Obj.Site == cancel.Site || g.comesFrom(l.Obj.Parent, cancel, depth+1)
	})
}
