package lockblock

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/repair"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// leftFix offers to unlock a lock that a return leaves locked: before that return,
// or, where one of the function's returns reads what the lock guards, with defer.
// All returns of a function get the same kind of fix, as a user applies them
// together.
func (c *checker) leftFix(f *locks.Func, e locks.Exit, h locks.Hold) *report.Fix {
	fix := c.unlockFix(f, e, h)
	for _, other := range f.Exits {
		for _, oh := range other.Holds {
			if oh.Lock == h.Lock && c.isLeft(f, other, oh) && c.unlockFix(f, other, oh) == nil {
				if d := c.deferFix(f, h); d != nil {
					return d
				}
			}
		}
	}
	return fix
}

// deferFix makes one deferred Unlock, right after the Lock, of those before the
// returns.
//
// It is safe where the Lock is a statement of the function's own body and each way
// out from there either unlocks right before it returns, and calls nothing while it
// does, or leaves the lock locked; and where nothing else is deferred, which would
// then run before the Unlock.
func (c *checker) deferFix(f *locks.Func, h locks.Hold) *report.Fix {
	body := bodyOf(f.Fn)
	op, operand := c.eng.Syntax.Operation(h.Taken().Pos())
	unlock, ok := unlockOf[method(h.Taken())]
	if body == nil || operand == nil || !ok || !c.direct(h) || h.Write+h.Read != 1 || f.HandedTo[h.Lock] != nil {
		return nil
	}
	i := slices.IndexFunc(body.List, func(s ast.Stmt) bool { e, ok := s.(*ast.ExprStmt); return ok && e.X == op })
	if i < 0 {
		return nil
	}
	w := c.wayOut(operand, unlock, func(ret *ast.ReturnStmt) bool { return c.leaves(f, h, ret) })
	unlocks, ok := w.Deferrable(body.List[i+1:], true)
	if !ok || w.Mentions(body.List[:i]) {
		return nil
	}
	e := c.pass.Edit(op.Pos())
	text := e.Text(operand)
	e.InsertAfter(body.List[i], "defer "+text+"."+unlock+"()")
	for _, stmt := range unlocks {
		e.Delete(stmt)
	}
	if e.Refused() != "" {
		return nil
	}
	return e.Fix("Unlock with defer, right after " + syntax.Text(operand) + "." + method(h.Taken()))
}

// handoverFix makes one deferred Unlock, at the beginning of a goroutine that was
// started to unlock, of those before its returns. What the goroutine begins with to
// defer goes on to come after.
func (c *checker) handoverFix(to *locks.Func, h locks.Handover) *report.Fix {
	lit, ok := to.Fn.Syntax().(*ast.FuncLit)
	_, operand := c.eng.Syntax.Operation(h.Held.Taken().Pos())
	unlock, isLock := unlockOf[method(h.Held.Taken())]
	if !ok || operand == nil || !isLock || !c.direct(h.Held) || h.Held.Write+h.Held.Read != 1 ||
		!syntax.MeansTheSame(c.eng.Info, c.eng.Types, operand, lit.Body.Lbrace+1) {
		return nil
	}
	w := c.wayOut(operand, unlock, func(ret *ast.ReturnStmt) bool { return repair.LeavesOver(c.eng, to, h.As, ret) })
	e := c.pass.Edit(lit.Pos())
	if !w.DeferFirst(e, lit.Body, types.ExprString(operand)+"."+unlock+"()") {
		return nil
	}
	return e.Fix("Unlock with defer, first in the goroutine")
}

// wayOut looks at the ways out of a function that has taken the lock operand.
func (c *checker) wayOut(operand ast.Expr, unlock string, leaves func(*ast.ReturnStmt) bool) *repair.WayOut {
	isCall := func(n ast.Node) (name string, ok bool) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return "", false
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || types.ExprString(sel.X) != types.ExprString(operand) {
			return "", false
		}
		return sel.Sel.Name, true
	}
	return &repair.WayOut{
		Eng: c.eng, Operand: operand,
		Gives: func(stmt ast.Stmt) bool {
			e, ok := stmt.(*ast.ExprStmt)
			if !ok {
				return false
			}
			name, ok := isCall(e.X)
			return ok && name == unlock && syntax.MeansTheSame(c.eng.Info, c.eng.Types, operand, stmt.Pos())
		},
		Touches: func(n ast.Node) bool { _, ok := isCall(n); return ok },
		Leaves:  leaves,
	}
}

func bodyOf(fn *ssa.Function) *ast.BlockStmt {
	switch n := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// leaves reports whether the lock is held, by mistake, whenever the function returns
// by a statement, or at its end if that is nil.
func (c *checker) leaves(f *locks.Func, held locks.Hold, stmt *ast.ReturnStmt) bool {
	for _, e := range f.Exits {
		if c.eng.Syntax.ReturnStmt(e.Return.Pos()) != stmt {
			continue
		}
		for _, h := range e.Holds {
			if h.Lock == held.Lock && h.Taken() == held.Taken() && c.isLeft(f, e, h) && alwaysHeld(f, e.Return, h) {
				return true
			}
		}
		return false
	}
	return stmt == nil // the end is not reached
}
