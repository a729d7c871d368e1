package semrelease

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/locks"
)

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
