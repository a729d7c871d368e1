package skeleton

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/api"
)

// local returns the local variable of the function that an expression names.
func (w *walker) local(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil
	}
	v, ok := w.s.Info.ObjectOf(id).(*types.Var)
	if !ok || w.isGlobal(v) {
		return nil
	}
	return v
}

// target slices the left side of an assignment. It is "_" where the variable is
// not kept.
func (w *walker) target(e ast.Expr) (lhs *expr, local *types.Var) {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && id.Name == "_" {
		return text("_"), nil
	}
	if v := w.local(e); v != nil {
		if !w.kept(v.Type()) {
			return text("_"), nil
		}
		return text(v.Name()), v
	}
	var base ast.Expr
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		base = e.X
	case *ast.IndexExpr:
		base = e.X
	case *ast.StarExpr:
		base = e.X
	default:
		w.effects(e)
		return text("_"), nil // a package-level variable
	}
	if !w.s.carries(w.typeOf(base)) && !isNamedKept(w, e, base) {
		if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && w.kept(w.typeOf(e)) {
			if x := w.place(sel); x != nil {
				x.effect = true
				return x, nil
			}
		}
		w.effects(base)
		return text("_"), nil
	}
	var x *expr
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		if w.s.Info.Selections[e] == nil {
			return text("_"), nil // a variable of another package
		}
		x = w.expr(e.X)
		if !x.unknown {
			x = join(x, "."+e.Sel.Name)
		}
	case *ast.IndexExpr:
		x = w.expr(e.X)
		if !x.unknown {
			x = join(x, "[", w.expr(e.Index), "]")
		}
	case *ast.StarExpr:
		x = w.expr(e.X)
		if !x.unknown {
			x = join("*", x)
		}
	}
	if x.unknown {
		return text("_"), nil
	}
	x.effect = true
	return x, nil
}

// isNamedKept: a store through a pointer to what is kept, such as *err = nil.
func isNamedKept(w *walker, e, base ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.StarExpr)
	return ok && w.kept(w.typeOf(e)) && w.local(base) != nil && w.kept(w.typeOf(base))
}

func (w *walker) assign(st *ast.AssignStmt) []*stmt {
	if st.Tok != token.ASSIGN && st.Tok != token.DEFINE {
		return w.opAssign(st)
	}
	if len(st.Lhs) > 1 && len(st.Rhs) == 1 {
		return w.tuple(st)
	}
	if len(st.Lhs) == 1 {
		return w.assignOne(st.Lhs[0], st.Rhs[0], st.Tok)
	}
	// a, b = b, a
	var ls, rs []*expr
	var defs []*types.Var
	known := false
	for i := range st.Lhs {
		l, v := w.target(st.Lhs[i])
		r := w.assigned(l, st.Lhs[i], st.Rhs[i])
		if isBlank(l) && r == nil {
			continue
		}
		ls, rs = append(ls, l), append(rs, r)
		if v != nil {
			defs = append(defs, v)
		}
		known = known || !isBlank(l)
	}
	if !known && len(ls) == 0 {
		return nil
	}
	return []*stmt{w.assignment(list(ls), st.Tok, list(rs), defs)}
}

func isBlank(e *expr) bool { return len(e.parts) == 1 && e.parts[0].text == "_" }

// assigned slices the right side for a left one; nil if it can be left out.
func (w *walker) assigned(l *expr, lhs, rhs ast.Expr) *expr {
	if isBlank(l) {
		if t := w.typeOf(rhs); t != nil && w.s.carries(t) && !isNilType(t) {
			if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && id.Name != "_" || !ok {
				// It goes somewhere that is not followed.
				if x := w.expr(rhs); !x.unknown || x.effect {
					w.keep(x)
				}
				return nil
			}
		}
		w.effects(rhs)
		return nil
	}
	t := w.typeOf(lhs)
	if t == nil {
		t = w.typeOf(rhs)
	}
	return w.typed(rhs, t)
}

func (w *walker) assignOne(lhs, rhs ast.Expr, tok token.Token) []*stmt {
	l, v := w.target(lhs)
	r := w.assigned(l, lhs, rhs)
	if r == nil {
		return nil
	}
	var defs []*types.Var
	if v != nil {
		defs = []*types.Var{v}
	}
	return []*stmt{w.assignment(l, tok, r, defs)}
}

func (w *walker) assignment(l *expr, tok token.Token, r *expr, defs []*types.Var) *stmt {
	op := "="
	if tok == token.DEFINE {
		op = ":="
	}
	if r.weak {
		w.f.doubt(defs)
	}
	return &stmt{line: w.at, head: join(l, op, r), defs: defs}
}

