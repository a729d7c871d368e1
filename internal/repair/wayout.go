package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
)

// A WayOut looks at what a function does after it has taken something, a lock or a
// place of a semaphore, for whether it can give it back with defer. That is so if each
// way out either gives it back right before it returns, and calls nothing while it
// returns, or leaves it taken by mistake; and if nothing else is deferred, which would
// then run before.
type WayOut struct {
	Eng     *engine.Package
	Operand ast.Expr // what is taken

	// Gives reports whether a statement gives it back, and Touches whether an
	// operation in another statement has to do with it.
	Gives   func(ast.Stmt) bool
	Touches func(ast.Node) bool

	// Leaves reports whether it is taken, by mistake, whenever the function returns
	// by a statement, or at its end if that is nil.
	Leaves func(*ast.ReturnStmt) bool

	gives  []ast.Stmt
	unsafe bool
}

// Deferrable returns the statements of the list, which follows the one that takes it,
// that a deferred one can replace. ToEnd says that the function ends with the list. It
// returns false where it would not be certain.
func (w *WayOut) Deferrable(list []ast.Stmt, toEnd bool) (gives []ast.Stmt, ok bool) {
	w.gives, w.unsafe = nil, false
	w.list(list, toEnd)
	return w.gives, !w.unsafe
}

// DeferFirst has the body of a goroutine that was started to give something back do it
// with one deferred call, in place of the statements that do. The call comes after what
// the goroutine begins with to defer. It returns false where that is not certain.
func (w *WayOut) DeferFirst(e *report.Editor, body *ast.BlockStmt, call string) bool {
	n := slices.IndexFunc(body.List, func(stmt ast.Stmt) bool { _, ok := stmt.(*ast.DeferStmt); return !ok })
	if n < 0 || w.Mentions(body.List[:n]) {
		return false
	}
	gives, ok := w.Deferrable(body.List[n:], true)
	if !ok || len(gives) == 0 {
		return false
	}
	if n > 0 {
		e.InsertAfter(body.List[n-1], "defer "+call)
	} else {
		e.InsertFirst(body, "defer "+call)
	}
	for _, stmt := range gives {
		e.Delete(stmt)
	}
	return true
}

// LeavesOver reports whether a goroutine has not given back the lock that it was given
// whenever it returns by a statement, or at its end if that is nil.
func LeavesOver(eng *engine.Package, to *locks.Func, lock *locks.Path, stmt *ast.ReturnStmt) bool {
	found := false
	for _, e := range to.Exits {
		if eng.Syntax.ReturnStmt(e.Return.Pos()) == stmt {
			if e.Touches(lock) || e.Depends {
				return false
			}
			found = true
		}
	}
	return found || stmt == nil
}

// list looks at a list of statements, at whose end the function ends or goes on.
func (w *WayOut) list(list []ast.Stmt, last bool) {
	for i, stmt := range list {
		if !w.Gives(stmt) {
			w.stmt(stmt, i == 0 || !w.Gives(list[i-1]))
			continue
		}
		switch {
		case i+1 == len(list) && last:
		case i+1 < len(list) && w.plainReturn(list[i+1]):
		default:
			w.unsafe = true // something comes after it that need not have it taken
		}
		w.gives = append(w.gives, stmt)
	}
	if n := len(list); last && (n == 0 || !w.Gives(list[n-1]) && !endsFunc(list[n-1])) {
		w.unsafe = w.unsafe || !w.Leaves(nil)
	}
}

// stmt looks at a statement that does not give it back. Taken says that none that does
// precedes it.
func (w *WayOut) stmt(stmt ast.Stmt, taken bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
		case *ast.DeferStmt, *ast.LabeledStmt:
			w.unsafe = true
		case *ast.FuncLit:
			w.unsafe = w.unsafe || w.Mentions(n.Body.List)
			return false
		case *ast.ReturnStmt:
			if taken {
				w.unsafe = w.unsafe || !w.Leaves(n)
			}
		case *ast.BlockStmt:
			w.list(n.List, false)
			return false
		case *ast.CaseClause:
			w.unsafe = w.unsafe || slices.ContainsFunc(n.List, w.touchesIn)
			w.list(n.Body, false)
			return false
		case *ast.CommClause:
			if n.Comm != nil {
				w.stmt(n.Comm, true)
			}
			w.list(n.Body, false)
			return false
		default:
			w.unsafe = w.unsafe || w.Touches(n) // it is taken again, or asked for
		}
		return !w.unsafe
	})
}

func (w *WayOut) touchesIn(e ast.Expr) bool {
	for n := range ast.Preorder(e) {
		if w.Touches(n) {
			return true
		}
	}
	return false
}

// Mentions reports whether one of the statements names what is taken.
func (w *WayOut) Mentions(list []ast.Stmt) bool {
	text, found := types.ExprString(w.Operand), false
	for _, stmt := range list {
		ast.Inspect(stmt, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			found = found || ok && types.ExprString(e) == text
			return !found
		})
	}
	return found
}

// plainReturn reports whether a statement returns without a call, a receive or a
// panic.
func (w *WayOut) plainReturn(stmt ast.Stmt) bool {
	ret, ok := stmt.(*ast.ReturnStmt)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool {
		works := false
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				works = works || !w.Eng.Info.Types[n.Fun].IsType() && !isLength(w.Eng.Info, n) && !w.Eng.MakesError(n)
			case *ast.UnaryExpr:
				works = works || n.Op == token.ARROW
			}
			return !works
		})
		return works
	})
}

// endsFunc reports whether a statement is a return or a panic.
func endsFunc(stmt ast.Stmt) bool { return ends([]ast.Stmt{stmt}) }
