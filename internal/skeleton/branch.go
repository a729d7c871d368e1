package skeleton

import (
	"go/ast"
	"go/token"
	"go/types"
)

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
	switch other := st.Else.(type) {
	case nil:
	case *ast.BlockStmt:
		out.other = w.block(other.List)
	default: // else if
		out.other = w.block([]ast.Stmt{other})
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
