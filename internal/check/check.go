// Package check builds the analysis.Analyzer of a check from its doc comment
// and its run function, so that every check has the same shape: one text for
// documentation, one way to report, and no panic that reaches the driver.
package check

import (
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/report"
)

// Meta is what is known of a check besides its code.
type Meta struct {
	// Name is the analyzer's name: a Go identifier, the name of its package.
	Name string

	// Doc is the embedded doc.go of the check's package. The section
	// "# Analyzer NAME" becomes the analyzer's documentation.
	Doc string

	// Patterns are the packages below patterns/ that show how to do it right,
	// the most fitting first.
	Patterns []string
}

// A Pass is what a check's run function gets.
type Pass struct {
	*analysis.Pass
}

// Report reports a finding.
func (p *Pass) Report(f report.Finding) {}

// New returns the analyzer for a check.
func New(m Meta, run func(*Pass) error) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: m.Name,
		Doc:  m.Doc,
		Run: func(pass *analysis.Pass) (any, error) {
			return nil, run(&Pass{Pass: pass})
		},
	}
}
