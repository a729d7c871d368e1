package wgadd

import (
	_ "embed"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

//go:embed doc.go
var doc string

// Analyzer is the wgadd check.
var Analyzer = check.New(check.Meta{
	Name:     "wgadd",
	Doc:      doc,
	Patterns: []string{"workerpool", "fanin"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each WaitGroup of each model: first for an Add in a goroutine
// that Wait can overtake, then for one that comes after the goroutine whose
// Done it is for.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.WaitGroup) || !eng.Gate.Mask.Has(gate.Go) {
		return nil // no WaitGroup, or no goroutine to count
	}
	for _, root := range eng.Roots() {
		m := eng.Model(root)
		if m == nil {
			continue // too large, and counted by the engine
		}
		for _, g := range groups(m) {
			g.pass, g.eng = pass, eng
			g.inGoroutine()
			g.afterGo()
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
		case op.Call == api.WGDone, op.Call == api.WGAdd && negative(op):
			g.dones = append(g.dones, op)
		default:
			g.adds = append(g.adds, op)
		}
	}
	return out
}

// negative reports whether an Add takes from the counter: of a negative
// constant, or of a negated value.
func negative(op *model.Op) bool {
	call, ok := op.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) < 2 {
		return false
	}
	switch arg := call.Common().Args[1].(type) {
	case *ssa.Const:
		return arg.Int64() < 0
	case *ssa.UnOp:
		return true // -n
	}
	return false
}

// inGoroutine reports an Add that a goroutine executes though nothing counts
// the goroutine itself, while another goroutine may be past its Wait already.
func (g *group) inGoroutine() {
	if g.handedOut() {
		return // someone else may hold a count
	}
	for _, add := range g.adds {
		t := add.Inst.Thread
		if t.Kind != model.Spawned {
			continue // by the caller itself, or by code that cannot be seen
		}
		if g.holds(t, add) {
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

// holds reports whether the goroutine t, while it executes add, certainly holds
// a count of its own: it is a task of WaitGroup.Go, an Add precedes its start
// on every path, or the work that it received is counted; and its own Done
// comes after add.
func (g *group) holds(t *model.Thread, add *model.Op) bool {
	if task := g.m.Joins.Task(t); task != nil && task.Call == api.WGGo {
		return task.Only(g.loc)
	}
	own := g.in(g.dones, t)
	if len(own) == 0 {
		return add.Call != api.WGGo && g.handsOver(t) // given back elsewhere
	}
	if len(own) <= len(g.in(g.adds, t)) && !g.passesOn(t) {
		return false // its own Done belongs to its own Add
	}
	if g.doneBefore(t, add) {
		return false
	}
	return g.countedBefore(t) || g.countedWork(t)
}

// countedWork reports whether what t receives is counted before it is sent: t
// receives, passes counts on, and another goroutine Adds before it Waits.
func (g *group) countedWork(t *model.Thread) bool {
	receives := false
	for _, op := range g.m.Ops() {
		receives = receives || op.Kind == model.Receive && op.Inst.Thread == t
	}
	if !receives || len(g.waits) == 0 {
		return false
	}
	for _, w := range g.waits {
		if w.Inst.Thread == t || !g.addsBefore(w) {
			return false
		}
	}
	return true
}

// addsBefore reports whether a Wait's goroutine may Add before it Waits.
func (g *group) addsBefore(wait *model.Op) bool {
	found := false
	flow.Walk(g.m.Model, wait.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op == wait:
				found = found || st == 1
			case g.on(op) && op.Call == api.WGAdd && !negative(op):
				st = 1
			}
			return st, !found
		},
	})
	return found
}

// handsOver reports whether the model cannot tell who gives back the counts
// that t takes: t has no Done, and neither has a goroutine that it starts.
func (g *group) handsOver(t *model.Thread) bool {
	for _, d := range g.dones {
		if t.Ancestor(d.Inst.Thread) {
			return false
		}
	}
	return g.escapes()
}

// passesOn reports whether the counts that t adds are for others: for
// goroutines that it starts, or for what it sends to others.
func (g *group) passesOn(t *model.Thread) bool {
	for _, d := range g.dones {
		if d.Inst.Thread != t && t.Ancestor(d.Inst.Thread) {
			return true
		}
	}
	for _, u := range g.m.Threads {
		if u.Parent == t && u.Site != nil {
			if callee := g.m.Callees(u.Inst, u.Site); len(callee.Callees) > 0 && callee.Callees[0].Thread != u {
				return true
			}
			if u == t {
				return true
			}
		}
	}
	return g.startsItself(t) || g.sendsAfterAdd(t)
}

// startsItself reports whether t starts a goroutine that the model takes to be
// t again: a recursion.
func (g *group) startsItself(t *model.Thread) bool {
	for _, inst := range g.m.Instances {
		if inst.Thread != t {
			continue
		}
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(*ssa.Go)
				if !ok {
					continue
				}
				for _, callee := range g.m.Callees(inst, site).Callees {
					if callee.Thread == t {
						return true
					}
				}
			}
		}
	}
	return false
}

