package check

import (
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/witness"
)

// traces says that diagnostics carry the traces of their findings. It is the
// value of a flag that the stand-alone command sets for itself; see package
// trace.
var traces bool

// traceAll gives a trace to findings of checks that do not explore: that of the
// run, if the explorer has seen one, in which just the reported operation goes
// wrong.
func traceAll(pass *analysis.Pass, findings []report.Finding) {
	eng, ok := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !ok {
		return
	}
	for i := range findings {
		if f := &findings[i]; f.Trace == nil {
			f.Trace = witness.TraceAt(eng, f.Pos)
		}
	}
}
