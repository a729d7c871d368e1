package analyzers_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/skeleton"
	"github.com/concurlint/concurlint/internal/syntax"
)

// realPackages are packages with concurrency, and some with findings, on which runs are
// compared beside the fixtures. Those with a dot leave facts.
var realPackages = []string{
	"testing", "net/http", "os/exec", "database/sql", "log/slog", "net/rpc", "io",
	"cmd/gofmt", "cmd/go/internal/cache", "cmd/go/internal/work", "cmd/compile/internal/gc",
	"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore", "golang.org/x/tools/internal/gocommand",
	"golang.org/x/tools/go/packages", "golang.org/x/tools/go/analysis/checker", "go.lsp.dev/jsonrpc2",
}

// A round is one way to run the analysis, in which nothing but the outcome is fixed.
type round struct {
	procs      int
	sequential bool
	rng        *rand.Rand // of all orders
}

// rounds returns the rounds of the tests below. The first one is what the others are
// compared with.
func rounds() []round {
	var list []round
	for i, procs := range []int{1, 2, 4} {
		list = append(list, round{procs, i == 0, rand.New(rand.NewPCG(uint64(i), 1))})
	}
	if testing.Short() {
		list = slices.Delete(list, 1, 2)
	}
	return list
}

// TestDeterminism: no order, of files, of packages, of checks or of what runs at the
// same time, changes a diagnostic with all that belongs to it, a fact, or a count of
// what was given up. Iteration over maps is in another order each time by itself.
func TestDeterminism(t *testing.T) {
	src, err := filepath.Abs(filepath.Join("..", "testdata", "src"))
	if err != nil {
		t.Fatal(err)
	}
	compareRounds(t, fixtureFiles(t, src))
}

// TestDeterminismOfRealCode is TestDeterminism for packages of the standard library, the
// commands and a few modules.
func TestDeterminismOfRealCode(t *testing.T) {
	if testing.Short() {
		t.Skip("large packages")
	}
	loaded, err := gopackages.Load(&gopackages.Config{Mode: gopackages.NeedName | gopackages.NeedFiles}, realPackages...)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]string)
	for _, p := range loaded {
		if len(p.Errors) == 0 && len(p.GoFiles) > 0 {
			files[p.PkgPath] = p.GoFiles
		}
	}
	if len(files) < len(realPackages)/2 {
		t.Fatalf("only %d packages can be loaded", len(files))
	}
	compareRounds(t, files)
}

// fixtureFiles returns the files of the fixtures by import path.
func fixtureFiles(t *testing.T, src string) map[string][]string {
	t.Helper()
	files := make(map[string][]string)
	err := filepath.WalkDir(src, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(src, filepath.Dir(name))
		pkg := filepath.ToSlash(rel)
		files[pkg] = append(files[pkg], name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// compareRounds analyses packages in all rounds, and compares what comes of it.
func compareRounds(t *testing.T, files map[string][]string) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	traces := analyzers.All()[len(analyzers.All())-1].Flags.Lookup("trace")
	if err := traces.Value.Set("true"); err != nil {
		t.Fatal(err)
	}
	defer traces.Value.Set("false")
	deps := importsOf(t, files)

	var first map[string][]string
	for i, r := range rounds() {
		runtime.GOMAXPROCS(r.procs)
		got := r.analyse(t, files, deps)
		if i == 0 {
			first = got
			demandSubstance(t, got)
			continue
		}
		for _, pkg := range slices.Sorted(maps.Keys(first)) {
			if !slices.Equal(got[pkg], first[pkg]) {
				was, is := differing(first[pkg], got[pkg])
				t.Errorf("%s: in round %d\n%s\nat first\n%s", pkg, i, strings.Join(is, "\n"), strings.Join(was, "\n"))
			}
		}
	}
}

// differing returns what only one of two lists has.
func differing(a, b []string) (onlyA, onlyB []string) {
	for _, s := range a {
		if !slices.Contains(b, s) {
			onlyA = append(onlyA, s)
		}
	}
	for _, s := range b {
		if !slices.Contains(a, s) {
			onlyB = append(onlyB, s)
		}
	}
	return onlyA, onlyB
}

// demandSubstance fails the test if there is nothing to compare.
func demandSubstance(t *testing.T, seen map[string][]string) {
	t.Helper()
	n := make(map[string]int)
	for _, list := range seen {
		for _, s := range list {
			kind, _, _ := strings.Cut(s, " ")
			n[kind]++
		}
	}
	t.Logf("%d packages: %d diagnostics, %d counts, %d facts", len(seen), n["diagnostic"], n["count"], n["fact"])
	if n["diagnostic"] == 0 || n["count"] == 0 || n["fact"] == 0 {
		t.Error("there is nothing of one kind to compare")
	}
}

// importsOf loads what the packages import and what is not among them.
func importsOf(t *testing.T, files map[string][]string) irtest.Importer {
	t.Helper()
	seen := make(map[string]bool)
	for _, list := range files {
		for _, name := range list {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				if path, err := strconv.Unquote(spec.Path.Value); err == nil && files[path] == nil && path != "C" && !strings.HasPrefix(path, ".") {
					seen[path] = true
				}
			}
		}
	}
	deps, err := irtest.LoadImports(slices.Sorted(maps.Keys(seen))...)
	if err != nil {
		t.Fatal(err)
	}
	return deps
}

// A world is a set of packages that were parsed and checked together.
type world struct {
	round
	files map[string][]string
	deps  irtest.Importer
	fset  *token.FileSet
	pkgs  map[string]*gopackages.Package
}

// analyse loads the packages in some order, runs all checks on them in some order, and
// returns what can be seen of the outcome by package. Packages that do not type-check
// here, such as one that needs cgo, are left out.
func (r round) analyse(t *testing.T, files map[string][]string, deps irtest.Importer) map[string][]string {
	t.Helper()
	w := &world{round: r, files: files, deps: deps, fset: token.NewFileSet(), pkgs: make(map[string]*gopackages.Package)}
	paths := slices.Sorted(maps.Keys(files))
	shuffle(r.rng, paths)
	var pkgs []*gopackages.Package
	for _, path := range paths {
		if p := w.load(path); p != nil {
			pkgs = append(pkgs, p)
		}
	}
	suite := append(analyzers.All(), engine.Analyzer) // for its counts and facts
	shuffle(r.rng, pkgs)
	shuffle(r.rng, suite)
	graph, err := checker.Analyze(suite, pkgs, &checker.Options{Sequential: r.sequential})
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]string)
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatalf("%v: %v", act, act.Err)
		}
		out[act.Package.PkgPath] = append(out[act.Package.PkgPath], visible(t, act)...)
	}
	for _, list := range out {
		slices.Sort(list) // of checks; the order in each is part of the text
	}
	return out
}

