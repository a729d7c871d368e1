package analyzers_test

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/progen"
)

// FuzzFixes: no check panics on a random program (package progen), and the result of
// each fix that is offered parses, type-checks, is clean under gofmt, and has not the
// same finding again.
func FuzzFixes(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	deps, err := irtest.LoadImports("context", "errors", "fmt", "math/rand/v2", "sync", "golang.org/x/sync/errgroup")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		text := progen.Generate(seed).Text()
		name := filepath.Join(t.TempDir(), "f.go")
		found := findAll(t, name, text, deps)
		for _, d := range found {
			for _, fix := range d.diagnostic.SuggestedFixes {
				fixed := edited(t, d.pkg, text, fix)
				if clean, err := format.Source([]byte(fixed)); err != nil || !bytes.Equal(clean, []byte(fixed)) {
					t.Errorf("%s: fix %q: not clean under gofmt: %v\n%s\n%s", d.diagnostic.Message, fix.Message, err, text, fixed)
				}
				left := findAll(t, name, fixed, deps)
				if slices.ContainsFunc(left, func(l offered) bool { return l.diagnostic.Message == d.diagnostic.Message && l.line() == d.line() }) {
					t.Errorf("%s: fix %q: it is still found\n%s\n%s", d.diagnostic.Message, fix.Message, text, fixed)
				}
			}
		}
	})
}

// offered is a diagnostic in a package.
type offered struct {
	pkg        *gopackages.Package
	diagnostic analysis.Diagnostic
}

func (f offered) line() int { return f.pkg.Fset.Position(f.diagnostic.Pos).Line }

// findAll runs all checks on a text, which it writes to the named file: fixes are made
// from what is there.
func findAll(t *testing.T, name, text string, deps irtest.Importer) []offered {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	pkg, err := typeChecked(unit{name: "p", files: map[string]string{name: text}}, deps)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	graph, err := checker.Analyze(analyzers.All(), []*gopackages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []offered
	for _, act := range graph.Roots {
		if r, ok := act.Result.(*check.Result); act.Err != nil || ok && r.Panic != "" {
			t.Fatalf("%v: %v %s\n%s", act, act.Err, r.Panic, text)
		}
		for _, d := range act.Diagnostics {
			all = append(all, offered{pkg, d})
		}
	}
	return all
}

// edited returns the text with the edits of a fix.
func edited(t *testing.T, pkg *gopackages.Package, text string, fix analysis.SuggestedFix) string {
	t.Helper()
	edits := slices.Clone(fix.TextEdits)
	slices.SortStableFunc(edits, func(a, b analysis.TextEdit) int { return int(b.Pos - a.Pos) })
	last := len(text)
	for _, e := range edits {
		start, end := pkg.Fset.Position(e.Pos).Offset, pkg.Fset.Position(e.End).Offset
		if end > last || start > end {
			t.Fatalf("edits of %q overlap", fix.Message)
		}
		text, last = text[:start]+string(e.NewText)+text[end:], start
	}
	return text
}
