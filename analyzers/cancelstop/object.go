package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Mentions of a field are found by the field, whatever object it is of. This file tells
// objects apart that cannot be the same.

// mayBeSame reports whether two mentions of a field, or of a variable, may be of the same
// object.
func (s *subject) mayBeSame(x, y ast.Expr) bool {
	v, w := s.objectOf(x), s.objectOf(y)
	return v == nil || w == nil || v == w || !s.isPrivate(v, x) && !s.isPrivate(w, y)
}

// objectOf returns the local variable that holds the object that an expression selects a
// field of, or nil.
func (s *subject) objectOf(e ast.Expr) *types.Var {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := s.eng.Info.ObjectOf(id).(*types.Var)
	if v == nil || v.IsField() || v.Parent() == s.eng.Types.Scope() {
		return nil
	}
	return v
}

// isPrivate reports whether a variable, which the expression mentions, holds an object that its function makes and of
// which nothing but fields is mentioned: no other function has it.
func (s *subject) isPrivate(v *types.Var, in ast.Expr) bool {
	decl := s.declAround(in)
	if decl == nil {
		return false
	}
	made, leaves := false, false
	ast.PreorderStack(decl, nil, func(n ast.Node, stack []ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || s.eng.Info.ObjectOf(id) != types.Object(v) {
			return true
		}
		switch parent := stack[len(stack)-1].(type) {
		case *ast.SelectorExpr:
			field, _ := s.eng.Info.ObjectOf(parent.Sel).(*types.Var)
			leaves = leaves || field == nil // a method has it
		case *ast.AssignStmt:
			isNew := id.Pos() == v.Pos() && len(parent.Lhs) == len(parent.Rhs)
			for i, l := range parent.Lhs {
				if isNew && l == ast.Expr(id) {
					made = s.makesObject(parent.Rhs[i])
				}
			}
			leaves = leaves || !isNew
		case *ast.ValueSpec:
			isNew := id.Pos() == v.Pos() && len(parent.Values) == 0 && !isPointer(v.Type())
			made, leaves = made || isNew, leaves || !isNew
		default:
			leaves = true
		}
		return true
	})
	return made && !leaves
}

// makesObject reports whether an expression is a new object.
func (s *subject) makesObject(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && e.Op == token.AND
	case *ast.CallExpr:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		return ok && s.eng.Info.Uses[id] == types.Universe.Lookup("new")
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
