package semrelease

import (
	"go/ast"
	"go/token"
	"go/types"

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
	typ, body := c.function(pos)
	if body == nil || !isStatement(body.List[0], call) || !c.returnsError(typ) {
		return nil
	}
	edit := c.pass.Edit(pos)
	edit.Replace(body.List[0], "if err := "+edit.Text(call)+"; err != nil {")
	edit.InsertAfter(body.List[0], "\treturn err\n}")
	return edit.Fix("Return the error of " + types.ExprString(call.Fun))
}

// function returns the innermost function around pos, or nil.
func (c *checker) function(pos token.Pos) (*ast.FuncType, *ast.BlockStmt) {
	for _, n := range c.eng.Syntax.Path(pos) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Type, n.Body
		case *ast.FuncLit:
			return n.Type, n.Body
		}
	}
	return nil, nil
}

// returnsError reports whether a function returns one value, an error without a
// name.
func (c *checker) returnsError(typ *ast.FuncType) bool {
	return typ.Results != nil && len(typ.Results.List) == 1 && len(typ.Results.List[0].Names) == 0 &&
		api.IsError(c.eng.Info.TypeOf(typ.Results.List[0].Type))
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
	last, test := lastPos(t.Last)
	var found *ast.BranchStmt
	for _, stmt := range continuesOf(loop) {
		if c.endsIn(last, test, stmt) {
			if found != nil {
				return nil
			}
			found = stmt
		}
	}
	return found
}

// lastPos returns the last position in a block, and whether a test comes after
// it that has none.
func lastPos(b *ssa.BasicBlock) (last token.Pos, test bool) {
	for i := len(b.Instrs) - 1; i >= 0; i-- {
		pos := b.Instrs[i].Pos()
		if branch, ok := b.Instrs[i].(*ssa.If); ok {
			pos, test = branch.Cond.Pos(), !branch.Cond.Pos().IsValid()
		}
		if pos.IsValid() {
			return pos, test
		}
	}
	return token.NoPos, test
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

// endsIn reports whether a block ends with a continue statement, or with the
// condition of the if statement that holds nothing else.
func (c *checker) endsIn(last token.Pos, test bool, stmt *ast.BranchStmt) bool {
	if !last.IsValid() {
		return false
	}
	path := c.eng.Syntax.Path(stmt.Pos())
	for i := 1; i+2 < len(path); i++ {
		list, ok := path[i].(*ast.BlockStmt)
		if !ok {
			continue
		}
		if list.Pos() <= last && last < stmt.Pos() {
			return true
		}
		branch, ok := path[i+1].(*ast.IfStmt)
		if !ok || branch.Body != list || len(list.List) != 1 {
			return false
		}
		if test { // the first statement after that position has no position of its own in its test
			outer, ok := path[i+2].(*ast.BlockStmt)
			return ok && branch.Init == nil && follows(outer, last, branch)
		}
		return branch.Cond.Pos() <= last && last < branch.Cond.End()
	}
	return false
}

// follows reports whether the statement with pos in it comes right before stmt.
func follows(list *ast.BlockStmt, pos token.Pos, stmt ast.Stmt) bool {
	for i, s := range list.List {
		if s == stmt {
			return i > 0 && list.List[i-1].Pos() <= pos && pos < list.List[i-1].End()
		}
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
