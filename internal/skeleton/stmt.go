package skeleton

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/api"
)

// block slices a list of statements.
func (w *walker) block(list []ast.Stmt) []*stmt {
	var out []*stmt
	for _, st := range list {
		outer, at := w.pre, w.at
		w.pre, w.at = nil, w.s.line(st.Pos())
		sts := w.stmt(st)
		out = append(out, w.pre...)
		out = append(out, sts...)
		w.pre, w.at = outer, at
	}
	return out
}

// noPre fails if something would have to be executed before, as it cannot be in a
// condition that is evaluated again.
func (w *walker) noPre(n int) {
	if len(w.pre) > n {
		fail("a call that cannot stay in its place")
	}
}

func (w *walker) simple(head *expr) *stmt { return &stmt{line: w.at, head: head} }

func (w *walker) stmt(st ast.Stmt) []*stmt {
	switch st := st.(type) {
	case *ast.ExprStmt:
		return w.exprStmt(st.X)
	case *ast.SendStmt:
		x := join(w.expr(st.Chan), "<-", w.value(st.Value, elemOf(w.typeOf(st.Chan))))
		x.acts, x.effect = true, true
		return []*stmt{w.simple(x)}
	case *ast.AssignStmt:
		return w.assign(st)
	case *ast.DeclStmt:
		return w.decl(st)
	case *ast.IncDecStmt:
		return w.incDec(st)
	case *ast.GoStmt:
		return w.goStmt("go ", st.Call)
	case *ast.DeferStmt:
		return w.goStmt("defer ", st.Call)
	case *ast.ReturnStmt:
		return w.returnStmt(st)
	case *ast.BranchStmt:
		t := st.Tok.String()
		if st.Label != nil {
			t += " " + st.Label.Name
		}
		return []*stmt{{line: w.at, head: text(t), stay: true}}
	case *ast.BlockStmt:
		return []*stmt{{line: w.at, head: text(""), block: true, body: w.block(st.List)}}
	case *ast.IfStmt:
		return w.ifStmt(st)
	case *ast.ForStmt:
		return w.forStmt(st, "")
	case *ast.RangeStmt:
		return w.rangeStmt(st, "")
	case *ast.SwitchStmt:
		return w.switchStmt(st, "")
	case *ast.TypeSwitchStmt:
		return w.typeSwitch(st, "")
	case *ast.SelectStmt:
		return w.selectStmt(st, "")
	case *ast.LabeledStmt:
		return w.labeled(st)
	case *ast.EmptyStmt:
		return nil
	}
	fail("statement %T", st)
	return nil
}

func elemOf(t types.Type) types.Type {
	if ch, ok := t.Underlying().(*types.Chan); ok {
		return ch.Elem()
	}
	fail("channel of type %s", t)
	return nil
}

func (w *walker) exprStmt(e ast.Expr) []*stmt {
	e = ast.Unparen(e)
	x := w.expr(e)
	if x.unknown && !x.effect || len(x.parts) == 0 {
		return nil
	}
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return []*stmt{w.simple(x)}
	}
	return []*stmt{w.simple(x)}
}

// goStmt slices a go or defer statement.
func (w *walker) goStmt(keyword string, call *ast.CallExpr) []*stmt {
	x := w.call(call)
	if x.unknown && !x.effect || len(x.parts) == 0 {
		return nil
	}
	x = join(keyword, x)
	x.effect = true
	x.acts = x.acts || keyword == "go "
	x.starts = x.starts || keyword == "go "
	return []*stmt{w.simple(x)}
}

