package errgroupwait

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds Waits whose error is lost.

// dropped reports a Wait as a statement, if a task returns errors that no other
// Wait of the group and nothing else tells of.
func (g *group) dropped() {
	var lost *model.Op
	for _, op := range g.waits {
		if !g.isDropped(op) {
			return // this one has the error, too
		}
		if lost == nil {
			lost = op
		}
	}
	if lost == nil || g.vague || g.asked() {
		return
	}
	e := g.fails(nil)
	if e == nil {
		return
	}
	start := g.m.Joins.Task(e.task)
	f := g.report(lost.Pos(), fmt.Sprintf("the error of %s.Wait is dropped: the task started at %s can return one", g.name(lost), g.line(start.Pos(), lost.Pos())),
		g.step(start.Pos(), "the task is started here"),
		g.step(e.pos, "it returns the error of this"))
	f.Fix = g.returnFix(lost)
	g.pass.Report(*f)
}

// isDropped reports whether an operation is a call of Wait as a statement, or one
// that a go statement makes. To assign the error to _ is a decision, and a deferred
// Wait only waits.
func (g *group) isDropped(op *model.Op) bool {
	if !op.Only(g.loc) {
		return false
	}
	call, ok := op.Instr.(*ssa.Call)
	return op.Async() || ok && len(*call.Referrers()) == 0 && g.statement(op) != nil
}

// statement returns the statement that is a call and nothing else, or nil.
func (g *group) statement(op *model.Op) *ast.ExprStmt {
	n, _ := g.eng.Syntax.Operation(op.Pos())
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	stmt := syntax.Enclosing[*ast.ExprStmt](g.eng.Syntax, op.Pos())
	if stmt == nil || ast.Unparen(stmt.X) != ast.Expr(call) {
		return nil
	}
	return stmt
}

// asked reports whether something besides the tasks asks the group's context
// why it ended: that is the error of the first task that failed.
func (g *group) asked() bool {
	for _, op := range g.m.Ops() {
		if op.Call != api.CtxErr && op.Call != api.CtxCause || g.isTask(op.Inst.Thread) {
			continue
		}
		for _, l := range op.On {
			if g.isContext(l.Obj) {
				return true
			}
		}
	}
	return false
}
