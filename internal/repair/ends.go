package repair

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// returnAfter ends a goroutine after the send of an error, where it goes on to send
// the value that it has not got:
//
//	if err != nil {
//		results <- result{err: err}
//		return
//	}
//	results <- result{value: v}
//
// It is right where nothing but that second send is left out.
func (s *Smith) returnAfter(op *machine.Op) *report.Fix {
	node, _ := s.eng.Syntax.Operation(op.Pos)
	second, ok := node.(*ast.SendStmt)
	if !ok {
		return nil
	}
	list, i := s.eng.Syntax.Around(second)
	if i < 1 || i != len(list)-1 {
		return nil // more would be left out
	}
	branch, ok := list[i-1].(*ast.IfStmt)
	if !ok || branch.Else != nil || len(branch.Body.List) == 0 || !s.tests(branch.Cond) {
		return nil
	}
	first, ok := branch.Body.List[len(branch.Body.List)-1].(*ast.SendStmt)
	if !ok || types.ExprString(first.Chan) != types.ExprString(second.Chan) || !s.isWhole(list, second) {
		return nil
	}
	e := s.pass.Edit(first.Pos())
	e.InsertAfter(first, "return")
	return e.Fix("Return after the send on " + syntax.Text(first.Chan))
}

// tests reports whether a condition compares an error with nil.
func (s *Smith) tests(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ {
		return false
	}
	tv := s.pass.TypesInfo.Types[b.Y]
	return tv.IsNil() && api.IsError(s.pass.TypesInfo.TypeOf(b.X))
}

// isWhole reports whether a list is the body of a function without results.
func (s *Smith) isWhole(list []ast.Stmt, stmt ast.Stmt) bool {
	typ, body := s.eng.Syntax.Function(stmt.Pos())
	return body != nil && len(body.List) == len(list) && body.List[0] == list[0] &&
		(typ.Results == nil || len(typ.Results.List) == 0)
}
