package errgroupctx

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// This file finds the tasks that a failing task does not cancel.

// tasks reports the uses of a wrong context in tasks, and the groups whose
// derived context is discarded though their tasks need it.
func (s *subject) tasks() []report.Finding {
	var out []report.Finding
	discarded := make(map[*group][]*miss)
	for _, u := range s.uses {
		if u.kind == derives || u.kind == result {
			continue // matters only where the outcome is used
		}
		for _, t := range s.tasksAround(u.inst.Thread) {
			g := s.groupOf[t]
			miss := s.misses(u, g, t)
			if miss == nil {
				continue
			}
			if g.discarded() {
				discarded[g] = append(discarded[g], miss)
			} else if s.inReach(miss) {
				out = append(out, s.missFinding(miss))
			}
			break
		}
	}
	for _, g := range s.groups {
		if misses := discarded[g]; misses != nil {
			out = append(out, s.discardedFinding(g, misses))
		}
	}
	return out
}

// tasksAround returns the tasks of groups with a context to which a thread
// belongs, the innermost first: tasks started by a task, and callbacks that are
// given to a call in a task, belong to it.
func (s *subject) tasksAround(t *model.Thread) []*model.Thread {
	var out []*model.Thread
	for ; t != nil; t = t.Parent {
		if s.groupOf[t] != nil {
			out = append(out, t)
		}
		op := s.m.Joins.Task(t)
		if isTask := op != nil && op.Call != api.WGGo; !isTask && !isArgument(t) {
			break // a goroutine that the group does not wait for
		}
	}
	return out
}

// isArgument reports whether a thread is a callback that is made for, and given
// to, a call: code that cannot be seen runs it, most likely before it returns.
func isArgument(t *model.Thread) bool {
	if t.Kind != model.Callback || t.Root.Closure() == nil {
		return false
	}
	refs := *t.Root.Closure().Referrers()
	if len(refs) != 1 {
		return false
	}
	call, ok := refs[0].(*ssa.Call)
	if !ok {
		return false
	}
	f := ir.Object(&call.Call)
	return f == nil || f.Name() != "AfterFunc" && f.Name() != "Cleanup"
}

// A miss is a use of a context in a task that the failure of another task of
// the group does not cancel.
type miss struct {
	use
	group *group
	task  *model.Thread
	route route
	entry int // the hop at which the context gets into the task

	reached string     // what the derived context is called where it is in reach
	v       *types.Var // the variable of that name, if it is visible at entry
	root    string     // Background or TODO, if that is used
}

func (m *miss) at() hop { return m.route.hops[m.entry] }

// isParent reports whether what gets into the task is the very context that the
// group was made with, as opposed to one derived from it or its own parent.
func (m *miss) isParent() bool {
	for i, x := range m.route.sources {
		if m.route.passed[i] > m.entry {
			return len(m.group.parents) > 0 && x == m.group.parents[0]
		}
	}
	return false
}

// derived reports whether the task derives what it uses from what gets into it.
func (m *miss) derived() bool {
	return len(m.route.passed) > 0 && m.route.passed[0] <= m.entry
}

// misses returns the miss that a use in task t of group g is, or nil.
func (s *subject) misses(u use, g *group, t *model.Thread) *miss {
	routes := s.values.routes(u.hop)
	switch {
	case len(routes) == 0:
		return nil // not all is known of the value
	case u.kind == guard && (!u.isDone(routes) || !u.blocks() || s.otherwiseGuarded(u, g)):
		return nil // no Done channel; only polled; or the derived one is waited for as well
	case !s.othersFail(g, t):
		return nil // nothing to cancel for
	case s.cleansUp(u.inst, u.instr, t):
		return nil // runs when the task is over, which may be after the cancellation
	}
	m := &miss{use: u, group: g, task: t, route: routes[0]}
	if m.entry = s.entry(routes[0], t); m.entry < 0 {
		return nil // not in source text
	}
	switch {
	case s.isRootMiss(m, routes):
	case !s.isParentMiss(m, routes):
		return nil
	}
	for _, h := range m.route.hops[:m.entry+1] {
		if s.afterDone(h.inst, h.instr, g) || s.takesDerived(h, g) {
			return nil // the task knows the difference
		}
	}
	return m
}

