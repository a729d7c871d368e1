package skeleton

import (
	"go/ast"
	"go/types"
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
	x := w.expr(e)
	if x.unknown && !x.effect || len(x.parts) == 0 {
		return nil
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
			v := w.typed(r, results.At(i).Type())
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

// typed slices an expression for something of type t, to which it is assigned or as which
// it is returned.
func (w *walker) typed(e ast.Expr, t types.Type) *expr {
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
