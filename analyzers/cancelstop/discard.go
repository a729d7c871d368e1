package cancelstop

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the derived contexts that nobody gets. Cancelling a context,
// or its deadline, stops what was given that context and nothing else.

// A deriver says which results of a function are a derived context and the
// function that cancels it.
type deriver struct{ ctx, cancel int }

// discards reports an assignment of a call that derives a context, if nobody
// reads the context and somebody has the function that cancels it.
func (s *subject) discards(assign *ast.AssignStmt, stack []ast.Node) {
	if len(assign.Rhs) != 1 || len(assign.Lhs) < 2 || s.inTest(assign.Pos()) {
		return
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	d, ok := s.deriverOf(f)
	if !ok || !s.isUnread(assign.Lhs[d.ctx], assign, stack) {
		return
	}
	cancel := assign.Lhs[d.cancel]
	if isBlank(cancel) {
		return // go vet reports that
	}
	used, by := s.cancelled(cancel, assign), cancel
	if used == nil && api.Of(f) == api.CtxDerive {
		if kept := s.cancelledByField(cancel, call, assign); kept != nil {
			used, by = kept, kept.Fun
		}
	}
	if used == nil {
		return // kept or passed on: perhaps only something that can be called is wanted
	}
	name := syntax.Text(call.Fun)
	story := []report.Step{
		step(call, "%s derives a context, which is cancelled on its own", name),
		step(used, "%s cancels that context, which nobody has been given", syntax.Text(by)),
	}
	ctx := ast.Expr(assign.Lhs[d.ctx])
	what := "discarded"
	if !isBlank(ctx) {
		what = "never used"
	}
	s.pass.Report(report.Finding{
		Pos: ctx.Pos(), End: ctx.End(), Story: story,
		Message: fmt.Sprintf("the context of %s is %s: %s", name, what, without(f, syntax.Text(by))),
	})
}

// without says what the loss of the derived context comes to.
func without(f *types.Func, cancel string) string {
	if api.Of(f) == api.CtxDerive {
		switch f.Name() {
		case "WithTimeout", "WithTimeoutCause":
			return "nothing stops after the timeout"
		case "WithDeadline", "WithDeadlineCause":
			return "nothing stops at the deadline"
		}
	}
	return cancel + " stops nobody"
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// deriverOf reports which results of a function are a context that it derives,
// and what cancels it: of context.WithCancel and the like, and of a function of
// this package that returns both, and has used the context for nothing else.
func (s *subject) deriverOf(f *types.Func) (deriver, bool) {
	if f == nil {
		return deriver{}, false
	}
	if api.Of(f) == api.CtxDerive {
		return deriver{0, 1}, f.Signature().Results().Len() == 2
	}
	if f.Pkg() != s.eng.Types {
		return deriver{}, false
	}
	if s.derivers == nil {
		s.derivers = make(map[*types.Func]deriver)
		for fd := range s.decls() {
			if fn, ok := s.eng.Info.Defs[fd.Name].(*types.Func); ok {
				if d, ok := s.handsOut(fd); ok {
					s.derivers[fn] = d
				}
			}
		}
	}
	d, ok := s.derivers[f.Origin()]
	return d, ok
}

// handsOut reports whether a function does nothing with a context that it
// derives but to return it, next to what cancels it.
func (s *subject) handsOut(fd *ast.FuncDecl) (d deriver, ok bool) {
	var (
		assign  *ast.AssignStmt
		returns []*ast.ReturnStmt
		several bool
	)
	contains(fd.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if s.derives(n) {
				several = several || assign != nil
				assign = n
			}
		case *ast.ReturnStmt:
			returns = append(returns, n)
		}
		return false
	})
	if assign == nil && len(returns) > 0 && !slices.ContainsFunc(returns, func(ret *ast.ReturnStmt) bool { return !s.derivesAll(ret.Results, 2) }) {
		return deriver{0, 1}, true
	}
	if assign == nil || several || len(returns) == 0 {
		return d, false
	}
	ctx, cancel := s.varOf(assign.Lhs[0]), s.varOf(assign.Lhs[1])
	if ctx == nil || cancel == nil || isBlank(assign.Lhs[0]) || isBlank(assign.Lhs[1]) {
		return d, false
	}
	for _, p := range s.uses(ctx) {
		switch n := p.parent().(type) {
		case *ast.ReturnStmt, *ast.Field: // or the declaration of a result
		default:
			// The parent may have the same name, if it is a parameter.
			if n != ast.Node(assign) && ast.Node(ast.Unparen(assign.Rhs[0])) != n {
				return d, false
			}
		}
	}
	for i, ret := range returns {
		c := slices.IndexFunc(ret.Results, func(e ast.Expr) bool { return s.varOf(e) == ctx })
		f := slices.IndexFunc(ret.Results, func(e ast.Expr) bool { return s.cancels(e, cancel) })
		if c < 0 || f < 0 || i > 0 && d != (deriver{c, f}) {
			return d, false
		}
		d = deriver{c, f}
	}
	return d, true
}

