package checktest

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/syntax"
)

// verifyFixes applies each fix alone, and then all that go together.
func (v verifier) verifyFixes(pkg *packages.Package, diagnostics []analysis.Diagnostic) {
	var (
		all   = make(fixed)
		gone  []analysis.Diagnostic
		fixes int
	)
	for i, d := range diagnostics {
		if len(d.SuggestedFixes) == 0 {
			continue
		}
		fixes++
		edits := editsOf(pkg.Fset, d.SuggestedFixes[0])
		one := make(fixed)
		at := pkg.Fset.Position(d.Pos)
		if !one.add(edits) {
			v.t.Errorf("%s: edits of the fix overlap", at)
			continue
		}
		rest := slices.Delete(slices.Clone(diagnostics), i, i+1)
		v.verifyFixed(fmt.Sprintf("%s: fix %q", at, d.SuggestedFixes[0].Message), pkg, one, rest)
		if all.add(edits) {
			gone = append(gone, d)
		} else {
			v.t.Logf("%s: fix conflicts with another", at)
		}
	}
	goldens, _ := filepath.Glob(filepath.Join(v.dir(pkg), "*.golden"))
	for _, golden := range goldens {
		if _, ok := all[strings.TrimSuffix(golden, ".golden")]; !ok {
			v.t.Errorf("%s: no fix is offered for this file", golden)
		}
	}
	if fixes == 0 {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(diagnostics), func(d analysis.Diagnostic) bool {
		return slices.ContainsFunc(gone, func(g analysis.Diagnostic) bool { return g.Pos == d.Pos })
	})
	if fixes > 1 {
		v.verifyFixed("all fixes", pkg, all, rest)
	}
	for _, name := range sortedKeys(all) {
		v.verifyGolden(name, all[name], fixes > len(gone))
	}
}

// dir returns the folder of a package.
func (v verifier) dir(pkg *packages.Package) string {
	if len(pkg.GoFiles) == 0 {
		return v.tmp
	}
	return filepath.Dir(pkg.GoFiles[0])
}

// verifyFixed analyses the fixed package, and allows at most the diagnostics
// of rest.
func (v verifier) verifyFixed(what string, pkg *packages.Package, f fixed, rest []analysis.Diagnostic) {
	after, err := v.rebuild(pkg, f)
	if err != nil {
		v.t.Errorf("%s: %v", what, err)
		return
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{v.analyzer}, []*packages.Package{after}, nil)
	if err == nil {
		err = graph.Roots[0].Err
	}
	if err != nil {
		v.t.Errorf("%s: second analysis: %v", what, err)
		return
	}
	allowed := make(map[string]int)
	for _, d := range rest {
		allowed[withoutNumbers(d.Message)]++
	}
	for _, d := range graph.Roots[0].Diagnostics {
		key := withoutNumbers(d.Message)
		if allowed[key]--; allowed[key] < 0 {
			v.t.Errorf("%s: the fixed code has: line %d: %s", what, after.Fset.Position(d.Pos).Line, d.Message)
		}
	}
}

var number = regexp.MustCompile(`\d+`)

// withoutNumbers makes messages with line numbers comparable.
func withoutNumbers(s string) string { return number.ReplaceAllString(s, "N") }

// A fileEdit replaces the text between two offsets.
type fileEdit struct {
	start, end int
	text       string
}

// fixed holds the edits of files by name, sorted and without overlap.
type fixed map[string][]fileEdit

// editsOf returns the edits of a fix by file.
func editsOf(fset *token.FileSet, fix analysis.SuggestedFix) fixed {
	edits := make(fixed)
	for _, e := range fix.TextEdits {
		file := fset.File(e.Pos)
		edits[file.Name()] = append(edits[file.Name()],
			fileEdit{file.Offset(e.Pos), file.Offset(max(e.Pos, e.End)), string(e.NewText)})
	}
	return edits
}

