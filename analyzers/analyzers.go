// Package analyzers lists the checks of concurlint, for drivers.
package analyzers

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/cancelstop"
	"github.com/concurlint/concurlint/analyzers/chanclose"
	"github.com/concurlint/concurlint/analyzers/chanpanic"
	"github.com/concurlint/concurlint/analyzers/errgroupctx"
	"github.com/concurlint/concurlint/analyzers/errgroupwait"
	"github.com/concurlint/concurlint/analyzers/goleak"
	"github.com/concurlint/concurlint/analyzers/gospawn"
	"github.com/concurlint/concurlint/analyzers/lockblock"
	"github.com/concurlint/concurlint/analyzers/semrelease"
	"github.com/concurlint/concurlint/analyzers/wgadd"
	"github.com/concurlint/concurlint/analyzers/wgwait"
	"github.com/concurlint/concurlint/internal/check"
)

// checks are the checks themselves, sorted by name.
var checks = []*analysis.Analyzer{
	cancelstop.Analyzer,
	chanclose.Analyzer,
	chanpanic.Analyzer,
	errgroupctx.Analyzer,
	errgroupwait.Analyzer,
	goleak.Analyzer,
	gospawn.Analyzer,
	lockblock.Analyzer,
	semrelease.Analyzer,
	wgadd.Analyzer,
	wgwait.Analyzer,
}

// directives judges the directives by which users silence the checks, and owns
// the flags that all checks share.
var directives = check.Directives(checks)

// Analyzer is the analyzer concurlint, the last one of All. It has this name for
// Bazel's nogo, which takes one analyzer from a package and looks for it under this name
// only; the checks have packages of their own. See docs/scale.md.
var Analyzer = directives

// All returns all analyzers for a driver to run: the checks, sorted by name,
// and the analyzer concurlint, which reports directives that suppress nothing.
// The caller may change the slice, not the analyzers.
func All() []*analysis.Analyzer {
	return append(slices.Clone(checks), directives)
}
