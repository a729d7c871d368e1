package lockblock

import (
	"fmt"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// neverWoken reports waits on a Cond in a field or variable that only the
// package can reach, on which nothing calls Signal or Broadcast.
func (c *checker) neverWoken() {
	for _, w := range fields.Waits(c.prog, api.CondWait) {
		v := c.eng.Field(w.Var)
		woken := v.Has(func(u fields.Use) bool { return u.Call != api.CondWait })
		if v.Leaks || woken || c.eng.SelectedElsewhere(w.Var.Name()) {
			continue
		}
		start, end := c.eng.Syntax.Span(w.Call.Pos())
		name := w.Var.Name()
		if _, operand := c.eng.Syntax.Operation(w.Call.Pos()); operand != nil {
			name = syntax.Text(operand)
		}
		c.pass.Report(report.Finding{
			Pos: start, End: end,
			Message: fmt.Sprintf("%s.Wait blocks forever: nothing calls Signal or Broadcast on it", name),
			Story:   []report.Step{{Pos: w.Var.Pos(), Message: "it is declared here"}},
		})
	}
}
