package semrelease

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

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
	if stmt == nil || !alwaysHeld(f, e.Return, h) {
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
func (c *checker) continueFix(t locks.Turn) *report.Fix {
	stmt := c.continues(t)
	if stmt == nil {
		return nil
	}
	release := c.release(t.Held, stmt.Pos())
	if release == "" || !c.dominated(t, stmt) {
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
			found = found || !c.makesError(n)
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

func (c *checker) makesError(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := c.eng.Info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	name := fn.Pkg().Path() + "." + fn.Name()
	return name == "errors.New" || name == "fmt.Errorf"
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

// continues returns the continue statement with which a turn ends, if that can
// be told: the block in which it stands holds the last instruction of the turn,
// or is the branch of an if statement that it decides.
func (c *checker) continues(t locks.Turn) *ast.BranchStmt {
	if t.Last == nil {
		return nil
	}
	loop := c.loop(t.Held.Taken().Pos())
	if loop == nil {
		return nil
	}
	var found *ast.BranchStmt
	for _, stmt := range continuesOf(loop) {
		if c.endsIn(t.Last, stmt) {
			if found != nil {
				return nil
			}
			found = stmt
		}
	}
	return found
}

// loop returns the innermost loop around pos, or nil.
func (c *checker) loop(pos token.Pos) ast.Stmt {
	for _, n := range c.eng.Syntax.Path(pos) {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n.(ast.Stmt)
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		}
	}
	return nil
}

// continuesOf returns the continue statements without a label that belong to a
// loop.
func continuesOf(loop ast.Stmt) []*ast.BranchStmt {
	var found []*ast.BranchStmt
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n == loop
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			if n.Tok == token.CONTINUE && n.Label == nil {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// endsIn reports whether a block ends with a continue statement, or in the
// condition of the if statement that leads to it alone.
func (c *checker) endsIn(b *ssa.BasicBlock, stmt *ast.BranchStmt) bool {
	path := c.eng.Syntax.Path(stmt.Pos())
	for i := 1; i+1 < len(path); i++ {
		list, ok := path[i].(*ast.BlockStmt)
		if !ok {
			continue
		}
		branch, _ := path[i+1].(*ast.IfStmt)
		for j := len(b.Instrs) - 1; j >= 0; j-- {
			pos := b.Instrs[j].Pos()
			if test, ok := b.Instrs[j].(*ssa.If); ok {
				pos = test.Cond.Pos()
			}
			if !pos.IsValid() {
				continue
			}
			inCond := branch != nil && branch.Cond.Pos() <= pos && pos < branch.Cond.End() && len(list.List) == 1
			return list.Pos() <= pos && pos < stmt.Pos() || inCond
		}
		return false
	}
	return false
}

// dominated reports whether the acquire comes before the continue statement on
// every way to it.
func (c *checker) dominated(t locks.Turn, stmt *ast.BranchStmt) bool {
	site := t.Held.Taken()
	if _, ok := site.(*ssa.Select); ok {
		return false
	}
	return site.Block().Dominates(t.Last) && c.at(site, t.Held.Lock) < stmt.Pos()
}
