package gospawn

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// fix limits the goroutines, or is nil where that might change more than how
// many of them are alive.
func (f *finder) fix(s *spawn, t *turn, at step) *report.Fix {
	if !f.independent(s, t) {
		return nil // a limit could be a deadlock
	}
	switch s.op {
	case api.EGGo:
		return f.limitGroup(s)
	case api.EGTryGo:
		return nil // what happens to the rejected tasks is for the author to say
	}
	if at.at != ssa.Instruction(s.site) {
		return nil // the start is shared with other callers
	}
	return f.addSemaphore(s, t)
}

// independent reports whether the goroutine comes to its end whatever becomes
// of the others and of the loop: it has no channel operation and no wait, and
// takes no lock that the loop's goroutine takes too.
func (f *finder) independent(s *spawn, t *turn) bool {
	if len(s.threads) != 1 || !f.prog.CanReturn(s.threads[0].Root.Fn) {
		return false
	}
	for _, op := range f.m.Ops() {
		if !s.owns(op) {
			continue
		}
		switch op.Call {
		case api.None, api.CondWait, api.SemAcquire, api.SemTryAcquire, api.WGWait, api.EGWait,
			api.WGGo, api.EGGo, api.EGTryGo, api.CtxDone:
			return false // a channel operation, a wait, or further goroutines
		case api.Lock, api.RLock, api.TryLock:
			if f.sharedLock(s, op) {
				return false
			}
		}
	}
	for _, inst := range f.m.Instances {
		if ownsInstance(s, inst) && len(spawnSites(inst.Fn)) > 0 {
			return false
		}
	}
	return true
}

func ownsInstance(s *spawn, inst *model.Instance) bool {
	return slices.ContainsFunc(s.threads, func(t *model.Thread) bool { return t.Ancestor(inst.Thread) })
}

// sharedLock reports whether someone else than the goroutine takes a lock of
// it, perhaps for the length of the loop.
func (f *finder) sharedLock(s *spawn, op *model.Op) bool {
	if len(op.On) == 0 {
		return true
	}
	for _, l := range op.On {
		if !l.Own() {
			return true // whoever calls may hold it
		}
		for _, other := range f.m.OpsOn(l) {
			if !s.owns(other) && (other.Call == api.Lock || other.Call == api.RLock) {
				return true
			}
		}
	}
	return false
}

// limitGroup sets a limit behind the statement that makes the group.
func (f *finder) limitGroup(s *spawn) *report.Fix {
	groups := f.m.PointsTo(s.inst, s.site.Common().Args[0])
	if len(groups) != 1 || groups[0].Path != "" {
		return nil
	}
	for _, op := range f.m.OpsOn(groups[0]) {
		otherTask := (op.Call == api.EGGo || op.Call == api.EGTryGo) && op.Instr != ssa.Instruction(s.site)
		if otherTask || op.Call == api.EGSetLimit {
			return nil // another kind of task might wait for one of these
		}
	}
	made, name := f.madeBy(groups[0])
	if made == nil || f.eng.Syntax.File(made.Pos()) != f.eng.Syntax.File(s.site.Pos()) {
		return nil
	}
	e := f.pass.Edit(made.Pos())
	e.InsertAfter(made, name+".SetLimit("+e.Import("runtime", made.End())+"GOMAXPROCS(0))")
	return e.Fix("Limit the group to GOMAXPROCS tasks at a time")
}

// madeBy returns the statement that makes a group and the variable that it
// declares for it.
func (f *finder) madeBy(g model.Loc) (made ast.Stmt, name string) {
	for _, n := range f.eng.Syntax.Path(g.Obj.Pos()) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			id, ok := n.Lhs[0].(*ast.Ident)
			if !ok || id.Name == "_" || len(n.Rhs) != 1 || f.eng.Info.Defs[id] == nil || !api.IsGroup(f.eng.Info.Defs[id].Type()) {
				return nil, ""
			}
			return n, id.Name
		case *ast.DeclStmt:
			decl, ok := n.Decl.(*ast.GenDecl)
			if !ok || len(decl.Specs) != 1 {
				return nil, ""
			}
			spec, ok := decl.Specs[0].(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 || !api.IsGroup(f.eng.Info.TypeOf(spec.Names[0])) {
				return nil, ""
			}
			return n, spec.Names[0].Name
		case *ast.FuncLit, *ast.FuncDecl:
			return nil, ""
		}
	}
	return nil, ""
}

// addSemaphore makes a channel of tokens before the loop, takes one before the
// start, and gives it back at the end of the goroutine.
func (f *finder) addSemaphore(s *spawn, t *turn) *report.Fix {
	start, lit := f.startStmt(s)
	loop := f.outermostLoop(s)
	body := f.bodyAround(s)
	if start == nil || lit == nil || loop == nil || body == nil {
		return nil
	}
	if syntax.Enclosing[*ast.CommClause](f.eng.Syntax, start.Pos()) != nil {
		return nil // waiting for a token would keep the select from its other cases
	}
	e := f.pass.Edit(start.Pos())
	sem := e.FreshName(body, "sem")
	e.InsertBefore(loop, sem+" := make(chan struct{}, "+e.Import("runtime", loop.Pos())+"GOMAXPROCS(0))")
	e.InsertBefore(start, sem+" <- struct{}{}")
	e.InsertFirst(lit.Body, "defer func() { <-"+sem+" }()")
	return e.Fix("Take a token of a semaphore before each goroutine starts")
}

// startStmt returns the statement of a start and the function literal that it
// runs.
func (f *finder) startStmt(s *spawn) (ast.Stmt, *ast.FuncLit) {
	op, _ := f.eng.Syntax.Operation(s.site.Pos())
	switch op := op.(type) {
	case *ast.GoStmt:
		lit, _ := ast.Unparen(op.Call.Fun).(*ast.FuncLit)
		return op, lit
	case *ast.CallExpr:
		stmt := syntax.Enclosing[*ast.ExprStmt](f.eng.Syntax, op.Lparen)
		if stmt == nil || stmt.X != ast.Expr(op) || len(op.Args) != 1 {
			return nil, nil
		}
		lit, _ := op.Args[0].(*ast.FuncLit)
		return stmt, lit
	}
	return nil, nil
}

// outermostLoop returns the outermost loop around a start in its function.
func (f *finder) outermostLoop(s *spawn) ast.Stmt {
	var out ast.Stmt
	for _, n := range f.eng.Syntax.Path(s.site.Pos()) {
		switch n := n.(type) {
		case *ast.ForStmt:
			out = n
		case *ast.RangeStmt:
			out = n
		case *ast.FuncLit, *ast.FuncDecl:
			return out
		}
	}
	return out
}

// bodyAround returns the body of the function in which a start stands.
func (f *finder) bodyAround(s *spawn) ast.Node {
	for _, n := range f.eng.Syntax.Path(s.site.Pos()) {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Body
		case *ast.FuncDecl:
			return n.Body
		}
	}
	return nil
}
