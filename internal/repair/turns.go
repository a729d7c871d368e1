package repair

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/syntax"
)

// length returns the number of turns of a range loop as an expression that has the
// same value where the channel is made, or "".
func (s *Smith) length(loop *ast.RangeStmt, made ast.Stmt) string {
	t := s.pass.TypesInfo.TypeOf(loop.X)
	if t == nil {
		return ""
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
	case *types.Map:
		if !s.onlyRead(ident(loop.X), made) {
			return ""
		}
	case *types.Basic:
		if u.Kind() == types.Int || u.Kind() == types.UntypedInt {
			return s.positive(loop.X, made)
		}
		return ""
	case *types.Array:
	default:
		return ""
	}
	if text := s.steady(loop.X, made); text != "" {
		return "len(" + text + ")"
	}
	return ""
}

// onlyRead reports whether all that is done to a map after the make is to range over
// it, to read an element and to take its length. Who is given it may make it longer.
func (s *Smith) onlyRead(m *ast.Ident, made ast.Stmt) bool {
	if m == nil {
		return false
	}
	for id, obj := range s.pass.TypesInfo.Uses {
		if obj != s.pass.TypesInfo.Uses[m] || id.Pos() < made.Pos() {
			continue
		}
		path := s.eng.Syntax.Path(id.Pos())
		if len(path) < 2 {
			return false
		}
		switch n := path[1].(type) {
		case *ast.RangeStmt, *ast.IndexExpr:
		case *ast.CallExpr:
			if b, ok := s.pass.TypesInfo.Uses[ident(n.Fun)].(*types.Builtin); !ok || b.Name() != "len" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// turns is like length, for a loop that counts up from 0:
//
//	for i := 0; i < n; i++ {
func (s *Smith) turns(loop *ast.ForStmt, made ast.Stmt) string {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || len(init.Lhs) != 1 || init.Tok != token.DEFINE {
		return ""
	}
	i := s.pass.TypesInfo.Defs[ident(init.Lhs[0])]
	zero := s.pass.TypesInfo.Types[init.Rhs[0]].Value
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS || i == nil || zero == nil || zero.ExactString() != "0" || !types.Identical(i.Type(), types.Typ[types.Int]) {
		return ""
	}
	post, ok := loop.Post.(*ast.IncDecStmt)
	if !ok || post.Tok != token.INC || s.pass.TypesInfo.Uses[ident(post.X)] != i || s.pass.TypesInfo.Uses[ident(cond.X)] != i || s.assigned(i, loop.Body) {
		return ""
	}
	if call, ok := cond.Y.(*ast.CallExpr); ok && len(call.Args) == 1 {
		if b, ok := s.pass.TypesInfo.Uses[ident(call.Fun)].(*types.Builtin); ok && b.Name() == "len" {
			if text := s.steady(call.Args[0], made); text != "" {
				return "len(" + text + ")"
			}
		}
		return ""
	}
	return s.positive(cond.Y, made)
}

// positive returns a number of turns as steady does: none where the number is
// negative, which as the size of a channel would panic.
func (s *Smith) positive(e ast.Expr, made ast.Stmt) string {
	text := s.steady(e, made)
	if text == "" || s.pass.TypesInfo.Types[e].Value != nil {
		return text
	}
	return "max(" + text + ", 0)"
}

// steady returns the text of an expression that is a constant, or a local variable
// that is declared before the channel is made and assigned only before that.
func (s *Smith) steady(e ast.Expr, made ast.Stmt) string {
	if tv := s.pass.TypesInfo.Types[e]; tv.Value != nil {
		return types.ExprString(e)
	}
	id := ident(e)
	if id == nil {
		return ""
	}
	v, ok := s.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || !syntax.MeansTheSame(s.pass.TypesInfo, s.pass.Pkg, id, made.Pos()) {
		return ""
	}
	fn := syntax.Enclosing[*ast.FuncDecl](s.eng.Syntax, made.Pos())
	if fn == nil {
		return ""
	}
	// Whatever assigns it after the make, or in a loop around that, or in a
	// function literal, may do so before the loop.
	for id := range s.assignments(v, fn.Body) {
		if id.Pos() > made.Pos() || syntax.Enclosing[*ast.FuncLit](s.eng.Syntax, id.Pos()) != nil {
			return ""
		}
	}
	return id.Name
}

// assigned reports whether a variable is assigned in a node, or its address taken.
func (s *Smith) assigned(v types.Object, in ast.Node) bool { return len(s.assignments(v, in)) > 0 }

// assignments returns the places in a node at which a variable gets a value, other
// than by its declaration, or at which its address is taken.
func (s *Smith) assignments(v types.Object, in ast.Node) map[*ast.Ident]bool {
	out := make(map[*ast.Ident]bool)
	note := func(e ast.Expr) {
		if id := ident(e); id != nil && s.pass.TypesInfo.Uses[id] == v {
			out[id] = true
		}
	}
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				note(lhs)
				if index, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
					if _, isMap := s.pass.TypesInfo.TypeOf(index.X).Underlying().(*types.Map); isMap {
						note(index.X) // may make it longer
					}
				}
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			if n.Key != nil {
				note(n.Key)
			}
			if n.Value != nil {
				note(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
	return out
}