// sendsAfterAdd reports whether t may send something after an Add: the work
// that the count is for.
func (g *group) sendsAfterAdd(t *model.Thread) bool {
	found := false
	flow.Walk(g.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Send && st == 1:
				found = true
			case op.Call == api.WGAdd && g.on(op):
				st = 1
			}
			return st, !found
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			found = found || st == 1 && g.sends(u)
			return st, !found
		},
	})
	return found
}

func (g *group) sends(t *model.Thread) bool {
	for _, op := range g.m.Ops() {
		if op.Kind == model.Send && t.Ancestor(op.Inst.Thread) {
			return true
		}
	}
	return false
}

// countedBefore reports whether an Add precedes the start of t on every path of
// the goroutine that starts it, or precedes that goroutine's own start.
func (g *group) countedBefore(t *model.Thread) bool {
	for ; t.Parent != nil && t.Kind == model.Spawned; t = t.Parent {
		uncounted := false
		complete := flow.Walk(g.m.Model, t.Parent, 0, flow.Visitor{
			Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
				if op.Call == api.WGAdd && g.on(op) && !negative(op) {
					st = 1
				}
				return st, true
			},
			Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
				if u == t && st == 0 {
					uncounted = true
				}
				return st, true
			},
		})
		if !complete || !uncounted {
			return true
		}
		if len(g.in(g.adds, t.Parent)) > 0 {
			return false // on some paths only
		}
	}
	return false
}

// doneBefore reports whether t may execute its own Done, and then add, for one
// and the same piece of work: without a receive in between.
func (g *group) doneBefore(t *model.Thread, add *model.Op) bool {
	found := false
	flow.Walk(g.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op.Kind == model.Receive:
				st = 0 // the next piece of work
			case op == add:
				found = found || st == 1
			case op.Inst.Thread == t && g.on(op) && (op.Call == api.WGDone || negative(op)):
				st = 1
			}
			return st, !found
		},
	})
	return found
}

// refusable reports whether an Add stands under a lock and behind a branch on
// a variable that other goroutines can set: the shape by which a type keeps new
// work out once it has begun to wait.
func (g *group) refusable(add *model.Op) bool {
	for inst, instr := add.Inst, add.Instr; inst != nil && inst.Thread == add.Inst.Thread && instr != nil; inst, instr = inst.Parent, siteOf(inst) {
		if g.lockedAt(inst, instr) && branchesOnVariable(instr) {
			return true
		}
	}
	return false
}

func siteOf(inst *model.Instance) ssa.Instruction {
	if inst.Site == nil {
		return nil
	}
	return inst.Site
}

// lockedAt reports whether a lock is taken before instr in its function.
func (g *group) lockedAt(inst *model.Instance, instr ssa.Instruction) bool {
	for _, op := range g.m.Ops() {
		if op.Inst == inst && (op.Call == api.Lock || op.Call == api.RLock) && !op.Deferred() && ir.Dominates(op.Instr, instr) {
			return true
		}
	}
	return false
}

// branchesOnVariable reports whether instr is reached only on one side of a
// branch whose condition reads memory.
func branchesOnVariable(instr ssa.Instruction) bool {
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		dom := b.Idom()
		test, ok := dom.Instrs[len(dom.Instrs)-1].(*ssa.If)
		if !ok || !reads(test.Cond, 0) {
			continue
		}
		for _, s := range dom.Succs {
			if s == b || s.Dominates(b) {
				return true
			}
		}
	}
	return false
}

func reads(v ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		switch v.X.(type) {
		case *ssa.FieldAddr, *ssa.Global, *ssa.FreeVar:
			return true
		}
		return reads(v.X, depth+1)
	case *ssa.BinOp:
		return reads(v.X, depth+1) || reads(v.Y, depth+1)
	case *ssa.Call:
		return len(v.Call.Args) > 0 && ir.Op(&v.Call) == api.Atomic || v.Call.IsInvoke() && ir.Op(&v.Call) == api.CtxErr
	}
	return false
}

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

// afterGo reports an Add that follows the start of a goroutine with a Done for
// which nothing was added before: the Done may come first.
func (g *group) afterGo() {
	reported := make(map[*model.Op]bool)
	for _, u := range g.m.Threads {
		if u.Kind != model.Spawned || len(g.in(g.adds, u.Parent)) == 0 || len(g.in(g.dones, u)) == 0 || len(g.in(g.adds, u)) > 0 || g.m.Joins.Task(u) != nil && g.m.Joins.Task(u).Call == api.WGGo {
			continue // needs no count
		}
		if g.addedRightBefore(u) {
			continue // the usual shape: wg.Add(1); go ...
		}
		if add := g.lateAdd(u); add != nil && !reported[add] {
			reported[add] = true
			g.reportAfterGo(add, u)
		}
	}
}

