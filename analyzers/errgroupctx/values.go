package errgroupctx

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file follows a context (or a Done channel, or a group) back from where
// it is used to where it comes from.

// A source is where a value comes into being. Two values with one source are
// the same value.
type source struct {
	loc    model.Loc       // the object of the model that stands for it
	inst   *model.Instance // or else what makes it
	value  ssa.Value
	method *types.Func // the accessor that returns it, as in r.Context()
}

// A hop is a place that a value passes on its way: it is given to a function
// there, or something is derived from it.
type hop struct {
	inst  *model.Instance
	instr ssa.Instruction
	value ssa.Value // as it stands there
}

// A route is one way back from a use.
type route struct {
	hops     []hop    // the use first
	sources  []source // the value, what it is derived from, and so on
	passed   []int    // how many hops lie before each of the sources
	detached bool     // it ends in a root context, or where cancellation was taken off
}

func (r route) has(s source) bool {
	for _, x := range r.sources {
		if x == s {
			return true
		}
	}
	return false
}

// upTo returns the hops that the value, or what was derived from it, passes
// once it is there as source s.
func (r route) upTo(s source) []hop {
	for i, x := range r.sources {
		if x == s {
			return r.hops[:r.passed[i]]
		}
	}
	return r.hops
}

func (r route) with(h hop) route {
	r.hops = append(r.hops[:len(r.hops):len(r.hops)], h)
	return r
}

func (r route) from(s source) route {
	r.sources = append(r.sources[:len(r.sources):len(r.sources)], s)
	r.passed = append(r.passed[:len(r.passed):len(r.passed)], len(r.hops))
	return r
}

// Limits of one search.
const (
	maxRoutes = 16
	maxHops   = 60
)

// A tracer finds routes in one model. With since, it asks for the value on the
// paths that pass a certain instruction, in each of the instances on the way to
// an operation.
type tracer struct {
	m      *engine.Model
	stores map[model.Loc][]fieldStore
	since  map[*model.Instance]ssa.Instruction
}

// A fieldStore is an assignment to a struct field.
type fieldStore struct {
	inst  *model.Instance
	instr *ssa.Store
}

func newTracer(m *engine.Model) *tracer {
	t := &tracer{m: m, stores: make(map[model.Loc][]fieldStore)}
	for _, inst := range m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				if _, isField := st.Addr.(*ssa.FieldAddr); isField && (api.IsContext(st.Val.Type()) || api.IsGroup(st.Val.Type())) {
					for _, l := range m.PointsTo(inst, st.Addr) {
						t.stores[l] = append(t.stores[l], fieldStore{inst, st})
					}
				}
			}
		}
	}
	return t
}

// after returns a tracer for the paths that pass an operation.
func (t *tracer) after(op *model.Op) *tracer {
	since := make(map[*model.Instance]ssa.Instruction)
	var instr ssa.Instruction = op.Instr
	for inst := op.Inst; inst != nil && inst.Thread == op.Inst.Thread; inst = inst.Parent {
		since[inst] = instr
		if inst.Site == nil {
			break
		}
		instr = inst.Site
	}
	return &tracer{m: t.m, stores: t.stores, since: since}
}

// A search collects the routes of one value.
type search struct {
	*tracer
	routes  []route
	unknown bool // there are others that cannot be told
	depth   int
	phis    map[*ssa.Phi]bool
}

// routes returns all ways back from a use, or nothing where they are not all
// known: a variable that may hold something else is no evidence.
func (t *tracer) routes(use hop) []route {
	s := &search{tracer: t, phis: make(map[*ssa.Phi]bool)}
	s.value(route{}.with(use), use.inst, use.value)
	if s.unknown {
		return nil
	}
	return s.routes
}

func (s *search) end(r route) {
	s.routes = append(s.routes, r)
	s.unknown = s.unknown || len(s.routes) > maxRoutes
}