// isDone reports whether a guard is one: the channel is that of a context.
func (u use) isDone(routes []route) bool {
	for _, r := range routes {
		ok := false
		for _, h := range r.hops {
			if call, isCall := h.instr.(ssa.CallInstruction); isCall && ir.Op(call.Common()) == api.CtxDone {
				ok = true
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// isParentMiss reports whether the value is a context from which the group's is
// derived as well, on all routes, and not derived from the group's.
func (s *subject) isParentMiss(m *miss, routes []route) bool {
	for _, r := range routes {
		if r.has(m.group.context) {
			return false
		}
		shared := false
		for _, x := range r.sources {
			if shared = shared || slices.Contains(m.group.parents, x); !shared && s.isOtherGroup(x) {
				return false // another group's context, which has failures of its own
			}
			if s.cancelledByTask(x, m.group) {
				return false // the tasks cancel it for one another
			}
		}
		if !shared {
			return false
		}
	}
	return true
}

// isRootMiss reports whether the task passes context.Background() or TODO() to
// a call and returns its error, and does not mention the derived context. A
// root context in any other place is there on purpose.
func (s *subject) isRootMiss(m *miss, routes []route) bool {
	h := m.at()
	root, ok := h.value.(*ssa.Call)
	if !ok || len(routes) != 1 || h.inst != m.task.Root || ir.Op(&root.Call) != api.CtxRoot {
		return false
	}
	call, ok := h.instr.(*ssa.Call)
	if !ok || !returnsError(h.inst.Fn, call) {
		return false
	}
	for _, arg := range call.Call.Args {
		if _, isChan := arg.Type().Underlying().(*types.Chan); isChan {
			return false // a display or collector, which ends with the channel
		}
	}
	for _, u := range s.uses {
		if u.inst.Thread == m.task && stemsFrom(s.values.routes(u.hop), m.group.context) {
			return false
		}
	}
	if s.mentions(h.inst.Fn, m.group) {
		return false
	}
	m.root = ir.Object(&root.Call).Name()
	return true
}

// mentions reports whether the source of a function names the derived context.
func (s *subject) mentions(fn *ssa.Function, g *group) bool {
	found := false
	if syn := fn.Syntax(); syn != nil && g.v != nil {
		ast.Inspect(syn, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && s.eng.Info.Uses[id] == g.v
			return !found
		})
	}
	return found
}

// isOtherGroup reports whether a source is the derived context of a group.
func (s *subject) isOtherGroup(x source) bool {
	return slices.ContainsFunc(s.groups, func(g *group) bool { return g.context == x })
}

// cancelledByTask reports whether a task of the group calls, or passes on, the
// function that cancels the context x.
func (s *subject) cancelledByTask(x source, g *group) bool {
	call, ok := made(x).(*ssa.Call)
	if !ok || x.loc.Obj == nil || s.isTaskOf(x.loc.Obj.Inst, g) {
		return false // no cancel function; or a task has it for itself
	}
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok {
			continue
		}
		if _, isFunc := e.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		for _, l := range s.m.PointsTo(x.loc.Obj.Inst, e) {
			if s.calledInTask(l, g) {
				return true
			}
		}
	}
	return false
}

// isTaskOf reports whether an instance is executed by a task of the group.
func (s *subject) isTaskOf(inst *model.Instance, g *group) bool {
	if inst == nil {
		return false
	}
	return slices.ContainsFunc(s.tasksAround(inst.Thread), func(t *model.Thread) bool { return s.groupOf[t] == g })
}

// made returns the value that made a source, or nil.
func made(x source) ssa.Value {
	if x.loc.Obj == nil {
		return x.value
	}
	return x.loc.Obj.Site
}

// calledInTask reports whether a task of the group calls or passes on a
// function that cannot be seen.
func (s *subject) calledInTask(f model.Loc, g *group) bool {
	for _, inst := range s.m.Instances {
		if !s.isTaskOf(inst, g) {
			continue
		}
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				for _, v := range append([]ssa.Value{call.Common().Value}, call.Common().Args...) {
					if slices.Contains(s.m.PointsTo(inst, v), f) {
						return true
					}
				}
			}
		}
	}
	return false
}

// othersFail reports whether the group has a task other than t, or a further
// one like t, that may return an error.
func (s *subject) othersFail(g *group, t *model.Thread) bool {
	for _, op := range s.m.Ops() {
		if op.Call != api.EGGo && op.Call != api.EGTryGo {
			continue
		}
		if !slices.Contains(op.On, g.group.loc) {
			continue
		}
		seen := false
		for _, x := range s.m.Threads {
			if x.Inst != op.Inst || x.Site != op.Instr {
				continue
			}
			seen = true
			if x != t || s.m.Shared(t, g.group.loc.Obj) {
				if s.mayFail(x.Root, 0) {
					return true
				}
			}
		}
		if !seen {
			return true // a function that cannot be seen
		}
	}
	return false
}

