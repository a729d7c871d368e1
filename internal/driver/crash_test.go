package driver_test

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/driver"
	"github.com/concurlint/concurlint/internal/driver/vetsuite"
	"github.com/concurlint/concurlint/internal/report"
)

// crashlint is a program around checks that are made as ours are, of which the first
// one panics in every package, after it has reported the calls of bug. It has the name
// of a check to which an analyzer of go vet yields.
func crashlint() { crashProgram(crashing()) }

// crashvet is crashlint beside go vet's own suite.
func crashvet() { crashProgram(vetsuite.Join(crashing())) }

func crashProgram(suite []*analysis.Analyzer) {
	p := &driver.Program{Name: "concurlint", About: "panics", URL: "https://example.com/crashlint", Analyzers: suite}
	p.Main()
}

func crashing() []*analysis.Analyzer {
	checks := []*analysis.Analyzer{
		callCheck("wgadd", "bug", func() { panic("told to panic") }),
		callCheck("goleak", "leak", func() {}),
	}
	return append(checks, check.Directives(checks))
}

// callCheck returns a check that reports the calls of a function, and then does
// something.
func callCheck(name, function string, then func()) *analysis.Analyzer {
	doc := "// Package p is.\n//\n// # Analyzer " + name + "\n//\n// " + name + ": report calls\npackage p\n"
	return check.New(check.Meta{Name: name, Doc: doc}, func(pass *check.Pass) error {
		eachCall(pass.Pass, function, func(fun *ast.Ident, _ *ast.FuncDecl) {
			pass.Report(report.Finding{Pos: fun.Pos(), End: fun.End(), Message: function + " is called"})
		})
		then()
		return nil
	})
}
