package unit

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/analysis/passes/printf"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/skeleton"
)

func TestInvoked(t *testing.T) {
	for _, test := range []struct {
		args []string
		want bool
	}{
		{nil, false},
		{[]string{"./..."}, false},
		{[]string{"-json", "./..."}, false},
		{[]string{"help"}, false},
		{[]string{"-flags"}, true},
		{[]string{"-V=full"}, true},
		{[]string{"-V"}, false},
		{[]string{"-json", "-x=false", "/tmp/vet.cfg"}, true},
	} {
		if got := Invoked(test.args); got != test.want {
			t.Errorf("Invoked(%q) = %t, want %t", test.args, got, test.want)
		}
	}
}

func TestOnlySkeletons(t *testing.T) {
	analyzer := func(requires ...*analysis.Analyzer) *analysis.Analyzer {
		return &analysis.Analyzer{Name: "a", Requires: requires}
	}
	for _, test := range []struct {
		name string
		a    *analysis.Analyzer
		want bool
	}{
		{"alone", analyzer(), true},
		{"requires the engine", analyzer(inspect.Analyzer, engine.Analyzer), true},
		{"has other facts", printf.Analyzer, false},
		{"requires other facts", analyzer(inspect.Analyzer, analyzer(printf.Analyzer)), false},
	} {
		if got := onlySkeletons([]*analysis.Analyzer{analyzer(), test.a}); got != test.want {
			t.Errorf("%s: onlySkeletons = %t, want %t", test.name, got, test.want)
		}
	}
}

// TestOutdated: the panic of a type checker that is too old is told in words, and any
// other stays what it is.
func TestOutdated(t *testing.T) {
	// As go/importer of Go 1.26 says it of what Go 1.27 compiles.
	got := outdated(`cannot decode "time", export data version 4 is greater than maximum supported version 2`)
	if !strings.Contains(got, Outdated) || !strings.Contains(got, runtime.Version()) {
		t.Errorf("%q", got)
	}
	if got := outdated(errors.New("index out of range")); got != "" {
		t.Errorf("another panic: %q", got)
	}
}

func TestIsFixed(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  unitchecker.Config
		want bool
	}{
		{"standard library", unitchecker.Config{ImportPath: "net/http", Dir: "/go/src/net/http"}, true},
		{"vendored by the standard library", unitchecker.Config{ImportPath: "vendor/golang.org/x/net/idna", Dir: "/go/src/vendor/golang.org/x/net/idna"}, true},
		{"GOPATH mode", unitchecker.Config{ImportPath: "example.com/p", Dir: "/home/go/src/example.com/p"}, false},
		{"module cache", unitchecker.Config{ImportPath: "example.com/p/q", ModulePath: "example.com/p", ModuleVersion: "v1.2.3", Dir: "/home/go/pkg/mod/example.com/p@v1.2.3/q"}, true},
		{"vendor directory", unitchecker.Config{ImportPath: "example.com/p", ModulePath: "example.com/p", ModuleVersion: "v1.2.3", Dir: "/m/vendor/example.com/p"}, true},
		{"main module", unitchecker.Config{ImportPath: "example.com/m/p", ModulePath: "example.com/m", Dir: "/m/p"}, false},
		{"replaced by a directory", unitchecker.Config{ImportPath: "example.com/p", ModulePath: "example.com/p", ModuleVersion: "v1.2.3", Dir: "/p"}, false},
	} {
		if got := isFixed(&test.cfg); got != test.want {
			t.Errorf("%s: isFixed = %t, want %t", test.name, got, test.want)
		}
	}
}

func TestDependency(t *testing.T) {
	for _, test := range []struct {
		name  string
		cfg   unitchecker.Config
		want  work
		wrote bool
	}{
		{"asked for", unitchecker.Config{ImportPath: "p"}, everything, false},
		{"standard library", unitchecker.Config{ImportPath: "net/http", VetxOnly: true}, nothing, true},
		{"module cache", unitchecker.Config{ImportPath: "example.com/p", ModulePath: "example.com/p", ModuleVersion: "v1.2.3", Dir: "/m/p@v1.2.3", VetxOnly: true}, facts, false},
		{"module cache, told by Go 1.27", unitchecker.Config{ImportPath: "example.com/p", Module: &analysis.Module{Path: "example.com/p", Version: "v1.2.3"}, Dir: "/m/p@v1.2.3", VetxOnly: true}, facts, false},
		{"a path without a dot, told by Go 1.27", unitchecker.Config{ImportPath: "p", Module: &analysis.Module{Path: "p", Version: "v1.2.3"}, Dir: "/m/p@v1.2.3", VetxOnly: true}, facts, false},
	} {
		dir := t.TempDir()
		vetx := filepath.Join(dir, "vet.out")
		test.cfg.VetxOutput = vetx
		// There are no files to analyse: whoever tries will fail.
		test.cfg.GoFiles = []string{filepath.Join(dir, "nosuch.go")}
		data, err := json.Marshal(test.cfg)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "vet.cfg")
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := dependency(nil, file, true)
		if err != nil {
			t.Fatal(err)
		}
		_, err = os.Stat(vetx)
		if wrote := err == nil; got != test.want || wrote != test.wrote {
			t.Errorf("%s: to do %d, fact file written %t; want %d, %t", test.name, got, wrote, test.want, test.wrote)
		}
	}
	if _, err := dependency(nil, filepath.Join(t.TempDir(), "nosuch.cfg"), true); err == nil {
		t.Error("no error for a file that does not exist")
	}
}

// TestLeaveOut has a suite of which some analyzers matter for a dependency: those with
// facts and what they require, but not what only the engine does.
func TestLeaveOut(t *testing.T) {
	inspectRun := inspect.Analyzer.Run
	defer func() { inspect.Analyzer.Run = inspectRun }()
	ran := make(map[string]bool)
	analyzer := func(name string, facts []analysis.Fact, requires ...*analysis.Analyzer) *analysis.Analyzer {
		return &analysis.Analyzer{Name: name, FactTypes: facts, Requires: requires, Run: func(*analysis.Pass) (any, error) {
			ran[name] = true
			return nil, nil
		}}
	}
	inspect.Analyzer.Run = func(*analysis.Pass) (any, error) {
		ran["inspect"] = true
		return nil, nil
	}
	base := analyzer("base", nil)
	check := analyzer("check", nil, engine.Analyzer, base)
	facts := analyzer("facts", []analysis.Fact{new(skeleton.Fact)}, analyzer("syntax", nil))
	leaveOut([]*analysis.Analyzer{check, facts})
	for _, a := range []*analysis.Analyzer{base, check, facts, facts.Requires[0], inspect.Analyzer} {
		if _, err := a.Run(nil); err != nil {
			t.Fatal(err)
		}
	}
	if want := map[string]bool{"facts": true, "syntax": true}; !maps.Equal(ran, want) {
		t.Errorf("these run: %v, want %v", ran, want)
	}
}
