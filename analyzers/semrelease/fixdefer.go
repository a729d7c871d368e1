package semrelease

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/repair"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// deferFix makes one deferred release, right after the acquire has succeeded, of those
// before the returns:
//
//	if err := sem.Acquire(ctx, 1); err != nil {
//		return err
//	}
//	defer sem.Release(1)
//
// It is safe where the acquire is a statement of the function's own body, or is checked
// by one that returns when it has failed; where no other goroutine is to release it; and
// where each way out allows it: see repair.WayOut.
func (c *checker) deferFix(f *locks.Func, h locks.Hold) *report.Fix {
	_, body := c.eng.Syntax.Function(c.at(h.Taken(), h.Lock))
	if body == nil || f.HandedTo[h.Lock] != nil || f.Unsure[h.Lock] {
		return nil
	}
	op, operand := c.eng.Syntax.Operation(c.at(h.Taken(), h.Lock))
	if operand == nil {
		return nil
	}
	last := c.succeeded(body, op)
	if last < 0 {
		return nil
	}
	release := c.release(h, body.List[last].End())
	if release == "" {
		return nil
	}
	deferred := deferredOf(op, release)
	w := c.wayOut(operand, release, func(ret *ast.ReturnStmt) bool { return c.leaves(f, h, ret) })
	after := body.List[last+1:]
	late := slices.IndexFunc(after, func(stmt ast.Stmt) bool { return textOf(stmt) == "defer "+deferred })
	releases, ok := w.Deferrable(after[:max(late, 0)], false)
	if late < 0 {
		releases, ok = w.Deferrable(after, true)
	} else {
		ok = ok && !w.Mentions(after[late+1:])
		releases = append(releases, after[late])
	}
	if !ok || len(releases) == 0 {
		return nil
	}
	e := c.pass.Edit(op.Pos())
	e.InsertAfter(body.List[last], "defer "+deferred)
	for _, stmt := range releases {
		e.Delete(stmt)
	}
	if e.Refused() != "" {
		return nil
	}
	return e.Fix("Release " + syntax.Text(operand) + " with defer, right after it is acquired")
}

// handoverFix makes one deferred release, at the beginning of a goroutine that was
// started to release, of those before its returns. What the goroutine begins with to
// defer goes on to come after.
func (c *checker) handoverFix(to *locks.Func, h locks.Handover) *report.Fix {
	lit, ok := to.Fn.Syntax().(*ast.FuncLit)
	op, operand := c.eng.Syntax.Operation(c.at(h.Held.Taken(), h.Held.Lock))
	if !ok || operand == nil {
		return nil
	}
	release := c.release(h.Held, lit.Body.Lbrace+1)
	if release == "" {
		return nil
	}
	w := c.wayOut(operand, release, func(ret *ast.ReturnStmt) bool { return repair.LeavesOver(c.eng, to, h.As, ret) })
	e := c.pass.Edit(lit.Pos())
	if !w.DeferFirst(e, lit.Body, deferredOf(op, release)) {
		return nil
	}
	return e.Fix("Release " + syntax.Text(operand) + " with defer, first in the goroutine")
}

// deferredOf returns the call that a defer statement makes to release what an operation
// has acquired.
func deferredOf(op ast.Node, release string) string {
	if _, isCall := op.(*ast.CallExpr); isCall {
		return release
	}
	return "func() { " + release + " }()"
}

func (c *checker) wayOut(operand ast.Expr, release string, leaves func(*ast.ReturnStmt) bool) *repair.WayOut {
	return &repair.WayOut{
		Eng: c.eng, Operand: operand,
		Gives: func(stmt ast.Stmt) bool { return textOf(stmt) == release && c.same(operand, stmt.Pos()) },
		Touches: func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			return ok && types.ExprString(e) == types.ExprString(operand)
		},
		Leaves: leaves,
	}
}

