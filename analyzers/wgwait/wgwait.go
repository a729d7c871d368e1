package wgwait

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/repair"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/witness"
)

//go:embed doc.go
var doc string

// Analyzer is the wgwait check.
var Analyzer = check.New(check.Meta{
	Name:     "wgwait",
	Doc:      doc,
	Advice:   "call Wait before the function returns, and Done with defer, first in each goroutine that Add has counted",
	Patterns: []string{"workerpool", "fanin", "group"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
	Yields:   []string{"chanclose", "errgroupwait", "wgadd"},
}, run)

// run reports the Waits that cannot return because nobody calls Done, the groups
// without a Wait, the Waits that the explorer found stuck, the counters that it saw
// negative, and the error returns that leave a count behind for a Wait which the
// explorer did not get to.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.WaitGroup | gate.Group | gate.Elsewhere) {
		return nil
	}
	neverDone(pass, eng)
	unawaited(pass, eng)
	smith := repair.New(pass, eng)
	stuck := make(map[token.Pos]bool)
	for _, p := range eng.Explored().Problems {
		switch class, s := witness.Of(p); class {
		case witness.Wait:
			finding := witness.New(eng, p).Stuck(s)
			finding.Repair = func() *report.Fix { return smith.Fix(p) }
			stuck[finding.Pos] = true
			pass.Report(finding)
		case witness.Miscounts:
			pass.Report(witness.New(eng, p).Crash())
		}
	}
	leftCounted(pass, eng, stuck)
	undone(pass, eng, stuck)
	return nil
}
