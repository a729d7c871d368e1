package golangci

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/check"
)

// build returns the analyzer that golangci-lint gets for the settings, which
// are as its configuration decodes them.
func build(t *testing.T, conf any) *analysis.Analyzer {
	t.Helper()
	newPlugin, err := register.GetPlugin("concurlint")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(conf)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.BuildAnalyzers()
	if err != nil || len(list) != 1 {
		t.Fatalf("analyzers %v, error %v; want one analyzer", list, err)
	}
	if err := analysis.Validate(list); err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func TestAnalyzer(t *testing.T) {
	fixes := 0
	for _, result := range analysistest.Run(t, analysistest.TestData(), build(t, nil), "sample") {
		for _, d := range result.Diagnostics {
			if len(d.Related) > 0 {
				t.Errorf("%q has related positions", d.Message)
			}
			fixes += len(d.SuggestedFixes)
		}
	}
	if fixes != 1 { // no fix where a comment would be moved with the code
		t.Errorf("%d fixes, want 1", fixes)
	}
}

func TestChoose(t *testing.T) {
	for _, test := range []struct {
		conf any
		want string // names of the checks, among wgadd, goleak and concurlint
	}{
		{nil, "goleak wgadd concurlint"},
		{map[string]any{}, "goleak wgadd concurlint"},
		{map[string]any{"enable": []any{"wgadd"}}, "wgadd"},
		{map[string]any{"disable": []any{"wgadd"}}, "goleak concurlint"},
		{map[string]any{"enable": []any{"wgadd", "concurlint"}, "disable": []any{"goleak"}}, "wgadd concurlint"},
	} {
		var got []string
		for _, a := range build(t, test.conf).Requires {
			if a.Name == "wgadd" || a.Name == "goleak" || a.Name == "concurlint" {
				got = append(got, a.Name)
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%v enables %q, want %q", test.conf, got, test.want)
		}
	}
}

func TestFlags(t *testing.T) {
	inside := lookup(t, "gospawn", "inside")
	defer inside.Value.Set("false")
	for _, value := range []any{true, "true"} {
		if err := inside.Value.Set("false"); err != nil {
			t.Fatal(err)
		}
		build(t, map[string]any{"flags": map[string]any{"gospawn": map[string]any{"inside": value}}})
		if inside.Value.String() != "true" {
			t.Errorf("%#v does not set the flag", value)
		}
	}
}

// lookup returns a flag of a check.
func lookup(t *testing.T, check, name string) *flag.Flag {
	t.Helper()
	a, err := find(analyzers.All(), check)
	if err != nil {
		t.Fatal(err)
	}
	f := a.Flags.Lookup(name)
	if f == nil {
		t.Fatalf("%s has no flag %s", check, name)
	}
	return f
}

func TestSettingsErrors(t *testing.T) {
	flags := func(check, name string, value any) any {
		return map[string]any{"flags": map[string]any{check: map[string]any{name: value}}}
	}
	for _, test := range []struct {
		conf any
		want string
	}{
		{map[string]any{"enabel": []any{"wgadd"}}, `unknown setting "enabel" (there are enable, disable and flags)`},
		{map[string]any{"enable": "wgadd"}, `setting "enable": got string, want a list of checks, as in [wgadd, goleak]`},
		{map[string]any{"flags": []any{}}, `setting "flags": got array, want a map from check to flag`},
		{map[string]any{"enable": []any{"wgad"}}, `unknown check "wgad" (there are cancelstop, chanclose,`},
		{map[string]any{"disable": []any{"SA2000"}}, `unknown check "SA2000" (there are`},
		{map[string]any{"enable": []any{"wgadd"}, "disable": []any{"wgadd"}}, `check "wgadd" is both enabled and disabled`},
		{map[string]any{"disable": allNames()}, `all checks are disabled`},
		{flags("wgad", "x", 1), `unknown check "wgad"`},
		{flags("gospawn", "outside", true), `check "gospawn" has no flag "outside"`},
		{flags("concurlint", "debug", true), `check "concurlint" has no flag "debug"`},
		{flags("gospawn", "inside", "perhaps"), `flag "inside" of check "gospawn": invalid value "perhaps": `},
	} {
		_, err := New(test.conf)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error %v, want %s", test.conf, err, test.want)
		}
	}
}

func allNames() []any {
	var names []any
	for _, a := range analyzers.All() {
		names = append(names, a.Name)
	}
	return names
}

func TestFoldStory(t *testing.T) {
	fset, a, b := twoFiles(t)
	got := foldStory(fset, analysis.Diagnostic{
		Pos: a.Package, Message: "it hangs (check)",
		Related: []analysis.RelatedInformation{
			{Pos: a.Name.Pos(), Message: "made here"},
			{Pos: b.Package, Message: "lost there"},
		},
	})
	if want := "it hangs (check); line 2: made here; b.go:3: lost there"; got.Message != want || got.Related != nil {
		t.Errorf("got %q, %v; want %q", got.Message, got.Related, want)
	}
}

// twoFiles returns two files, a.go and b.go, of one file set.
func twoFiles(t *testing.T) (fset *token.FileSet, a, b *ast.File) {
	t.Helper()
	fset = token.NewFileSet()
	parse := func(name, source string) *ast.File {
		f, err := parser.ParseFile(fset, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return fset, parse("dir/a.go", "\npackage p\n\nvar x, y int\n"), parse("dir/b.go", "\n\npackage p\n")
}

func TestFixes(t *testing.T) {
	fset, a, b := twoFiles(t)
	edit := func(from, to int, text string) analysis.TextEdit {
		return analysis.TextEdit{Pos: a.Package + token.Pos(from), End: a.Package + token.Pos(to), NewText: []byte(text)}
	}
	insert := func(at int, text string) analysis.TextEdit {
		return analysis.TextEdit{Pos: a.Package + token.Pos(at), NewText: []byte(text)}
	}
	elsewhere := analysis.TextEdit{Pos: b.Package, End: b.Package}

	var accepted fixes
	for _, test := range []struct {
		name  string
		edits []analysis.TextEdit
		want  bool
	}{
		{"first", []analysis.TextEdit{edit(0, 4, "x"), insert(9, "import")}, true},
		{"another place", []analysis.TextEdit{edit(4, 6, "y")}, true},
		{"overlap", []analysis.TextEdit{edit(3, 5, "z")}, false},
		{"inside", []analysis.TextEdit{insert(2, "z")}, false},
		{"around", []analysis.TextEdit{edit(8, 10, "z")}, false},
		{"same import", []analysis.TextEdit{insert(9, "import"), edit(12, 13, "")}, true},
		{"two texts for one place", []analysis.TextEdit{insert(9, "other")}, false},
		{"a line", []analysis.TextEdit{insert(11, "a\n")}, true},
		{"another line", []analysis.TextEdit{insert(11, "b\n")}, true},
		{"two texts for one range", []analysis.TextEdit{edit(4, 6, "z")}, false},
		{"partly in another file", []analysis.TextEdit{edit(14, 15, "x"), elsewhere}, false},
		{"what the refused fix wanted", []analysis.TextEdit{edit(14, 15, "z")}, true},
	} {
		fix := analysis.SuggestedFix{Message: test.name, TextEdits: test.edits}
		got := accepted.choose(fset, analysis.Diagnostic{
			Pos:            a.Package,
			SuggestedFixes: []analysis.SuggestedFix{fix, {Message: "alternative"}},
		})
		if kept := len(got) == 1 && got[0].Message == test.name; kept != test.want || len(got) > 1 {
			t.Errorf("%s: kept %v", test.name, got)
		}
	}
	if got := accepted.choose(fset, analysis.Diagnostic{Pos: a.Package}); got != nil {
		t.Errorf("no fix becomes %v", got)
	}
}

// TestPanic: a check that panics costs its own findings, and golangci-lint sees no
// error.
func TestPanic(t *testing.T) {
	const doc = "// Package p is.\n//\n// # Analyzer crash\n//\n// crash: panic\npackage p\n"
	crash := check.New(check.Meta{Name: "crash", Doc: doc}, func(*check.Pass) error { panic("told to panic") })
	suite := append(analyzers.All(), crash)
	for _, result := range analysistest.Run(t, analysistest.TestData(), newAnalyzer(suite), "plain") {
		if result.Err != nil || len(result.Diagnostics) > 0 {
			t.Errorf("error %v, diagnostics %v", result.Err, result.Diagnostics)
		}
	}
	for _, result := range analysistest.Run(t, analysistest.TestData(), newAnalyzer(suite), "sample") {
		if len(result.Diagnostics) == 0 {
			t.Error("the findings of the others are gone")
		}
	}
}