// addedRightBefore reports whether an Add precedes the start of u in its block,
// with no other start in between.
func (g *group) addedRightBefore(u *model.Thread) bool {
	instrs := u.Site.Block().Instrs
	for i := ir.Index(u.Site) - 1; i >= 0; i-- {
		if _, ok := instrs[i].(*ssa.Go); ok {
			return false
		}
		for _, op := range g.m.OpsAt(u.Inst, instrs[i]) {
			if g.on(op) && op.Call == api.WGAdd {
				return true
			}
		}
	}
	return false
}

// lateAdd returns the Add for a goroutine that was started before it.
func (g *group) lateAdd(u *model.Thread) *model.Op {
	// The low bits count what was added and not yet taken by a start, up to
	// plenty, which is never used up.
	const (
		plenty flow.State = 15
		naked  flow.State = 16
		late   flow.State = 32
	)
	var candidate, found *model.Op
	flow.Walk(g.m.Model, u.Parent, 0, flow.Visitor{
		Start: func(st flow.State, v *model.Thread, _ *flow.Path) (flow.State, bool) {
			switch left := st & plenty; {
			case v == u && st&late != 0:
				found = candidate // the next turn of a loop
			case v != u && st&late != 0 && g.counts(v):
				st = st&^late | plenty // the Add was for this one
			case !g.counts(v) || left == plenty:
			case left > 0:
				if !g.startsMore(v) {
					st--
				}
			case v == u:
				st |= naked
			}
			return st, found == nil
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case !g.on(op):
			case op.Call == api.WGAdd && !negative(op) && st&naked != 0:
				st |= late
				candidate = op
			case op.Call == api.WGAdd && !negative(op):
				st = st&^plenty | min(st&plenty+amount(op, plenty), plenty)
			case op.Call == api.WGWait && st&late != 0:
				found = candidate
			}
			return st, found == nil
		},
		End: func(st flow.State, _ *flow.Path) {
			if st&late != 0 && found == nil {
				found = candidate
			}
		},
	})
	if found == nil || !g.freeDone(u, found) {
		return nil
	}
	return found
}

// startsMore reports whether the start of a thread stands in a loop without an
// Add: how many there are, and whether the Add was for so many, is not counted.
func (g *group) startsMore(t *model.Thread) bool {
	loop := g.eng.Program().Loops(t.Inst.Fn).Innermost(t.Site.Block())
	for ; loop != nil; loop = loop.Parent {
		adds := false
		for _, add := range g.adds {
			adds = adds || add.Inst == t.Inst && loop.Contains(add.Instr.Block())
		}
		if !adds {
			return true
		}
	}
	return false
}

// amount returns what an Add adds if that is a small constant, and otherwise
// limit.
func amount(add *model.Op, limit flow.State) flow.State {
	call, ok := add.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) < 2 {
		return limit
	}
	c, ok := call.Common().Args[1].(*ssa.Const)
	if !ok || c.Int64() >= int64(limit) {
		return limit
	}
	return flow.State(c.Int64())
}

// freeDone reports whether u may come to a Done without having waited for the
// goroutine that Adds.
func (g *group) freeDone(u *model.Thread, add *model.Op) bool {
	for _, d := range g.in(g.dones, u) {
		if g.m.Joins.Free(d, add.Inst.Thread, add) {
			return true
		}
	}
	return false
}

// afterWaiter reports an Add that follows the start of a goroutine that Waits,
// while nothing has been added before: the Wait may come first.
func (g *group) afterWaiter() {
	for _, w := range g.waits {
		b := w.Inst.Thread
		if b.Kind != model.Spawned || w.Async() || g.handedOut() {
			continue
		}
		if add := g.firstAddAfter(b); add != nil && !g.refusable(add) && g.m.Joins.Free(w, add.Inst.Thread, add) {
			g.reportAfterWaiter(add, w)
			return
		}
	}
}

// firstAddAfter returns the Add that the goroutine which starts b executes after
// that, on a path with no Add before, and before anything that waits for b.
func (g *group) firstAddAfter(b *model.Thread) *model.Op {
	const added, open flow.State = 1, 2
	var found *model.Op
	flow.Walk(g.m.Model, b.Parent, 0, flow.Visitor{
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			switch {
			case u == b && st&added == 0:
				st |= open
			case g.addsIn(u):
				st |= added // that goroutine's own Adds are another matter
			}
			return st, found == nil
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case g.on(op) && (op.Call == api.WGAdd && !negative(op) || op.Call == api.WGGo):
				if st == open {
					found = op
				}
				st |= added
			case st == open && g.m.Joins.WaitsFor(op, b, nil):
				return st, false
			}
			return st, found == nil
		},
	})
	return found
}

func (g *group) addsIn(t *model.Thread) bool {
	for _, add := range g.adds {
		if t.Ancestor(add.Inst.Thread) {
			return true
		}
	}
	return false
}

// counts reports whether a thread has a Done for the group.
func (g *group) counts(t *model.Thread) bool {
	for _, d := range g.dones {
		if t.Ancestor(d.Inst.Thread) {
			return true
		}
	}
	return false
}
