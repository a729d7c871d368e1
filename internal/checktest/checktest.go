// Package checktest tests a check against its fixtures and the fixtures
// against the Go runtime.
//
// [Run] is the whole test of most checks. It finds the check's fixtures, the
// packages below testdata/src/CHECK of the repository, and runs the check on
// them as analysistest does: each diagnostic needs a comment
//
//	for v := range out { // want "out is never closed"
//
// and each such comment a diagnostic. Packages whose folder is named good* have
// none; all others have some. Beyond that, Run asserts what every diagnostic
// promises (category, URL, one line, a story, at most one fix), applies each
// fix and runs the check again: the fixed package must type-check and be
// gofmt-clean, the finding gone, and nothing new there. All fixes of a file
// together must give the .golden file beside it, where there is one; the flag
// -update writes it.
//
// [Prove] shows that the fixtures tell the truth: that bad code really leaks,
// deadlocks, panics or races, and good code does not. [ProveFixed] shows that
// the fixes repair what they claim to, and not only please the check.
package checktest

import (
	"bytes"
	"flag"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/check"
)

var update = flag.Bool("update", false, "write the golden files of the fixtures")

// Run tests the analyzer of a check on all its fixtures.
func Run(t *testing.T, a *analysis.Analyzer) {
	t.Helper()
	gopath := filepath.Join(moduleRoot(t), "testdata")
	fixtures := findFixtures(t, gopath, a.Name)
	if len(fixtures) == 0 {
		t.Fatalf("no fixtures in %s", filepath.Join(gopath, "src", a.Name))
	}
	for _, dir := range fixtures {
		if why := checkWants(gopath, dir); why != "" {
			t.Errorf("%s: %s", dir, why)
		}
	}
	// One run for all fixtures: they share their dependencies, which take
	// most of the time.
	results := analysistest.Run(t, gopath, a, fixtures...)
	known := importable(results)
	for _, result := range results {
		if result.Pass == nil || strings.HasSuffix(result.Pass.Pkg.Path(), ".test") {
			continue // not analysed, or the main package that go test makes
		}
		t.Run(strings.TrimPrefix(result.Action.Package.ID, a.Name+"/"), func(t *testing.T) {
			v := verifier{t: t, analyzer: a, known: known, tmp: t.TempDir()}
			v.verify(result)
		})
	}
}

// reporter is the part of *testing.T that tells of failures.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// moduleRoot returns the folder of the go.mod file above the test.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod file above the test")
		}
		dir = parent
	}
}

// findFixtures returns the import paths of the packages of a check's fixtures.
func findFixtures(t testing.TB, gopath, check string) []string {
	t.Helper()
	src := filepath.Join(gopath, "src")
	var fixtures []string
	err := filepath.WalkDir(filepath.Join(src, check), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		rel, err := filepath.Rel(src, filepath.Dir(path))
		if rel = filepath.ToSlash(rel); err == nil && !slices.Contains(fixtures, rel) {
			fixtures = append(fixtures, rel)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	slices.Sort(fixtures)
	return fixtures
}

var want = regexp.MustCompile(`//\s*want\s`)

// checkWants compares a fixture's name with the comments in it: a bad example
// that expects nothing would pass whatever the check does.
func checkWants(gopath, dir string) string {
	files, _ := filepath.Glob(filepath.Join(gopath, "src", filepath.FromSlash(dir), "*.go"))
	found := false
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err.Error()
		}
		found = found || want.Match(src)
	}
	good := slices.ContainsFunc(strings.Split(dir, "/"), func(element string) bool {
		return strings.HasPrefix(element, "good")
	})
	switch {
	case good && found:
		return "has a want comment, but is named good"
	case !good && !found:
		return "has no want comment and is not named good*"
	}
	return ""
}

// importable returns all packages that the results' packages depend on, for
// fixed code that may import more than before.
func importable(results []*analysistest.Result) map[string]*packages.Package {
	known := make(map[string]*packages.Package)
	for _, result := range results {
		packages.Visit([]*packages.Package{result.Action.Package}, nil, func(p *packages.Package) {
			known[p.PkgPath] = p
		})
	}
	return known
}

// A verifier checks what analysistest leaves out, for one package.
type verifier struct {
	t        reporter
	analyzer *analysis.Analyzer
	known    map[string]*packages.Package
	tmp      string // for the text of fixed files
}

func (v verifier) verify(result *analysistest.Result) {
	if r, ok := result.Result.(*check.Result); ok {
		if r.Panic != "" {
			v.t.Errorf("check panicked: %s", r.Panic)
		}
		for reason, n := range r.Counts {
			v.t.Logf("gave up: %s ×%d", reason, n)
		}
	}
	pkg := result.Action.Package
	for _, d := range result.Diagnostics {
		for _, problem := range problems(v.analyzer, pkg, d) {
			v.t.Errorf("%s: %s: %s", pkg.Fset.Position(d.Pos), d.Message, problem)
		}
	}
	v.verifyFixes(pkg, result.Diagnostics)
}

// problems returns what is wrong with the form of a diagnostic.
func problems(a *analysis.Analyzer, pkg *packages.Package, d analysis.Diagnostic) []string {
	var all []string
	require := func(ok bool, problem string) {
		if !ok {
			all = append(all, problem)
		}
	}
	named := strings.HasSuffix(d.Message, " ("+a.Name+")")
	if m, ok := check.MetaOf(a); ok && len(m.Patterns) > 0 {
		named = slices.ContainsFunc(m.Patterns, func(pattern string) bool {
			return strings.HasSuffix(d.Message, " ("+a.Name+"; see patterns/"+pattern+")")
		})
	}
	require(d.Category == a.Name, "category is not the check's name")
	require(d.URL == a.URL && a.URL != "", "URL is not the check's")
	require(named, "message does not end with the check and one of its patterns")
	require(!strings.ContainsAny(d.Message, "\r\n"), "message has several lines")
	require(d.End > d.Pos, "no end")
	require(len(d.Related) > 0, "no story")
	for _, r := range d.Related {
		require(pkg.Fset.File(r.Pos) != nil, "story step without position: "+r.Message)
		require(r.Message != "" && !strings.ContainsAny(r.Message, "\r\n"), "story step is not one line: "+r.Message)
	}
	require(len(d.SuggestedFixes) <= 1, "several fixes")
	for _, fix := range d.SuggestedFixes {
		require(fix.Message != "" && fix.Message != d.Message, "fix has no message of its own")
		require(len(fix.TextEdits) > 0, "fix has no edits")
	}
	return all
}

// isFormatted reports whether gofmt would leave the text as it is.
func isFormatted(src []byte) bool {
	formatted, err := format.Source(src)
	return err == nil && bytes.Equal(src, formatted)
}
