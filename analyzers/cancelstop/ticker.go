package cancelstop

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the loops over the ticks of a Ticker or Timer that is stopped.
// Stop does not close the channel: nothing comes out of it any more.

// timerOf returns the Ticker or Timer whose channel C an expression is, or nil.
func (s *subject) timerOf(ch ast.Expr) ast.Expr {
	sel, ok := ast.Unparen(ch).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "C" || !api.IsTimer(s.eng.Info.TypeOf(sel.X)) {
		return nil
	}
	return sel.X
}

// A timerUse is what is done with a Ticker or Timer where it is mentioned.
type timerUse struct {
	place
	call *ast.CallExpr // of Stop
}

// stops returns the calls of Stop on the Ticker or Timer in a variable. It is
// not ok if a Reset may start it again, or the variable or its value gets where
// that cannot be seen. An exported field is as good as another one if the package
// makes the Ticker itself: no more than a Reset by others would end its silence.
func (s *subject) stops(v *types.Var) (stops []timerUse, ok bool) {
	if isShared(v) && (!v.IsField() || v.Embedded()) || s.eng.SelectedElsewhere(v.Name()) {
		return nil, false
	}
	makes := false
	for _, p := range s.uses(v) {
		switch n := p.parent().(type) {
		case *ast.AssignStmt, *ast.KeyValueExpr, *ast.ValueSpec:
			if !s.setsTimer(n, p) {
				return nil, false // has another name as well
			}
			makes = true
		case *ast.Field:
			if !v.IsField() {
				return nil, false // a parameter: the caller has it too
			}
		case *ast.BinaryExpr: // compared with nil
		case *ast.SelectorExpr:
			switch call := p.callOf(n); {
			case n.Sel.Name == "C", call == nil && n.Sel.Name == "Stop":
			case call != nil && n.Sel.Name == "Stop":
				stops = append(stops, timerUse{p, call})
			default:
				return nil, false // Reset
			}
		default:
			return nil, false
		}
	}
	return stops, makes || !isShared(v)
}

// setsTimer reports whether a mention declares or sets a variable, to nil or a
// new Ticker or Timer.
func (s *subject) setsTimer(n ast.Node, p place) bool {
	isNew := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return s.eng.Info.Types[e].IsNil()
		}
		f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
		return api.MakerOf(f) == api.NewTimer
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		i := slices.IndexFunc(n.Lhs, p.is)
		return i >= 0 && len(n.Lhs) == len(n.Rhs) && isNew(n.Rhs[i])
	case *ast.KeyValueExpr:
		return p.is(n.Key) && isNew(n.Value)
	case *ast.ValueSpec:
		i := slices.IndexFunc(n.Names, func(id *ast.Ident) bool { return p.is(id) })
		return i >= 0 && (len(n.Values) == 0 || len(n.Values) == len(n.Names) && isNew(n.Values[i]))
	}
	return false
}

// callOf returns the call of a method of what is mentioned, or nil.
func (p place) callOf(method *ast.SelectorExpr) *ast.CallExpr {
	i := slices.Index(p.stack, ast.Node(method))
	if i < 1 || !p.is(method.X) {
		return nil
	}
	call, ok := p.stack[i-1].(*ast.CallExpr)
	if !ok || call.Fun != ast.Expr(method) {
		return nil
	}
	return call
}

// ticksForever reports a loop in a goroutine that waits for the next tick in
// each turn and has no way out, if the Ticker is stopped elsewhere.
func (s *subject) ticksForever(stmt ast.Stmt, stack []ast.Node) {
	ch, at := s.waitsForTick(stmt)
	if ch == nil || s.inTest(stmt.Pos()) {
		return
	}
	timer := s.timerOf(ch)
	v := s.varOf(timer)
	if v == nil {
		return
	}
	l := s.newLoop(stmt, stack)
	if l == nil || l.leaves() {
		return
	}
	stops, ok := s.stops(v)
	if !ok {
		return
	}
	i := slices.IndexFunc(stops, func(u timerUse) bool {
		return s.mayBeSame(u.expr, timer) && s.stopsElsewhere(u, l, v)
	})
	if i < 0 {
		return // it is never stopped, or only where the loop has ended
	}
	name, stop := syntax.Text(timer), stops[i]
	story := s.creation(v, name)
	story = append(story,
		step(at, "the loop waits here for the next tick; nothing else ends it"),
		step(stop.call, "no tick comes after this Stop, which leaves the channel open"))
	what := "range over " + name + ".C"
	if _, isFor := stmt.(*ast.ForStmt); isFor {
		what = "receive from " + name + ".C in a loop"
	}
	s.pass.Report(report.Finding{
		Pos: at.Pos(), End: headEnd(at), Story: story, Fix: s.tickerFix(l, v, stops),
		Message: fmt.Sprintf("%s blocks forever after %s.Stop at %s, which does not close the channel",
			what, syntax.Text(stop.call.Fun.(*ast.SelectorExpr).X), s.line(stop.call.Pos(), at.Pos())),
	})
}