// mayFail reports whether a function may return an error other than nil.
func (s *subject) mayFail(inst *model.Instance, depth int) bool {
	for _, b := range inst.Fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		if s.mayBeError(inst, ret.Results[len(ret.Results)-1], depth) {
			return true
		}
	}
	return false
}

// mayBeError reports whether a result may be other than nil.
func (s *subject) mayBeError(inst *model.Instance, v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return false
	case *ssa.Call:
		known := s.m.Callees(inst, v)
		if depth > 4 || known.Unknown || len(known.Callees) == 0 {
			return true
		}
		for _, callee := range known.Callees {
			if s.mayFail(callee, depth+1) {
				return true
			}
		}
		return false
	case *ssa.UnOp: // the result of a function with defer statements
		c := variable(inst, v.X)
		if c == nil || c.outer != nil {
			return true
		}
		if inner, ok := assignedIn(c.addr); inner || !ok {
			return true // a deferred closure may set it
		}
		for _, st := range storesBelow(c.addr.(*ssa.Alloc)) {
			if s.mayBeError(inst, st.Val, depth) {
				return true
			}
		}
		return false
	}
	return true
}

// entry returns the hop at which a context gets into a task: the outermost one
// that the task, or a callback or task of it, executes.
func (s *subject) entry(r route, t *model.Thread) int {
	entry := -1
	for i, h := range r.hops {
		if slices.Contains(s.tasksAround(h.inst.Thread), t) && s.pos(h).IsValid() {
			entry = i
		}
	}
	return entry
}

// inReach reports whether the derived context can be named where the wrong one
// gets into the task, or where the wrong one was passed to the function that
// starts the task.
func (s *subject) inReach(m *miss) bool {
	for i, h := range m.route.hops {
		if i < m.entry {
			continue
		}
		name, v := s.nameAt(h, m.group)
		if name == "" {
			continue
		}
		m.reached = name
		if i == m.entry {
			m.v = v
		}
		return true
	}
	return false
}

// nameAt returns the name under which a group's context is visible at a hop,
// and its variable: the local one, a parameter of a function around, or a field
// of its receiver.
func (s *subject) nameAt(h hop, g *group) (string, *types.Var) {
	if g.v != nil && isIn(h.inst, g.home) && s.visible(g.v, h) {
		return g.v.Name(), g.v
	}
	for inst := h.inst; inst != nil; inst = around(inst) {
		for _, p := range inst.Fn.Params {
			if api.IsContext(p.Type()) && isAll(s.values.routes(hop{inst, h.instr, p}), g.context) {
				return p.Name(), nil
			}
			if f := s.fieldOf(p.Type(), g); f != "" {
				return p.Name() + "." + f, nil
			}
		}
	}
	return "", nil
}

// isIn reports whether an instance executes the function that outer does, or a
// closure that is made there.
func isIn(inst, outer *model.Instance) bool {
	for ; inst != nil; inst = around(inst) {
		if inst == outer {
			return true
		}
	}
	return false
}

// around returns the instance in which a closure is made. For a literal that
// captures nothing, it is looked for among the callers.
func around(inst *model.Instance) *model.Instance {
	if inst.Env != nil || inst.Fn.Parent() == nil {
		return inst.Env
	}
	for a := inst.Parent; a != nil; a = a.Parent {
		if a.Fn == inst.Fn.Parent() {
			return a
		}
	}
	return nil
}

// visible reports whether a name denotes the variable v at a hop.
func (s *subject) visible(v *types.Var, h hop) bool {
	pos := s.pos(h)
	if !pos.IsValid() || v.Pkg() == nil {
		return false
	}
	scope := v.Pkg().Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(v.Name(), pos)
	return obj == v
}

// fieldOf returns the field of a struct, given by pointer or value, in which
// the group's context is kept, or "".
func (s *subject) fieldOf(t types.Type, g *group) string {
	named := api.Named(t)
	if named == nil {
		return ""
	}
	for _, stores := range s.values.stores {
		for _, st := range stores {
			addr := st.instr.Addr.(*ssa.FieldAddr)
			f := ir.FieldVar(addr)
			if owner := api.Named(addr.X.Type()); f == nil || owner == nil || owner.Origin() != named.Origin() {
				continue
			}
			if isAll(s.values.routes(hop{st.inst, st.instr, st.instr.Val}), g.context) {
				return f.Name()
			}
		}
	}
	return ""
}
