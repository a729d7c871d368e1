package repair

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// maxRoutines bounds the goroutines of a group for which a fix is tried.
const maxRoutines = 4

// deferDone makes the Done of a goroutine a deferred one, first in its function, where
// the goroutine has another end. It is right where a Done is the last that the goroutine
// does wherever it calls it, so that it comes when it came; or where it is deferred
// already, only not first.
func (s *Smith) deferDone(wait *machine.Op) []*report.Fix {
	_, group := s.eng.Syntax.Operation(wait.Pos)
	if group == nil {
		return nil
	}
	var fixes []*report.Fix
	seen := make(map[ast.Node]bool)
	for _, r := range s.routines(s.object(group)) {
		if seen[r.fn] || s.eng.Syntax.File(r.body.Pos()) != s.eng.Syntax.File(wait.Pos) {
			continue
		}
		seen[r.fn] = true
		if fix := s.deferIn(r); fix != nil && len(fixes) < maxRoutines {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}

// A routine is a function that is started as a goroutine, with what is the group in it.
type routine struct {
	start *ast.GoStmt
	fn    ast.Node
	body  *ast.BlockStmt
	group types.Object
}

// routines returns the goroutines that may call Done of a group: literals, and functions
// of the package that nobody calls in another way.
func (s *Smith) routines(group types.Object) []routine {
	var all []routine
	if group == nil {
		return nil
	}
	for _, file := range s.pass.Files {
		for n := range ast.Preorder(file) {
			start, ok := n.(*ast.GoStmt)
			if !ok {
				continue
			}
			if lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit); ok {
				all = append(all, routine{start, lit, lit.Body, group})
			} else if decl := s.called(start.Call); decl != nil {
				all = append(all, routine{start, decl, decl.Body, s.parameter(decl, start.Call, group)})
			}
		}
	}
	return slices.DeleteFunc(all, func(r routine) bool {
		decl, named := r.fn.(*ast.FuncDecl)
		return len(s.donesIn(r)) == 0 || named && !s.onlyStarted(decl)
	})
}

// object returns the variable or field that an expression names: wg, &wg, s.wg.
func (s *Smith) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.pass.TypesInfo.Uses[e]
	case *ast.SelectorExpr:
		return s.pass.TypesInfo.Uses[e.Sel]
	case *ast.UnaryExpr:
		return s.object(e.X)
	}
	return nil
}

// parameter returns the parameter that a call passes a group as, or the group itself.
func (s *Smith) parameter(decl *ast.FuncDecl, call *ast.CallExpr, group types.Object) types.Object {
	sig := s.pass.TypesInfo.Defs[decl.Name].Type().(*types.Signature)
	for i, arg := range call.Args {
		if s.object(arg) == group && i < sig.Params().Len() {
			return sig.Params().At(i)
		}
	}
	return group
}

// onlyStarted reports whether all that is done with a function is to start it.
func (s *Smith) onlyStarted(decl *ast.FuncDecl) bool {
	for id, obj := range s.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); !ok || s.decls[fn.Origin()] != decl {
			continue
		}
		start := syntax.Enclosing[*ast.GoStmt](s.eng.Syntax, id.Pos())
		if start == nil || !within(id.Pos(), start.Call.Fun) || s.called(start.Call) != decl {
			return false
		}
	}
	return true
}

// donesIn returns the calls of Done of a goroutine's group in its function.
func (s *Smith) donesIn(r routine) []*ast.CallExpr {
	var calls []*ast.CallExpr
	for n := range ast.Preorder(r.body) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			continue
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if ok && sel.Sel.Name == "Done" && api.IsWaitGroup(s.pass.TypesInfo.TypeOf(sel.X)) && s.object(sel.X) == r.group {
			calls = append(calls, call)
		}
	}
	return calls
}

// deferIn makes the calls of Done of one goroutine a deferred one, or moves that to the
// beginning.
func (s *Smith) deferIn(r routine) *report.Fix {
	calls := s.donesIn(r)
	group := ast.Unparen(calls[0].Fun).(*ast.SelectorExpr).X
	name := types.ExprString(group)
	if !syntax.MeansTheSame(s.pass.TypesInfo, s.pass.Pkg, group, r.body.Lbrace+1) {
		return nil
	}
	e := s.pass.Edit(r.body.Pos())
	if i := slices.IndexFunc(r.body.List, func(stmt ast.Stmt) bool {
		d, ok := stmt.(*ast.DeferStmt)
		return ok && d.Call == calls[0]
	}); i > 0 && len(calls) == 1 {
		e.MoveBefore(r.body.List[i], r.body.List[0])
		return e.Fix("Defer " + name + ".Done first in the goroutine")
	}
	for _, call := range calls {
		stmt := syntax.Enclosing[*ast.ExprStmt](s.eng.Syntax, call.Lparen)
		if stmt == nil || stmt.X != call || types.ExprString(ast.Unparen(call.Fun).(*ast.SelectorExpr).X) != name || !s.isLast(stmt, r) {
			return nil
		}
		e.Delete(stmt)
	}
	e.InsertFirst(r.body, "defer "+name+".Done()")
	return e.Fix("Call " + name + ".Done on every path of the goroutine")
}

// isLast reports whether nothing follows a statement of a goroutine's function but
// returns without a value, on any path, and no other function is around it.
func (s *Smith) isLast(stmt ast.Stmt, r routine) bool {
	if s.function(stmt) != r.fn {
		return false
	}
	var inner ast.Node = stmt
	for _, n := range s.eng.Syntax.Path(stmt.Pos()) {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return n == r.fn
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
		list := syntax.List(n)
		for i, other := range list {
			if other == inner && i+1 < len(list) {
				ret, ok := list[i+1].(*ast.ReturnStmt)
				return ok && len(ret.Results) == 0
			}
		}
		inner = n
	}
	return false
}
