package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// countStarted makes the counter of a group agree with the goroutines that are started:
// it counts each where it is started, in place of all of them before; leaves a count out
// that comes before the method Go, which counts itself; does not count the goroutine
// that waits for the others; and waits when all are started.
func (s *Smith) countStarted(wait *machine.Op) []*report.Fix {
	node, group := s.eng.Syntax.Operation(wait.Pos)
	call, ok := node.(*ast.CallExpr)
	if !ok || ident(group) == nil {
		return nil
	}
	v, ok := s.pass.TypesInfo.Uses[ident(group)].(*types.Var)
	fn := s.declaring(v)
	if !ok || fn == nil {
		return nil
	}
	u := groupUses{smith: s, v: v, fn: fn}
	if !u.collect() {
		return nil
	}
	return []*report.Fix{u.laterWait(call), u.eachAdd(), u.noAdd(), u.noGo(call)}
}

// declaring returns the function in which a variable is declared, and which is not just
// a parameter of it, or nil.
func (s *Smith) declaring(v *types.Var) ast.Node {
	if v == nil || v.IsField() || v.Parent() == s.pass.Pkg.Scope() {
		return nil
	}
	for _, n := range s.eng.Syntax.Path(v.Pos()) {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.FuncDecl:
			body = n.Body
		case *ast.FuncLit:
			body = n.Body
		default:
			continue
		}
		if body != nil && within(v.Pos(), body) {
			return n
		}
		return nil // a parameter
	}
	return nil
}

// groupUses is what a function does with a WaitGroup of its own.
type groupUses struct {
	smith *Smith
	v     *types.Var
	fn    ast.Node

	adds   []*ast.ExprStmt
	waits  []*ast.CallExpr
	goes   []*ast.CallExpr // of the method Go
	starts []*ast.GoStmt   // of literals that begin with a deferred Done
}

// collect looks at all uses. It returns false if there are others than calls of the
// methods, or a Done that is not deferred first in a goroutine.
func (u *groupUses) collect() bool {
	s := u.smith
	for id, obj := range s.pass.TypesInfo.Uses {
		if obj != u.v {
			continue
		}
		path := s.eng.Syntax.Path(id.Pos())
		if len(path) < 4 {
			return false
		}
		sel, ok := path[1].(*ast.SelectorExpr)
		call, isCall := path[2].(*ast.CallExpr)
		if !ok || !isCall || call.Fun != ast.Expr(sel) {
			return false
		}
		switch sel.Sel.Name {
		case "Wait":
			u.waits = append(u.waits, call)
		case "Go":
			u.goes = append(u.goes, call)
		case "Add":
			stmt, ok := path[3].(*ast.ExprStmt)
			if !ok {
				return false
			}
			u.adds = append(u.adds, stmt)
		case "Done":
			start := s.startOf(path[3])
			if start == nil || s.function(start) != u.fn {
				return false
			}
			u.starts = append(u.starts, start)
		}
	}
	slices.SortFunc(u.starts, func(x, y *ast.GoStmt) int { return int(x.Pos() - y.Pos()) })
	return true
}

// startOf returns the statement that starts a goroutine which begins with a deferred
// call.
func (s *Smith) startOf(stmt ast.Node) *ast.GoStmt {
	d, ok := stmt.(*ast.DeferStmt)
	if !ok {
		return nil
	}
	lit, ok := s.function(d).(*ast.FuncLit)
	if !ok || len(lit.Body.List) == 0 || lit.Body.List[0] != ast.Stmt(d) {
		return nil
	}
	start, _ := s.started(lit)
	stmtOf, _ := start.(*ast.GoStmt)
	return stmtOf
}

