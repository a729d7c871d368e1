package goleak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// unanswered reports receives from a channel in an unexported field or variable that the
// package makes, and on which nothing sends and which nothing closes: mostly the close at
// the end of a goroutine is missing.
//
//	func (l *Loop) Stop() {
//		l.cancel()
//		<-l.stopped // that the goroutine was to close
//	}
//
// A receive as a case of a select is not reported: the others may be enough.
func unanswered(pass *check.Pass, eng *engine.Package) {
	if !eng.Gate.Mask.Has(gate.MakeChan) {
		return
	}
	prog := eng.Program()
	if prog == nil {
		return
	}
	e := &ender{pass, eng}
	told := make(map[*types.Var]bool)
	for _, fn := range prog.Funcs {
		if prog.RunsOnce(fn) || e.inTest(fn) {
			continue // which may be there to block
		}
		for in := range ir.Instrs(fn) {
			recv, ok := in.(*ssa.UnOp)
			if !ok || recv.Op != token.ARROW {
				continue
			}
			v := variable(recv.X)
			if v == nil || told[v] || eng.Explored().Wrong[recv.Pos()] {
				continue
			}
			if made := e.unanswered(v); made != nil {
				told[v] = true
				e.reportUnanswered(recv, made)
			}
		}
	}
}

// variable returns the field or package-level variable that a channel was loaded from, or
// nil.
func variable(ch ssa.Value) *types.Var {
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		return ir.FieldVar(addr)
	case *ssa.Global:
		v, _ := addr.Object().(*types.Var)
		return v
	}
	return nil
}

// unanswered returns where the channel of a variable is made if nothing sends on it or
// closes it, and nobody else can; otherwise nil.
func (e *ender) unanswered(v *types.Var) ssa.Instruction {
	if v.Pkg() != e.eng.Types || v.Exported() || e.eng.SelectedElsewhere(v.Name()) {
		return nil
	}
	if !v.IsField() && v.Pkg().Name() == "main" {
		return nil // to wait for the end of the process
	}
	if c, ok := v.Type().Underlying().(*types.Chan); !ok || c.Dir() != types.SendRecv {
		return nil // who made it has another name for it
	}
	is := e.eng.Field(v)
	if is.Leaks || len(is.Made) == 0 {
		return nil
	}
	for _, use := range is.Uses {
		if use.Kind != model.Receive {
			return nil
		}
	}
	return is.Made[0]
}

func (e *ender) reportUnanswered(recv *ssa.UnOp, made ssa.Instruction) {
	start, end := e.eng.Syntax.Span(recv.Pos())
	name := nameAt(e.eng, recv.Pos())
	what := "receive from " + name
	if recv.CommaOk {
		what = "receive from or range over " + name
	}
	makes, _ := e.eng.Syntax.Span(made.Pos())
	e.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: what + " blocks forever: nothing in the package sends on it or closes it",
		Advice:  "close the channel, or send on it, at the end of what this waits for",
		Story: []report.Step{
			{Pos: makes, Message: "the channel is made here"},
			{Pos: start, End: end, Message: "nothing ever comes out of it here"},
		},
	})
}
