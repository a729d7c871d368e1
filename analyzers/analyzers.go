// Package analyzers lists the checks of concurlint, for drivers.
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/chanclose"
	"github.com/concurlint/concurlint/analyzers/errgroupctx"
	"github.com/concurlint/concurlint/analyzers/gospawn"
	"github.com/concurlint/concurlint/analyzers/wgadd"
)

// All returns the analyzers of all checks, sorted by name. The caller may
// change the slice, not the analyzers.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		chanclose.Analyzer,
		errgroupctx.Analyzer,
		gospawn.Analyzer,
		wgadd.Analyzer,
	}
}