// eachAdd counts each goroutine where it is started:
//
//	wg.Add(len(items))            for _, item := range items {
//	for _, item := range items {       if skip(item) {
//		if skip(item) {                    continue
//			continue                   }
//		}                              wg.Add(1)
//		go func() {                    go func() {
//			defer wg.Done()                defer wg.Done()
//
// It is right where nothing waits before the last of them is started.
func (u *groupUses) eachAdd() *report.Fix {
	s := u.smith
	if len(u.adds) != 1 || len(u.goes) > 0 || len(u.starts) == 0 || s.function(u.adds[0]) != u.fn {
		return nil
	}
	last := u.starts[len(u.starts)-1].End()
	for _, wait := range u.waits {
		if wait.Pos() < last || s.inLoopAfter(wait, u.v.Pos()) {
			return nil
		}
	}
	add := u.adds[0]
	list, i := s.eng.Syntax.Around(add)
	for _, start := range u.starts {
		if i < 0 || !slices.ContainsFunc(list[i+1:], func(stmt ast.Stmt) bool { return within(start.Pos(), stmt) }) {
			return nil // the count is under a condition
		}
	}
	if u.mayForget(add) || add.Pos() > u.starts[0].Pos() || hasCallBut(add.X.(*ast.CallExpr).Args[0], s.pass.TypesInfo) {
		return nil
	}
	e := s.pass.Edit(add.Pos())
	name := u.v.Name()
	if len(u.starts) == 1 && s.isOne(add.X.(*ast.CallExpr).Args[0]) {
		e.MoveBefore(add, u.starts[0])
	} else {
		e.Delete(add)
		for _, start := range u.starts {
			if !syntax.MeansTheSame(s.pass.TypesInfo, s.pass.Pkg, add.X.(*ast.CallExpr).Fun.(*ast.SelectorExpr).X, start.Pos()) {
				return nil
			}
			e.InsertBefore(start, name+".Add(1)")
		}
	}
	return e.Fix("Count each goroutine where it is started")
}

// laterWait waits after the loop that starts the goroutines, which have been counted
// before it:
//
//	wg.Add(len(items))               wg.Add(len(items))
//	for _, item := range items {     for _, item := range items {
//		go func() { … }()                go func() { … }()
//		wg.Wait()                    }
//	}                                wg.Wait()
//
// As many goroutines run at a time then as there are items, so these must be an array,
// a constant number or a field of the receiver: see package gospawn.
func (u *groupUses) laterWait(wait *ast.CallExpr) *report.Fix {
	s := u.smith
	stmt := syntax.Enclosing[*ast.ExprStmt](s.eng.Syntax, wait.Lparen)
	if len(u.adds) != 1 || len(u.waits) != 1 || len(u.starts) != 1 || stmt == nil || stmt.X != ast.Expr(wait) || s.function(stmt) != u.fn {
		return nil
	}
	list, i := s.eng.Syntax.Around(stmt)
	if i < 0 || i != len(list)-1 || !slices.Contains(list, ast.Stmt(u.starts[0])) {
		return nil
	}
	path := s.eng.Syntax.Path(list[0].Pos())
	at := slices.IndexFunc(path, func(n ast.Node) bool { return slices.Contains(syntax.List(n), ast.Stmt(stmt)) })
	if at < 0 || at+1 >= len(path) {
		return nil
	}
	loop, ok := path[at+1].(*ast.RangeStmt)
	if !ok || u.adds[0].End() > loop.Pos() || leavesLoop(loop) || !s.isBounded(loop.X) {
		return nil
	}
	outer, j := s.eng.Syntax.Around(loop)
	if j < 0 || !slices.Contains(outer[:j], ast.Stmt(u.adds[0])) {
		return nil
	}
	e := s.pass.Edit(stmt.Pos())
	e.MoveAfter(stmt, loop)
	return e.Fix("Wait when all goroutines are started")
}

// isBounded reports whether what a loop ranges over has a length that no caller decides.
func (s *Smith) isBounded(e ast.Expr) bool {
	tv := s.pass.TypesInfo.Types[e]
	if _, isArray := tv.Type.Underlying().(*types.Array); isArray || tv.Value != nil {
		return true
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	decl := syntax.Enclosing[*ast.FuncDecl](s.eng.Syntax, e.Pos())
	if !ok || decl == nil || decl.Recv == nil || ident(sel.X) == nil {
		return false
	}
	v := s.pass.TypesInfo.Uses[ident(sel.X)]
	return v != nil && within(v.Pos(), decl.Recv)
}

// leavesLoop reports whether a statement of a loop leaves it, or its turn.
func leavesLoop(loop *ast.RangeStmt) bool {
	leaves := false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.BranchStmt:
			leaves = true
		}
		return !leaves
	})
	return leaves
}

