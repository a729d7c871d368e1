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

// deferDone makes the Done at the end of a goroutine a deferred one, where the
// goroutine has another end. It is right where a Done is the last that the
// goroutine does wherever it calls it, so that it comes when it came.
func (s *Smith) deferDone(wait *machine.Op) *report.Fix {
	_, group := s.eng.Syntax.Operation(wait.Pos)
	if group == nil {
		return nil
	}
	var found *report.Fix
	fn := syntax.Enclosing[*ast.FuncDecl](s.eng.Syntax, wait.Pos)
	if fn == nil {
		return nil
	}
	several := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		start, ok := n.(*ast.GoStmt)
		if !ok {
			return true
		}
		lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit)
		if !ok {
			return true
		}
		if fix := s.deferIn(lit, group); fix != nil {
			several = found != nil
			found = fix
		}
		return true
	})
	if several {
		return nil // one of them at a time: which one does this Wait wait for?
	}
	return found
}

// deferIn makes the calls of Done of one goroutine a deferred one.
func (s *Smith) deferIn(lit *ast.FuncLit, group ast.Expr) *report.Fix {
	name := types.ExprString(group)
	e := s.pass.Edit(lit.Pos())
	done := 0
	ok := true
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if !isCall || !s.isDone(call, name) {
			return true
		}
		stmt := syntax.Enclosing[*ast.ExprStmt](s.eng.Syntax, call.Lparen)
		if stmt == nil || stmt.X != call || !s.isLast(stmt, lit) {
			ok = false
			return false
		}
		done++
		e.Delete(stmt)
		return true
	})
	if !ok || done == 0 || !syntax.MeansTheSame(s.pass.TypesInfo, s.pass.Pkg, group, lit.Body.Lbrace+1) {
		return nil
	}
	e.InsertFirst(lit.Body, "defer "+name+".Done()")
	return e.Fix("Call " + name + ".Done on every path of the goroutine")
}

// isDone reports whether a call is NAME.Done() of a WaitGroup.
func (s *Smith) isDone(call *ast.CallExpr, name string) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Done" && api.IsWaitGroup(s.pass.TypesInfo.TypeOf(sel.X)) && types.ExprString(sel.X) == name
}

// isLast reports whether nothing follows a statement of a function literal but
// returns without a value, on any path, and no other function is around it.
func (s *Smith) isLast(stmt ast.Stmt, lit *ast.FuncLit) bool {
	var inner ast.Node = stmt
	for _, n := range s.eng.Syntax.Path(stmt.Pos()) {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == lit
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
		list := syntax.List(n)
		for i, other := range list {
			if other == inner && i+1 < len(list) {
				ret, ok := list[i+1].(*ast.ReturnStmt)
				if !ok || len(ret.Results) > 0 {
					return false
				}
				return s.around(stmt) == lit
			}
		}
		inner = n
	}
	return false
}

// around returns the innermost function literal around a statement.
func (s *Smith) around(stmt ast.Stmt) *ast.FuncLit {
	return syntax.Enclosing[*ast.FuncLit](s.eng.Syntax, stmt.Pos())
}
