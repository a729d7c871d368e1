package wgadd

import (
	"go/ast"
	"go/types"
	"go/version"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
)

// goFix offers wg.Go, from Go 1.25 on, for a goroutine that counts itself by one and
// begins with that:
//
//	go func() {             wg.Go(func() {
//		wg.Add(1)               work()
//		defer wg.Done()     })
//		work()
//	}()
//
// It is the same but for the order of Add and the start. Comments on what goes away
// would be left over, so then the Add is moved instead.
func (g *group) goFix(add *ast.CallExpr, stmt ast.Stmt, start *ast.GoStmt, lit *ast.FuncLit) *report.Fix {
	body := lit.Body.List
	if len(body) < 3 || body[0] != stmt || len(start.Call.Args) > 0 || lit.Type.Params.NumFields() > 0 || lit.Type.Results.NumFields() > 0 {
		return nil
	}
	sel, ok := ast.Unparen(add.Fun).(*ast.SelectorExpr)
	one := g.eng.Info.Types[add.Args[0]].Value
	if !ok || !api.IsWaitGroup(g.eng.Info.TypeOf(sel.X)) || one == nil || one.ExactString() != "1" || !g.hasGo(start) {
		return nil
	}
	name := types.ExprString(sel.X)
	done, ok := body[1].(*ast.DeferStmt)
	if !ok || !isDone(done.Call, name) || g.commented(start, body[0]) || g.commented(start, body[1]) || callsDone(body[2:], name) {
		return nil
	}
	e := g.pass.Edit(start.Pos())
	e.Replace(&ast.BadStmt{From: start.Go, To: lit.Pos()}, e.Text(sel.X)+".Go(")
	e.Delete(body[0])
	e.Delete(body[1])
	e.Replace(&ast.BadStmt{From: lit.End(), To: start.End()}, ")")
	if e.Refused() != "" {
		return nil
	}
	return e.Fix("Start the goroutine with " + name + ".Go")
}

// hasGo reports whether the Go version of the file has WaitGroup.Go.
func (g *group) hasGo(n ast.Node) bool {
	file := g.eng.Syntax.File(n.Pos())
	v := g.eng.Info.FileVersions[file]
	if v == "" {
		v = g.eng.Types.GoVersion()
	}
	return v == "" || version.Compare(v, "go1.25") >= 0
}

func isDone(call *ast.CallExpr, group string) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Done" && types.ExprString(sel.X) == group
}

// callsDone reports whether statements name the method Done of the group.
func callsDone(list []ast.Stmt, group string) bool {
	found := false
	for _, stmt := range list {
		ast.Inspect(stmt, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			found = found || ok && sel.Sel.Name == "Done" && types.ExprString(sel.X) == group
			return !found
		})
	}
	return found
}

// commented reports whether a comment stands on the line of a statement, or on the
// line above.
func (g *group) commented(start *ast.GoStmt, stmt ast.Stmt) bool {
	from, to := g.eng.Syntax.Line(stmt.Pos())-1, g.eng.Syntax.Line(stmt.End())
	for _, group := range g.eng.Syntax.File(start.Pos()).Comments {
		if line := g.eng.Syntax.Line(group.End()); group.Pos() > start.Pos() && from <= line && line <= to {
			return true
		}
	}
	return false
}
