package errgroupctx

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
)

// No fix gives the derived context the name of its parent, which is how the
// parent gets lost.
const freshName = "gctx"

// A making is the statement that makes a group, if it is of the form
//
//	g, ctx := errgroup.WithContext(parent)
type making struct {
	stmt   *ast.AssignStmt
	lhs    *ast.Ident // of the context
	parent *ast.Ident
	v      *types.Var // that parent denotes
	block  ast.Node   // in which the statement stands
}

// making returns the statement that makes a group, or nil for other forms.
func (s *subject) making(g *group) *making {
	lhs, ok := g.lhs.(*ast.Ident)
	if !ok || g.call == nil {
		return nil
	}
	for i, n := range s.eng.Syntax.Path(lhs.Pos()) {
		stmt, ok := n.(*ast.AssignStmt)
		if !ok {
			continue
		}
		call, ok := ast.Unparen(stmt.Rhs[0]).(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || len(stmt.Lhs) != 2 || stmt.Lhs[1] != lhs || call.Lparen != g.call.Pos() {
			return nil // through a helper
		}
		parent, ok := ast.Unparen(call.Args[0]).(*ast.Ident)
		if !ok {
			return nil
		}
		v, _ := s.eng.Info.Uses[parent].(*types.Var)
		if v == nil {
			return nil
		}
		return &making{stmt, lhs, parent, v, s.eng.Syntax.Path(lhs.Pos())[i+1]}
	}
	return nil
}

// keepFix gives the discarded context a name and uses it in the tasks instead
// of the parent. All that is wrong must be the parent's identifier in function
// literals that are given to the group.
func (s *subject) keepFix(g *group, misses []*miss) *report.Fix {
	mk := s.making(g)
	if mk == nil || mk.lhs.Name != "_" || !s.neverAssigned(mk.v, mk.stmt.End()) {
		return nil
	}
	literals := make(map[*ast.FuncLit]bool)
	for _, m := range misses {
		lit := s.literal(m)
		id, ok := s.expr(m.at()).(*ast.Ident)
		if lit == nil || !ok || s.eng.Info.Uses[id] != mk.v || !within(id, lit) {
			return nil
		}
		literals[lit] = true
	}
	e := s.pass.Edit(mk.stmt.Pos())
	name := e.FreshName(mk.block, freshName)
	if mk.stmt.Tok == token.ASSIGN {
		if !s.redefinable(mk) {
			return nil // g would be a new variable
		}
		e.Insert(mk.stmt.TokPos, ":")
	}
	e.Replace(mk.lhs, name)
	for lit := range literals {
		for _, id := range s.usesIn(lit, mk.v) {
			if !s.onPurpose(id, lit) {
				e.Replace(id, name)
			}
		}
	}
	return e.Fix("Use the derived context in the tasks, as " + name)
}

// literal returns the function literal that a task is started with, or nil.
func (s *subject) literal(m *miss) *ast.FuncLit {
	call := s.callExpr(m.task.Site)
	if call == nil || len(call.Args) != 1 {
		return nil
	}
	lit, _ := ast.Unparen(call.Args[0]).(*ast.FuncLit)
	return lit
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// redefinable reports whether := in place of = assigns the same group variable.
func (s *subject) redefinable(mk *making) bool {
	g, ok := mk.stmt.Lhs[0].(*ast.Ident)
	if !ok {
		return false
	}
	obj := s.eng.Info.Uses[g]
	return obj != nil && obj.Parent() == s.eng.Types.Scope().Innermost(mk.stmt.Pos())
}

// usesIn returns the identifiers in a node that denote a variable.
func (s *subject) usesIn(n ast.Node, v *types.Var) []*ast.Ident {
	var out []*ast.Ident
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.eng.Info.Uses[id] == v {
			out = append(out, id)
		}
		return true
	})
	return out
}

// onPurpose reports whether a task means the parent: in a deferred clean-up,
// and where the cancellation is taken off.
func (s *subject) onPurpose(id *ast.Ident, lit *ast.FuncLit) bool {
	for _, n := range s.eng.Syntax.Path(id.Pos()) {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return true
		case *ast.CallExpr:
			if f, ok := s.eng.Info.Uses[calleeName(n)].(*types.Func); ok && api.Of(f) == api.CtxWithoutCancel {
				return true
			}
		case *ast.FuncLit:
			if n == lit {
				return false
			}
		}
	}
	return false
}