// tuple slices v, err := f() and v, ok := <-c, m[k], x.(T).
func (w *walker) tuple(st *ast.AssignStmt) []*stmt {
	var ls []*expr
	var defs []*types.Var
	fresh, blank := false, true
	for _, e := range st.Lhs {
		l, v := w.target(e)
		ls = append(ls, l)
		if v != nil {
			defs = append(defs, v)
			if id, ok := e.(*ast.Ident); ok && w.s.Info.Defs[id] != nil {
				fresh = true
			}
		}
		blank = blank && isBlank(l)
	}
	tok := st.Tok
	if !fresh {
		tok = token.ASSIGN
	}
	var r *expr
	switch rhs := ast.Unparen(st.Rhs[0]).(type) {
	case *ast.CallExpr:
		r = w.call(rhs)
	case *ast.UnaryExpr: // v, ok := <-c
		r = w.unary(rhs, w.typeOf(rhs.X))
	case *ast.TypeAssertExpr:
		x := w.expr(rhs.X)
		if x.unknown {
			r = x
			w.keepKnown(x)
		} else {
			r = join(x, ".("+w.spell(w.typeOf(rhs.Type))+")")
		}
	case *ast.IndexExpr:
		if x := w.expr(rhs.X); x.unknown || !w.s.carries(w.typeOf(rhs.X)) {
			w.keepKnown(x)
			r = &expr{unknown: true, weak: true}
		} else {
			r = join(x, "[", w.expr(rhs.Index), "]")
		}
	default:
		fail("assignment of %T", rhs)
	}
	if r.unknown {
		w.keepKnown(r)
		var out []*stmt
		for i, l := range ls {
			if isBlank(l) {
				continue
			}
			op := "="
			var vs []*types.Var
			if v := w.local(st.Lhs[i]); v != nil {
				vs = []*types.Var{v}
				if id, ok := st.Lhs[i].(*ast.Ident); ok && w.s.Info.Defs[id] != nil {
					op = ":="
				}
			}
			value := w.free(w.typeOf(st.Lhs[i]))
			if r.weak && !api.IsError(w.typeOf(st.Lhs[i])) {
				w.f.doubt(vs)
			}
			out = append(out, &stmt{line: w.at, head: join(l, op, value), defs: vs})
		}
		return out
	}
	if blank {
		return []*stmt{{line: w.at, head: join(list(ls), "=", r)}}
	}
	return []*stmt{w.assignment(list(ls), tok, r, defs)}
}

// keepKnown gives away what an unknown value was made of.
func (w *walker) keepKnown(x *expr) {
	if x.effect && len(x.parts) > 0 {
		w.keep(x)
	}
}

// opAssign slices x += y.
func (w *walker) opAssign(st *ast.AssignStmt) []*stmt {
	t := w.typeOf(st.Lhs[0])
	if b, ok := t.Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		w.effects(st.Rhs[0])
		return w.changed(st.Lhs[0])
	}
	y := w.expr(st.Rhs[0])
	if y.unknown {
		w.keepKnown(y)
		return w.changed(st.Lhs[0])
	}
	l, v := w.target(st.Lhs[0])
	if isBlank(l) {
		w.effects(st.Rhs[0])
		return nil
	}
	var defs []*types.Var
	if v != nil {
		defs = []*types.Var{v}
	}
	return []*stmt{{line: w.at, head: join(l, st.Tok.String(), y), defs: defs}}
}

// changed assigns an unknown value to a variable.
func (w *walker) changed(e ast.Expr) []*stmt {
	l, v := w.target(e)
	if isBlank(l) {
		return nil
	}
	var defs []*types.Var
	if v != nil {
		defs = []*types.Var{v}
	}
	return []*stmt{w.assignment(l, token.ASSIGN, w.unknown(w.typeOf(e)), defs)}
}

func (w *walker) incDec(st *ast.IncDecStmt) []*stmt {
	l, v := w.target(st.X)
	if isBlank(l) {
		return nil
	}
	var defs []*types.Var
	if v != nil {
		defs = []*types.Var{v}
	}
	x := join(l, st.Tok.String())
	return []*stmt{{line: w.at, head: x, defs: defs}}
}

func (w *walker) decl(st *ast.DeclStmt) []*stmt {
	gd := st.Decl.(*ast.GenDecl)
	if gd.Tok == token.TYPE {
		w.s.locals = true
	}
	if gd.Tok != token.VAR {
		return nil
	}
	var out []*stmt
	for _, spec := range gd.Specs {
		vs := spec.(*ast.ValueSpec)
		if len(vs.Values) == 1 && len(vs.Names) > 1 {
			fail("var of several results")
		}
		for i, id := range vs.Names {
			v, ok := w.s.Info.Defs[id].(*types.Var)
			if !ok || !w.kept(v.Type()) {
				if i < len(vs.Values) {
					w.effects(vs.Values[i])
				}
				continue
			}
			if i >= len(vs.Values) {
				out = append(out, &stmt{line: w.at, head: text("var " + id.Name + " " + w.spell(v.Type())), defs: []*types.Var{v}})
				continue
			}
			r := w.assigned(text(id.Name), id, vs.Values[i])
			if r == nil { // var _ = f()
				continue
			}
			if r.weak {
				w.f.doubt([]*types.Var{v})
			}
			out = append(out, &stmt{line: w.at, head: join("var "+id.Name+" "+w.spell(v.Type())+"=", r), defs: []*types.Var{v}})
		}
	}
	return out
}
