package lockblock

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/locks"
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
	w := wayOut{c: c, f: f, hold: h, operand: operand, unlock: unlock, safe: true}
	w.list(body.List[i+1:], true)
	if !w.safe || w.mentions(body.List[:i]) {
		return nil
	}
	e := c.pass.Edit(op.Pos())
	text := e.Text(operand)
	e.InsertAfter(body.List[i], "defer "+text+"."+unlock+"()")
	for _, stmt := range w.unlocks {
		e.Delete(stmt)
	}
	if e.Refused() != "" {
		return nil
	}
	return e.Fix("Unlock with defer, right after " + syntax.Text(operand) + "." + method(h.Taken()))
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

// A wayOut looks at the statements that follow a Lock.
type wayOut struct {
	c       *checker
	f       *locks.Func
	hold    locks.Hold
	operand ast.Expr
	unlock  string // the method

	unlocks []ast.Stmt // before a return
	safe    bool
}

// list looks at a list of statements, at whose end the function ends or goes on.
func (w *wayOut) list(list []ast.Stmt, last bool) {
	for i, stmt := range list {
		if !w.isUnlock(stmt) {
			w.stmt(stmt, i == 0 || !w.isUnlock(list[i-1]))
			continue
		}
		switch {
		case i+1 == len(list) && last:
		case i+1 < len(list) && w.plainReturn(list[i+1]):
		default:
			w.safe = false // something comes after it that need not have the lock
		}
		w.unlocks = append(w.unlocks, stmt)
	}
	if n := len(list); last && (n == 0 || !w.isUnlock(list[n-1]) && !endsFunc(list[n-1])) {
		w.safe = w.safe && w.leaves(nil)
	}
}

// stmt looks at a statement that is no Unlock. Locked says that no Unlock precedes
// it.
func (w *wayOut) stmt(stmt ast.Stmt, locked bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt, *ast.LabeledStmt:
			w.safe = false
		case *ast.FuncLit:
			w.safe = w.safe && !w.mentions([]ast.Stmt{n.Body})
			return false
		case *ast.ReturnStmt:
			if locked {
				w.safe = w.safe && w.leaves(n)
			}
		case *ast.BlockStmt:
			w.list(n.List, false)
			return false
		case *ast.CaseClause:
			w.list(n.Body, false)
			return false
		case *ast.CommClause:
			w.list(n.Body, false)
			return false
		case *ast.CallExpr:
			if w.isCall(n) {
				w.safe = false // it is locked again, or asked for
			}
		}
		return w.safe
	})
}

// isUnlock reports whether a statement unlocks the lock.
func (w *wayOut) isUnlock(stmt ast.Stmt) bool {
	e, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	return ok && w.isCall(call) && call.Fun.(*ast.SelectorExpr).Sel.Name == w.unlock &&
		syntax.MeansTheSame(w.c.eng.Info, w.c.eng.Types, w.operand, stmt.Pos())
}

// isCall reports whether a call is one of a method of the lock.
func (w *wayOut) isCall(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && types.ExprString(sel.X) == types.ExprString(w.operand)
}

// mentions reports whether one of the statements names the lock.
func (w *wayOut) mentions(list []ast.Stmt) bool {
	text, found := types.ExprString(w.operand), false
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
func (w *wayOut) plainReturn(stmt ast.Stmt) bool {
	ret, ok := stmt.(*ast.ReturnStmt)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool {
		works := false
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				works = works || !w.c.eng.Info.Types[n.Fun].IsType() && !w.c.eng.MakesError(n)
			case *ast.UnaryExpr:
				works = works || n.Op == token.ARROW
			}
			return !works
		})
		return works
	})
}

// leaves reports whether the lock is held, by mistake, whenever the function returns
// by a statement, or at its end if that is nil.
func (w *wayOut) leaves(stmt *ast.ReturnStmt) bool {
	for _, e := range w.f.Exits {
		if w.c.eng.Syntax.ReturnStmt(e.Return.Pos()) != stmt {
			continue
		}
		for _, h := range e.Holds {
			if h.Lock == w.hold.Lock && h.Taken() == w.hold.Taken() && w.c.isLeft(w.f, e, h) && alwaysHeld(w.f, e.Return, h) {
				return true
			}
		}
		return false
	}
	return stmt == nil // the end is not reached
}

// endsFunc reports whether a statement is a return or a panic.
func endsFunc(stmt ast.Stmt) bool {
	switch s := stmt.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := call.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}
