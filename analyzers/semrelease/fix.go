package semrelease

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// releaseFix offers to release before a return statement.
//
// It is safe where the semaphore is held whenever the statement is reached,
// where its name means the same there, and where what is returned does no work.
func (c *checker) releaseFix(f *locks.Func, e locks.Exit, h locks.Hold) *report.Fix {
	stmt := c.eng.Syntax.ReturnStmt(e.Return.Pos())
	if stmt == nil || !alwaysHeld(f, e.Return, h) && !(c.isUnconditional(h) && c.heldUntil(f, h, e.Return.Block())) {
		return nil
	}
	for _, r := range stmt.Results {
		if c.works(r) {
			return nil
		}
	}
	release := c.release(h, stmt.Pos())
	if release == "" {
		return nil
	}
	edit := c.pass.Edit(stmt.Pos())
	edit.InsertBefore(stmt, release)
	return edit.Fix("Release before the return")
}

// continueFix offers to release before a continue statement.
func (c *checker) continueFix(f *locks.Func, t locks.Turn) *report.Fix {
	stmt := c.continues(t)
	if stmt == nil {
		return nil
	}
	release := c.release(t.Held, stmt.Pos())
	if release == "" || !c.stillHeld(f, t) {
		return nil
	}
	edit := c.pass.Edit(stmt.Pos())
	edit.InsertBefore(stmt, release)
	return edit.Fix("Release before the next turn")
}

// alwaysHeld reports whether a semaphore is held in the same way each time a
// return is reached.
func alwaysHeld(f *locks.Func, ret *ssa.Return, h locks.Hold) bool {
	for _, e := range f.Exits {
		if e.Return != ret {
			continue
		}
		same := false
		for _, other := range e.Holds {
			same = same || other.Lock == h.Lock && other.Read == h.Read && other.Weight == h.Weight && !other.Unknown && other.Taken() == h.Taken()
		}
		if !same {
			return false
		}
	}
	return true
}

// works reports whether an expression does more than to name a value or to make
// an error.
func (c *checker) works(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = found || !c.eng.MakesError(n)
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

// release returns the statement that releases at pos what the function itself
// has acquired, or "".
func (c *checker) release(h locks.Hold, pos token.Pos) string {
	if h.Inner != nil || !c.locks.Direct(h.Taken()) || h.Weight != c.weight(h) {
		return ""
	}
	op, operand := c.eng.Syntax.Operation(c.at(h.Taken(), h.Lock))
	if operand == nil || !c.same(operand, pos) {
		return ""
	}
	name := types.ExprString(operand)
	switch op := op.(type) {
	case *ast.SendStmt:
		return "<-" + name
	case *ast.UnaryExpr:
		if t, ok := c.eng.Info.TypeOf(operand).Underlying().(*types.Chan); ok && types.Identical(t.Elem(), types.NewStruct(nil, nil)) {
			return name + " <- struct{}{}"
		}
	case *ast.CallExpr:
		weight := op.Args[len(op.Args)-1]
		if tv, ok := c.eng.Info.Types[weight]; ok && tv.Value != nil {
			if _, isIdent := weight.(*ast.Ident); !isIdent || c.same(weight, pos) {
				return name + ".Release(" + types.ExprString(weight) + ")"
			}
		}
	}
	return ""
}

func (c *checker) same(e ast.Expr, pos token.Pos) bool {
	return syntax.MeansTheSame(c.eng.Info, c.eng.Types, e, pos)
}

// isStatement reports whether a statement consists of an operation, whose
// result it may throw away.
func isStatement(s ast.Stmt, op ast.Node) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return s.X == op
	case *ast.SendStmt:
		return s == op
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 || len(s.Rhs) != 1 || s.Rhs[0] != op {
			return false
		}
		id, ok := s.Lhs[0].(*ast.Ident)
		return ok && id.Name == "_"
	}
	return false
}

// checkFix offers to return the error of an Acquire that ignores it.
//
// It is safe where the Acquire is the first statement of a function that returns
// nothing but an error: there is nothing yet that the return could leave undone.
func (c *checker) checkFix(pos token.Pos) *report.Fix {
	op, _ := c.eng.Syntax.Operation(pos)
	call, ok := op.(*ast.CallExpr)
	if !ok || !api.IsError(c.eng.Info.TypeOf(call)) {
		return nil
	}
	typ, body := c.eng.Syntax.Function(pos)
	if body == nil || !isStatement(body.List[0], call) || !c.returnsError(typ) {
		return nil
	}
	edit := c.pass.Edit(pos)
	edit.Replace(body.List[0], "if err := "+edit.Text(call)+"; err != nil {")
	edit.InsertAfter(body.List[0], "\treturn err\n}")
	return edit.Fix("Return the error of " + types.ExprString(call.Fun))
}

// returnsError reports whether a function returns one value, an error without a
// name.
func (c *checker) returnsError(typ *ast.FuncType) bool {
	return typ.Results != nil && len(typ.Results.List) == 1 && len(typ.Results.List[0].Names) == 0 &&
		api.IsError(c.eng.Info.TypeOf(typ.Results.List[0].Type))
}

// stillHeld reports whether the semaphore is held on every way to the end of a
// turn: they all come from the acquire, and not from a release.
func (c *checker) stillHeld(f *locks.Func, t locks.Turn) bool {
	return c.heldUntil(f, t.Held, t.Last)
}

// isUnconditional reports whether what takes a semaphore cannot fail: it is a send or
// a receive.
func (c *checker) isUnconditional(h locks.Hold) bool {
	switch site := h.Taken().(type) {
	case *ssa.Send:
		return true
	case *ssa.UnOp:
		return !site.CommaOk
	}
	return false
}

// heldUntil reports whether all ways to a block come from an acquire, and not from a
// release of it.
func (c *checker) heldUntil(f *locks.Func, h locks.Hold, last *ssa.BasicBlock) bool {
	site := h.Taken()
	if _, ok := site.(*ssa.Select); ok || !site.Block().Dominates(last) {
		return false
	}
	return site.Block() == last || !slices.ContainsFunc(f.Pairs[site], func(by ssa.Instruction) bool { return reaches(by.Block(), last, site.Block()) })
}
