package lockblock

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// unlockFix offers to unlock before a return statement.
//
// It is safe where the lock is held whenever the statement is reached, where
// its name means the same there, and where what is returned does not read what
// the lock may guard.
func (c *checker) unlockFix(f *locks.Func, e locks.Exit, h locks.Hold) *report.Fix {
	if !c.direct(h) || h.Write+h.Read != 1 || !alwaysHeld(f, e.Return, h) {
		return nil
	}
	stmt := c.eng.Syntax.ReturnStmt(e.Return.Pos())
	if stmt == nil {
		return c.unlockAtEnd(f, h)
	}
	for _, r := range stmt.Results {
		if !c.guardless(r) {
			return nil
		}
	}
	_, operand := c.eng.Syntax.Operation(h.Taken().Pos())
	if operand == nil || !syntax.MeansTheSame(c.eng.Info, c.eng.Types, operand, stmt.Pos()) {
		return nil
	}
	unlock, ok := unlockOf[method(h.Taken())]
	if !ok {
		return nil
	}
	edit := c.pass.Edit(stmt.Pos())
	edit.InsertBefore(stmt, edit.Text(operand)+"."+unlock+"()")
	return edit.Fix("Unlock before the return")
}

// unlockAtEnd offers to unlock after the last statement of a function.
func (c *checker) unlockAtEnd(f *locks.Func, h locks.Hold) *report.Fix {
	body := bodyOf(f.Fn)
	_, operand := c.eng.Syntax.Operation(h.Taken().Pos())
	unlock, ok := unlockOf[method(h.Taken())]
	if body == nil || len(body.List) == 0 || operand == nil || !ok || !syntax.MeansTheSame(c.eng.Info, c.eng.Types, operand, body.Rbrace) {
		return nil
	}
	last := body.List[len(body.List)-1]
	edit := c.pass.Edit(last.Pos())
	edit.InsertAfter(last, edit.Text(operand)+"."+unlock+"()")
	return edit.Fix("Unlock at the end of the function")
}

var unlockOf = map[string]string{"Lock": "Unlock", "TryLock": "Unlock", "RLock": "RUnlock", "TryRLock": "RUnlock"}

// alwaysHeld reports whether a lock is held in the same way each time a return
// is reached.
func alwaysHeld(f *locks.Func, ret *ssa.Return, h locks.Hold) bool {
	for _, e := range f.Exits {
		if e.Return != ret {
			continue
		}
		same := false
		for _, other := range e.Holds {
			same = same || other.Lock == h.Lock && other.Write == h.Write && other.Read == h.Read && !other.Unknown
		}
		if !same {
			return false
		}
	}
	return true
}

// guardless reports whether an expression reads nothing that a lock may guard:
// constants, local variables, errors in variables, and errors made of these.
func (c *checker) guardless(e ast.Expr) bool {
	if tv, ok := c.eng.Info.Types[e]; ok && (tv.Value != nil || tv.IsNil()) {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := c.eng.Info.Uses[e].(*types.Var)
		if !ok || v.Pkg() == nil {
			return false
		}
		return api.IsError(v.Type()) || v.Parent() != v.Pkg().Scope() && !hasReference(v.Type())
	case *ast.SelectorExpr:
		id, ok := e.X.(*ast.Ident)
		if !ok {
			return false
		}
		_, isPkg := c.eng.Info.Uses[id].(*types.PkgName)
		return isPkg // an error variable such as io.EOF
	case *ast.CallExpr:
		if !c.eng.MakesError(e) {
			return false
		}
		for _, arg := range e.Args {
			if !c.guardless(arg) {
				return false
			}
		}
		return true
	}
	return false
}

// hasReference reports whether reading a value of the type may go on to memory
// that it points to. Errors do not change once they are made.
func hasReference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice, *types.Struct, *types.Array:
		return true // the caller may look into it, but so it may after any return
	}
	return false
}
