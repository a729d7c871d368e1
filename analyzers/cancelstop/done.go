package cancelstop

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the cases of a select in a loop that are for the end, and from
// which the loop goes on. A channel that is closed is always ready: the loop
// takes the case again in the next turn, and in each turn after that.

// A stopCase is a place in a case of a select in a loop that control reaches
// only when a channel is closed: the body of a case on ctx.Done() or on a
// channel that is only ever closed, or the branch for !ok behind a receive.
type stopCase struct {
	loop   *loop
	sel    *ast.SelectStmt
	clause *ast.CommClause
	ch     ast.Expr   // the channel, or the call of Done
	body   []ast.Stmt // what is executed
	block  *cfg.Block // where that begins
	drains bool       // the channel is known to be closed by !ok
}

// selectInLoop looks at the cases of a select.
func (s *subject) selectInLoop(sel *ast.SelectStmt, stack []ast.Node) {
	l := s.loopAround(stack)
	if l == nil {
		return
	}
	for _, clause := range sel.Body.List {
		clause := clause.(*ast.CommClause)
		if clause.Comm == nil {
			s.emptyDefault(l, sel, clause)
			continue
		}
		for _, c := range s.stopCases(l, sel, clause) {
			s.judge(c)
		}
	}
}

// stopCases returns the places in a case that are for the end.
func (s *subject) stopCases(l *loop, sel *ast.SelectStmt, clause *ast.CommClause) []*stopCase {
	ch, ok := received(clause.Comm)
	if ch == nil {
		return nil
	}
	if s.meansEnd(ch) {
		c := &stopCase{loop: l, sel: sel, clause: clause, ch: ch, body: clause.Body}
		if c.block = l.block(cfg.KindSelectCaseBody, clause); c.block != nil {
			return []*stopCase{c}
		}
		return nil
	}
	if ok == nil || s.varOf(ch) == nil {
		return nil
	}
	var out []*stopCase
	for _, stmt := range clause.Body {
		branch, isIf := stmt.(*ast.IfStmt)
		if !isIf || branch.Init != nil || !s.isNot(branch.Cond, ok) {
			continue
		}
		c := &stopCase{loop: l, sel: sel, clause: clause, ch: ch, body: branch.Body.List, drains: true}
		if c.block = l.block(cfg.KindIfThen, branch); c.block != nil && isBranch(c.last()) {
			out = append(out, c)
		}
	}
	return out
}

// received returns the channel that a communication receives from, and the
// variable for whether it is still open; each may be nil.
func received(comm ast.Stmt) (ch, ok ast.Expr) {
	switch comm := comm.(type) {
	case *ast.ExprStmt:
		ch = comm.X
	case *ast.AssignStmt:
		ch = comm.Rhs[0]
		if len(comm.Lhs) == 2 {
			ok = comm.Lhs[1]
		}
	}
	if recv, isRecv := ast.Unparen(ch).(*ast.UnaryExpr); isRecv && recv.Op == token.ARROW {
		return ast.Unparen(recv.X), ok
	}
	return nil, nil
}

// meansEnd reports whether a receive from a channel means that something is
// over for good.
func (s *subject) meansEnd(ch ast.Expr) bool {
	if s.doneOf(ch) != nil {
		return true
	}
	v := s.varOf(ch)
	return v != nil && (s.holdsDone(v) || s.onlyCloses(v))
}

// doneOf returns the context whose Done an expression calls, or nil.
func (s *subject) doneOf(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || api.Of(f) != api.CtxDone {
		return nil
	}
	return sel.X
}

// isNot reports whether a condition is the negation of a variable.
func (s *subject) isNot(cond, v ast.Expr) bool {
	not, ok := ast.Unparen(cond).(*ast.UnaryExpr)
	return ok && not.Op == token.NOT && s.varOf(v) != nil && s.varOf(not.X) == s.varOf(v)
}

// last returns the statement at the end of the case, or nil.
func (c *stopCase) last() ast.Stmt {
	if len(c.body) == 0 {
		return nil
	}
	return c.body[len(c.body)-1]
}

// isBranch reports whether a statement is a break or continue without a label.
func isBranch(stmt ast.Stmt) bool {
	b, ok := stmt.(*ast.BranchStmt)
	return ok && b.Label == nil && (b.Tok == token.BREAK || b.Tok == token.CONTINUE)
}

// breaks reports whether the case ends with a break of the select.
func (c *stopCase) breaks() bool {
	b, ok := c.last().(*ast.BranchStmt)
	return ok && isBranch(b) && b.Tok == token.BREAK
}

// judge reports the case if the loop goes on after it:
//
//   - control comes back to the select, always, and does nothing on the way that
//     another case, which does leave the loop, may be waiting for
//   - or it may leave the loop somewhere behind the select, as it may without
//     this case: then a break that stands there for nothing else shows what was
//     meant
func (s *subject) judge(c *stopCase) {
	way := c.loop.follow(c.block, c.clause.Comm)
	if !way.back {
		return // what follows the select is the end of the loop
	}
	if way.leaves && s.holds(c.loop, way.nodes) {
		way = c.loop.followUnder(c.block, c.clause.Comm, true)
	}
	if s.asksAgain(c, way.nodes) {
		return // another select of the turn has a case for it, which is judged
	}
	did := s.effectsOf(c.loop, way.nodes, c.sel)
	if !s.steady(c.subject(s), c.loop) {
		return // another channel or context in the next turn
	}
	switch {
	case way.leaves:
		if c.breaks() && !c.drains && s.ignores(c) {
			s.report(c, "the loop goes on with its next turn", false)
		}
	case c.loop.leaves():
		if !did.acts {
			s.report(c, "the loop spins until another case leaves it", true)
		}
	case did.waits:
		if !s.mayEnd(c) {
			s.report(c, "the loop goes on forever", false)
		}
	default:
		s.report(c, "the loop spins forever", true)
	}
}