// succeeded returns the place in a body of the statement after which an operation in it
// has acquired: its own, or that which returns where it has failed. It returns -1 where
// there is none.
func (c *checker) succeeded(body *ast.BlockStmt, op ast.Node) int {
	i := slices.IndexFunc(body.List, func(stmt ast.Stmt) bool { return stmt.Pos() <= op.Pos() && op.End() <= stmt.End() })
	if i < 0 {
		return -1
	}
	ok := false
	switch stmt := body.List[i].(type) {
	case *ast.SendStmt:
		ok = ast.Node(stmt) == op
	case *ast.ExprStmt:
		_, isCall := op.(*ast.CallExpr)
		ok = ast.Node(stmt.X) == op && !isCall
	case *ast.SelectStmt:
		ok = isCaseOf(stmt, op)
	case *ast.AssignStmt:
		if i++; i < len(body.List) {
			check, isIf := body.List[i].(*ast.IfStmt)
			ok = isIf && check.Init == nil && c.failed(stmt, op, check)
		}
	case *ast.IfStmt:
		if init, isAssign := stmt.Init.(*ast.AssignStmt); isAssign {
			ok = c.failed(init, op, stmt)
		} else if not, isNot := ast.Unparen(stmt.Cond).(*ast.UnaryExpr); isNot && stmt.Init == nil {
			ok = not.Op == token.NOT && ast.Node(ast.Unparen(not.X)) == op && stmt.Else == nil && returns(stmt.Body.List)
		}
	}
	if !ok {
		return -1
	}
	return i
}

// failed reports whether a statement returns if the error that an assignment takes from
// an operation is not nil.
func (c *checker) failed(assign *ast.AssignStmt, op ast.Node, check *ast.IfStmt) bool {
	if len(assign.Lhs) != 1 || len(assign.Rhs) != 1 || ast.Node(ast.Unparen(assign.Rhs[0])) != op {
		return false
	}
	cond, ok := ast.Unparen(check.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ || !c.eng.Info.Types[cond.Y].IsNil() || check.Else != nil || !returns(check.Body.List) {
		return false
	}
	err, ok := assign.Lhs[0].(*ast.Ident)
	tested, isIdent := ast.Unparen(cond.X).(*ast.Ident)
	return ok && isIdent && c.eng.Info.ObjectOf(err) != nil && c.eng.Info.ObjectOf(err) == c.eng.Info.Uses[tested]
}

// isCaseOf reports whether an operation is a case of a select in which nothing else
// happens, and all others return.
func isCaseOf(sel *ast.SelectStmt, op ast.Node) bool {
	found := false
	for _, stmt := range sel.Body.List {
		clause := stmt.(*ast.CommClause)
		if clause.Comm == nil || clause.Comm.Pos() > op.Pos() || op.End() > clause.Comm.End() {
			if !returns(clause.Body) {
				return false
			}
			continue
		}
		found = len(clause.Body) == 0
	}
	return found
}

func returns(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	_, ok := list[len(list)-1].(*ast.ReturnStmt)
	return ok
}

// textOf returns the text of a statement that releases, perhaps, or "".
func textOf(stmt ast.Stmt) string {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		return types.ExprString(stmt.X)
	case *ast.SendStmt:
		return types.ExprString(stmt.Chan) + " <- " + types.ExprString(stmt.Value)
	case *ast.DeferStmt:
		lit, ok := stmt.Call.Fun.(*ast.FuncLit)
		if !ok {
			return "defer " + types.ExprString(stmt.Call)
		}
		if len(lit.Body.List) == 1 && len(lit.Type.Params.List) == 0 {
			return "defer func() { " + textOf(lit.Body.List[0]) + " }()"
		}
	}
	return ""
}

// leaves reports whether a semaphore is held, by mistake, whenever the function returns
// by a statement, or at its end if that is nil.
func (c *checker) leaves(f *locks.Func, held locks.Hold, stmt *ast.ReturnStmt) bool {
	for _, e := range f.Exits {
		if c.eng.Syntax.ReturnStmt(e.Return.Pos()) != stmt {
			continue
		}
		for _, h := range e.Holds {
			if h.Lock != held.Lock || h.Taken() != held.Taken() || !alwaysHeld(f, e.Return, h) {
				continue
			}
			if _, left := c.isLeft(f, e, h); left {
				return true
			}
		}
		return false
	}
	return stmt == nil // the end is not reached
}