// mayForget reports whether the function has, after a count, a goroutine or callback that
// is not counted, and might have been meant to be.
func (u *groupUses) mayForget(add ast.Stmt) bool {
	counted := make(map[ast.Node]bool)
	for _, start := range u.starts {
		counted[start], counted[start.Call.Fun] = true, true
	}
	forgotten := false
	ast.Inspect(u.fn, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.GoStmt, *ast.FuncLit:
			if n.Pos() < add.Pos() || counted[n] {
				return true
			}
			waits := slices.ContainsFunc(u.waits, func(wait *ast.CallExpr) bool { return within(wait.Pos(), n) })
			forgotten = forgotten || !waits
			return false
		}
		return true
	})
	return forgotten
}

// inLoopAfter reports whether a node stands in a loop that begins after a position.
func (s *Smith) inLoopAfter(n ast.Node, pos token.Pos) bool {
	for _, around := range s.eng.Syntax.Path(n.Pos()) {
		switch around.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if around.Pos() > pos {
				return true
			}
		}
	}
	return false
}

func (s *Smith) isOne(e ast.Expr) bool {
	v := s.pass.TypesInfo.Types[e].Value
	return v != nil && v.ExactString() == "1"
}

// hasCallBut reports whether an expression calls something other than len and cap.
func hasCallBut(e ast.Expr, info *types.Info) bool {
	for n := range ast.Preorder(e) {
		if call, ok := n.(*ast.CallExpr); ok && !isLength(info, call) && !info.Types[call.Fun].IsType() {
			return true
		}
	}
	return false
}

// noAdd leaves out a count before the method Go, which counts itself.
func (u *groupUses) noAdd() *report.Fix {
	s := u.smith
	if len(u.adds) != 1 || len(u.goes) != 1 || len(u.starts) > 0 || !s.isOne(u.adds[0].X.(*ast.CallExpr).Args[0]) {
		return nil
	}
	list, i := s.eng.Syntax.Around(u.adds[0])
	if i < 0 || i+1 >= len(list) {
		return nil
	}
	next, ok := list[i+1].(*ast.ExprStmt)
	if !ok || next.X != ast.Expr(u.goes[0]) {
		return nil
	}
	e := s.pass.Edit(next.Pos())
	e.Delete(u.adds[0])
	return e.Fix("Let " + u.v.Name() + ".Go alone count the goroutine")
}

// noGo starts the goroutine that waits for the others, and closes a channel, without
// being counted:
//
//	wg.Go(func() {     go func() {
//		wg.Wait()          wg.Wait()
//		close(out)         close(out)
//	})                 }()
func (u *groupUses) noGo(wait *ast.CallExpr) *report.Fix {
	s := u.smith
	lit, ok := s.function(wait).(*ast.FuncLit)
	if !ok || len(lit.Body.List) == 0 || lit.Body.List[0].Pos() != wait.Pos() || len(u.waits) != 1 {
		return nil
	}
	for _, call := range u.goes {
		stmt := syntax.Enclosing[*ast.ExprStmt](s.eng.Syntax, call.Lparen)
		if len(call.Args) != 1 || call.Args[0] != ast.Expr(lit) || stmt == nil || stmt.X != call {
			continue
		}
		e := s.pass.Edit(call.Pos())
		e.Replace(span{call.Pos(), lit.Pos()}, "go ")
		e.Replace(span{lit.End(), call.End()}, "()")
		return e.Fix("Do not count the goroutine that waits for the others")
	}
	return nil
}

// A span is the text between two positions.
type span struct{ pos, end token.Pos }

func (s span) Pos() token.Pos { return s.pos }
func (s span) End() token.Pos { return s.end }