// derives reports whether an assignment is that of context.WithCancel or one of
// its kind.
func (s *subject) derives(assign *ast.AssignStmt) bool {
	return s.derivesAll(assign.Rhs, len(assign.Lhs))
}

// derivesAll reports whether values are those of a call of context.WithCancel or one
// of its kind.
func (s *subject) derivesAll(values []ast.Expr, n int) bool {
	if len(values) != 1 || n != 2 {
		return false
	}
	call, ok := ast.Unparen(values[0]).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	return api.Of(f) == api.CtxDerive && f.Signature().Results().Len() == 2
}

// cancels reports whether an expression is a cancel function, or a function
// literal that does nothing but to call it.
func (s *subject) cancels(e ast.Expr, cancel *types.Var) bool {
	lit, ok := ast.Unparen(e).(*ast.FuncLit)
	if !ok {
		return s.varOf(e) == cancel
	}
	if len(lit.Body.List) != 1 {
		return false
	}
	stmt, ok := lit.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
	return ok && s.varOf(call.Fun) == cancel
}

// isUnread reports whether nobody reads what is assigned to lhs: it is blank, or
// a variable of the function that is not read behind the assignment. Where the
// assignment may be repeated, or the variable is read by a function literal,
// every read counts.
func (s *subject) isUnread(lhs ast.Expr, assign *ast.AssignStmt, stack []ast.Node) bool {
	if isBlank(lhs) {
		return true
	}
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := s.eng.Info.ObjectOf(id).(*types.Var)
	if !ok || v.Parent() == v.Pkg().Scope() {
		return false
	}
	fn := funcAround(stack)
	decl, _ := stack[1].(*ast.FuncDecl)
	if fn == nil || decl == nil || s.isResult(v, fn) || s.repeats(v, stack) {
		return false
	}
	return !slices.ContainsFunc(s.uses(v), func(p place) bool {
		if set, ok := p.parent().(*ast.AssignStmt); ok && (slices.ContainsFunc(set.Lhs, p.is) || isForCompiler(set)) {
			return false
		}
		if _, declared := p.parent().(*ast.Field); declared {
			return false // a parameter
		}
		if spec, ok := p.parent().(*ast.ValueSpec); ok && slices.ContainsFunc(spec.Names, func(id *ast.Ident) bool { return p.is(id) }) {
			return false
		}
		return p.expr.Pos() >= assign.End() || funcAround(p.stack) != fn
	})
}

// isForCompiler reports whether an assignment is _ = x.
func isForCompiler(assign *ast.AssignStmt) bool {
	return !slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { return !isBlank(e) })
}

// isResult reports whether a variable is a result of a function, which a return
// reads, or is not the function's own.
func (s *subject) isResult(v *types.Var, fn ast.Node) bool {
	sig := s.signature(fn)
	if sig == nil || v.Pos() < fn.Pos() || fn.End() <= v.Pos() {
		return true
	}
	for r := range sig.Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}

// repeats reports whether control may come from behind the end of a stack to a
// read in front of it: by a loop in which the variable is not declared anew, or
// by a goto.
func (s *subject) repeats(v *types.Var, stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if v.Pos() < n.Pos() || v.Pos() >= n.End() {
				return true
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return contains(bodyOf(n), isGoto)
		}
	}
	return false
}

func isGoto(n ast.Node) bool {
	b, ok := n.(*ast.BranchStmt)
	return ok && b.Tok == token.GOTO
}

// cancelled returns a call of the cancel function that an assignment sets, in
// the same function or one in it, or nil.
func (s *subject) cancelled(cancel ast.Expr, assign *ast.AssignStmt) ast.Node {
	v := s.varOf(cancel)
	if v == nil {
		return nil
	}
	fd := s.declAround(assign)
	if fd == nil {
		return nil
	}
	var call ast.Node
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && call == nil && c.Pos() > assign.Pos() && s.varOf(c.Fun) == v {
			call = c
		}
		return call == nil
	})
	return call
}

// declAround returns the function declaration around a node.
func (s *subject) declAround(n ast.Node) *ast.FuncDecl {
	for fd := range s.decls() {
		if fd.Pos() <= n.Pos() && n.End() <= fd.End() {
			return fd
		}
	}
	return nil
}
