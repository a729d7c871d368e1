package analyzers_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
)

// These tests hold the contract with nogo, the driver of Bazel's rules_go, as far as it
// can be seen in our code. nogodriver_test.go builds nogo with the analyzers, and runs it.

// nogoPackages returns the import paths of the packages that docs/scale.md tells Bazel's
// users to list, and the configuration that it gives.
func nogoPackages(t *testing.T) (paths []string, config string) {
	t.Helper()
	doc, err := os.ReadFile("../docs/scale.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"@com_github_concurlint_concurlint//([\w/]+)"`).FindAllSubmatch(doc, -1) {
		paths = append(paths, module+"/"+string(m[1]))
	}
	m := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(doc)
	if len(paths) == 0 || m == nil {
		t.Fatal("docs/scale.md lists no packages, or gives no configuration")
	}
	return paths, string(m[1])
}

// TestNogoList: a package for nogo declares a variable Analyzer, and docs/scale.md
// lists all of them.
func TestNogoList(t *testing.T) {
	listed := make(map[string]bool)
	paths, _ := nogoPackages(t)
	for _, path := range paths {
		listed[path] = true
	}
	for _, a := range analyzers.All() {
		pkg := module + "/analyzers/" + a.Name
		if a == analyzers.Analyzer {
			pkg = module + "/analyzers"
		}
		if !listed[pkg] {
			t.Errorf("docs/scale.md does not list %s", pkg)
		}
		if !declaresAnalyzer(t, filepath.Join("..", strings.TrimPrefix(pkg, module+"/"))) {
			t.Errorf("%s declares no variable Analyzer", pkg)
		}
		delete(listed, pkg)
	}
	for pkg := range listed {
		t.Errorf("docs/scale.md lists %s, which is no analyzer", pkg)
	}
}

// declaresAnalyzer reports whether the package in a folder has a variable Analyzer.
func declaresAnalyzer(t *testing.T, dir string) bool {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR || strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, spec := range decl.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if id.Name == "Analyzer" {
						return true
					}
				}
			}
		}
	}
	return false
}

// passFields are the fields of a Pass that nogo does not set (rules_go 0.65).
var passFields = map[string]bool{"Module": true, "ReadFile": true, "OtherFiles": true, "IgnoredFiles": true, "TypeErrors": true}

// mayUse are the functions that use such a field, and manage without it.
var mayUse = map[string]string{
	"internal/engine.newPackage": "keeps ReadFile for the IgnoredFiles, of which there are none then",
	"internal/engine.isStandard": "goes by the import path",
	"internal/report.readSource": "reads the file itself",
}

// TestNogoPass: the analyzers need nothing of a pass that nogo does not give them.
func TestNogoPass(t *testing.T) {
	used := make(map[string]bool)
	for pkg := range packages(t) {
		if strings.HasPrefix(pkg, "internal/driver") || strings.HasPrefix(pkg, "internal/cmd") || strings.HasPrefix(pkg, "internal/checktest") {
			continue // drivers, and what runs analyzers in tests
		}
		names, _ := filepath.Glob(filepath.Join("..", pkg, "*.go"))
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if field := usesOfPass(fn); field != "" {
					where := pkg + "." + fn.Name.Name
					used[where] = true
					if mayUse[where] == "" {
						t.Errorf("%s uses pass.%s, which nogo does not set", where, field)
					}
				}
			}
		}
	}
	for where := range mayUse {
		if !used[where] {
			t.Errorf("%s uses no such field any more", where)
		}
	}
}

// usesOfPass returns a field in passFields that a function selects in a variable pass, or
// p, the name of a check's pass (which is that of other things with a Module, too).
func usesOfPass(fn *ast.FuncDecl) (field string) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && passFields[sel.Sel.Name] {
			if x, ok := sel.X.(*ast.Ident); ok && (x.Name == "pass" || x.Name == "p" && sel.Sel.Name != "Module") {
				field = sel.Sel.Name
			}
		}
		return true
	})
	return field
}

// TestNogoFacts: nogo registers the fact types of all analyzers with gob, and hands over
// what gob makes of a fact.
func TestNogoFacts(t *testing.T) {
	seen := make(map[*analysis.Analyzer]bool)
	types := 0
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, f := range a.FactTypes {
			types++
			gob.Register(f)
			typ := reflect.TypeOf(f)
			if typ.Kind() != reflect.Pointer || typ.Elem().PkgPath() == "" {
				t.Errorf("%s: the fact %v is no pointer to a type with a name", a.Name, typ)
			}
			var buf bytes.Buffer
			if err := gob.NewEncoder(&buf).Encode(&f); err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
			var back analysis.Fact
			if err := gob.NewDecoder(&buf).Decode(&back); err != nil || reflect.TypeOf(back) != typ {
				t.Errorf("%s: %v comes back as %T, %v", a.Name, typ, back, err)
			}
		}
		for _, req := range a.Requires {
			visit(req)
		}
	}
	for _, a := range analyzers.All() {
		visit(a)
	}
	if types != 1 {
		t.Errorf("%d fact types; the engine alone should have one", types)
	}
}

// TestNogoFlags: no analyzer needs a flag, and the flags of the configuration in
// docs/scale.md exist. nogo sets them by their names without that of the analyzer.
func TestNogoFlags(t *testing.T) {
	_, config := nogoPackages(t)
	byName := make(map[string]*analysis.Analyzer)
	for _, a := range analyzers.All() {
		byName[a.Name] = a
	}
	var configs map[string]struct {
		Flags map[string]string `json:"analyzer_flags"`
	}
	if err := json.Unmarshal([]byte(config), &configs); err != nil {
		t.Fatal(err)
	}
	for name, c := range configs {
		a := byName[name]
		if a == nil && name != "_base" {
			t.Errorf("there is no analyzer %s", name)
			continue
		}
		for flag := range c.Flags {
			if a == nil || a.Flags.Lookup(flag) == nil {
				t.Errorf("%s has no flag %s", name, flag)
			}
		}
	}
}
