package golangci

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/report"
)

// newAnalyzer returns the analyzer that reports what the given ones report.
//
// It has the linter's name, since golangci-lint starts a message with the
// analyzer's name where that is another one, and our messages end with it.
func newAnalyzer(enabled []*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     Name,
		Doc:      "find misuses of Go's concurrency patterns",
		URL:      "https://github.com/concurlint/concurlint",
		Requires: enabled,
		Run: func(pass *analysis.Pass) (any, error) {
			var diagnostics []analysis.Diagnostic
			for _, a := range enabled {
				if result, ok := pass.ResultOf[a].(*check.Result); ok {
					diagnostics = append(diagnostics, forGolangci(result)...)
				}
			}
			slices.SortStableFunc(diagnostics, func(x, y analysis.Diagnostic) int { return int(x.Pos) - int(y.Pos) })
			var accepted fixes
			for _, d := range diagnostics {
				d.SuggestedFixes = accepted.choose(pass.Fset, d)
				pass.Report(foldStory(pass.Fset, d))
			}
			return nil, nil
		},
	}
}

// forGolangci returns the diagnostics of a check that golangci-lint should see.
func forGolangci(result *check.Result) []analysis.Diagnostic {
	list := slices.Clone(result.Reported)
	for _, silenced := range result.Silenced {
		if !slices.ContainsFunc(silenced.By, isOurs) {
			list = append(list, silenced.Diagnostic)
		}
	}
	return list
}

// isOurs reports whether golangci-lint does not know a directive, so that
// somebody else has to obey it: it knows //nolint, but no names of checks.
func isOurs(d report.Directive) bool {
	return d.Form != report.NoLint || len(d.Names) > 0 && !slices.Contains(d.Names, Name)
}

// foldStory moves the related positions of a diagnostic into its message.
func foldStory(fset *token.FileSet, d analysis.Diagnostic) analysis.Diagnostic {
	var message strings.Builder
	message.WriteString(d.Message)
	at := fset.Position(d.Pos)
	for _, step := range d.Related {
		place := fset.Position(step.Pos)
		where := fmt.Sprintf("line %d", place.Line)
		if place.Filename != at.Filename {
			where = fmt.Sprintf("%s:%d", filepath.Base(place.Filename), place.Line)
		}
		fmt.Fprintf(&message, "; %s: %s", where, step.Message)
	}
	d.Message = message.String()
	d.Related = nil
	return d
}
