package witness

import (
	"fmt"
	"go/ast"
	"go/token"

	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// calls returns the call of an expression or a statement, or nil.
func calls(n ast.Node) *ast.CallExpr {
	switch n := n.(type) {
	case *ast.CallExpr:
		return n
	case *ast.DeferStmt:
		return n.Call
	case *ast.GoStmt:
		return n.Call
	}
	return nil
}

// Crash tells about an operation that ends the process.
func (t *Teller) Crash() report.Finding {
	c := t.p.Crash
	start, end := t.eng.Syntax.Span(c.Pos)
	node, operand := t.eng.Syntax.Operation(c.Pos)
	name := ""
	if call := calls(node); call != nil && c.Chan != nil && syntax.Text(call.Fun) != "close" {
		name = " in " + syntax.Text(call.Fun) // a function of another package does it
	} else if operand != nil {
		name = " " + syntax.Text(operand)
	}
	f := report.Finding{Pos: start, End: end, Trace: t.trace(c.G)}
	step := func(pos token.Pos, format string, args ...any) {
		if pos.IsValid() {
			from, to := t.eng.Syntax.Span(pos)
			f.Story = append(f.Story, report.Step{Pos: from, End: to, Message: fmt.Sprintf(format, args...)})
		}
	}
	if c.Chan != nil && c.Chan.Site != nil {
		if pos := t.place(c.Chan.Site.Pos()); pos.IsValid() {
			step(pos, "the channel is made here")
			f.Involved = append(f.Involved, f.Story[0].Pos)
		}
	}
	if c.G.Site != nil {
		step(c.G.Home, "the goroutine is started here")
		f.Involved = append(f.Involved, f.Story[len(f.Story)-1].Pos)
	}
	for _, d := range t.p.Finding.Deviations {
		if text, pos := t.choice(d); text != "" {
			step(pos, "when %s", text)
		}
	}
	if c.Cell != nil {
		step(c.Cell.Origin(), "it is declared here")
	}
	switch {
	case c.Chan != nil && c.Chan.ClosedAt.IsValid():
		step(c.Chan.ClosedAt, "the channel is closed here")
		closed, _ := t.eng.Syntax.Span(c.Chan.ClosedAt)
		f.Involved = append(f.Involved, closed)
		f.Message = fmt.Sprintf("%s%s%s: it is closed at %s", c.Kind, name, t.when(c.Pos), t.line(c.Chan.ClosedAt, c.Pos))
	case c.Cell != nil:
		f.Message = fmt.Sprintf("%s of%s%s: Done is called more often than Add says", c.Kind, name, t.when(c.Pos))
	default:
		f.Message = fmt.Sprintf("%s%s%s", c.Kind, name, t.when(c.Pos))
	}
	if len(f.Story) == 0 {
		step(t.p.Root.Pos(), "it comes to that when this function is called")
	}
	return f
}
