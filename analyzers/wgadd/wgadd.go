package wgadd

import (
	_ "embed"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

//go:embed doc.go
var doc string

// Analyzer is the wgadd check.
var Analyzer = check.New(check.Meta{
	Name:     "wgadd",
	Doc:      doc,
	Advice:   "call Add before the go statement, in the goroutine that calls Wait, or use wg.Go there",
	Patterns: []string{"workerpool", "fanin"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each WaitGroup of each model: first for an Add that comes after
// the goroutine whose Done it is for, then for one in a goroutine that Wait can
// overtake, then for one after the goroutine that Waits.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.WaitGroup) {
		return nil
	}
	for m := range eng.Partials(api.WGAdd, api.WGGo) {
		for _, g := range groups(m) {
			g.pass, g.eng = pass, eng
			if m.Cut && (g.escapes() || !g.loc.Own()) {
				continue // calls that were not entered may Add to it
			}
			if g.renewed() {
				continue // an Add may be to another one than the Wait is for
			}
			g.inGoroutine(g.afterGo())
			g.afterWaiter()
		}
	}
	return nil
}

// A group is one WaitGroup in one model, with what is done to it.
type group struct {
	pass *check.Pass
	eng  *engine.Package
	m    *engine.Model
	loc  model.Loc

	adds  []*model.Op // Add, and Go, which is an Add
	dones []*model.Op // Done, and Add of a negative number
	waits []*model.Op
}

// groups returns the WaitGroups on which a model's operations are, in the
// order of their first.
func groups(m *engine.Model) []*group {
	var out []*group
	byLoc := make(map[model.Loc]*group)
	for _, op := range m.Ops() {
		if op.Kind != model.Method || len(op.On) != 1 {
			continue // may be one of several groups
		}
		switch op.Call {
		case api.WGAdd, api.WGGo, api.WGDone, api.WGWait:
		default:
			continue
		}
		g := byLoc[op.On[0]]
		if g == nil {
			g = &group{m: m, loc: op.On[0]}
			byLoc[g.loc] = g
			out = append(out, g)
		}
		switch {
		case op.Call == api.WGWait:
			g.waits = append(g.waits, op)
		case op.Call == api.WGDone, op.Call == api.WGAdd && op.Negative():
			g.dones = append(g.dones, op)
		default:
			g.adds = append(g.adds, op)
		}
	}
	return out
}

// inGoroutine reports an Add that a goroutine executes though nothing counts
// the goroutine itself, while another goroutine may be past its Wait already. It
// leaves out the goroutines that are counted too late, which is reported.
func (g *group) inGoroutine(late map[*model.Thread]bool) {
	if g.handedOut() {
		return // someone else may hold a count
	}
	for _, add := range g.adds {
		t := add.Inst.Thread
		if t.Kind != model.Spawned {
			continue // by the caller itself, or by code that cannot be seen
		}
		if late[t] || g.holds(t, add) {
			continue // the counter cannot be zero here
		}
		if g.refusable(add) {
			continue // a flag under a lock keeps it from coming after Wait
		}
		if wait, at := g.overtaking(add); wait {
			g.reportInGoroutine(add, at)
		}
	}
}

// handedOut reports whether a group of the root's own got to code that cannot be
// seen, other than as a field that only this package selects.
func (g *group) handedOut() bool {
	for _, e := range g.loc.Obj.Escapes {
		if e.Path == g.loc.Path && e.Via == nil && !e.Returned {
			return true
		}
	}
	return false
}

// renewed reports whether the package assigns a new group to the field that this one is
// in, as to an object that it uses again.
func (g *group) renewed() bool {
	var field *types.Var
	for _, op := range slices.Concat(g.adds, g.waits) {
		if f := ir.FieldVar(op.Value()); f != nil {
			field = f
		}
	}
	if field == nil {
		return false
	}
	if _, pointer := field.Type().Underlying().(*types.Pointer); pointer {
		return false // which the model tells apart by what they point to
	}
	return slices.ContainsFunc(g.eng.Fields().Sites(field), func(at ssa.Value) bool {
		return at.Referrers() != nil && slices.ContainsFunc(*at.Referrers(), func(ref ssa.Instruction) bool {
			st, ok := ref.(*ssa.Store)
			return ok && st.Addr == at
		})
	})
}

// in returns the operations of a thread.
func (g *group) in(ops []*model.Op, t *model.Thread) []*model.Op {
	var out []*model.Op
	for _, op := range ops {
		if op.Inst.Thread == t {
			out = append(out, op)
		}
	}
	return out
}

func (g *group) on(op *model.Op) bool { return op.Only(g.loc) }