func shuffle[T any](rng *rand.Rand, list []T) {
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// load parses and type-checks a package and those of the world that it imports. It
// returns nil for one that does not type-check.
func (w *world) load(path string) *gopackages.Package {
	if p, known := w.pkgs[path]; known {
		return p
	}
	w.pkgs[path] = nil // and there are no cycles
	p := &gopackages.Package{
		ID: path, PkgPath: path, Fset: w.fset, TypesInfo: syntax.NewInfo(),
		TypesSizes: types.SizesFor("gc", "amd64"), Imports: make(map[string]*gopackages.Package),
	}
	names := slices.Clone(w.files[path])
	shuffle(w.rng, names)
	for _, name := range names {
		w.fset.AddFile("gap", -1, w.rng.IntN(1000)) // positions are not the same either
		f, err := parser.ParseFile(w.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil
		}
		p.GoFiles = append(p.GoFiles, name)
		p.Syntax = append(p.Syntax, f)
		w.loadImports(p, f)
	}
	p.CompiledGoFiles = p.GoFiles
	shuffle(w.rng, p.Syntax)
	failed := false
	conf := types.Config{Importer: importerOf(w, p), Sizes: p.TypesSizes, Error: func(err error) {
		failed = failed || !irtest.Harmless(err)
	}}
	p.Types, _ = conf.Check(path, w.fset, p.Syntax, p.TypesInfo)
	if failed {
		return nil
	}
	p.Name = p.Types.Name()
	w.pkgs[path] = p
	return p
}

// loadImports loads the packages of the world that a file imports.
func (w *world) loadImports(p *gopackages.Package, f *ast.File) {
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || w.files[path] == nil {
			continue
		}
		if q := w.load(path); q != nil {
			p.Imports[path] = q
		}
	}
}

// importerOf returns what a package of the world sees of others.
func importerOf(w *world, p *gopackages.Package) types.Importer {
	known := maps.Clone(w.deps)
	for path, q := range p.Imports {
		known[path] = q.Types
	}
	return known
}

// visible returns what can be seen of an action: its diagnostics, in their order, its
// counts, and the bytes of the fact that it leaves.
func visible(t *testing.T, act *checker.Action) []string {
	t.Helper()
	var out []string
	for i, d := range act.Diagnostics {
		out = append(out, fmt.Sprintf("diagnostic %s %03d %s", act.Analyzer.Name, i, diagnosticText(act.Package.Fset, d)))
	}
	var counts map[string]int
	switch r := act.Result.(type) {
	case *check.Result:
		counts = r.Counts
	case *engine.Package:
		counts = r.Counts()
		if f := new(skeleton.Fact); act.PackageFact(act.Package.Types, f) {
			var buf bytes.Buffer
			if err := gob.NewEncoder(&buf).Encode(f); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("fact %q", buf.Bytes()))
		}
	}
	for reason, n := range counts {
		out = append(out, fmt.Sprintf("count %s %s %d", act.Analyzer.Name, reason, n))
	}
	return out
}

// diagnosticText returns all of a diagnostic.
func diagnosticText(fset *token.FileSet, d analysis.Diagnostic) string {
	text := fmt.Sprintf("%v %v %s", fset.Position(d.Pos), fset.Position(d.End), d.Message)
	for _, r := range d.Related {
		text += fmt.Sprintf("; %v %s", fset.Position(r.Pos), r.Message)
	}
	for _, fix := range d.SuggestedFixes {
		text += "; " + fix.Message
		for _, e := range fix.TextEdits {
			text += fmt.Sprintf("; %v %v %q", fset.Position(e.Pos), fset.Position(e.End), e.NewText)
		}
	}
	return text
}