// value continues a route with a value in an instance.
func (s *search) value(r route, inst *model.Instance, v ssa.Value) {
	if s.depth++; s.depth > maxHops || inst == nil {
		s.unknown = true
	}
	if s.unknown {
		return
	}
	defer func() { s.depth-- }()
	switch v := v.(type) {
	case *ssa.Const:
		// nil: no context, so not one to speak of
	case *ssa.Parameter:
		s.parameter(r, inst, v)
	case *ssa.FreeVar:
		if binding := bound(inst, v); binding != nil {
			s.value(r, inst.Env, binding)
			return
		}
		s.unknown = true
	case *ssa.ChangeInterface:
		s.value(r, inst, v.X)
	case *ssa.ChangeType:
		s.value(r, inst, v.X)
	case *ssa.MakeInterface:
		s.value(r, inst, v.X)
	case *ssa.TypeAssert:
		s.value(r, inst, v.X)
	case *ssa.Phi:
		s.phi(r, inst, v)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			s.call(r, inst, call, v.Index, v)
			return
		}
		s.object(r, inst, v)
	case *ssa.Call:
		s.call(r, inst, v, 0, v)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			s.load(r, inst, v)
			return
		}
		s.object(r, inst, v)
	default:
		s.object(r, inst, v)
	}
}

// bound returns what a free variable of an instance stands for in inst.Env.
func bound(inst *model.Instance, v *ssa.FreeVar) ssa.Value {
	if inst.Env == nil || inst.Closure() == nil {
		return nil
	}
	for i, fv := range inst.Fn.FreeVars {
		if fv == v {
			return inst.Closure().Bindings[i]
		}
	}
	return nil
}

// object ends a route in the object that the model knows a value by.
func (s *search) object(r route, inst *model.Instance, v ssa.Value) {
	if locs := s.m.PointsTo(inst, v); len(locs) == 1 {
		if o := locs[0].Obj; o.Kind == model.Context && locs[0].Path == "" {
			if call, ok := o.Site.(*ssa.Call); ok && o.Inst != nil {
				s.derived(r.from(source{loc: locs[0]}), o.Inst, call)
				return
			}
		}
		s.end(r.from(source{loc: locs[0]}))
		return
	}
	s.unknown = true
}

// named returns the source that a value itself is.
func (s *search) named(inst *model.Instance, v ssa.Value) source {
	if locs := s.m.PointsTo(inst, v); len(locs) == 1 {
		return source{loc: locs[0]}
	}
	return source{inst: inst, value: v}
}

func (s *search) parameter(r route, inst *model.Instance, p *ssa.Parameter) {
	if inst.Parent == nil || inst.Site == nil {
		s.end(r.from(s.named(inst, p))) // given by unknown code
		return
	}
	if arg := inst.Argument(p); arg != nil {
		s.value(r.with(hop{inst.Parent, inst.Site, arg}), inst.Parent, arg)
		return
	}
	s.object(r, inst, p)
}

// phi follows the edges over which control may have come: with since, those
// that can be reached from there.
func (s *search) phi(r route, inst *model.Instance, phi *ssa.Phi) {
	if s.phis[phi] {
		return // around a loop: nothing new
	}
	s.phis[phi] = true
	since := s.since[inst]
	if since != nil && (ir.Dominates(phi, since) || !ir.Reaches(since, phi)) {
		since = nil // the value is older
	}
	for i, e := range phi.Edges {
		if since == nil || leads(since, phi.Block().Preds[i]) {
			s.value(r, inst, e)
		}
	}
	delete(s.phis, phi)
}

// leads reports whether control can pass from an instruction to the end of a
// block.
func leads(from ssa.Instruction, b *ssa.BasicBlock) bool {
	return from.Block() == b || ir.Reaches(from, b.Instrs[len(b.Instrs)-1])
}

