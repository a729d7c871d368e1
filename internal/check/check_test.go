package check_test

import (
	"errors"
	"go/ast"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/report"
)

// docOf returns the doc.go of a check.
func docOf(name string) string {
	return "// Package " + name + " is a check.\n//\n// # Analyzer " + name + "\n//\n// " + name +
		": report calls\n//\n// More.\npackage " + name + "\n"
}

// newCalls returns a check that reports calls of the function with its name.
func newCalls(name string) *analysis.Analyzer {
	return check.New(check.Meta{Name: name, Doc: docOf(name), Patterns: []string{"pool"}}, func(pass *check.Pass) error {
		for _, file := range pass.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				switch id, _ := call.Fun.(*ast.Ident); {
				case id == nil:
				case id.Name == name:
					pass.Report(report.Finding{Pos: call.Pos(), Message: "call of " + name})
				case id.Name == "giveUp":
					pass.Count("gave up")
				case id.Name == "around":
					pass.Reportf(call.Pos(), "around")
				case id.Name == "crash"+name:
					panic("crashed")
				}
				return true
			})
		}
		return nil
	})
}

func TestNew(t *testing.T) {
	base := &analysis.Analyzer{Name: "base"}
	meta := check.Meta{Name: "one", Doc: docOf("one"), Patterns: []string{"pool"}, Requires: []*analysis.Analyzer{base}}
	a := check.New(meta, func(*check.Pass) error { return nil })
	if want := "report calls\n\nMore."; a.Doc != want || check.Summary(a.Doc) != "report calls" {
		t.Errorf("doc %q, want %q", a.Doc, want)
	}
	if want := "https://github.com/concurlint/concurlint/blob/main/docs/checks/one.md"; a.URL != want {
		t.Errorf("URL %q, want %q", a.URL, want)
	}
	if len(a.Requires) != 1 || a.Requires[0] != base {
		t.Errorf("requires %v", a.Requires)
	}
	if got, ok := check.MetaOf(a); !ok || got.Name != "one" || got.Patterns[0] != "pool" {
		t.Errorf("metadata %v, %t", got, ok)
	}
	if _, ok := check.MetaOf(base); ok {
		t.Error("metadata of a foreign analyzer")
	}
}

func TestNewWithoutDoc(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	check.New(check.Meta{Name: "one", Doc: docOf("two")}, nil)
}

func TestExtractDoc(t *testing.T) {
	tests := []struct{ name, content, want, err string }{
		{"plain", "// Package a is.\n//\n// # Analyzer a\n//\n// a: sum\n//\n// Text.\npackage a", "sum\n\nText.", ""},
		{"up to the next heading", "// # Analyzer a\n//\n// a: sum\n//\n// # Analyzer b\n//\n// b: other\npackage a", "sum", ""},
		{"second section", "// # Analyzer ab\n//\n// ab: other\n//\n// # Analyzer a\n//\n// a: sum\npackage a", "sum", ""},
		{"CRLF", "// # Analyzer a\r\n//\r\n// a: sum\r\npackage a", "sum", ""},
		{"code", "// # Analyzer a\n//\n// a: sum\n//\n//\tx := 1\npackage a", "sum\n\n\tx := 1", ""},
		{"empty section", "// # Analyzer a\n// # Analyzer b\n//\n// b: other\npackage a", "", "not followed by"},
		{"empty section at the end", "// # Analyzer a\npackage a", "", "not followed by"},
		{"no summary", "// # Analyzer a\n//\n// a:\npackage a", "", "not followed by"},
		{"other name", "// # Analyzer a\n//\n// b: sum\npackage a", "", "not followed by"},
		{"no heading", "// Package a is.\npackage a", "", "no heading"},
		{"no comment", "package a", "", "no package doc comment"},
		{"no Go", "hello", "", "not a Go source file"},
		{"empty", "", "", "not a Go source file"},
	}
	for _, test := range tests {
		got, err := check.ExtractDoc(test.content, "a")
		if got != test.want || (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: got %q, %v", test.name, got, err)
		}
	}
}

// TestPanic has a check that panics in one package. What it found before is
// reported, the driver sees no error, and debugging shows the panic.
func TestPanic(t *testing.T) {
	one := newCalls("one")
	for _, result := range analysistest.Run(t, analysistest.TestData(), one, "crash") {
		got := result.Result.(*check.Result)
		if !strings.HasPrefix(got.Panic, "crashed\n") || !strings.Contains(got.Panic, "check_test.go") {
			t.Errorf("panic %q", got.Panic)
		}
	}
}

// TestError keeps the errors by which a check says that it cannot work at all.
func TestError(t *testing.T) {
	want := errors.New("cannot work")
	a := check.New(check.Meta{Name: "one", Doc: docOf("one")}, func(*check.Pass) error { return want })
	if _, err := a.Run(&analysis.Pass{Analyzer: a}); err != want {
		t.Errorf("got %v", err)
	}
}

func TestAround(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), newCalls("one"), "around")
}

func TestDirectives(t *testing.T) {
	directives := check.Directives([]*analysis.Analyzer{newCalls("one"), newCalls("two")})
	if err := analysis.Validate([]*analysis.Analyzer{directives}); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), directives, "directives")
}

// TestDirectivesAfterPanic has a check of which nobody knows what it would
// have reported.
func TestDirectivesAfterPanic(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), check.Directives([]*analysis.Analyzer{newCalls("one"), newCalls("two")}), "vain")
}

func TestDebug(t *testing.T) {
	directives := check.Directives([]*analysis.Analyzer{newCalls("one"), newCalls("two")})
	if err := directives.Flags.Set("debug", "true"); err != nil {
		t.Fatal(err)
	}
	for _, result := range analysistest.Run(t, analysistest.TestData(), directives, "counters") {
		for _, d := range result.Diagnostics {
			if d.Category != "debug" {
				t.Errorf("category %q", d.Category)
			}
		}
	}
}

// TestNothing runs a check and the directives on a package without files.
func TestNothing(t *testing.T) {
	one := newCalls("one")
	directives := check.Directives([]*analysis.Analyzer{one})
	if err := directives.Flags.Set("debug", "true"); err != nil {
		t.Fatal(err)
	}
	result, err := one.Run(&analysis.Pass{Analyzer: one})
	if err != nil {
		t.Fatal(err)
	}
	for _, results := range []map[*analysis.Analyzer]any{nil, {one: result}} {
		if _, err := directives.Run(&analysis.Pass{Analyzer: directives, ResultOf: results}); err != nil {
			t.Error(err)
		}
	}
}
