package mutate

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A generator collects what the operators propose for one file.
type generator struct {
	*Package
	src      string
	helpers  map[*types.Func]kind
	doneVars map[types.Object]bool

	stack   []ast.Node // the nodes around the one at which the operators are, the outermost first
	mutants []Mutant
}

// propose adds a mutant. The edits are in any order.
func (g *generator) propose(op string, at ast.Node, what string, edits ...Edit) {
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	g.mutants = append(g.mutants, Mutant{
		Op: op, Func: g.funcName(), Pos: g.Fset.Position(at.Pos()), Edits: edits,
		What: g.line(at) + " " + what,
	})
}

// replace is the edit that puts a text in the place of what is between two
// positions.
func (g *generator) replace(pos, end token.Pos, text string) Edit {
	return Edit{g.Fset.Position(pos).Offset, g.Fset.Position(end).Offset, text}
}

func (g *generator) remove(n ast.Node) Edit { return g.replace(n.Pos(), n.End(), "") }

func (g *generator) insert(pos token.Pos, text string) Edit { return g.replace(pos, pos, text) }

// text returns the source of a node.
func (g *generator) text(n ast.Node) string {
	return g.src[g.Fset.Position(n.Pos()).Offset:g.Fset.Position(n.End()).Offset]
}

// line returns the first line of the source of a node.
func (g *generator) line(n ast.Node) string {
	first, _, more := strings.Cut(g.text(n), "\n")
	if more {
		first += " …"
	}
	return first
}

// funcName names the declaration around the node.
func (g *generator) funcName() string {
	for _, n := range g.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				return n.Name.Name
			}
			recv, star := n.Recv.List[0].Type, ""
			if p, ok := recv.(*ast.StarExpr); ok {
				recv, star = p.X, "*"
			}
			name, _, _ := strings.Cut(types.ExprString(recv), "[") // without type parameters
			return fmt.Sprintf("(%s%s).%s", star, name, n.Name.Name)
		case *ast.ValueSpec:
			return n.Names[0].Name
		}
	}
	return ""
}

// inList returns the statements after n in its list, if it is in one. A statement
// outside of a list, such as the first part of an if, cannot be removed.
func (g *generator) inList(n ast.Node) (after []ast.Stmt, ok bool) {
	stmt, ok := n.(ast.Stmt)
	if !ok || len(g.stack) == 0 {
		return nil, false
	}
	list := syntax.List(g.stack[len(g.stack)-1])
	i := slices.Index(list, stmt)
	return list[i+1:], i >= 0
}

// inFuncBody reports whether the node stands in the outermost list of its function.
func (g *generator) inFuncBody() bool {
	switch g.stack[len(g.stack)-2].(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return true
	}
	return false
}

// call returns the kind of the call that a statement in a list consists of, deferred
// or not, and the statements after it.
func (g *generator) call(n ast.Node) (k kind, deferred bool, after []ast.Stmt) {
	after, ok := g.inList(n)
	if !ok {
		return none, false, nil
	}
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			return g.kindOrHelper(call), false, after
		}
	case *ast.DeferStmt:
		return g.kindOrHelper(n.Call), true, after
	}
	return none, false, nil
}

// method returns the receiver and arguments of the call of a method that a statement
// in a list consists of, and the statements after it; wg is empty for any other node.
func (g *generator) method(n ast.Node, op api.Op) (wg string, args []ast.Expr, after []ast.Stmt) {
	after, ok := g.inList(n)
	if !ok {
		return "", nil, nil
	}
	if stmt, ok := n.(*ast.ExprStmt); ok {
		if call, ok := stmt.X.(*ast.CallExpr); ok && g.apiOp(call) == op {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				return g.text(sel.X), call.Args, after
			}
		}
	}
	return "", nil, nil
}

func (g *generator) kindOrHelper(call *ast.CallExpr) kind {
	if k := g.kindOf(call); k != none {
		return k
	}
	return g.helpers[g.callee(call)]
}

// findCall returns the first call of a kind in a node, or nil. What is in function
// literals or on other goroutines is not done there.
func (g *generator) findCall(in ast.Node, want kind) (found *ast.CallExpr) {
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			if found == nil && g.kindOrHelper(n) == want {
				found = n
			}
		}
		return found == nil
	})
	return found
}

// contains reports whether a node is or has a T, outside of function literals.
func contains[T, N ast.Node](n N) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(T); ok {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})
	return found
}
