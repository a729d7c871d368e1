package errgroupwait

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// name returns the group as an operation writes it.
func (g *group) name(op *model.Op) string {
	n, e := g.eng.Syntax.Operation(op.Pos())
	if start, ok := n.(*ast.GoStmt); ok {
		if sel, ok := ast.Unparen(start.Call.Fun).(*ast.SelectorExpr); ok {
			e = sel.X
		}
	}
	if e == nil {
		return "the group"
	}
	return syntax.Text(e)
}

// step tells of the operation at a position.
func (g *group) step(p token.Pos, format string, args ...any) report.Step {
	start, end := g.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

func (g *group) line(p, from token.Pos) string { return g.eng.Syntax.LineOf(p, from) }

// report reports what is wrong with the operation at a position.
func (g *group) report(p token.Pos, message string, story ...report.Step) *report.Finding {
	start, end := g.eng.Syntax.Span(p)
	return &report.Finding{Pos: start, End: end, Message: message, Story: story}
}

// number returns the constant that a SetLimit is given.
func number(op *model.Op) (n int64, known bool) {
	call, ok := op.Instr.(ssa.CallInstruction)
	if !ok || len(call.Common().Args) != 2 {
		return 0, false
	}
	c, ok := call.Common().Args[1].(*ssa.Const)
	if !ok || c.Value == nil {
		return 0, false
	}
	return c.Int64(), true
}
