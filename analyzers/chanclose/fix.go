package chanclose

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// A fix is offered only where three things are certain: the name used for the
// channel means it and nothing else, nobody sends after the new close, and
// what comes before the close does not itself wait for the drain to end.

// closeFix offers the close that is missing altogether.
func (s *subject) closeFix(d drain) *report.Fix {
	if len(s.closes) > 0 || !s.fixable() {
		return nil
	}
	if t := s.onlySender(); t != nil && t.Kind == model.Spawned {
		if lit := s.literal(t); lit != nil {
			return s.deferIn(t, d, lit.Body)
		}
	}
	if l := s.makersList(); l != nil {
		return l.closeFix(d)
	}
	return nil
}

// fixable reports whether all that is done to the channel is certain, and done
// in every use of the function that makes it.
func (s *subject) fixable() bool {
	for _, op := range slices.Concat(s.sends, s.closes) {
		if !op.Only(s.c) {
			return false
		}
	}
	return len(s.signals) == 0 && len(s.sends) > 0 && s.confined()
}

// confined reports whether the other callers of the function that makes the
// channel, if this model's root is not that function itself, can only receive
// from it.
func (s *subject) confined() bool {
	maker := s.c.Obj.Inst
	if maker == nil {
		return false
	}
	fn := maker.Fn
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn == s.m.Root.Fn {
		return true
	}
	m := s.eng.Model(fn)
	if m == nil {
		return false
	}
	found := false
	for _, c := range channels(m) {
		if c.Obj.Site != s.c.Obj.Site {
			continue
		}
		found = true
		for _, e := range c.Obj.Escapes {
			if !e.RecvOnly {
				return false
			}
		}
	}
	return found
}

// onlySender returns the thread that sends all values, if that is one that is
// started once for the channel.
func (s *subject) onlySender() *model.Thread {
	t := s.sends[0].Inst.Thread
	if !sameThread(s.sends) || t.Kind == model.Callback {
		return nil
	}
	if t.Kind == model.Spawned && s.m.Shared(t, s.c.Obj) {
		return nil
	}
	return t
}

// literal returns the function literal that a thread executes, if it stands in
// the statement that starts the thread and so serves nothing else.
func (s *subject) literal(t *model.Thread) *ast.FuncLit {
	lit, ok := t.Root.Fn.Syntax().(*ast.FuncLit)
	if !ok || t.Kind != model.Spawned || t.Site == nil {
		return nil
	}
	switch op, _ := s.eng.Syntax.Operation(t.Site.Pos()); op := op.(type) {
	case *ast.GoStmt:
		if ast.Unparen(op.Call.Fun) == ast.Expr(lit) {
			return lit
		}
	case *ast.CallExpr:
		if len(op.Args) == 1 && ast.Unparen(op.Args[0]) == ast.Expr(lit) {
			return lit
		}
	}
	return nil
}

// deferIn offers a deferred close in the goroutine that alone sends.
func (s *subject) deferIn(t *model.Thread, d drain, body *ast.BlockStmt) *report.Fix {
	v := s.variableIn(t, body.Lbrace+1)
	if v == nil || s.needsEnd(d, func(op *model.Op) bool { return op.Inst.Thread == t }) {
		return nil
	}
	e := s.pass.Edit(body.Pos())
	e.InsertFirst(body, "defer close("+v.Name()+")")
	return e.Fix("Close " + v.Name() + " when its only sender is done")
}

// deferFix offers a deferred close in the goroutine that forgets it on a path.
func (s *subject) deferFix(d drain, t *model.Thread) *report.Fix {
	if len(s.closes) == 0 || !s.fixable() || s.onlySender() != t {
		return nil // a close on the new path could come before a send
	}
	if s.needsEnd(d, func(op *model.Op) bool { return op.Inst.Thread == t }) {
		return nil
	}
	if t == s.m.Root.Thread {
		return s.deferInRoot(t)
	}
	body := s.ownBody(t)
	if body == nil {
		return nil
	}
	v := s.variableIn(t, body.Lbrace+1)
	if v == nil {
		return nil
	}
	e := s.pass.Edit(body.Pos())
	e.InsertFirst(body, "defer close("+v.Name()+")")
	return s.withoutCloses(e, t, v, body)
}

// ownBody returns the body of the function that a thread executes, if nothing
// else executes it.
func (s *subject) ownBody(t *model.Thread) *ast.BlockStmt {
	if lit := s.literal(t); lit != nil {
		return lit.Body
	}
	fn := t.Root.Fn
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Name.IsExported() || decl.Recv != nil {
		return nil
	}
	uses := 0
	for _, obj := range s.eng.Info.Uses {
		if obj == fn.Object() {
			uses++
		}
	}
	if uses != 1 {
		return nil
	}
	return decl.Body
}

// deferInRoot makes the close of the function that makes the channel, sends on
// it and closes it, a deferred one. It must not wait for the drain: that would
// then come before the close.
func (s *subject) deferInRoot(t *model.Thread) *report.Fix {
	for _, d := range s.drains {
		if d.op.Inst.Thread == t || s.awaited(d.op.Inst.Thread) {
			return nil
		}
	}
	l := s.makersList()
	if l == nil || l.maker != s.m.Root || !l.isBody {
		return nil
	}
	for _, k := range s.closes {
		if list, i := s.listAround(k.Pos()); i+1 < len(list) && !isReturn(list[i+1]) {
			return nil // what follows may take its time, or be meant to come later
		}
	}
	e := s.pass.Edit(l.stmts[l.made].Pos())
	e.InsertAfter(l.stmts[l.made], "defer close("+l.v.Name()+")")
	return s.withoutCloses(e, t, l.v, nil)
}

func isReturn(stmt ast.Stmt) bool { _, ok := stmt.(*ast.ReturnStmt); return ok }

// withoutCloses deletes the closes that a deferred one replaces. Nothing that
// waits may follow them: it may count on the close to have been made. The list
// of the body may become empty but for the new statement, no other one.
func (s *subject) withoutCloses(e *report.Editor, t *model.Thread, v *types.Var, body *ast.BlockStmt) *report.Fix {
	for _, k := range s.closes {
		if k.Inst != t.Root || !s.isOperand(k, v) || s.waitsAfter(k) {
			return nil
		}
		list, i := s.listAround(k.Pos())
		if list == nil || !s.isCall(list[i], k) || s.commented(list[i]) {
			return nil
		}
		if len(list) == 1 && (body == nil || list[0] != body.List[0]) {
			return nil
		}
		e.Delete(list[i])
	}
	return e.Fix("Close " + v.Name() + " on every path of its sender")
}
