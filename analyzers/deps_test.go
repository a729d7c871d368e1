package analyzers_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
)

// layers is the order of the module's packages: a package may import those of
// the lines above its own, and no others. A line ending in /... stands for all
// packages below that folder, which may import each other. A new package needs
// a place here.
const layers = `
	patterns docs
	internal/api internal/printable internal/syntax internal/trace
	internal/gate internal/mutate internal/progen/... internal/skeleton
	internal/ir
	internal/machine
	internal/verdict
	internal/explore
	internal/model
	internal/irtest
	internal/fields internal/flow internal/locks
	internal/order
	internal/engine
	internal/report
	internal/witness
	internal/check
	internal/repair
	internal/checktest analyzers/*
	analyzers
	internal/driver/... internal/goker
	cmd/... internal/cmd/... plugin/...
`

// alone are packages that import nothing of the module, because they are meant
// to be copied out of it.
const alone = "patterns/"

const module = "github.com/concurlint/concurlint"

// layerOf returns the number of a package's line and its entry there, or -1.
func layerOf(pkg string) (line int, entry string) {
	for i, text := range strings.Split(layers, "\n") {
		for _, entry := range strings.Fields(text) {
			below, isTree := strings.CutSuffix(entry, "/...")
			ok, err := path.Match(entry, pkg)
			if ok && err == nil || isTree && (pkg == below || strings.HasPrefix(pkg, below+"/")) {
				return i, entry
			}
		}
	}
	return -1, ""
}

// mayImport reports whether a package may import another one of the module.
func mayImport(pkg, imported string) bool {
	if strings.HasPrefix(pkg, alone) {
		return false
	}
	from, fromEntry := layerOf(pkg)
	to, toEntry := layerOf(imported)
	if from < 0 || to < 0 {
		return false
	}
	return to < from || fromEntry == toEntry && strings.HasSuffix(fromEntry, "/...")
}

// TestLayers checks the imports of all packages, tests aside.
func TestLayers(t *testing.T) {
	for pkg, imports := range packages(t) {
		if line, _ := layerOf(pkg); line < 0 && !strings.HasPrefix(pkg, alone) {
			t.Errorf("%s has no place in the layers", pkg)
		}
		for _, path := range imports {
			imported, ours := strings.CutPrefix(path, module+"/")
			switch {
			case ours && !mayImport(pkg, imported):
				t.Errorf("%s imports %s", pkg, imported)
			case strings.HasSuffix(path, "/passes/buildssa") || strings.HasSuffix(path, "/passes/ctrlflow"):
				// Their facts make every driver analyse all dependencies.
				t.Errorf("%s imports %s", pkg, path)
			case path == "golang.org/x/tools/go/analysis" && belowEngine(pkg):
				t.Errorf("%s imports %s, which the engine and what is above it know", pkg, path)
			}
		}
	}
}

// belowEngine reports whether a package has nothing to do with passes.
func belowEngine(pkg string) bool {
	line, _ := layerOf(pkg)
	engine, _ := layerOf("internal/engine")
	return line < engine
}

func TestMayImport(t *testing.T) {
	tests := []struct {
		pkg, imported string
		want          bool
	}{
		{"internal/gate", "internal/api", true},
		{"internal/api", "internal/gate", false},
		{"internal/api", "internal/syntax", false},
		{"analyzers/wgadd", "internal/check", true},
		{"analyzers/wgadd", "analyzers/chanclose", false},
		{"analyzers", "analyzers/wgadd", true},
		{"internal/driver", "internal/driver/unit", true},
		{"internal/cmd/gendocs", "patterns", true},
		{"patterns/group", "internal/api", false},
		{"internal/unknown", "internal/api", false},
		{"internal/check", "internal/unknown", false},
	}
	for _, test := range tests {
		if got := mayImport(test.pkg, test.imported); got != test.want {
			t.Errorf("%s → %s: %t", test.pkg, test.imported, got)
		}
	}
}

// packages returns the packages of the module and what they import.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || strings.HasPrefix(base, ".") && base != ".." {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != ".." {
				return fs.SkipDir // another module
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel("..", filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg = filepath.ToSlash(pkg)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all[pkg] = append(all[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRequires walks what the checks require: not through an import either may
// they come to depend on facts about the whole world.
func TestRequires(t *testing.T) {
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(root string, a *analysis.Analyzer)
	visit = func(root string, a *analysis.Analyzer) {
		if a.Name == "buildssa" || a.Name == "ctrlflow" {
			t.Errorf("%s requires %s", root, a.Name)
		}
		for _, req := range a.Requires {
			if !seen[req] {
				seen[req] = true
				visit(root, req)
			}
		}
	}
	for _, a := range analyzers.All() {
		visit(a.Name, a)
	}
}
