package docs_test

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
)

var update = flag.Bool("update", false, "write api.txt")

const (
	apiFile = "api.txt"
	apiHead = `# The public API of this module: what the packages export that others can import, and
# the names and flags of the analyzers, which command lines and configurations contain.
# A line that goes or changes breaks somebody; a new one is there to stay.
# Written by: go test ./docs -run TestAPI -update
`
)

// TestAPI compares what the module exports with the list of it, so that nothing is
// added, changed or removed by accident.
func TestAPI(t *testing.T) {
	got := apiHead + strings.Join(append(exported(t), analyzerNames()...), "\n") + "\n"
	if *update {
		if err := os.WriteFile(apiFile, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(apiFile)
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(text), "\n"), strings.Split(got, "\n")
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("is gone: %s", line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("is new: %s", line)
		}
	}
	if t.Failed() {
		t.Log("if that is meant, write it down: go test ./docs -run TestAPI -update")
	} else if string(text) != got {
		t.Error("the lines of api.txt are in another order")
	}
}

// exported returns a line for each exported object of the packages that others can
// import.
func exported(t *testing.T) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile}, module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			t.Fatalf("%s: %v", p.PkgPath, p.Errors[0])
		}
		if path := strings.TrimPrefix(p.PkgPath, module+"/"); p.Name != "main" && !slices.Contains(strings.Split(path, "/"), "internal") {
			lines = append(lines, apiOf(path, p.Types)...)
		}
	}
	if len(lines) < 30 {
		t.Fatalf("only %q are exported", lines)
	}
	slices.Sort(lines)
	return lines
}

const module = "github.com/concurlint/concurlint"

// apiOf returns the lines of a package.
func apiOf(path string, pkg *types.Package) []string {
	var lines []string
	qualifier := func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	}
	add := func(format string, args ...any) {
		lines = append(lines, "pkg "+path+", "+fmt.Sprintf(format, args...))
	}
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		if tn, ok := obj.(*types.TypeName); ok && !tn.IsAlias() {
			typeLines(tn, qualifier, add)
			continue
		}
		add("%s", types.ObjectString(obj, qualifier))
	}
	return lines
}

// typeLines adds the lines of a type: what it is, its exported fields and its methods.
func typeLines(tn *types.TypeName, qualifier types.Qualifier, add func(string, ...any)) {
	named := tn.Type().(*types.Named)
	s, isStruct := named.Underlying().(*types.Struct)
	if !isStruct {
		add("%s", types.ObjectString(tn, qualifier))
	} else {
		add("type %s struct", types.TypeString(named, qualifier))
		for f := range s.Fields() {
			if f.Exported() {
				add("type %s struct, %s %s", tn.Name(), f.Name(), types.TypeString(f.Type(), qualifier))
			}
		}
	}
	for m := range named.Methods() {
		if m.Exported() {
			add("%s", strings.Replace(types.ObjectString(m, qualifier), "func (", "method (", 1))
		}
	}
}

// analyzerNames returns a line for each analyzer and for each of its flags.
func analyzerNames() []string {
	var lines []string
	for _, a := range analyzers.All() {
		lines = append(lines, "analyzer "+a.Name)
		a.Flags.VisitAll(func(f *flag.Flag) {
			if !strings.HasPrefix(f.Usage, "internal: ") {
				lines = append(lines, fmt.Sprintf("analyzer %s, flag -%s.%s=%s", a.Name, a.Name, f.Name, f.DefValue))
			}
		})
	}
	return lines
}
