package check

import (
	"go/token"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/report"
)

// runs holds the run functions of the checks by name, so that one check can ask
// what another one reports without importing it, and whether or not the driver
// runs that one too.
var runs sync.Map // name → func(*Pass) error

// yield drops the findings that a check leaves to the checks it yields to: those
// at, or involving, a place of which one of them tells.
func yield(m Meta, pass *analysis.Pass, findings []report.Finding) []report.Finding {
	if len(findings) == 0 || len(m.Yields) == 0 {
		return findings
	}
	told := make(map[token.Pos]bool)
	for _, name := range m.Yields {
		for _, f := range findingsOf(name, pass) {
			told[f.Pos] = true
			for _, step := range f.Story {
				told[step.Pos] = true
			}
		}
	}
	return slices.DeleteFunc(findings, func(f report.Finding) bool {
		return told[f.Pos] || slices.ContainsFunc(f.Involved, func(p token.Pos) bool { return told[p] })
	})
}

// findingsOf returns what the named check finds in the package.
func findingsOf(name string, pass *analysis.Pass) []report.Finding {
	eng, ok := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !ok {
		return nil
	}
	if known, ok := eng.Found[name]; ok {
		return known.([]report.Finding)
	}
	run, ok := runs.Load(name)
	if !ok {
		return nil
	}
	inner := *pass
	p := &Pass{Pass: &inner, counts: make(map[string]int)}
	inner.Report = func(analysis.Diagnostic) {}
	recovered(func() { _ = run.(func(*Pass) error)(p) })
	if eng.Found == nil {
		eng.Found = make(map[string]any)
	}
	eng.Found[name] = p.findings
	return p.findings
}
