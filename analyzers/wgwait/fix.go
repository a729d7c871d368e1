package wgwait

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// waitFix inserts a Wait before the return of what the goroutines write:
//
//	for i, name := range names {
//		wg.Go(func() { sizes[i] = size(name) })
//	}
//	wg.Wait()
//	return sizes
//
// It is right where the function returns a variable that the only goroutines of the
// group assign: without Wait that is a data race, so no caller can want it. A function
// that starts something that is to go on returns nothing of the kind.
func (u *unwaited) waitFix(pass *check.Pass, start ssa.CallInstruction) *report.Fix {
	if u.Local == nil || u.does(api.EGGo) {
		return nil // the error of an errgroup would be lost
	}
	name := syntax.Enclosing[*ast.Ident](u.eng.Syntax, u.Local.Pos())
	group := pass.TypesInfo.Defs[name]
	body, lit := u.function(start.Pos()), u.literal(start.Pos())
	if name == nil || group == nil || body == nil || lit == nil || len(body.List) == 0 {
		return nil
	}
	ret, ok := body.List[len(body.List)-1].(*ast.ReturnStmt)
	if !ok || !syntax.MeansTheSame(pass.TypesInfo, pass.Pkg, name, ret.Pos()) || !u.returnsOf(pass, ret, lit) {
		return nil
	}
	// Nothing else returns, or starts a goroutine.
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			if n != ret && n.Pos() > lit.End() {
				return nil
			}
		case *ast.ForStmt:
			if n.Cond == nil {
				return nil
			}
		case *ast.GoStmt:
			if n.Call.Fun != lit {
				return nil
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if ok && sel.Sel.Name == "Go" && !slices.Contains(n.Args, ast.Expr(lit)) {
				return nil
			}
		}
	}
	e := pass.Edit(ret.Pos())
	e.InsertBefore(ret, name.Name+".Wait()")
	return e.Fix("Wait for the goroutines before what they write is returned")
}

// function returns the body of the innermost function around a position at which a
// goroutine is started.
func (u *unwaited) function(pos token.Pos) *ast.BlockStmt {
	for _, n := range u.eng.Syntax.Path(pos) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Body
		case *ast.FuncLit:
			return n.Body
		}
	}
	return nil
}

// literal returns the function literal that a goroutine executes, or nil.
func (u *unwaited) literal(pos token.Pos) *ast.FuncLit {
	op, _ := u.eng.Syntax.Operation(pos)
	var lit *ast.FuncLit
	switch op := op.(type) {
	case *ast.GoStmt:
		lit, _ = op.Call.Fun.(*ast.FuncLit)
	case *ast.CallExpr:
		if len(op.Args) == 1 {
			lit, _ = op.Args[0].(*ast.FuncLit)
		}
	}
	return lit
}

// returnsOf reports whether a statement returns a variable that a function literal
// assigns, and calls nothing for that.
func (u *unwaited) returnsOf(pass *check.Pass, ret *ast.ReturnStmt, lit *ast.FuncLit) bool {
	written := make(map[types.Object]bool)
	for n := range ast.Preorder(lit.Body) {
		if assign, ok := n.(*ast.AssignStmt); ok && assign.Tok != token.DEFINE {
			for _, lhs := range assign.Lhs {
				written[pass.TypesInfo.Uses[root(lhs)]] = true
			}
		}
	}
	found := false
	for _, result := range ret.Results {
		for n := range ast.Preorder(result) {
			switch n := n.(type) {
			case *ast.CallExpr, *ast.UnaryExpr, *ast.FuncLit:
				return false
			case *ast.Ident:
				v, ok := pass.TypesInfo.Uses[n].(*types.Var)
				found = found || ok && written[v] && v.Pos() < lit.Pos()
			}
		}
	}
	return found
}

// root returns the identifier that an assigned expression begins with, as sizes in
// sizes[i], or nil.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}
