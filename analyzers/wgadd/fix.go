package wgadd

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

const fixMessage = "Call Add before the goroutine is started"

// moveFix offers to move an Add in front of the go statement that starts t.
//
// It is safe where the Add is executed just once per goroutine and on every
// path: a statement of the goroutine's own body, with nothing before it that
// could leave the body, and with a Done to take the count back. What it names
// must mean the same in front of the go statement, so its amount is a constant.
func (g *group) moveFix(add *model.Op, t *model.Thread) *report.Fix {
	start := syntax.Enclosing[*ast.GoStmt](g.eng.Syntax, t.Site.Pos())
	if _, ok := t.Site.(*ssa.Go); !ok || start == nil || add.Call != api.WGAdd {
		return nil // started by a function: where to count is up to the reader
	}
	call := syntax.Enclosing[*ast.CallExpr](g.eng.Syntax, add.Pos())
	if call == nil || len(call.Args) != 1 || !g.isConstant(call.Args[0]) {
		return nil
	}
	stmt, list := g.statement(call)
	if stmt == nil {
		return nil
	}
	if add.Inst.Thread != t {
		return g.moveUp(stmt, list, start)
	}
	if t.Parent.Kind != model.Main {
		return nil // started by a goroutine that Wait can overtake as well
	}
	if add.Inst != t.Root || !g.doneAfter(add, t) || leavesBefore(list, stmt) {
		return nil
	}
	if lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit); ok {
		if lit.Body.List == nil || !same(list, lit.Body.List) {
			return nil // under a condition, or in a loop
		}
		if id := root(call); id == nil || !g.declaredOutside(id, lit) {
			return nil // a parameter of the literal, or a group of its own
		}
		if fix := g.goFix(call, stmt, start, lit); fix != nil {
			return fix
		}
		e := g.pass.Edit(start.Pos())
		e.MoveBefore(stmt, start)
		return e.Fix(fixMessage)
	}
	return g.moveOut(add, call, stmt, list, start)
}

// moveUp moves an Add that follows the go statement in the same block.
func (g *group) moveUp(stmt ast.Stmt, list []ast.Stmt, start *ast.GoStmt) *report.Fix {
	for _, s := range list {
		if s == start {
			e := g.pass.Edit(start.Pos())
			e.MoveBefore(stmt, start)
			return e.Fix(fixMessage)
		}
		if s == stmt {
			return nil // it stands before the go statement: a loop
		}
	}
	return nil // in different blocks
}

// moveOut moves an Add out of the named function that the go statement starts.
// Only that statement may start it, and the group must be reached through the
// receiver or a parameter.
func (g *group) moveOut(add *model.Op, call *ast.CallExpr, stmt ast.Stmt, list []ast.Stmt, start *ast.GoStmt) *report.Fix {
	fn := add.Inst.Fn
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || len(g.eng.Program().Callers(fn)) != 1 || !same(list, decl.Body.List) {
		return nil // others rely on the Add, or it is under a condition
	}
	if obj := fn.Object(); obj == nil || obj.Exported() || g.eng.Syntax.File(decl.Pos()) != g.eng.Syntax.File(start.Pos()) {
		return nil // other packages may call it; a fix has one file
	}
	id := root(call)
	if id == nil {
		return nil
	}
	arg := g.argument(id, decl, start.Call)
	if arg == nil {
		return nil
	}
	e := g.pass.Edit(start.Pos())
	text := e.Text(call)
	// The operand's first identifier is its root, the argument takes its place.
	offset := int(id.Pos() - call.Pos())
	if len(text) < offset+len(id.Name) {
		return nil // the source could not be read
	}
	text = text[:offset] + e.Text(arg) + text[offset+len(id.Name):]
	e.MoveBeforeAs(stmt, start, text)
	return e.Fix(fixMessage)
}

// argument returns what a call passes for the receiver or parameter that id
// names, without an address operator, if it is a plain name or selection.
func (g *group) argument(id *ast.Ident, decl *ast.FuncDecl, call *ast.CallExpr) ast.Expr {
	obj := g.eng.Info.ObjectOf(id)
	var arg ast.Expr
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && decl.Recv != nil && declares(g.eng.Info, decl.Recv, obj) >= 0 {
		arg = sel.X
	} else if i := declares(g.eng.Info, decl.Type.Params, obj); i >= 0 && i < len(call.Args) {
		arg = call.Args[i]
	}
	if u, ok := arg.(*ast.UnaryExpr); ok && u.Op == token.AND {
		arg = u.X
	}
	for e := arg; ; {
		switch x := e.(type) {
		case *ast.Ident:
			return arg
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// declares returns the index of obj among the names of a field list, or -1.
func declares(info *types.Info, fields *ast.FieldList, obj types.Object) int {
	i := 0
	for _, f := range fields.List {
		for _, name := range f.Names {
			if info.Defs[name] == obj && obj != nil {
				return i
			}
			i++
		}
	}
	return -1
}

// root returns the identifier that the receiver of a method call begins with,
// as wg in wg.Add or s in s.state.wg.Add.
func root(call *ast.CallExpr) *ast.Ident {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	for e := sel.X; ; {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// statement returns the expression statement that is the call, and the list in
// which it stands.
func (g *group) statement(call *ast.CallExpr) (ast.Stmt, []ast.Stmt) {
	var stmt ast.Stmt
	for _, n := range g.eng.Syntax.Path(call.Lparen) {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if n.X == call {
				stmt = n
			}
		case *ast.BlockStmt:
			return stmt, n.List
		case *ast.CaseClause, *ast.CommClause:
			return nil, nil
		}
	}
	return nil, nil
}

func same(a, b []ast.Stmt) bool { return len(a) > 0 && len(b) > 0 && a[0] == b[0] }

// leavesBefore reports whether a statement before stmt in its list may leave
// the function, or jump.
func leavesBefore(list []ast.Stmt, stmt ast.Stmt) bool {
	leaves := false
	for _, s := range list {
		if s == stmt {
			break
		}
		ast.Inspect(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.ReturnStmt, *ast.BranchStmt, *ast.SelectStmt, *ast.LabeledStmt:
				leaves = true
			case *ast.FuncLit:
				return false
			}
			return !leaves
		})
	}
	return leaves
}

// doneAfter reports whether the goroutine t takes back the count of add on every
// path: by one deferred Done, not the Adds of goroutines that it starts.
func (g *group) doneAfter(add *model.Op, t *model.Thread) bool {
	own := g.in(g.dones, t)
	if len(own) != 1 || !own[0].Deferred() || own[0].Inst != t.Root || len(g.in(g.adds, t)) != 1 {
		return false
	}
	return !g.childTakes(t)
}

func (g *group) isConstant(e ast.Expr) bool {
	tv, ok := g.eng.Info.Types[e]
	return ok && tv.Value != nil
}

func (g *group) declaredOutside(id *ast.Ident, lit *ast.FuncLit) bool {
	obj := g.eng.Info.ObjectOf(id)
	return obj != nil && (obj.Pos() < lit.Pos() || obj.Pos() > lit.End())
}
