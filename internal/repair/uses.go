package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// onlyUsed reports whether the channel is only sent on, received from, ranged over
// and closed, by the function itself or by functions that it is passed to. A select
// with a default case sees whether there is room, and so do len and cap.
func (c *counter) onlyUsed() bool {
	ok := true
	all := c.uses(func(id *ast.Ident, path []ast.Node) {
		if !ok {
			return
		}
		switch n := path[1].(type) {
		case *ast.SendStmt:
			ok = ok && n.Chan == id
		case *ast.UnaryExpr:
			ok = ok && n.Op == token.ARROW
		case *ast.RangeStmt:
			ok = ok && n.X == id
		case *ast.CallExpr:
			builtin, isBuiltin := c.smith.pass.TypesInfo.Uses[ident(n.Fun)].(*types.Builtin)
			switch {
			case isBuiltin:
				ok = ok && builtin.Name() == "close"
			case c.callee(n, id) == nil:
				ok = false
			}
		default:
			ok = false
		}
		for i, n := range path {
			clause, isClause := n.(*ast.CommClause)
			if !isClause || clause.Comm == nil || id.Pos() > clause.Comm.End() {
				continue
			}
			if sel, isSel := path[min(i+2, len(path)-1)].(*ast.SelectStmt); isSel && hasDefault(sel) {
				if _, sends := clause.Comm.(*ast.SendStmt); sends {
					ok = false
				}
			}
		}
	})
	return ok && all
}

// maxUses bounds the uses that one guess looks at. Functions that all pass the channel
// to one another would have it look at each of them again and again.
const maxUses = 200

// uses calls f for each use of the channel, with the nodes around it, from the
// innermost. It reports false, and may have left out some, where there are too many.
func (c *counter) uses(f func(id *ast.Ident, path []ast.Node)) bool {
	ids := c.smith.idents(c.v)
	if *c.left -= len(ids); *c.left < 0 {
		return false
	}
	for _, id := range ids {
		if path := c.smith.eng.Syntax.Path(id.Pos()); len(path) > 2 && path[0] == ast.Node(id) {
			f(id, path)
		} else {
			f(id, []ast.Node{id, id, id})
		}
	}
	return true
}

// idents returns the identifiers that use a channel, in source order.
func (s *Smith) idents(v *types.Var) []*ast.Ident {
	if s.channels == nil {
		s.channels = make(map[*types.Var][]*ast.Ident)
		for id, obj := range s.pass.TypesInfo.Uses {
			if v, ok := obj.(*types.Var); ok {
				if _, ok := v.Type().Underlying().(*types.Chan); ok {
					s.channels[v] = append(s.channels[v], id)
				}
			}
		}
		for _, ids := range s.channels {
			slices.SortFunc(ids, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
		}
	}
	return s.channels[v]
}

func ident(e ast.Expr) *ast.Ident {
	id, _ := ast.Unparen(e).(*ast.Ident)
	return id
}

func hasDefault(sel *ast.SelectStmt) bool {
	return slices.ContainsFunc(sel.Body.List, func(s ast.Stmt) bool { return s.(*ast.CommClause).Comm == nil })
}

// callee returns a counter for the parameter that a call passes the channel as, or
// nil if the function cannot be seen or uses it otherwise.
func (c *counter) callee(call *ast.CallExpr, arg *ast.Ident) *counter {
	i := slices.Index(call.Args, ast.Expr(arg))
	decl := c.smith.called(call)
	if i < 0 || decl == nil || c.depth > 2 || call.Ellipsis.IsValid() {
		return nil
	}
	sig, ok := c.smith.pass.TypesInfo.Defs[decl.Name].Type().(*types.Signature)
	if !ok || sig.Variadic() || i >= sig.Params().Len() {
		return nil
	}
	inner := &counter{smith: c.smith, v: sig.Params().At(i), made: c.made, depth: c.depth + 1, left: c.left}
	if !inner.onlyUsed() {
		return nil
	}
	return inner
}

// called returns the function of the package that a call calls.
func (s *Smith) called(call *ast.CallExpr) *ast.FuncDecl {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	case *ast.IndexExpr:
		id = ident(fun.X)
	}
	if id == nil {
		return nil
	}
	fn, ok := s.pass.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	return s.decls[fn.Origin()]
}

// selected reports whether the channel is received from in a select.
func (c *counter) selected() bool {
	found := false
	all := c.uses(func(id *ast.Ident, path []ast.Node) {
		for _, n := range path {
			if clause, ok := n.(*ast.CommClause); ok && clause.Comm != nil && id.Pos() <= clause.Comm.End() {
				found = true
			}
		}
	})
	return found || !all
}
