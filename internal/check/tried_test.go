package check_test

import (
	"go/ast"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/report"
)

// newReplacing returns a check that reports calls of the function todo, with a fix
// that replaces them by another text.
func newReplacing(text string) *analysis.Analyzer {
	return check.New(check.Meta{
		Name: "todo", Doc: docOf("todo"), Requires: []*analysis.Analyzer{engine.Analyzer},
	}, func(pass *check.Pass) error {
		for _, file := range pass.Files {
			for n := range ast.Preorder(file) {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					continue
				}
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "todo" {
					e := pass.Edit(call.Pos())
					e.Replace(call, text)
					if path, _, ok := strings.Cut(text, ".Quote"); ok {
						e.Import(path, call.Pos())
					}
					pass.Report(report.Finding{Pos: call.Pos(), Message: "call of todo", Fix: e.Fix("Do it")})
				}
			}
		}
		return nil
	})
}

// TestTried has fixes that are offered, and some that do harm.
func TestTried(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for text, offered := range map[string]bool{
		"done(c)":             true,
		"undefined(c)":        false, // does not type-check
		"n := 1":              false, // is not used
		"<-c":                 false, // blocks forever
		"close(c)":            true,
		"close(c); close(c)":  false, // is not gofmt-clean
		"close(c)\n\tc <- 1":  false, // panics
		"strconv.Quote(\"\")": true,  // cannot be tried: needs an import
	} {
		for _, result := range analysistest.Run(t, dir, newReplacing(text), "tried") {
			for _, d := range result.Diagnostics {
				if got := len(d.SuggestedFixes) == 1; got != offered {
					t.Errorf("%q is offered: %t; %v", text, got, result.Result.(*check.Result).Counts)
				}
			}
		}
	}
}

// TestTryPatient waits for contexts that others must cancel, or nobody else.
func TestTryPatient(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	waiting := check.New(check.Meta{
		Name: "todo", Doc: docOf("todo"), Requires: []*analysis.Analyzer{engine.Analyzer},
	}, func(pass *check.Pass) error {
		eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
		for n := range ast.Preorder(pass.Files[0]) {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				continue
			}
			if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "todo" {
				continue
			}
			e := pass.Edit(call.Pos())
			e.Replace(call, "<-"+e.Text(call.Args[0])+".Done()")
			fix := e.Fix("Wait")
			if tried, why := pass.Try(eng, fix); why != "" || tried.ItselfWrong() {
				t.Errorf("%s: blocks although others may cancel the context; %s", pass.Fset.Position(call.Pos()), why)
			}
			message := "call of todo: depends on nobody"
			if tried, why := pass.TryPatient(eng, fix); why != "" || tried.ItselfWrong() {
				message = "call of todo: depends on others" + why
			}
			pass.Report(report.Finding{Pos: call.Pos(), Message: message})
		}
		return nil
	})
	analysistest.Run(t, dir, waiting, "patient")
}