// add adds the edits of a fix to others, unless they conflict. Equal edits are
// made once, as drivers do, so that two fixes can add the same import.
func (f fixed) add(edits fixed) bool {
	merged := maps.Clone(f)
	for name, added := range edits {
		all := slices.Clone(f[name])
		for _, e := range added {
			if !slices.Contains(f[name], e) {
				all = append(all, e)
			}
		}
		slices.SortStableFunc(all, func(x, y fileEdit) int {
			return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.end, y.end))
		})
		for i := 1; i < len(all); i++ {
			if all[i].start < all[i-1].end {
				return false
			}
		}
		merged[name] = all
	}
	maps.Copy(f, merged)
	return true
}

// apply returns the text of a file with the edits made.
func apply(src []byte, edits []fileEdit) []byte {
	var out []byte
	done := 0
	for _, e := range edits {
		out = append(append(out, src[done:e.start]...), e.text...)
		done = e.end
	}
	return append(out, src[done:]...)
}

// rebuild parses and type-checks a package with the edits made.
func (v verifier) rebuild(pkg *packages.Package, f fixed) (*packages.Package, error) {
	after := *pkg
	after.Syntax = nil
	for _, file := range pkg.Syntax {
		name := pkg.Fset.File(file.FileStart).Name()
		edits, ok := f[name]
		if !ok {
			after.Syntax = append(after.Syntax, file)
			continue
		}
		file, err := v.parseFixed(pkg.Fset, name, edits)
		if err != nil {
			return nil, err
		}
		after.Syntax = append(after.Syntax, file)
	}
	after.Imports = maps.Clone(pkg.Imports)
	after.TypesInfo = syntax.NewInfo()
	conf := types.Config{
		Importer:  importerFunc(func(path string) (*types.Package, error) { return v.importFor(&after, path) }),
		Sizes:     pkg.TypesSizes,
		GoVersion: pkg.Types.GoVersion(),
	}
	var err error
	after.Types, err = conf.Check(pkg.PkgPath, pkg.Fset, after.Syntax, after.TypesInfo)
	if err != nil {
		return nil, fmt.Errorf("the fixed code does not type-check: %v", err)
	}
	return &after, nil
}

// parseFixed parses a file with the edits made, from a copy on disk: analyzers
// read a file's text by its name.
func (v verifier) parseFixed(fset *token.FileSet, name string, edits []fileEdit) (*ast.File, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	text := apply(src, edits)
	if isFormatted(src) && !isFormatted(text) {
		return nil, fmt.Errorf("the fixed code is not gofmt-clean:\n%s", text)
	}
	dir, err := os.MkdirTemp(v.tmp, "")
	if err != nil {
		return nil, err
	}
	copied := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		return nil, err
	}
	return parser.ParseFile(fset, copied, text, parser.ParseComments|parser.SkipObjectResolution)
}

// importFor returns the package that path denotes in pkg, which may be one
// that only its fix imports.
func (v verifier) importFor(pkg *packages.Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	dep, ok := pkg.Imports[path]
	if !ok {
		if dep, ok = v.known[path]; !ok {
			return nil, errors.New("the fix imports a package that no fixture uses: " + path)
		}
		pkg.Imports[path] = dep
	}
	return dep.Types, nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// verifyGolden compares a file after all fixes with its golden file. Packages
// named fix* must have one.
func (v verifier) verifyGolden(name string, edits []fileEdit, conflict bool) {
	golden := name + ".golden"
	src, err := os.ReadFile(name)
	if err != nil {
		v.t.Errorf("%v", err)
		return
	}
	wanted, err := os.ReadFile(golden)
	required := strings.HasPrefix(filepath.Base(filepath.Dir(name)), "fix")
	if err != nil && !required {
		return
	}
	got := apply(src, edits)
	switch {
	case conflict:
		v.t.Errorf("%s: the fixes conflict", name)
	case string(got) == string(wanted):
	case *update:
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			v.t.Errorf("%v", err)
		}
	default:
		v.t.Errorf("%s differs from the fixed code (-update writes it):\n%s", golden, firstDifference(string(got), string(wanted)))
	}
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		line := func(lines []string) string {
			if i < len(lines) {
				return lines[i]
			}
			return "(end of file)"
		}
		if line(g) != line(w) {
			return fmt.Sprintf("line %d: fixed code %q, golden file %q", i+1, line(g), line(w))
		}
	}
	return ""
}
