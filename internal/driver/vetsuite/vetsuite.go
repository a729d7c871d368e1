// Package vetsuite joins concurlint's analyzers to those of go vet, for a tool
// that does the work of both in one pass.
//
// go vet runs one tool. Who wants the standard suite and concurlint would have
// to run it twice, and would read some mistakes twice: that a WaitGroup's Add
// runs in the goroutine it counts is known to vet's analyzer waitgroup and to
// wgadd. Where both report it in one line, wgadd's report stays: it names the
// Wait that comes too early, tells the story, and has a fix. The table overlaps
// holds such pairs.
//
// A driver keeps the diagnostics of each analyzer to itself until it prints
// them, and unitchecker prints them in no place that a tool could reach. So an
// analyzer of vet that has a counterpart is replaced by a copy that requires the
// counterpart and leaves out what that one has told (check.Result.Reported).
//
//   - What a directive silenced has been told, too: who has wgadd ignore a line
//     does not want to read the same from somebody else.
//   - A counterpart that was switched off has told nothing, though it runs.
//   - Only a report of the same mistake counts. A call in a go statement can copy
//     a lock, which copylocks reports, and be one of too many goroutines, which
//     gospawn reports in the same line; both stay. So does a report of vet where
//     concurlint is silent because it knows that nothing can go wrong: this is
//     vet, with more.
package vetsuite

import (
	"flag"
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/concurlint/concurlint/internal/check"
)

// overlaps lists, by vet's analyzer, the check that reports the same mistake.
//
// A test runs both suites on the examples of all checks and fails if two of
// their reports are in one line and are neither here nor known to be different.
var overlaps = map[string]string{
	"waitgroup": "wgadd",
}

// Join returns the analyzers of go vet, followed by ours.
func Join(ours []*analysis.Analyzer) []*analysis.Analyzer {
	all := make([]*analysis.Analyzer, 0, len(vet.Suite)+len(ours))
	for _, a := range vet.Suite {
		i := slices.IndexFunc(ours, func(b *analysis.Analyzer) bool { return b.Name == overlaps[a.Name] })
		if i >= 0 {
			a = yielding(a, ours[i], flag.CommandLine)
		}
		all = append(all, a)
	}
	return append(all, ours...)
}

// yielding returns an analyzer that reports what vet's analyzer a does, but
// nothing in a line in which ours reports something. The flags are those that
// select analyzers.
func yielding(a, ours *analysis.Analyzer, flags *flag.FlagSet) *analysis.Analyzer {
	copied := *a
	copied.Requires = append(slices.Clone(a.Requires), ours)
	copied.Run = func(pass *analysis.Pass) (any, error) {
		result, ok := pass.ResultOf[ours].(*check.Result)
		if !ok || !selected(flags, ours.Name, a.Name) {
			return a.Run(pass)
		}
		told := toldLines(pass.Fset, result)
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			if !told[lineOf(pass.Fset, d.Pos)] {
				pass.Report(d)
			}
		}
		return a.Run(&inner)
	}
	return &copied
}

// selected reports whether an analyzer runs for its reports, given that the
// other one does. As in every driver of go/analysis, if some analyzers are set
// to true, those run, else all that are not set to false.
func selected(flags *flag.FlagSet, name, other string) bool {
	set := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) {
		if f.Name == name || f.Name == other {
			set[f.Name], _ = strconv.ParseBool(f.Value.String())
		}
	})
	on, isSet := set[name]
	return on || !isSet && !set[other]
}

// A line is a line of a file as it was parsed, whatever line directives say.
type line struct {
	file   *token.File
	number int
}

func lineOf(fset *token.FileSet, pos token.Pos) line {
	return line{fset.File(pos), fset.PositionFor(pos, false).Line}
}

// toldLines returns the lines in which a check reports something, or would but
// for a directive.
func toldLines(fset *token.FileSet, result *check.Result) map[line]bool {
	told := make(map[line]bool)
	for _, d := range result.Reported {
		told[lineOf(fset, d.Pos)] = true
	}
	for _, d := range result.Silenced {
		told[lineOf(fset, d.Pos)] = true
	}
	return told
}