func calleeName(call *ast.CallExpr) *ast.Ident {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

// neverAssigned reports whether a variable is not assigned, nor its address
// taken, behind a position.
func (s *subject) neverAssigned(v *types.Var, behind token.Pos) bool {
	file := s.eng.Syntax.File(behind)
	if file == nil {
		return false
	}
	ok := true
	is := func(e ast.Expr) bool {
		id, isIdent := ast.Unparen(e).(*ast.Ident)
		return isIdent && id.Pos() >= behind && s.eng.Info.Uses[id] == v
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				ok = ok && !is(l)
			}
		case *ast.RangeStmt:
			ok = ok && !(n.Key != nil && is(n.Key)) && !(n.Value != nil && is(n.Value))
		case *ast.UnaryExpr:
			ok = ok && !(n.Op == token.AND && is(n.X))
		}
		return ok
	})
	return ok
}

// derivedFix uses the derived context in place of the wrong one.
func (s *subject) derivedFix(m *miss) *report.Fix {
	h := m.at()
	mk := s.making(m.group)
	if m.v == nil || mk == nil || !s.neverAssigned(m.v, mk.stmt.End()) {
		return nil // not a variable that is at hand, or not always the same
	}
	expr := s.expr(h)
	if _, isCall := h.instr.(ssa.CallInstruction); !isCall {
		return nil // a Done channel that was taken elsewhere
	}
	switch {
	case m.root != "":
		if !s.stillImports(expr) {
			return nil
		}
	case !m.isParent():
		return nil // has more to it, such as a timeout
	}
	e := s.pass.Edit(expr.Pos())
	e.Replace(expr, m.v.Name())
	if m.kind == guard {
		s.replaceReasons(e, expr, m.v.Name())
	}
	return e.Fix("Use " + m.v.Name())
}

// stillImports reports whether the file uses package context for more than root
// contexts.
func (s *subject) stillImports(root ast.Expr) bool {
	call, ok := root.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	used := false
	ast.Inspect(s.eng.Syntax.File(root.Pos()), func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return !used
		}
		if x, ok := sel.X.(*ast.Ident); ok && s.eng.Info.Uses[x] == s.eng.Info.Uses[pkg] {
			f, _ := s.eng.Info.Uses[sel.Sel].(*types.Func)
			used = used || api.Of(f) != api.CtxRoot
		}
		return !used
	})
	return used
}

// replaceReasons replaces a context also where its Err or Cause is asked for
// after its Done channel was waited for: in the rest of the case or block.
func (s *subject) replaceReasons(e *report.Editor, ctx ast.Expr, name string) {
	id, ok := ctx.(*ast.Ident)
	if !ok {
		return
	}
	var rest ast.Node
	for _, n := range s.eng.Syntax.Path(ctx.Pos()) {
		switch n.(type) {
		case *ast.CommClause, *ast.BlockStmt:
			rest = n
		}
		if rest != nil {
			break
		}
	}
	if rest == nil {
		return
	}
	ast.Inspect(rest, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Pos() > ctx.Pos() {
			if x := s.asksReason(call); x != nil && s.eng.Info.Uses[x] == s.eng.Info.Uses[id] {
				e.Replace(x, name)
			}
		}
		return true
	})
}

// asksReason returns the context of a call ctx.Err() or context.Cause(ctx).
func (s *subject) asksReason(call *ast.CallExpr) *ast.Ident {
	f, _ := s.eng.Info.Uses[calleeName(call)].(*types.Func)
	var x ast.Expr
	switch api.Of(f) {
	case api.CtxErr:
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			x = sel.X
		}
	case api.CtxCause:
		x = call.Args[0]
	}
	id, _ := x.(*ast.Ident)
	return id
}

// parentFix makes a use after the Wait one of the parent.
func (s *subject) parentFix(l *lateUse) *report.Fix {
	mk := s.making(l.group)
	id, ok := s.expr(l.at()).(*ast.Ident)
	if mk == nil || !ok || l.group.v == nil || s.eng.Info.Uses[id] != l.group.v {
		return nil
	}
	if len(s.tasksAround(l.at().inst.Thread)) > 0 {
		return nil // a task needs a group whose Wait is still to come
	}
	if _, isCall := l.at().instr.(ssa.CallInstruction); !isCall {
		return nil // a Done channel that was taken elsewhere
	}
	if !s.neverAssigned(mk.v, mk.stmt.End()) || !s.neverAssigned(l.group.v, mk.stmt.End()) {
		return nil
	}
	if mk.parent.Name == mk.lhs.Name {
		return s.renameFix(l, mk)
	}
	return s.replaceFix(l, mk, id)
}

