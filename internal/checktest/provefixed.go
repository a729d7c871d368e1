package checktest

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/packages"
)

// ProveFixed makes the fixes that the check offers in its fixtures and shows
// that they repair the code: a drive whose bug is fixed returns and leaks
// nothing, whatever its claim was.
//
// A drive counts as fixed if the functions that it reaches, by name and within
// the package, have findings and all of these have a fix.
func ProveFixed(t *testing.T, a *analysis.Analyzer) {
	t.Helper()
	skipShort(t)
	gopath := filepath.Join(moduleRoot(t), "testdata")
	fixed, drives := repairs(t, gopath, a, findFixtures(t, gopath, a.Name))
	if len(drives) == 0 {
		t.Skip("no drive reaches only findings with a fix")
	}
	p := newProver(t, gopath)
	p.fixed = fixed
	p.proveAll(t, drives)
}

// A quiet test ignores failures: those of the analysis are for Run.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}

// repairs returns the texts of the fixtures' files with all fixes made, and the
// drives that must be clean then.
func repairs(t *testing.T, gopath string, a *analysis.Analyzer, fixtures []string) (texts map[string][]byte, drives []drive) {
	t.Helper()
	texts = make(map[string][]byte)
	for _, result := range analysistest.Run(quiet{}, gopath, a, fixtures...) {
		pkg := result.Action.Package
		proof := filepath.Join(gopath, "src", filepath.FromSlash(pkg.PkgPath), "proof.go")
		if _, err := os.Stat(proof); err != nil || pkg.ID != pkg.PkgPath {
			continue // nothing to run, or a test variant of the package
		}
		all := make(fixed)
		broken := make(map[string]bool) // functions with a finding; true if it stays
		for _, d := range result.Diagnostics {
			stays := len(d.SuggestedFixes) == 0 || !all.add(editsOf(pkg.Fset, d.SuggestedFixes[0]))
			name := enclosingFunc(pkg, d.Pos)
			broken[name] = broken[name] || stays
		}
		for name, edits := range all {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = apply(src, edits)
		}
		found, err := readProof(gopath, proof)
		if err != nil {
			t.Fatal(err)
		}
		calls := callsByName(pkg)
		for _, d := range found {
			if d.claim.kind != "none" && isRepaired(reachable(calls, d.calls), broken) {
				d.claim = claim{kind: "none"}
				drives = append(drives, d)
			}
		}
	}
	return texts, drives
}

// isRepaired reports whether some of the functions had a finding, and none of
// them still has.
func isRepaired(funcs, broken map[string]bool) bool {
	repaired := false
	for name := range funcs {
		stays, had := broken[name]
		if stays {
			return false
		}
		repaired = repaired || had
	}
	return repaired
}

// enclosingFunc returns the name of the function declaration around pos.
func enclosingFunc(pkg *packages.Package, pos token.Pos) string {
	for _, file := range pkg.Syntax {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= pos && pos < fn.End() {
				return fn.Name.Name
			}
		}
	}
	return ""
}

// callsByName returns, for each function or method, the names that it mentions.
func callsByName(pkg *packages.Package) map[string][]string {
	calls := make(map[string][]string)
	for _, file := range pkg.Syntax {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				calls[fn.Name.Name] = append(calls[fn.Name.Name], identifiers(fn)...)
			}
		}
	}
	return calls
}

// identifiers returns the names that occur in a node.
func identifiers(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// reachable returns the functions that can be reached from some by name.
func reachable(calls map[string][]string, from []string) map[string]bool {
	seen := make(map[string]bool)
	for len(from) > 0 {
		name := from[0]
		from = from[1:]
		if _, isFunc := calls[name]; isFunc && !seen[name] {
			seen[name] = true
			from = append(from, calls[name]...)
		}
	}
	return seen
}