func (w *walker) returnStmt(st *ast.ReturnStmt) []*stmt {
	results := w.sig.Results()
	x := text("return ")
	switch {
	case len(st.Results) == 0:
	case len(st.Results) == 1 && results.Len() > 1:
		call, ok := ast.Unparen(st.Results[0]).(*ast.CallExpr)
		if !ok {
			fail("return of %d results", results.Len())
		}
		v := w.call(call)
		if v.unknown {
			v = w.unknowns(results)
		}
		x = join("return ", v)
	default:
		var vs []*expr
		for i, r := range st.Results {
			v := w.result(r, results.At(i).Type())
			if w.kept(results.At(i).Type()) && isBasic(results.At(i).Type()) && w.sig == w.f.obj.Signature() {
				w.f.results = append(w.f.results, v)
			}
			vs = append(vs, v)
		}
		x = join("return ", list(vs))
	}
	return []*stmt{{line: w.at, head: x, stay: true}}
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

// result slices a result of type t.
func (w *walker) result(e ast.Expr, t types.Type) *expr {
	if isNilType(w.typeOf(e)) {
		return text("nil")
	}
	if !w.kept(t) {
		w.effects(e)
		return w.unknown(t)
	}
	v := w.value(e, t)
	if v.unknown && !v.effect {
		out := w.free(t)
		out.weak = v.weak
		return out
	}
	return v
}

func (w *walker) unknowns(t *types.Tuple) *expr {
	var vs []*expr
	for v := range t.Variables() {
		vs = append(vs, w.unknown(v.Type()))
	}
	return list(vs)
}

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
	if isNilType(w.typeOf(rhs)) {
		return text("nil")
	}
	if !w.kept(t) {
		w.effects(rhs)
		return w.unknown(t)
	}
	v := w.value(rhs, t)
	if v.unknown && !v.effect {
		out := w.free(t)
		out.weak = v.weak
		return out
	}
	return v
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
			r = join(x, ".("+w.spell(assertedType(w, rhs))+")")
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

func assertedType(w *walker, e *ast.TypeAssertExpr) types.Type { return w.typeOf(e.Type) }

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

func (w *walker) labeled(st *ast.LabeledStmt) []*stmt {
	label := st.Label.Name + ":"
	switch inner := st.Stmt.(type) {
	case *ast.ForStmt:
		return w.forStmt(inner, label)
	case *ast.RangeStmt:
		return w.rangeStmt(inner, label)
	case *ast.SwitchStmt:
		return w.switchStmt(inner, label)
	case *ast.TypeSwitchStmt:
		return w.typeSwitch(inner, label)
	case *ast.SelectStmt:
		return w.selectStmt(inner, label)
	}
	fail("label")
	return nil
}

// scoped puts statements that declare variables for the one that follows into a
// block with it.
func (w *walker) scoped(init []*stmt, st *stmt) []*stmt {
	if len(init) == 0 {
		return []*stmt{st}
	}
	return []*stmt{{line: w.at, head: text(""), block: true, body: append(init, st)}}
}

// initial slices the first part of an if, for or switch.
func (w *walker) initial(st ast.Stmt) []*stmt {
	if st == nil {
		return nil
	}
	return w.block([]ast.Stmt{st})
}

func (w *walker) ifStmt(st *ast.IfStmt) []*stmt {
	init := w.initial(st.Init)
	n := len(w.pre)
	cond := w.expr(st.Cond)
	init = append(init, w.pre[n:]...)
	w.pre = w.pre[:n]
	out := &stmt{line: w.at, head: join("if ", cond, " "), cond: cond, block: true, body: w.block(st.Body.List)}
	if st.Else != nil {
		out.other = w.block([]ast.Stmt{st.Else})
		if b, ok := st.Else.(*ast.BlockStmt); ok {
			out.other = w.block(b.List)
		}
	}
	return w.scoped(init, out)
}

func (w *walker) forStmt(st *ast.ForStmt, label string) []*stmt {
	init := w.initial(st.Init)
	n := len(w.pre)
	head := join(label + "for ;")
	if st.Cond != nil {
		head = join(label+"for ;", w.expr(st.Cond))
	}
	post := []*stmt(nil)
	if st.Post != nil {
		post = w.stmt(st.Post)
	}
	w.noPre(n)
	switch len(post) {
	case 0:
		head = join(head, "; ")
	case 1:
		head = join(head, ";", post[0].head, " ")
	default:
		fail("the third part of a for")
	}
	return w.scoped(init, &stmt{line: w.at, head: head, block: true, body: w.block(st.Body.List), stay: st.Cond == nil})
}

func (w *walker) rangeStmt(st *ast.RangeStmt, label string) []*stmt {
	t := w.typeOf(st.X)
	_, isChan := t.Underlying().(*types.Chan)
	_, isFunc := t.Underlying().(*types.Signature)
	var x *expr
	if id, ok := ast.Unparen(st.X).(*ast.Ident); w.kept(t) || ok && w.local(id) != nil {
		x = w.expr(st.X)
	} else if x = w.place(st.X); x == nil {
		w.effects(st.X)
		x = w.unknown(t)
	}
	vars := ""
	assign := "="
	if st.Tok == token.DEFINE {
		assign = ":="
	}
	names := []string{"_", "_"}
	used := false
	for i, e := range []ast.Expr{st.Key, st.Value} {
		if e == nil {
			continue
		}
		if v := w.local(e); v != nil && w.kept(v.Type()) {
			names[i], used = v.Name(), true
		} else if v == nil && !isBlankIdent(e) {
			fail("range into a field")
		}
	}
	switch {
	case !used && isFunc:
		sig := t.Underlying().(*types.Signature).Params().At(0).Type().Underlying().(*types.Signature)
		if sig.Params().Len() > 0 && st.Key != nil {
			vars = "_="
		}
		if sig.Params().Len() > 1 && st.Value != nil {
			vars = "_,_="
		}
	case !used:
	case st.Value != nil && names[1] != "_":
		vars = names[0] + "," + names[1] + assign
	default:
		vars = names[0] + assign
	}
	head := join(label+"for "+vars+"range ", x, " ")
	if isChan {
		head.acts, head.effect = true, true
	}
	if isFunc {
		head.effect = true
	}
	return []*stmt{{line: w.at, head: head, block: true, body: w.block(st.Body.List)}}
}

func isBlankIdent(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

func (w *walker) switchStmt(st *ast.SwitchStmt, label string) []*stmt {
	init := w.initial(st.Init)
	n := len(w.pre)
	tag := text("")
	known := true
	if st.Tag != nil {
		if known = w.kept(w.typeOf(st.Tag)); known {
			tag = w.expr(st.Tag)
			known = !tag.unknown || tag.effect
		} else {
			w.effects(st.Tag)
		}
		if !known {
			tag = text("")
		}
	}
	init = append(init, w.pre[n:]...)
	w.pre = w.pre[:n]
	out := &stmt{line: w.at, head: join(label+"switch ", tag, " "), block: true}
	for _, c := range st.Body.List {
		cc := c.(*ast.CaseClause)
		clause := &stmt{line: w.s.line(cc.Pos()), head: text("default:"), stay: true, block: true}
		if cc.List != nil {
			var vs []*expr
			for _, e := range cc.List {
				if st.Tag != nil && !known {
					w.effects(e)
					vs = append(vs, w.unknown(types.Typ[types.Bool]))
				} else {
					vs = append(vs, w.expr(e))
				}
			}
			clause.head = join("case ", list(vs), ":")
			clause.cond = list(append(vs, tag))
		}
		w.noPre(n)
		clause.body = w.block(cc.Body)
		out.body = append(out.body, clause)
	}
	return w.scoped(init, out)
}

func (w *walker) typeSwitch(st *ast.TypeSwitchStmt, label string) []*stmt {
	init := w.initial(st.Init)
	var x ast.Expr
	switch a := st.Assign.(type) {
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	}
	n := len(w.pre)
	var v *expr
	if w.kept(w.typeOf(x)) {
		v = w.expr(x)
	} else {
		w.effects(x)
	}
	init = append(init, w.pre[n:]...)
	w.pre = w.pre[:n]
	out := &stmt{line: w.at, head: text(label + "switch "), block: true}
	for _, c := range st.Body.List {
		cc := c.(*ast.CaseClause)
		clause := &stmt{line: w.s.line(cc.Pos()), head: text("default:"), stay: true, block: true}
		if cc.List != nil {
			clause.cond = w.unknown(types.Typ[types.Bool])
			clause.head = join("case ", clause.cond, ":")
		}
		if bound, ok := w.s.Info.Implicits[cc].(*types.Var); ok && w.kept(bound.Type()) {
			r := w.unknown(bound.Type())
			if v != nil && !v.unknown {
				r = w.unknown(bound.Type(), v)
			}
			clause.body = append(clause.body, &stmt{line: clause.line, head: join(bound.Name()+":=", r), defs: []*types.Var{bound}})
		}
		clause.body = append(clause.body, w.block(cc.Body)...)
		out.body = append(out.body, clause)
	}
	return w.scoped(init, out)
}

func (w *walker) selectStmt(st *ast.SelectStmt, label string) []*stmt {
	head := text(label + "select ")
	head.acts, head.effect = true, true
	out := &stmt{line: w.at, head: head, block: true}
	for _, c := range st.Body.List {
		cc := c.(*ast.CommClause)
		clause := &stmt{line: w.s.line(cc.Pos()), head: text("default:"), stay: true, block: true}
		n := len(w.pre)
		switch comm := cc.Comm.(type) {
		case nil:
		case *ast.SendStmt:
			clause.head = join("case ", w.expr(comm.Chan), "<-", w.value(comm.Value, elemOf(w.typeOf(comm.Chan))), ":")
		case *ast.ExprStmt:
			clause.head = join("case ", w.received(comm.X), ":")
		case *ast.AssignStmt:
			var ls []*expr
			blank, fresh := true, false
			for _, e := range comm.Lhs {
				l, v := w.target(e)
				blank = blank && isBlank(l)
				ls = append(ls, l)
				if id, ok := e.(*ast.Ident); ok && v != nil && w.s.Info.Defs[id] != nil {
					fresh = true
				}
			}
			r := w.received(comm.Rhs[0])
			switch {
			case blank:
				clause.head = join("case ", r, ":")
			case fresh:
				clause.head = join("case ", list(ls), ":=", r, ":")
			default:
				clause.head = join("case ", list(ls), "=", r, ":")
			}
		}
		clause.head.acts, clause.head.effect = true, true
		w.noPre(n)
		clause.body = w.block(cc.Body)
		out.body = append(out.body, clause)
	}
	return []*stmt{out}
}

// received slices the receive of a select's case.
func (w *walker) received(e ast.Expr) *expr {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW {
		fail("case of a select")
	}
	return join("<-", w.expr(u.X))
}
