package chanpanic

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/witness"
)

//go:embed doc.go
var doc string

// Analyzer is the chanpanic check.
var Analyzer = check.New(check.Meta{
	Name:     "chanpanic",
	Doc:      doc,
	Advice:   "let one goroutine close the channel, once and after the last send; where several ends have to, guard the close with a sync.Once",
	Patterns: []string{"fanin", "pipeline"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
	Yields:   []string{"chanclose", "wgadd"},
}, run)

// run reports the channel operations that panicked in a run of the explorer.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	for _, p := range eng.Explored().Problems {
		if class, _ := witness.Of(p); class == witness.Panic {
			pass.Report(witness.New(eng, p).Crash())
		}
	}
	return nil
}
