package goleak

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/repair"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/witness"
)

//go:embed doc.go
var doc string

// Analyzer is the goleak check.
var Analyzer = check.New(check.Meta{
	Name:     "goleak",
	Doc:      doc,
	Patterns: []string{"pipeline", "fanin", "workerpool"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
	Yields:   []string{"cancelstop", "chanclose", "errgroupwait"},
}, run)

// run reports the goroutines that the explorer found stuck on a channel, and what is
// certain without it.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	smith := repair.New(pass, eng)
	for _, p := range eng.Explored().Problems {
		if class, s := witness.Of(p); class == witness.Leak {
			finding := witness.New(eng, p).Stuck(s)
			finding.Repair = func() *report.Fix { return smith.Fix(p) }
			pass.Report(finding)
		}
	}
	abandoned(pass, eng)
	afterEnd(pass, eng)
	unanswered(pass, eng)
	return nil
}
