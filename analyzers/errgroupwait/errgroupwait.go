package errgroupwait

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

//go:embed doc.go
var doc string

// Analyzer is the errgroupwait check.
var Analyzer = check.New(check.Meta{
	Name:     "errgroupwait",
	Doc:      doc,
	Advice:   "call Wait on every path on which a task may have been started, and return its error",
	Patterns: []string{"group"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each errgroup of each model: at the paths of the goroutine that
// starts its tasks, at what becomes of their errors, and at what they share.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Group) {
		return nil
	}
	for m := range eng.Models(api.EGGo, api.EGTryGo, api.EGWait, api.EGSetLimit) {
		for _, g := range groups(m) {
			g.pass, g.eng = pass, eng
			g.limits()
			g.nested()
			g.shared()
			g.feeders()
			if !g.loc.Own() || g.loc.Escaped() {
				continue // somebody else may Wait for it, or take its error
			}
			g.unwaited()
			g.dropped()
			g.rounds()
		}
	}
	return nil
}

// A group is one errgroup in one model, with what is done to it.
type group struct {
	pass *check.Pass
	eng  *engine.Package
	m    *engine.Model
	loc  model.Loc

	goes      []*model.Op // Go and TryGo
	waits     []*model.Op
	setLimits []*model.Op
	vague     bool // an operation is on this group or on another one

	heard map[*model.Op]bool // what hears has answered
}

// groups returns the groups on which a model's operations are, in the order of
// their first.
func groups(m *engine.Model) []*group {
	var out []*group
	byLoc := make(map[model.Loc]*group)
	for _, op := range m.Ops() {
		if op.Kind != model.Method {
			continue
		}
		switch op.Call {
		case api.EGGo, api.EGTryGo, api.EGWait, api.EGSetLimit:
		default:
			continue
		}
		for _, l := range op.On {
			g := byLoc[l]
			if g == nil {
				g = &group{m: m, loc: l, heard: make(map[*model.Op]bool)}
				byLoc[l] = g
				out = append(out, g)
			}
			g.add(op)
		}
	}
	return out
}

// add notes an operation that is, or may be, on the group.
func (g *group) add(op *model.Op) {
	g.vague = g.vague || len(op.On) != 1
	switch op.Call {
	case api.EGGo, api.EGTryGo:
		g.goes = append(g.goes, op)
	case api.EGWait:
		g.waits = append(g.waits, op)
	case api.EGSetLimit:
		g.setLimits = append(g.setLimits, op)
	}
}

// on reports whether an operation is one on the group.
func (g *group) on(op *model.Op, call api.Op) bool { return op.Call == call && op.Only(g.loc) }

// starts reports whether an operation starts a task of the group.
func (g *group) starts(op *model.Op) bool { return g.on(op, api.EGGo) || g.on(op, api.EGTryGo) }

// tasks returns the threads that a Go method call starts. There are none for a
// function that cannot be seen.
func (g *group) tasks(op *model.Op) []*model.Thread {
	var out []*model.Thread
	for _, t := range g.m.Threads {
		if g.m.Joins.Task(t) == op {
			out = append(out, t)
		}
	}
	return out
}

// isTask reports whether a thread is a task of the group.
func (g *group) isTask(t *model.Thread) bool {
	op := g.m.Joins.Task(t)
	return op != nil && g.starts(op)
}

// made returns the call of errgroup.WithContext that makes the group, or nil.
func (g *group) made() *ssa.Call {
	call, ok := g.loc.Obj.Site.(*ssa.Call)
	if !ok || ir.Op(&call.Call) != api.EGWithContext {
		return nil
	}
	return call
}

// isContext reports whether an object is the context that was derived for the
// group.
func (g *group) isContext(o *model.Object) bool {
	return o.Kind == model.Context && o.Site == g.loc.Obj.Site && o.Inst == g.loc.Obj.Inst
}

// hasContext reports whether somebody has the context that was derived for the
// group.
func (g *group) hasContext() bool {
	call := g.made()
	if call == nil {
		return false
	}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == 1 && len(*e.Referrers()) > 0 {
			return true
		}
	}
	return false
}

// hears reports whether an operation receives something from a task, or waits
// for it in another way than the group's Wait.
func (g *group) hears(op *model.Op) bool {
	answer, ok := g.heard[op]
	if !ok {
		answer = g.listens(op)
		g.heard[op] = answer
	}
	return answer
}

func (g *group) listens(op *model.Op) bool {
	switch {
	case op.Kind == model.Receive:
		for _, l := range op.On {
			if !l.Own() {
				return false // what ends a context is no task
			}
		}
	case op.Call == api.CtxCause:
		return slices.ContainsFunc(op.On, func(l model.Loc) bool { return g.isContext(l.Obj) })
	case op.Call != api.WGWait && op.Call != api.CondWait:
		return false
	}
	for _, t := range g.m.Threads {
		if g.isTask(t) && g.m.Joins.WaitsFor(op, t, nil) {
			return true
		}
	}
	return false
}

// renews reports whether an instruction brings the group into being: another
// one in each turn of a loop.
func (g *group) renews(inst *model.Instance, v ssa.Value) bool {
	return g.loc.Obj.Inst == inst && g.loc.Obj.Site == v
}

// walk walks the paths of a thread. What was seen on some paths is true of
// these, whether or not there were too many to see them all.
func (g *group) walk(t *model.Thread, v flow.Visitor) {
	if !flow.Walk(g.m.Model, t, 0, v) {
		g.pass.Count("path budget exhausted in " + t.Root.Fn.Name())
	}
}

// threads returns the threads of operations, each once.
func threads(ops []*model.Op) []*model.Thread {
	var out []*model.Thread
	seen := make(map[*model.Thread]bool)
	for _, op := range ops {
		if t := op.Inst.Thread; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}
