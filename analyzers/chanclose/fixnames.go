package chanclose

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/syntax"
)

// variable returns the variable that the channel is assigned to where it is
// made, if that is the only value it ever has.
func (s *subject) variable() *types.Var {
	path := s.eng.Syntax.Path(s.c.Obj.Pos())
	for i, n := range path {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Lparen != s.c.Obj.Pos() || i+1 == len(path) {
			continue
		}
		var names []*ast.Ident
		var values []ast.Expr
		switch p := path[i+1].(type) {
		case *ast.AssignStmt:
			values = p.Rhs
			for _, l := range p.Lhs {
				id, _ := l.(*ast.Ident)
				names = append(names, id)
			}
		case *ast.ValueSpec:
			names, values = p.Names, p.Values
		}
		i := slices.Index(values, ast.Expr(call))
		if i < 0 || len(names) != len(values) || names[i] == nil {
			return nil
		}
		if v, ok := s.eng.Info.Defs[names[i]].(*types.Var); ok && s.constant(v) {
			return v
		}
		return nil
	}
	return nil
}

// constant reports whether a variable keeps the value that its declaration
// gives it.
func (s *subject) constant(v *types.Var) bool {
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && s.eng.Info.Uses[id] == v
	}
	file := s.eng.Syntax.File(v.Pos())
	if file == nil {
		return false
	}
	changed := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			changed = changed || slices.ContainsFunc(n.Lhs, is)
		case *ast.RangeStmt:
			changed = changed || is(n.Key) || is(n.Value)
		case *ast.UnaryExpr:
			_, isChan := v.Type().Underlying().(*types.Chan)
			changed = changed || n.Op == token.AND && isChan && is(n.X)
		}
		return !changed
	})
	return !changed
}

// variableIn returns the variable by which thread t can close the channel at
// pos, near the begin of its root function, or nil.
func (s *subject) variableIn(t *model.Thread, pos token.Pos) *types.Var {
	if v := s.variable(); v != nil && s.canClose(v, pos) {
		return v
	}
	for _, p := range t.Root.Fn.Params {
		v, ok := p.Object().(*types.Var)
		if !ok || !s.constant(v) || !s.canClose(v, pos) {
			continue
		}
		if pts := s.m.PointsTo(t.Root, p); len(pts) == 1 && pts[0] == s.c {
			return v
		}
	}
	return nil
}

// canClose reports whether close(v) at pos means what it says.
func (s *subject) canClose(v *types.Var, pos token.Pos) bool {
	ch, ok := v.Type().Underlying().(*types.Chan)
	return ok && ch.Dir() != types.RecvOnly && s.visible(v, pos) && s.visible(types.Universe.Lookup("close"), pos)
}

// visible reports whether an object's name denotes it at pos.
func (s *subject) visible(obj types.Object, pos token.Pos) bool {
	scope := s.eng.Types.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, found := scope.LookupParent(obj.Name(), pos)
	return found == obj
}

// isOperand reports whether the operation k is written with the variable v.
func (s *subject) isOperand(k *model.Op, v *types.Var) bool {
	_, e := s.eng.Syntax.Operation(k.Pos())
	id, ok := e.(*ast.Ident)
	return ok && s.eng.Info.Uses[id] == v
}

// isCall reports whether a statement is nothing but the operation k, deferred
// or not.
func (s *subject) isCall(stmt ast.Stmt, k *model.Op) bool {
	switch op, _ := s.eng.Syntax.Operation(k.Pos()); stmt := stmt.(type) {
	case *ast.ExprStmt:
		return ast.Node(stmt.X) == op
	case *ast.DeferStmt:
		return ast.Node(stmt) == op
	}
	return false
}

// commented reports whether a comment of its own leads a statement: it ends on
// the line above, and code does not precede it there.
func (s *subject) commented(stmt ast.Stmt) bool {
	file := s.eng.Syntax.File(stmt.Pos())
	line := s.eng.Syntax.Line(stmt.Pos())
	for _, c := range file.Comments {
		if c.End() > stmt.Pos() || s.eng.Syntax.Line(c.End()) != line-1 {
			continue
		}
		code := false
		ast.Inspect(file, func(n ast.Node) bool {
			if _, ok := n.(*ast.CommentGroup); n == nil || ok || code {
				return false
			}
			for _, pos := range []token.Pos{n.Pos(), n.End()} {
				code = code || pos <= c.Pos() && s.eng.Syntax.Line(pos) == s.eng.Syntax.Line(c.Pos())
			}
			if b, ok := n.(*ast.BlockStmt); ok && s.eng.Syntax.Line(b.Lbrace) == s.eng.Syntax.Line(c.Pos()) {
				code = true
			}
			return n.Pos() < c.Pos()
		})
		if !code {
			return true
		}
	}
	return false
}

// listAround returns the innermost list of statements around pos, and the
// index of the statement there.
func (s *subject) listAround(pos token.Pos) ([]ast.Stmt, int) {
	for _, n := range s.eng.Syntax.Path(pos) {
		list := syntax.List(n)
		if i := indexOf(list, pos); i >= 0 {
			return list, i
		}
	}
	return nil, -1
}

func indexOf(list []ast.Stmt, pos token.Pos) int {
	return slices.IndexFunc(list, func(stmt ast.Stmt) bool { return stmt.Pos() <= pos && pos < stmt.End() })
}