// asksAgain reports whether one of the nodes is another receive from the channel
// of a case.
func (s *subject) asksAgain(c *stopCase, nodes []ast.Node) bool {
	v := s.varOf(c.subject(s))
	return v != nil && slices.ContainsFunc(nodes, func(n ast.Node) bool {
		stmt, ok := n.(ast.Stmt)
		if !ok || n == ast.Node(c.clause.Comm) {
			return false
		}
		ch, _ := received(stmt)
		if ctx := s.doneOf(ch); ctx != nil {
			ch = ctx
		}
		return ch != nil && s.varOf(ch) == v
	})
}

// subject returns the expression on whose value it depends which channel the
// case receives from: the context or the channel.
func (c *stopCase) subject(s *subject) ast.Expr {
	if ctx := s.doneOf(c.ch); ctx != nil {
		return ctx
	}
	return c.ch
}

// mayEnd reports whether the case calls code that is not seen, and that may be
// there to end the process.
func (s *subject) mayEnd(c *stopCase) bool {
	if isBranch(c.last()) {
		return false
	}
	var nodes []ast.Node
	for _, stmt := range c.body {
		nodes = append(nodes, stmt)
	}
	return s.effectsOf(c.loop, nodes, c.sel).calls
}

// ignores reports whether a break is all that the loop makes of the end: the
// case does nothing else, nothing else in the loop has to do with the context or
// channel, and the work behind the select, which the other cases lead to as
// well, is done whether or not it has come.
func (s *subject) ignores(c *stopCase) bool {
	if !c.loop.counts() && !c.loop.endless() {
		return false // a condition that may be about the same, or a channel that is drained
	}
	var nodes []ast.Node
	for _, stmt := range c.body {
		nodes = append(nodes, stmt)
	}
	if s.effectsOf(c.loop, nodes, c.sel).acts {
		return false
	}
	v := s.varOf(c.subject(s))
	return v != nil && !slices.ContainsFunc(s.uses(v), func(p place) bool {
		at := p.expr.Pos()
		return c.loop.encloses(at) && !(c.clause.Pos() <= at && at < c.clause.Colon)
	}) && s.sharesRest(c)
}

// counts reports whether a loop goes over what is there at its beginning.
func (l *loop) counts() bool {
	switch stmt := l.stmt.(type) {
	case *ast.ForStmt:
		return stmt.Init != nil && stmt.Post != nil
	case *ast.RangeStmt:
		return stmt.X != nil && !l.ticks
	}
	return false
}

// sharesRest reports whether the select is followed by something in its turn
// that another case leads to as well.
func (s *subject) sharesRest(c *stopCase) bool {
	after := c.loop.block(cfg.KindSelectDone, c.sel)
	if after == nil || !c.loop.has(after) {
		return false
	}
	rest := c.loop.follow(after, c.clause.Comm)
	if !slices.ContainsFunc(rest.nodes, func(n ast.Node) bool { return !isCommOf(n, c.sel) && !isControl(n, c.loop) }) {
		return false
	}
	for _, b := range c.loop.graph.Blocks {
		if !b.Live || b == c.block || !slices.Contains(b.Succs, after) {
			continue
		}
		// Not from within the case itself.
		if b.Stmt != nil && c.clause.Pos() <= b.Stmt.Pos() && b.Stmt.End() <= c.clause.End() && b.Kind != cfg.KindSelectAfterCase {
			continue
		}
		return true
	}
	return false
}

// isControl reports whether a node is part of the loop's own head.
func isControl(n ast.Node, l *loop) bool {
	return !(l.body.Pos() <= n.Pos() && n.Pos() < l.body.End())
}

// report reports a case after which the loop goes on as said.
func (s *subject) report(c *stopCase, how string, always bool) {
	var at ast.Node = c.clause
	kind := "this case does not leave"
	if isBranch(c.last()) {
		at = c.last()
		kind = "continue stays in"
		if c.breaks() {
			kind = "break leaves the select, not"
		}
	}
	since, what := syntax.Text(c.ch)+" is closed", syntax.Text(c.ch)
	if ctx := s.doneOf(c.ch); ctx != nil {
		since = syntax.Text(ctx) + " is done"
	}
	story := []report.Step{step(c.loop.stmt, "the loop begins here")}
	if at != ast.Node(c.clause) {
		story = append(story, step(c.clause, "once %s, %s is ready in every turn", since, what))
	}
	if always {
		story = append(story, step(c.sel, "control comes back to this select at once, and finds the case ready again"))
	} else {
		story = append(story, step(c.sel, "the loop comes back to this select, and finds the case ready again"))
	}
	s.pass.Report(report.Finding{
		Pos: at.Pos(), End: headEnd(at),
		Message: fmt.Sprintf("%s the %s loop: after %s %s", kind, c.loop.keyword(), since, how),
		Story:   story,
		Fix:     s.leaveFix(c),
	})
}

// keyword names the kind of loop.
func (l *loop) keyword() string {
	if _, ok := l.stmt.(*ast.RangeStmt); ok {
		return "range"
	}
	return "for"
}