// waitsForTick returns the channel of a Ticker or Timer from which a loop
// receives in each turn before it does anything else, and the operation.
func (s *subject) waitsForTick(stmt ast.Stmt) (ch ast.Expr, at ast.Node) {
	switch stmt := stmt.(type) {
	case *ast.RangeStmt:
		if s.timerOf(stmt.X) != nil {
			return stmt.X, stmt
		}
	case *ast.ForStmt:
		if stmt.Cond != nil || len(stmt.Body.List) == 0 {
			return nil, nil
		}
		first := stmt.Body.List[0]
		if sel, ok := first.(*ast.SelectStmt); ok && len(sel.Body.List) == 1 {
			first = sel.Body.List[0].(*ast.CommClause).Comm
		}
		if first == nil {
			return nil, nil
		}
		if ch, _ := received(first); ch != nil && s.timerOf(ch) != nil {
			return ch, receiveIn(first)
		}
	}
	return nil, nil
}

// receiveIn returns the receive expression in a statement, or the statement.
func receiveIn(stmt ast.Stmt) (recv ast.Node) {
	recv = stmt
	contains(stmt, func(n ast.Node) bool {
		e, ok := n.(*ast.UnaryExpr)
		if ok = ok && e.Op == token.ARROW; ok {
			recv = e
		}
		return ok
	})
	return recv
}

// stopsElsewhere reports whether a Stop is executed while the loop may be
// waiting: not in the loop's own function, which does not come to it, nor in
// what this defers. For a variable of a function, the loop must be in a
// goroutine that this function starts, and the Stop one that it comes to.
func (s *subject) stopsElsewhere(u timerUse, l *loop, v *types.Var) bool {
	if s.inTest(u.call.Pos()) {
		return false
	}
	for i := len(u.stack) - 1; i >= 0; i-- {
		if u.stack[i] == l.fn {
			return s.startedIn(u.stack[i+1:])
		}
	}
	if v.IsField() || v.Parent() == v.Pkg().Scope() {
		return true
	}
	// A local variable: the Stop is in a function around the loop's.
	lit, ok := l.fn.(*ast.FuncLit)
	return ok && isGoroutine(lit, l.outer) && s.comesTo(u, l)
}

// startedIn reports whether nodes within a function lead through a goroutine
// that it starts, or a function literal that it gives away.
func (s *subject) startedIn(path []ast.Node) bool {
	for i, n := range path {
		lit, ok := n.(*ast.FuncLit)
		if !ok || i < 2 {
			continue
		}
		call, ok := path[i-1].(*ast.CallExpr)
		if !ok {
			return false // kept: nobody knows who calls it
		}
		if ast.Unparen(call.Fun) != ast.Expr(lit) {
			f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
			return api.Of(f) == api.TimerFunc || api.MakerOf(f) == api.CtxAfter
		}
		_, started := path[i-2].(*ast.GoStmt)
		return started
	}
	return false
}

// isGoroutine reports whether a function literal is called by a go statement.
func isGoroutine(lit *ast.FuncLit, stack []ast.Node) bool {
	i := slices.Index(stack, ast.Node(lit))
	if i < 2 {
		return false
	}
	call, ok := stack[i-1].(*ast.CallExpr)
	if !ok || ast.Unparen(call.Fun) != ast.Expr(lit) {
		return false
	}
	_, ok = stack[i-2].(*ast.GoStmt)
	return ok
}

// comesTo reports whether a Stop on a local variable is executed while the
// process goes on: its function does not wait for goroutines, such as the one of
// the loop, nor forever, and is executed more often than once.
func (s *subject) comesTo(u timerUse, l *loop) bool {
	fn := funcAround(u.stack)
	if contains(bodyOf(fn), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return isEmptySelect(n)
		}
		f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
		return api.Of(f) == api.WGWait || api.Of(f) == api.EGWait
	}) {
		return false
	}
	decl, ok := u.stack[1].(*ast.FuncDecl)
	prog := s.eng.Program()
	if !ok || prog == nil {
		return false
	}
	f, _ := s.eng.Info.Defs[decl.Name].(*types.Func)
	top := prog.FuncOf(f)
	return top != nil && prog.CanReturn(top) && !prog.RunsOnce(top)
}

// creation tells where the Ticker or Timer in a variable is made.
func (s *subject) creation(v *types.Var, name string) []report.Step {
	for _, p := range s.uses(v) {
		switch n := p.parent().(type) {
		case *ast.AssignStmt:
			if slices.ContainsFunc(n.Lhs, p.is) {
				return []report.Step{step(n, "%s is made here", name)}
			}
		case *ast.KeyValueExpr:
			return []report.Step{step(n, "%s is made here", name)}
		}
	}
	return nil
}
