// Concurlint finds misuses of Go's concurrency patterns: channels that nobody
// closes, WaitGroups whose Wait can overtake an Add, errgroup contexts that no
// task listens to, goroutines without a bound.
//
// It runs by itself
//
//	concurlint ./...
//
// and as a tool of the go command:
//
//	go vet -vettool=$(which concurlint) ./...
//	go fix -fixtool=$(which concurlint) ./...
//
// The command "concurlint help" lists its flags and checks, "concurlint explain
// CHECK" tells what a check finds, and "concurlint pattern NAME" prints a
// reference implementation to use instead. "concurlint explain choosing" tells
// which one, and "concurlint pattern -o DIR NAME" writes it and its test into a
// package of your module.
//
// Findings are printed as text, or with -format as JSON, SARIF, annotations of
// GitHub or a page with pictures; docs/reports.md describes them.
//
// In an editor, "concurlint lsp" is a language server to run beside gopls, and
// "concurlint gopls" builds a gopls with the checks in it.
//
// The exit status is 0 if nothing was found, 1 if there are findings, and 2 if
// a package could not be analysed; the findings in other packages are printed
// nevertheless.
package main

import (
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/docs"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/driver"
	"github.com/concurlint/concurlint/internal/driver/adopt"
	"github.com/concurlint/concurlint/patterns"
)

func main() {
	program := driver.Program{
		Name:      "concurlint",
		About:     "finds misuses of Go's concurrency patterns",
		URL:       "https://github.com/concurlint/concurlint",
		Analyzers: analyzers.All(),
		Patterns:  referenceImplementations,
		Module:    "github.com/concurlint/concurlint",

		EditorsURL: "https://github.com/concurlint/concurlint/blob/main/docs/editors.md",
		Guides: []driver.Guide{{
			Name:    "choosing",
			Summary: "which pattern to use, with an example for each situation",
			Text:    docs.Choosing,
			URL:     "https://github.com/concurlint/concurlint/blob/main/docs/choosing.md",
			For:     namesPattern,
		}},
	}
	program.Main()
}

// namesPattern reports whether the findings of an analyzer point to a pattern.
func namesPattern(a *analysis.Analyzer) bool {
	m, ok := check.MetaOf(a)
	return ok && len(m.Patterns) > 0
}

func referenceImplementations() []driver.Pattern {
	var list []driver.Pattern
	for _, name := range patterns.Names() {
		source, _ := patterns.Source(name) // it is one of them
		test, _ := patterns.Test(name)
		code, testing := patterns.Releases(name)
		list = append(list, driver.Pattern{
			Pattern: adopt.Pattern{
				Name: name, Path: patterns.Path + "/" + name,
				Source: source, Test: test, Needs: patterns.Needs(name),
				Go: code, TestGo: testing,
			},
			Summary: patterns.Summary(name),
		})
	}
	return list
}
