package cancelstop

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// leaveFix makes a case leave its loop: by a return where the function has no
// results and ends with the loop, by a break with a label elsewhere. It returns
// nil where other cases may still have something to serve, and where the end of
// a function with results would come in sight, since it needs a return then.
func (s *subject) leaveFix(c *stopCase) *report.Fix {
	if c.drains && !s.onlyEnds(c) {
		return nil
	}
	last := c.last()
	if last == nil && c.drains || last != nil && !isBranch(last) && isJump(last) {
		return nil
	}
	e := s.pass.Edit(c.loop.stmt.Pos())
	exit := "return"
	if !s.endsWith(c.loop) {
		list, i := enclosingList(c.loop)
		sig := s.signature(c.loop.fn)
		if list == nil || sig == nil || sig.Results().Len() > 0 && i == len(list)-1 {
			return nil
		}
		exit = "break " + s.label(e, c.loop)
	}
	switch {
	case isBranch(last):
		e.Replace(last, exit)
	case last == nil:
		e.InsertFirst(c.clause, exit)
	default:
		e.InsertAfter(last, exit)
	}
	return e.Fix("Leave the loop")
}

// onlyEnds reports whether all other cases of the select are for an end too.
func (s *subject) onlyEnds(c *stopCase) bool {
	return !slices.ContainsFunc(c.sel.Body.List, func(stmt ast.Stmt) bool {
		clause := stmt.(*ast.CommClause)
		if clause == c.clause || clause.Comm == nil {
			return false
		}
		ch, _ := received(clause.Comm)
		return ch == nil || !s.meansEnd(ch)
	})
}

// isJump reports whether control does not go beyond a statement.
func isJump(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.BranchStmt, *ast.ReturnStmt:
		return true
	}
	return false
}

// endsWith reports whether the loop is the last statement of its function, and
// the function has no results.
func (s *subject) endsWith(l *loop) bool {
	sig := s.signature(l.fn)
	list, i := enclosingList(l)
	body := bodyOf(l.fn)
	return sig != nil && sig.Results().Len() == 0 && list != nil && i == len(list)-1 && body.List[len(body.List)-1] == list[i]
}

// enclosingList returns the statements among which the loop stands, with its
// label, and its place there.
func enclosingList(l *loop) ([]ast.Stmt, int) {
	var stmt ast.Stmt = l.stmt
	for i := len(l.outer) - 1; i >= 0; i-- {
		if n, ok := l.outer[i].(*ast.LabeledStmt); ok {
			stmt = n
			continue
		}
		list := syntax.List(l.outer[i])
		return list, slices.Index(list, stmt)
	}
	return nil, -1
}

// label returns the label of a loop, which it gets if it has none.
func (s *subject) label(e *report.Editor, l *loop) string {
	if labeled, ok := l.outer[len(l.outer)-1].(*ast.LabeledStmt); ok {
		return labeled.Label.Name
	}
	name := e.FreshName(l.fn, "loop")
	before := s.eng.Fset.PositionFor(l.stmt.Pos(), false).Column - 1 // tabs
	e.Insert(l.stmt.Pos()-token.Pos(before), strings.Repeat("\t", max(before-1, 0))+name+":\n")
	return name
}
