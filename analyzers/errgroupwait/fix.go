package errgroupwait

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// returnFix returns the error of a Wait, where the next statement returns nil as
// the error of the same function:
//
//	g.Wait()          return g.Wait()
//	return nil
//
//	g.Wait()          if err := g.Wait(); err != nil {
//	return n, nil         return 0, err
//	                  }
//	                  return n, nil
//
// Nothing else runs between Wait and the return, so nothing is left out but what
// the caller must not use beside an error.
func (g *group) returnFix(op *model.Op) *report.Fix {
	stmt := g.statement(op)
	if stmt == nil {
		return nil // a go statement
	}
	ret, ok := g.next(stmt).(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return nil
	}
	results := op.Inst.Fn.Signature.Results()
	last := len(ret.Results) - 1
	if results.Len() != len(ret.Results) || !api.IsError(results.At(last).Type()) || !g.isNil(ret.Results[last]) {
		return nil
	}
	e := g.pass.Edit(stmt.Pos())
	wait := e.Text(stmt.X)
	if last == 0 {
		e.Replace(stmt, "return "+wait)
		e.Delete(ret)
		return e.Fix("Return the error of Wait")
	}
	values := ""
	for i := range last {
		zero := zeroOf(results.At(i).Type())
		if zero == "" {
			return nil
		}
		values += zero + ", "
	}
	e.Replace(stmt, "if err := "+wait+"; err != nil {\n"+g.indent(stmt)+"\treturn "+values+"err\n"+g.indent(stmt)+"}")
	return e.Fix("Return the error of Wait")
}

// next returns the statement that follows another one in its block, or nil.
func (g *group) next(stmt ast.Stmt) ast.Stmt {
	list, i := g.eng.Syntax.Around(stmt)
	if i < 0 || i+1 >= len(list) {
		return nil
	}
	return list[i+1]
}

// indent returns the indentation of a statement's line.
func (g *group) indent(stmt ast.Stmt) string {
	column := g.eng.Fset.Position(stmt.Pos()).Column
	out := ""
	for range column - 1 {
		out += "\t" // as gofmt has it: one byte for each level
	}
	return out
}

func (g *group) isNil(e ast.Expr) bool {
	tv, ok := g.eng.Info.Types[e]
	return ok && tv.IsNil()
}

// zeroOf returns the zero value of a type as source, or "" where it takes more
// than a word.
func zeroOf(t types.Type) string {
	if _, ok := t.(*types.TypeParam); ok {
		return ""
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return "nil"
	case *types.Basic:
		switch {
		case u.Info()&types.IsNumeric != 0:
			return "0"
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsBoolean != 0:
			return "false"
		}
	}
	return ""
}

// inFrontOfGoes returns the statement that a SetLimit is, and the first statement
// of its block with a Go of the group in it, if that comes before.
func (g *group) inFrontOfGoes(op *model.Op) (stmt, before ast.Stmt) {
	call := g.statement(op)
	if call == nil {
		return nil, nil
	}
	list, i := g.eng.Syntax.Around(call)
	for _, s := range list[:max(i, 0)] {
		for _, start := range g.goes {
			if s.Pos() <= start.Pos() && start.Pos() < s.End() && start.Inst == op.Inst {
				return call, s
			}
		}
	}
	return nil, nil
}

// localFix declares an error variable in the tasks that assign the shared one,
// as long as nobody reads that one for what the tasks have left in it.
func (g *group) localFix(writes []write) *report.Fix {
	first := writes[0]
	if first.isMap || first.path != "" || !isErrorVariable(first.variable) {
		return nil
	}
	var literals []*ast.FuncLit
	for _, w := range writes {
		lit := g.literal(w.start)
		if lit == nil || lit.Type.Results == nil || len(lit.Type.Params.List) > 0 {
			return nil
		}
		if !slices.Contains(literals, lit) {
			literals = append(literals, lit)
		}
	}
	v := g.variable(first)
	if v == nil || !g.unread(v, literals) {
		return nil
	}
	e := g.pass.Edit(first.instr.Pos())
	for _, lit := range literals {
		e.InsertFirst(lit.Body, "var "+v.Name()+" error")
	}
	return e.Fix("Give each task a variable " + v.Name() + " of its own")
}

