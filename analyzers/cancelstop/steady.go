package cancelstop

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// steady reports whether an expression for a channel or context has the same
// value in each turn of a loop: it consists of variables that are declared
// outside of the loop and assigned neither in it nor by another function, and of
// fields that only constructors assign, or functions that then start the loop. What is assigned elsewhere may be renewed
// while the loop runs, as is the channel that a broadcast closes.
func (s *subject) steady(e ast.Expr, l *loop) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := s.eng.Info.Uses[e].(*types.Var)
		if !ok {
			_, isPackage := s.eng.Info.Uses[e].(*types.PkgName)
			return isPackage
		}
		return !l.encloses(v.Pos()) && !s.changes(v, l)
	case *ast.SelectorExpr:
		if v := s.varOf(e); v != nil && s.changes(v, l) {
			return false
		}
		return s.steady(e.X, l)
	case *ast.CallExpr:
		// A method that gives its object's context, such as that of a request
		// or a stream.
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		return ok && len(e.Args) == 0 && s.eng.Info.Selections[sel] != nil && s.steady(sel.X, l)
	case *ast.StarExpr:
		return s.steady(e.X, l)
	}
	return false
}

// changes reports whether a variable may be assigned while a loop runs.
func (s *subject) changes(v *types.Var, l *loop) bool {
	if !isWatched(v.Type()) {
		return s.assignedIn(v, l)
	}
	return slices.ContainsFunc(s.uses(v), func(p place) bool {
		if !p.isAssigned() {
			return false
		}
		if l.encloses(p.expr.Pos()) {
			return true
		}
		if v.IsField() || v.Parent() == v.Pkg().Scope() {
			return !s.constructs(p) && !s.starts(p, l)
		}
		return funcAround(p.stack) != l.fn
	})
}

// assignedIn reports whether a variable that uses does not know of, such as the
// receiver of the method, is assigned in a loop.
func (s *subject) assignedIn(v *types.Var, l *loop) bool {
	found := false
	ast.Inspect(l.stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return s.varOf(e) == v })
		case *ast.RangeStmt:
			found = found || n.Key != nil && s.varOf(n.Key) == v || n.Value != nil && s.varOf(n.Value) == v
		}
		return !found
	})
	return found
}

// constructs reports whether a field is assigned through a variable of the same
// function, as a constructor does with what it has just made.
func (s *subject) constructs(p place) bool {
	sel, ok := p.expr.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := funcAround(p.stack).(*ast.FuncDecl)
	v := s.varOf(sel.X)
	return ok && v != nil && !v.IsField() && fn.Body.Pos() <= v.Pos() && v.Pos() < fn.Body.End()
}

// starts reports whether a field is assigned by a function that then starts the
// goroutine which a loop is in.
func (s *subject) starts(p place, l *loop) bool {
	fn, ok := funcAround(p.stack).(*ast.FuncDecl)
	if !ok || ast.Node(fn) == l.fn {
		return false
	}
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok && g.Pos() > p.expr.Pos() {
			found = found || ast.Node(g.Call.Fun) == l.fn || s.calls(g.Call, l.fn)
		}
		return !found
	})
	return found
}

// calls reports whether a call is of a declared function.
func (s *subject) calls(call *ast.CallExpr, fn ast.Node) bool {
	decl, ok := fn.(*ast.FuncDecl)
	if !ok {
		return false
	}
	callee, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	return callee != nil && callee.Origin() == s.eng.Info.Defs[decl.Name]
}
