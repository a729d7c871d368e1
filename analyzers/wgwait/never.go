package wgwait

import (
	"fmt"
	"go/constant"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// neverDone reports groups in fields and variables that only the package can
// reach, to which something is added and of which nothing is ever counted down.
// No run needs to be seen for that.
func neverDone(pass *check.Pass, eng *engine.Package) {
	if eng.Program() == nil {
		return
	}
	for _, w := range fields.Waits(eng.Program(), api.WGWait) {
		v := eng.Field(w.Var)
		if v.Leaks || eng.SelectedElsewhere(w.Var.Name()) {
			continue
		}
		add := onlyAdded(v)
		if add == nil {
			continue
		}
		start, end := eng.Syntax.Span(w.Call.Pos())
		name := w.Var.Name()
		if _, operand := eng.Syntax.Operation(w.Call.Pos()); operand != nil {
			name = syntax.Text(operand)
		}
		from, to := eng.Syntax.Span(add.Pos())
		pass.Report(report.Finding{
			Pos: start, End: end,
			Message: fmt.Sprintf("%s.Wait blocks forever after the Add at %s: nothing calls Done on it", name, eng.Syntax.LineOf(add.Pos(), w.Call.Pos())),
			Story: []report.Step{
				{Pos: w.Var.Pos(), Message: "it is declared here"},
				{Pos: from, End: to, Message: "it is counted up here, and nowhere down"},
			},
		})
	}
}

// onlyAdded returns an Add of a positive number if nothing else changes the
// counter.
func onlyAdded(v *fields.Var) ssa.Instruction {
	var add ssa.Instruction
	for _, u := range v.Uses {
		switch u.Call {
		case api.WGWait:
		case api.WGAdd:
			call, ok := u.Instr.(ssa.CallInstruction)
			if !ok || len(call.Common().Args) != 2 {
				return nil
			}
			n, ok := call.Common().Args[1].(*ssa.Const)
			if !ok || n.Value == nil || constant.Sign(n.Value) <= 0 {
				return nil
			}
			add = u.Instr
		default:
			return nil
		}
	}
	return add
}