func isErrorVariable(v *ssa.Alloc) bool {
	p, ok := v.Type().Underlying().(*types.Pointer)
	return ok && api.IsError(p.Elem())
}

// literal returns the function literal that a Go is given, or nil.
func (g *group) literal(start *model.Op) *ast.FuncLit {
	n, _ := g.eng.Syntax.Operation(start.Pos())
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	lit, _ := ast.Unparen(call.Args[0]).(*ast.FuncLit)
	return lit
}

// variable returns the variable that a write is to.
func (g *group) variable(w write) *types.Var {
	id := syntax.Enclosing[*ast.Ident](g.eng.Syntax, w.instr.Pos())
	if id == nil {
		return nil
	}
	v, _ := g.eng.Info.Uses[id].(*types.Var)
	return v
}

// unread reports whether nothing reads the value that the given function literals
// leave in a variable, and nothing in them the value that it had before: no other
// function refers to it, it is no result, what comes after them assigns it first,
// and they do so themselves.
func (g *group) unread(v *types.Var, literals []*ast.FuncLit) bool {
	decl := syntax.Enclosing[*ast.FuncDecl](g.eng.Syntax, v.Pos())
	if decl == nil || decl.Type.Results != nil && within(v.Pos(), decl.Type.Results) {
		return false
	}
	assigned := g.assignments(decl.Body, v)
	first := make(map[*ast.FuncLit]bool) // has been assigned in it
	after := false                       // has been assigned after the first literal
	ok := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		id, isIdent := n.(*ast.Ident)
		if !isIdent || g.eng.Info.Uses[id] != v {
			return ok
		}
		for _, lit := range literals {
			if within(id.Pos(), lit) {
				if !first[lit] && !assigned[id] {
					ok = false // reads what it was before
				}
				first[lit] = true
				return ok
			}
		}
		switch lit := syntax.Enclosing[*ast.FuncLit](g.eng.Syntax, id.Pos()); {
		case lit != nil && !within(v.Pos(), lit):
			ok = false // a function that may run at any time
		case id.Pos() > literals[0].Pos() && !after:
			ok = assigned[id] && within(literals[0].Pos(), g.block(id))
			after = true
		case g.inLoopWith(id, literals[0]) && !assigned[id]:
			ok = false // the next turn
		}
		return ok
	})
	return ok
}

// assignments returns the identifiers at which a variable is assigned by a
// statement that does not read it.
func (g *group) assignments(body ast.Node, v *types.Var) map[*ast.Ident]bool {
	out := make(map[*ast.Ident]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		stmt, ok := n.(*ast.AssignStmt)
		if !ok || stmt.Tok != token.ASSIGN || slices.ContainsFunc(stmt.Rhs, func(e ast.Expr) bool { return g.mentions(e, v) }) {
			return true
		}
		for _, l := range stmt.Lhs {
			if id, ok := ast.Unparen(l).(*ast.Ident); ok && g.eng.Info.Uses[id] == v {
				out[id] = true
			}
		}
		return true
	})
	return out
}

func (g *group) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && g.eng.Info.Uses[id] == v
		return !found
	})
	return found
}

// block returns the innermost block around an identifier.
func (g *group) block(id *ast.Ident) ast.Node {
	for _, n := range g.eng.Syntax.Path(id.Pos()) {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return n
		}
	}
	return id
}

// inLoopWith reports whether a loop contains both an identifier and a literal.
func (g *group) inLoopWith(id *ast.Ident, lit *ast.FuncLit) bool {
	for _, n := range g.eng.Syntax.Path(lit.Pos()) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if within(id.Pos(), n) {
				return true
			}
		}
	}
	return false
}

func within(p token.Pos, n ast.Node) bool { return n.Pos() <= p && p < n.End() }
