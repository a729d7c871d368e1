package errgroupctx

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

//go:embed doc.go
var doc string

// Analyzer is the errgroupctx check.
var Analyzer = check.New(check.Meta{
	Name:     "errgroupctx",
	Doc:      doc,
	Advice:   "use the derived context in the tasks, under a name of its own, and its parent everywhere else",
	Patterns: []string{"group"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each group that errgroup.WithContext makes, in the models of
// the functions that make one or are handed one, and at the callers of those that
// Wait for a group which a struct keeps.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Group) {
		return nil
	}
	var late, other []report.Finding
	kept := keptGroups(eng)
	for m := range eng.Models(api.EGWithContext, api.EGWait) {
		s := newSubject(pass, eng, m)
		for _, g := range append(s.groups, s.keptIn(kept)...) {
			late = append(late, s.usesAfterWait(g)...)
		}
		other = append(other, s.tasks()...)
	}
	for _, fn := range waitElsewhere(eng, kept) {
		if m := eng.Model(fn); m != nil {
			s := newSubject(pass, eng, m)
			for _, g := range s.keptIn(kept) {
				late = append(late, s.usesAfterWait(g)...)
			}
		}
	}
	// A use that is too late and of the wrong context besides is reported as
	// what certainly fails.
	for _, f := range append(late, other...) {
		pass.Report(f)
	}
	return nil
}

// A subject is one model with its groups and all uses of contexts in it.
type subject struct {
	pass   *check.Pass
	eng    *engine.Package
	m      *engine.Model
	values *tracer

	groups  []*group
	groupOf map[*model.Thread]*group // of the tasks
	uses    []use
}

// A group is an errgroup with a derived context.
type group struct {
	inst *model.Instance
	call *ssa.Call // of errgroup.WithContext; nil for a group that a struct keeps

	group   source // the Group
	context source // the derived context, unless nobody receives it
	parents []source

	pos  token.Pos       // of errgroup.WithContext
	lhs  ast.Expr        // what the context is assigned to, or nil
	name string          // of the context, for messages
	v    *types.Var      // the local variable that holds it, or nil
	home *model.Instance // in which the variable is
}

func newSubject(pass *check.Pass, eng *engine.Package, m *engine.Model) *subject {
	s := &subject{pass: pass, eng: eng, m: m, values: newTracer(m), groupOf: make(map[*model.Thread]*group)}
	for _, op := range m.Ops() {
		if call, ok := op.Instr.(*ssa.Call); ok && op.Call == api.EGWithContext {
			if g := s.newGroup(op.Inst, call); g != nil {
				s.groups = append(s.groups, g)
			}
		}
	}
	for _, t := range m.Threads {
		if op := m.Joins.Task(t); op != nil && op.Call != api.WGGo {
			s.groupOf[t] = s.groupFor(op)
		}
	}
	s.uses = s.findUses()
	return s
}

// newGroup describes the group that a call of errgroup.WithContext makes.
func (s *subject) newGroup(inst *model.Instance, call *ssa.Call) *group {
	g := &group{inst: inst, call: call, pos: call.Pos()}
	var ctx *ssa.Extract
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok {
			continue
		}
		if e.Index == 1 {
			ctx = e
		}
		if locs := s.m.PointsTo(inst, e); len(locs) == 1 {
			if e.Index == 0 {
				g.group = source{loc: locs[0]}
			} else {
				g.context = source{loc: locs[0]}
			}
		}
	}
	if g.group == (source{}) {
		return nil // nobody has the group
	}
	g.parents = common(s.values.routes(hop{inst, call, call.Call.Args[0]}))
	s.nameContext(g, inst, call, ctx)
	return g
}

// common returns the sources that all routes have.
func common(routes []route) []source {
	if len(routes) == 0 {
		return nil
	}
	var out []source
	for _, x := range routes[0].sources {
		all := true
		for _, r := range routes[1:] {
			all = all && r.has(x)
		}
		if all {
			out = append(out, x)
		}
	}
	return out
}

// nameContext finds out what the derived context is assigned to: at the call
// itself or, if that is in a helper that returns both, where this is called.
func (s *subject) nameContext(g *group, inst *model.Instance, call *ssa.Call, ctx *ssa.Extract) {
	index := 1
	for inst.Parent != nil {
		outer, i := handedOut(inst, ctx)
		if outer == nil {
			break
		}
		inst, call, index, ctx = inst.Parent, outer, i, extract(outer, i)
	}
	g.home = inst
	g.lhs = s.assigned(call.Pos(), index)
	switch lhs := g.lhs.(type) {
	case nil:
		g.name = "the derived context"
	case *ast.Ident:
		g.name = lhs.Name
		g.v, _ = s.eng.Info.ObjectOf(lhs).(*types.Var)
	default:
		g.name = syntax.Text(lhs)
	}
	if g.v != nil && ctx != nil && unread(ctx) {
		g.v = nil // for the compiler only, as with _ = gctx
		g.name = "_"
	}
}

// handedOut returns the call that a function was entered by, and the index of
// the result, if all that becomes of a value is that it is returned.
func handedOut(inst *model.Instance, ctx *ssa.Extract) (*ssa.Call, int) {
	call, ok := inst.Site.(*ssa.Call)
	if !ok || ctx == nil || len(*ctx.Referrers()) != 1 {
		return nil, 0
	}
	ret, ok := (*ctx.Referrers())[0].(*ssa.Return)
	if !ok {
		return nil, 0
	}
	for i, r := range ret.Results {
		if r == ctx {
			return call, i
		}
	}
	return nil, 0
}

// extract returns result i of a call, or nil where it is dropped.
func extract(call *ssa.Call, i int) *ssa.Extract {
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			return e
		}
	}
	return nil
}

// unread reports whether nobody reads a value, also not through the variable
// that it is stored in.
func unread(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			alloc, ok := ref.Addr.(*ssa.Alloc)
			if !ok {
				return false
			}
			for _, r := range *alloc.Referrers() {
				if _, isStore := r.(*ssa.Store); !isStore {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// assigned returns what result i of the call at pos is assigned to, or nil.
func (s *subject) assigned(pos token.Pos, i int) ast.Expr {
	for _, n := range s.eng.Syntax.Path(pos) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if i < len(n.Lhs) && len(n.Rhs) == 1 {
				return n.Lhs[i]
			}
			return nil
		case *ast.ValueSpec:
			if i < len(n.Names) && len(n.Values) == 1 {
				return n.Names[i]
			}
			return nil
		case *ast.FuncLit, *ast.BlockStmt:
			return nil
		}
	}
	return nil
}

// discarded reports whether nobody has the derived context.
func (g *group) discarded() bool { return g.call != nil && g.name == "_" }

// groupFor returns the group that an operation is certainly on, or nil.
func (s *subject) groupFor(op *model.Op) *group {
	routes := s.values.routes(hop{op.Inst, op.Instr, op.Value()})
	for _, g := range s.groups {
		if isAll(routes, g.group) {
			return g
		}
	}
	return nil
}

// isAll reports whether a value is certainly the given source.
func isAll(routes []route, x source) bool {
	for _, r := range routes {
		if len(r.sources) == 0 || r.sources[0] != x {
			return false
		}
	}
	return len(routes) > 0
}

// stemsFrom reports whether a value certainly is the given source or derived
// from it, with its cancellation.
func stemsFrom(routes []route, x source) bool {
	for _, r := range routes {
		if !r.has(x) {
			return false
		}
	}
	return len(routes) > 0
}