// call continues with result i of a call, of which v is the value.
func (s *search) call(r route, inst *model.Instance, call *ssa.Call, i int, v ssa.Value) {
	common := call.Common()
	switch ir.Op(common) {
	case api.EGWithContext, api.CtxDerive:
		again := r.has(s.named(inst, v))
		r = r.from(s.named(inst, v))
		if again || !api.IsContext(v.Type()) {
			s.end(r) // around a loop; or the group, or a cancel function
			return
		}
		s.derived(r, inst, call)
		return
	case api.CtxRoot, api.CtxWithoutCancel:
		r.detached = true
		s.end(r.from(s.named(inst, v)))
		return
	case api.CtxDone:
		s.value(r.with(hop{inst, call, common.Value}), inst, common.Value)
		return
	}
	known := s.m.Callees(inst, call)
	if len(known.Callees) > 0 {
		s.unknown = s.unknown || known.Unknown
		for _, callee := range known.Callees {
			s.returned(r, callee, i)
		}
		return
	}
	if owner, accessor := s.accessor(inst, common); accessor != nil {
		s.end(r.from(source{loc: owner, method: accessor}))
		return
	}
	r = r.from(s.named(inst, v))
	if !api.IsContext(v.Type()) {
		s.end(r)
		return
	}
	s.derived(r, inst, call)
}

// returned continues with what a function of the package returns.
func (s *search) returned(r route, callee *model.Instance, i int) {
	for _, b := range callee.Fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			s.value(r, callee, ret.Results[i])
		}
	}
}

// accessor returns the object whose context a call such as r.Context() returns,
// the same one at every call.
func (s *search) accessor(inst *model.Instance, common *ssa.CallCommon) (model.Loc, *types.Func) {
	f := ir.Object(common)
	if f == nil || f.Name() != "Context" || f.Signature().Recv() == nil || f.Signature().Params().Len() > 0 {
		return model.Loc{}, nil
	}
	recv := common.Value
	if !common.IsInvoke() {
		recv = common.Args[0]
	}
	if locs := s.m.PointsTo(inst, recv); len(locs) == 1 {
		return locs[0], f
	}
	return model.Loc{}, nil
}

// derived continues with the context from which a call derives another one:
// its first context argument. Without one the route ends.
func (s *search) derived(r route, inst *model.Instance, call *ssa.Call) {
	switch ir.Op(call.Common()) {
	case api.CtxRoot, api.CtxWithoutCancel:
		r.detached = true
		s.end(r)
		return
	}
	for _, arg := range call.Common().Args {
		if api.IsContext(arg.Type()) {
			s.value(r.with(hop{inst, call, arg}), inst, arg)
			return
		}
	}
	s.end(r)
}

// load continues with what a variable or field holds when it is read.
func (s *search) load(r route, inst *model.Instance, v *ssa.UnOp) {
	if c := variable(inst, v.X); c != nil {
		defs, ok := s.definitions(c, v)
		s.unknown = s.unknown || !ok
		for _, d := range defs {
			s.value(r, d.inst, d.instr.Val)
		}
		return
	}
	locs := s.m.PointsTo(inst, v.X)
	if len(locs) != 1 {
		s.object(r, inst, v)
		return
	}
	switch stores := s.stores[locs[0]]; {
	case len(stores) == 1 && (locs[0].Own() || precedes(stores[0], inst, v)):
		s.value(r, stores[0].inst, stores[0].instr.Val)
	case len(stores) > 0:
		s.unknown = true // one of several, or not yet
	case locs[0].Own():
		s.object(r, inst, v)
	default:
		s.end(r.from(source{loc: locs[0]})) // as it was found there
	}
}

// precedes reports whether a store is certainly made before an instruction of
// another instance: on the way to it, in a function that both belong to.
func precedes(st fieldStore, inst *model.Instance, instr ssa.Instruction) bool {
	for ; inst != nil; inst = inst.Parent {
		if inst == st.inst {
			return ir.Dominates(st.instr, instr)
		}
		if inst.Site == nil {
			return false
		}
		instr = inst.Site
	}
	return false
}
