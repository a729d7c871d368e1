package checktest_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/checktest"
	"github.com/concurlint/concurlint/internal/report"
)

const toyDoc = `// Package toy is a check.
//
// # Analyzer toy
//
// toy: report calls of bad
package toy
`

// newToy returns a check that reports calls of bad and of worse, and fixes
// calls of bad by what fix makes of them.
func newToy(fix func(*report.Editor, *ast.CallExpr)) *analysis.Analyzer {
	meta := check.Meta{Name: "toy", Doc: toyDoc, Patterns: []string{"pool"}}
	return check.New(meta, func(pass *check.Pass) error {
		for call, name := range calls(pass.Pass) {
			f := report.Finding{Pos: call.Pos(), Message: "call of " + name, Story: []report.Step{
				{Pos: call.Lparen, Message: "called here"},
			}}
			if name == "bad" {
				e := pass.Edit(call.Pos())
				fix(e, call)
				f.Fix = e.Fix("Call something else")
			}
			pass.Report(f)
		}
		return nil
	})
}

// calls returns the calls of bad and of worse.
func calls(pass *analysis.Pass) map[*ast.CallExpr]string {
	all := make(map[*ast.CallExpr]string)
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok && (id.Name == "bad" || id.Name == "worse") {
					all[call] = id.Name
				}
			}
			return true
		})
	}
	return all
}

// newRaw returns an analyzer that reports past package report.
func newRaw(diagnose func(*ast.CallExpr) analysis.Diagnostic) *analysis.Analyzer {
	return &analysis.Analyzer{Name: "toy", Doc: "toy", Run: func(pass *analysis.Pass) (any, error) {
		for call := range calls(pass) {
			pass.Report(diagnose(call))
		}
		return nil, nil
	}}
}

func replaceBy(text string) func(*report.Editor, *ast.CallExpr) {
	return func(e *report.Editor, call *ast.CallExpr) { e.Replace(call, text) }
}

func TestVerify(t *testing.T) {
	gopath, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		a    *analysis.Analyzer
		pkg  string
		want []string // parts of what is found, none if all is well
	}{
		{"fixed", newToy(replaceBy("fine()")), "toy/fix", nil},
		{"nothing to fix", newToy(replaceBy("fine()")), "toy/goodtoy", nil},
		{"finding stays", newToy(replaceBy("bad(2, 3)")), "toy/fix", []string{"the fixed code has: line 13: call of bad"}},
		{"new finding", newToy(replaceBy("worse()")), "toy/fix", []string{"the fixed code has: line 13: call of worse"}},
		{"broken types", newToy(replaceBy("nothing()")), "toy/fix", []string{"does not type-check"}},
		{"package unknown", newToy(func(e *report.Editor, call *ast.CallExpr) {
			e.Replace(call, e.Import("container/ring", call.Pos())+"New(1)")
		}), "toy/fix", []string{"imports a package that no fixture uses: container/ring"}},
		{"wrong golden files", newToy(replaceBy("fine()")), "toy/badgolden", []string{
			`fixed code "\tfine()`, "none.go.golden: no fix is offered",
		}},
		{"form", newRaw(func(call *ast.CallExpr) analysis.Diagnostic {
			return analysis.Diagnostic{Pos: call.Pos(), Message: "call of bad\n", SuggestedFixes: []analysis.SuggestedFix{
				{Message: "a"}, {Message: "b"},
			}}
		}), "toy/badgolden", []string{
			"category is not", "URL is not", "does not end with", "several lines", "no end", "no story", "several fixes", "no edits",
		}},
		{"not formatted", newRaw(func(call *ast.CallExpr) analysis.Diagnostic {
			edit := analysis.TextEdit{Pos: call.Pos(), End: call.End(), NewText: []byte("fine( )")}
			return analysis.Diagnostic{Pos: call.Pos(), Message: "call of bad", SuggestedFixes: []analysis.SuggestedFix{
				{Message: "a", TextEdits: []analysis.TextEdit{edit}},
			}}
		}), "toy/badgolden", []string{"not gofmt-clean"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := checktest.Verify(t, gopath, test.a, test.pkg)
			if got != "" && test.want == nil {
				t.Errorf("found:\n%s", got)
			}
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("not found: %q in\n%s", want, got)
				}
			}
		})
	}
}

func TestCheckWants(t *testing.T) {
	gopath := t.TempDir()
	for dir, src := range map[string]string{
		"c/bad": "package p // want `x`", "c/good": "package p // wanted", "c/goodx": "package p // want `x`", "c/worse": "package p",
		"c/good/lib": "package p",
	} {
		full := filepath.Join(gopath, "src", filepath.FromSlash(dir))
		if err := os.MkdirAll(full, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(full, "p.go"), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(checktest.FindFixtures(t, gopath, "c"), " "); got != "c/bad c/good c/good/lib c/goodx c/worse" {
		t.Errorf("fixtures %s", got)
	}
	for dir, ok := range map[string]bool{"c/bad": true, "c/good": true, "c/good/lib": true, "c/goodx": false, "c/worse": false} {
		if why := checktest.CheckWants(gopath, dir); (why == "") != ok {
			t.Errorf("%s: %q", dir, why)
		}
	}
}
