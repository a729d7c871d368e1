package cancelstop

import (
	"fmt"
	"go/ast"
	"go/types"
	"go/version"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the receives from the channel of a Ticker or Timer that the
// same function has stopped before.

// receivesAfterStop reports a receive from the channel of a Ticker or Timer in a
// list of statements in which it has been stopped, whatever Stop has returned,
// and not been mentioned since.
func (s *subject) receivesAfterStop(list []ast.Stmt, stack []ast.Node) {
	for i, stmt := range list {
		call := stopCall(stmt)
		if call == nil {
			continue
		}
		timer := call.Fun.(*ast.SelectorExpr).X
		v := s.varOf(timer)
		if v == nil || !s.isStop(call) || !s.emptiesChannel(call) {
			continue
		}
		if _, ok := s.stops(v); !ok {
			continue // started again, perhaps
		}
		for _, next := range list[i+1:] {
			if at := s.receiveFrom(next, v, timer); at != nil {
				name := syntax.Text(timer)
				s.pass.Report(report.Finding{
					Pos: at.Pos(), End: headEnd(at),
					Message: fmt.Sprintf("receive from %s.C after %s.Stop at %s: nothing is sent any more, it blocks forever",
						name, name, s.line(call.Pos(), at.Pos())),
					Story: append(s.creation(v, name),
						step(call, "it is stopped here, whether or not it had expired"),
						step(at, "no value comes, and the channel is not closed")),
				})
				break
			}
			if s.mentions(next, v) || isLabeled(next) {
				break
			}
		}
	}
}

// stopCall returns the call that a statement consists of, if it is that of a
// method and nothing is done with its result.
func stopCall(stmt ast.Stmt) *ast.CallExpr {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(expr.X).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if _, ok = call.Fun.(*ast.SelectorExpr); !ok {
		return nil
	}
	return call
}

// isStop reports whether a call is one of Stop on a Ticker or Timer.
func (s *subject) isStop(call *ast.CallExpr) bool {
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	return api.MakerOf(f) == api.TimerStop && f.Name() == "Stop"
}

// emptiesChannel reports whether Stop leaves no value behind in the channel, as
// from Go 1.23 on.
func (s *subject) emptiesChannel(call *ast.CallExpr) bool {
	v := s.eng.Info.FileVersions[s.eng.Syntax.File(call.Pos())]
	return !version.IsValid(v) || version.Compare(v, "go1.23") >= 0
}

// receiveFrom returns the receive or range over the channel of a Timer or Ticker
// in a variable, or in the field of the same object, that a statement is, or nil.
func (s *subject) receiveFrom(stmt ast.Stmt, v *types.Var, timer ast.Expr) ast.Node {
	ch, _ := received(stmt)
	var at ast.Node = stmt
	if loop, ok := stmt.(*ast.RangeStmt); ok {
		ch = loop.X
	} else if ch != nil {
		at = receiveIn(stmt)
	}
	if ch == nil || s.timerOf(ch) == nil || s.varOf(s.timerOf(ch)) != v ||
		syntax.Text(s.timerOf(ch)) != syntax.Text(timer) {
		return nil
	}
	return at
}

// mentions reports whether a node mentions a variable.
func (s *subject) mentions(in ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && s.eng.Info.ObjectOf(id) == types.Object(v)
		return !found
	})
	return found
}

func isLabeled(stmt ast.Stmt) bool {
	_, ok := stmt.(*ast.LabeledStmt)
	return ok
}
