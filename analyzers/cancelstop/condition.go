package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// holds reports whether the condition of a loop is still true in the next turn, if
// nothing but the given nodes is executed until then: it is made of variables that only
// the loop's function can assign, and none of the nodes does.
func (s *subject) holds(l *loop, nodes []ast.Node) bool {
	stmt, ok := l.stmt.(*ast.ForStmt)
	if !ok || stmt.Cond == nil {
		return false
	}
	own := true
	var read []*types.Var
	ast.Inspect(stmt.Cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.ParenExpr, *ast.BasicLit:
		case *ast.BinaryExpr:
		case *ast.UnaryExpr:
			own = own && n.Op != token.ARROW && n.Op != token.AND
		case *ast.CallExpr:
			own = own && s.isLength(n)
		case *ast.Ident:
			if v, ok := s.eng.Info.Uses[n].(*types.Var); ok {
				read = append(read, v)
			}
		default:
			own = false // a field, an element: others may assign it
		}
		return own
	})
	return own && !slices.ContainsFunc(read, func(v *types.Var) bool {
		return s.isCaptured(v, l) || slices.ContainsFunc(nodes, func(n ast.Node) bool { return s.assigns(n, v) })
	})
}

// isLength reports whether a call is len or cap of a slice, array or string, which
// changes by an assignment only.
func (s *subject) isLength(call *ast.CallExpr) bool {
	b, ok := typeutil.Callee(s.eng.Info, call).(*types.Builtin)
	if !ok || b.Name() != "len" && b.Name() != "cap" {
		return false
	}
	switch s.eng.Info.TypeOf(call.Args[0]).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Basic:
		return true
	}
	return false
}

// isCaptured reports whether a variable can be assigned by anybody but the function of
// a loop: it is none of its own, has its address taken, or is mentioned in a function
// literal.
func (s *subject) isCaptured(v *types.Var, l *loop) bool {
	if v.IsField() || v.Parent() == nil || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || v.Pos() < l.fn.Pos() || l.fn.End() <= v.Pos() {
		return true
	}
	found := false
	ast.Inspect(bodyOf(l.fn), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = found || s.mentions(n, v)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && s.varOf(n.X) == v
		case *ast.SelectorExpr:
			// A method with a pointer receiver takes the address.
			found = found || s.eng.Info.Selections[n] != nil && s.varOf(n.X) == v
		}
		return !found
	})
	return found
}

// assigns reports whether a node assigns a variable.
func (s *subject) assigns(n ast.Node, v *types.Var) bool {
	return contains(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			return slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return s.varOf(e) == v })
		case *ast.IncDecStmt:
			return s.varOf(n.X) == v
		case *ast.RangeStmt:
			return n.Key != nil && s.varOf(n.Key) == v || n.Value != nil && s.varOf(n.Value) == v
		}
		return false
	})
}