// replaceFix puts the parent in place of the derived context, which has a name
// of its own.
func (s *subject) replaceFix(l *lateUse, mk *making, id *ast.Ident) *report.Fix {
	if !s.visible(mk.v, l.at()) {
		return nil
	}
	before := false
	for _, u := range s.usesIn(s.eng.Syntax.File(mk.stmt.Pos()), l.group.v) {
		before = before || u.Pos() < l.wait.Pos()
	}
	if !before {
		return nil // the derived context would be unused
	}
	e := s.pass.Edit(id.Pos())
	e.Replace(id, mk.v.Name())
	if l.kind == guard {
		s.replaceReasons(e, id, mk.v.Name())
	}
	return e.Fix("Use " + mk.v.Name())
}

// renameFix gives the derived context a name of its own up to the Wait, so that
// behind it the old name means the parent again.
func (s *subject) renameFix(l *lateUse, mk *making) *report.Fix {
	wait := s.waitIn(l, mk)
	if wait == nil || mk.stmt.Tok != token.DEFINE {
		return nil
	}
	body := s.function(mk.stmt.Pos())
	var rename []*ast.Ident
	for _, id := range s.usesIn(body, l.group.v) {
		switch deferred, captured, task := s.place(id, body); {
		case id == mk.parent || id == mk.lhs:
		case id.Pos() < mk.stmt.Pos():
			if captured && !deferred {
				return nil // a closure that was made for the parent, and read the derived one
			}
		case deferred:
			// runs after the Wait
		case id.Pos() < wait.Pos():
			rename = append(rename, id)
		case task:
			return nil // a task of a later round needs more than the parent
		}
	}
	e := s.pass.Edit(mk.stmt.Pos())
	name := "_"
	if len(rename) > 0 {
		name = e.FreshName(mk.block, freshName)
	}
	e.Replace(mk.lhs, name)
	for _, id := range rename {
		e.Replace(id, name)
	}
	if name == "_" {
		return e.Fix("Keep the parent, as nothing needs the derived context")
	}
	return e.Fix("Call the derived context " + name + ", so that " + mk.v.Name() + " is the parent after Wait")
}

// waitIn returns the call of Wait, if it is the only one and is executed in
// the block in which the group is made, behind that.
func (s *subject) waitIn(l *lateUse, mk *making) *ast.CallExpr {
	for _, op := range s.m.Ops() {
		if op.Call == api.EGWait && op.Pos() != l.wait.Pos() && isAll(s.values.routes(hop{op.Inst, op.Instr, op.Value()}), l.group.group) {
			return nil
		}
	}
	call, ok := l.wait.Instr.(*ssa.Call)
	if !ok || call.Pos() < mk.stmt.End() {
		return nil
	}
	for _, n := range s.eng.Syntax.Path(call.Pos()) {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.DeferStmt:
			return nil // at another time
		default:
			if n == mk.block {
				return s.callExpr(call)
			}
		}
	}
	return nil
}

// function returns the function declaration or literal around a position.
func (s *subject) function(pos token.Pos) ast.Node {
	for _, n := range s.eng.Syntax.Path(pos) {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return n
		}
	}
	return nil
}

// place says where in a function an identifier stands: in a defer statement of
// it, in a closure, in a closure that is given to a group.
func (s *subject) place(id *ast.Ident, fn ast.Node) (deferred, captured, task bool) {
	for _, n := range s.eng.Syntax.Path(id.Pos()) {
		switch n := n.(type) {
		case *ast.DeferStmt:
			deferred = true
		case *ast.CallExpr:
			f, _ := s.eng.Info.Uses[calleeName(n)].(*types.Func)
			if op := api.Of(f); captured && (op == api.EGGo || op == api.EGTryGo) {
				task = true
			}
		case *ast.FuncLit:
			if n == fn {
				return deferred, captured, task
			}
			captured, deferred = true, false
		case *ast.FuncDecl:
			return deferred, captured, task
		}
	}
	return deferred, captured, task
}
