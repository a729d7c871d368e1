package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
)

// emptyDefault reports an empty default case of a select that is all there is in
// a loop: while no case is ready, the loop asks again and again instead of
// waiting. Loops that do anything else in a turn, call the scheduler or look at
// the time, are left alone, and tests, which may want to keep a processor busy.
func (s *subject) emptyDefault(l *loop, sel *ast.SelectStmt, clause *ast.CommClause) {
	loop, ok := l.stmt.(*ast.ForStmt)
	if !ok || len(loop.Body.List) != 1 || loop.Body.List[0] != ast.Stmt(sel) || s.inTest(sel.Pos()) {
		return
	}
	if len(clause.Body) > 1 || len(clause.Body) == 1 && !isBranch(clause.Body[0]) {
		return
	}
	if len(sel.Body.List) == 1 && loop.Cond != nil {
		return // waits for memory to change: a race, but no question of channels
	}
	if loop.Post != nil || loop.Cond != nil && s.doesWork(loop.Cond) {
		return
	}
	story := []report.Step{step(loop, "the loop begins here")}
	for _, other := range sel.Body.List {
		comm := other.(*ast.CommClause).Comm
		if comm == nil {
			continue
		}
		if s.doesWork(comm) {
			return // takes its time, and may change something
		}
		story = append(story, step(other, "while this case is not ready, the default is taken, and the next turn begins at once"))
	}
	f := report.Finding{
		Pos: clause.Pos(), End: headEnd(clause), Story: story,
		Message: "the default case is empty: the loop spins while no other case is ready, and never waits",
	}
	if len(sel.Body.List) == 1 {
		f.Message = "the default case is empty and the only one: the loop spins forever"
	} else if loop.Cond == nil {
		f.Fix = s.waitFix(sel, clause)
	}
	s.pass.Report(f)
}

// doesWork reports whether evaluating an expression or communication calls
// anything but the Done of a context.
func (s *subject) doesWork(n ast.Node) bool {
	return contains(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || s.eng.Info.Types[call.Fun].IsType() {
			return false
		}
		switch callee := typeutil.Callee(s.eng.Info, call).(type) {
		case *types.Builtin:
			return false
		case *types.Func:
			return api.Of(callee) != api.CtxDone
		}
		return true
	})
}

// waitFix deletes the default case, so that the select waits.
func (s *subject) waitFix(sel *ast.SelectStmt, clause *ast.CommClause) *report.Fix {
	list := sel.Body.List
	var start, end token.Pos
	for i, c := range list {
		switch {
		case c != ast.Stmt(clause):
		case i > 0:
			start, end = list[i-1].End(), clause.End()
		default:
			start, end = clause.Pos(), list[1].Pos()
		}
	}
	return &report.Fix{
		Message: "Let the select wait",
		Edits:   []report.Edit{{Pos: start, End: end}},
	}
}
