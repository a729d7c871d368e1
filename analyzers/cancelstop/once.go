package cancelstop

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the goroutines that wait for one tick of a Ticker or Timer in a
// field, which another function stops: if it has not fired by then, it never does.

// waitsOnce reports a receive from the channel of a Ticker or Timer, where nothing else
// is waited for, in a function that runs as a goroutine only, if another function stops
// it without having waited for anything.
func (s *subject) waitsOnce(stmt *ast.ExprStmt, stack []ast.Node) {
	ch, _ := received(stmt)
	if ch == nil || s.timerOf(ch) == nil || s.inTest(stmt.Pos()) || s.loopAround(stack) != nil {
		return // a loop over ticks is looked at as a whole
	}
	if parent := stack[len(stack)-1]; isComm(parent, stmt) {
		return // a case of a select
	}
	timer := s.timerOf(ch)
	v := s.varOf(timer)
	fn := funcAround(stack)
	if v == nil || !v.IsField() || !s.isGoroutineOnly(fn, stack) {
		return
	}
	stops, ok := s.stops(v)
	if !ok {
		return
	}
	i := slices.IndexFunc(stops, func(u timerUse) bool {
		return !s.inTest(u.call.Pos()) && !slices.Contains(u.stack, fn) && s.stopsAtOnce(u)
	})
	if i < 0 {
		return
	}
	name, stop := syntax.Text(timer), stops[i]
	s.pass.Report(report.Finding{
		Pos: stmt.Pos(), End: stmt.End(),
		Message: fmt.Sprintf("receive from %s.C blocks forever after %s.Stop at %s, which does not close the channel",
			name, syntax.Text(stop.call.Fun.(*ast.SelectorExpr).X), s.line(stop.call.Pos(), stmt.Pos())),
		Advice: "use time.AfterFunc, whose Stop leaves nothing behind, or wait for a channel as well that is closed beside Stop",
		Story: append(s.creation(v, name),
			step(stmt, "the goroutine waits here for the tick, and for nothing else"),
			step(stop.call, "no tick comes after this Stop, which leaves the channel open")),
	})
}

// isComm reports whether a statement is the communication of a case.
func isComm(parent ast.Node, stmt ast.Stmt) bool {
	clause, ok := parent.(*ast.CommClause)
	return ok && clause.Comm == stmt
}

// isGoroutineOnly reports whether nothing but go statements calls a function.
func (s *subject) isGoroutineOnly(fn ast.Node, stack []ast.Node) bool {
	switch fn := fn.(type) {
	case *ast.FuncLit:
		return isGoroutine(fn, stack)
	case *ast.FuncDecl:
		f, _ := s.eng.Info.Defs[fn.Name].(*types.Func)
		prog := s.eng.Program()
		if f == nil || f.Exported() || prog == nil || prog.FuncOf(f) == nil {
			return false
		}
		calls := prog.Callers(prog.FuncOf(f))
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			_, started := c.(*ssa.Go)
			return !started
		})
	}
	return false
}

// stopsAtOnce reports whether the function of a Stop waits for nothing, such as for the
// goroutine to have taken the tick, and does not ask Stop whether it was in time.
func (s *subject) stopsAtOnce(u timerUse) bool {
	fn := funcAround(u.stack)
	return fn != nil && !contains(bodyOf(fn), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt:
			return true
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.RangeStmt:
			_, isChan := s.eng.Info.TypeOf(n.X).Underlying().(*types.Chan)
			return isChan
		case *ast.CallExpr:
			f, _ := typeutil.Callee(s.eng.Info, n).(*types.Func)
			return api.Of(f) == api.WGWait || api.Of(f) == api.EGWait || api.Of(f) == api.CondWait
		case *ast.IfStmt:
			return n.Cond.Pos() <= u.call.Pos() && u.call.End() <= n.Cond.End() // if !t.Stop(): it knows
		}
		return false
	})
}
