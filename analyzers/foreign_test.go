package analyzers_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/irtest"
)

// TestForeignPrograms is TestHardInputs for the tests of the Go compiler and
// type checker, as far as they are programs of one file.
func TestForeignPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("many programs")
	}
	goroot := strings.TrimSpace(goEnv(t, "GOROOT"))
	dirs := []string{filepath.Join(goroot, "test"), filepath.Join(goroot, "src", "internal", "types", "testdata")}
	for _, pattern := range []string{"src/go/*/testdata", "src/cmd/compile/internal/*/testdata", "src/cmd/*/testdata"} {
		more, err := filepath.Glob(filepath.Join(goroot, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, more...)
	}
	units, paths := foreign(t, dirs...)
	if len(units) == 0 {
		t.Skip("GOROOT has no tests")
	}
	deps, err := irtest.LoadImports(paths...)
	if err != nil {
		t.Fatal(err)
	}
	analysed := 0
	for batch := range slices.Chunk(units, 100) {
		var pkgs []*gopackages.Package
		for _, u := range batch {
			if pkg, err := typeChecked(u, deps); err == nil {
				pkgs = append(pkgs, pkg)
			}
		}
		analysed += len(pkgs)
		demandCalm(t, pkgs...)
	}
	t.Logf("%d of %d programs type-check", analysed, len(units))
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Skip(err)
	}
	return string(out)
}

// maxForeign bounds the size of a foreign program: the type checker takes its
// time for the generated ones.
const maxForeign = 100_000

// foreign returns the files below some folders as packages of their own, and
// the packages that they import.
func foreign(t *testing.T, dirs ...string) (units []unit, imports []string) {
	t.Helper()
	seen := make(map[string]bool)
	for _, dir := range dirs {
		filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return nil
			}
			text, err := os.ReadFile(name)
			if err != nil || len(text) > maxForeign {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
			if err != nil {
				return nil
			}
			for _, spec := range file.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil || path == "C" || strings.ContainsAny(path, ".\\") || !token.IsIdentifier(strings.ReplaceAll(path, "/", "")) {
					return nil
				}
				if !seen[path] {
					seen[path] = true
					imports = append(imports, path)
				}
			}
			units = append(units, unit{name: name, files: map[string]string{name: string(text)}})
			return nil
		})
	}
	return units, imports
}

// TestForeignModules is TestHardInputs for the tests of the Go compiler that have several
// packages, with facts from one to the next: a folder NAME.dir of files, of which those
// of one package clause are a package. It is imported by the name of its first file.
func TestForeignModules(t *testing.T) {
	if testing.Short() {
		t.Skip("many programs")
	}
	goroot := strings.TrimSpace(goEnv(t, "GOROOT"))
	var worlds []map[string][]string
	for _, pattern := range []string{"*.dir", "*/*.dir"} {
		dirs, err := filepath.Glob(filepath.Join(goroot, "test", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			worlds = append(worlds, packagesOf(t, dir))
		}
	}
	if len(worlds) == 0 {
		t.Skip("GOROOT has no tests")
	}
	all := make(map[string][]string) // for the imports; the names do not matter
	for i, files := range worlds {
		for path, list := range files {
			all[strconv.Itoa(i)+path] = list
		}
	}
	deps := importsOf(t, all)
	analysed := 0
	for _, files := range worlds {
		w := &world{
			round: round{rng: rand.New(rand.NewPCG(1, 1))},
			files: files, deps: deps, fset: token.NewFileSet(), pkgs: make(map[string]*gopackages.Package),
		}
		var pkgs []*gopackages.Package
		for _, path := range slices.Sorted(maps.Keys(files)) {
			if p := w.load(path); p != nil {
				pkgs = append(pkgs, p)
			}
		}
		analysed += len(pkgs)
		demandCalm(t, pkgs...)
	}
	t.Logf("%d packages in %d folders", analysed, len(worlds))
}

// packagesOf returns the files of each package in a folder, by what it is imported as.
func packagesOf(t *testing.T, dir string) map[string][]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]string)
	pathOf := make(map[string]string) // by package clause
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			continue // wrong on purpose
		}
		path, known := pathOf[f.Name.Name]
		if !known {
			path = "./" + strings.TrimSuffix(filepath.Base(name), ".go")
			pathOf[f.Name.Name] = path
		}
		files[path] = append(files[path], name)
	}
	return files
}
