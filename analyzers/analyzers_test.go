package analyzers_test

import (
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/suite/fix"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/check"
)

func TestValid(t *testing.T) {
	all := analyzers.All()
	if err := analysis.Validate(all); err != nil {
		t.Fatal(err)
	}
	for i, a := range all[1:] {
		// The analyzer of directives, which requires all others, may be last.
		if _, isCheck := check.MetaOf(a); isCheck && a.Name <= all[i].Name {
			t.Errorf("%s is not sorted", a.Name)
		}
	}
	if &analyzers.All()[0] == &all[0] {
		t.Error("All returns the same slice twice")
	}
}

// foreignNames are analyzers of gopls that are in neither vet's nor fix's
// suite. Staticcheck's have a number in their names.
const foreignNames = `deprecated embeddirective fillreturns fillstruct infertypeargs nilness nonewvars
	noresultvalues recursiveiter shadow simplifycompositelit simplifyrange simplifyslice undeclaredname
	unusedfunc unusedparams unusedresult unusedvariable unusedwrite useany yield modernize gofix inline
	ctrlflow buildssa inspect findcall fieldalignment defers sortslice writestring scannererr maprange`

// goFlags are the flags of go build, go test and go vet, and those of the
// tools that analyzers run in. A flag -NAME of an analyzer would hide them.
const goFlags = `C a asan asmflags bench benchmem benchtime blockprofile blockprofilerate buildmode buildvcs c
	compiler count cover covermode coverpkg coverprofile cpu cpuprofile debug diff exec failfast fix
	fixtool flags fullpath fuzz fuzzminimizetime fuzztime gccgoflags gcflags h help i installsuffix json
	ldflags linkshared list memprofile memprofilerate mod modcacherw modfile msan mutexprofile
	mutexprofilefraction n o outputdir overlay p parallel pgo pkgdir race run short shuffle skip source
	tags test testlogfile timeout toolexec trace trimpath v V vet vettool work x`

// TestNames: under go vet the flag -NAME selects an analyzer, so a name that
// means something else already cannot be given.
func TestNames(t *testing.T) {
	taken := make(map[string]string)
	for _, name := range strings.Fields(foreignNames) {
		taken[name] = "an analyzer of gopls"
	}
	for _, a := range append(append([]*analysis.Analyzer(nil), vet.Suite...), fix.Suite...) {
		taken[a.Name] = "an analyzer of go vet or go fix"
	}
	for _, name := range strings.Fields(goFlags) {
		taken[name] = "a flag of the go command"
	}
	staticcheck := regexp.MustCompile(`^(SA|S|ST|QF|U)\d+$`)
	for _, a := range analyzers.All() {
		if !token.IsIdentifier(a.Name) || a.Name != strings.ToLower(a.Name) {
			t.Errorf("%s is not an identifier in lower case", a.Name)
		}
		if what, ok := taken[a.Name]; ok || staticcheck.MatchString(a.Name) {
			t.Errorf("%s is the name of %s", a.Name, what)
		}
	}
}

// TestChecks asserts what each check comes with.
func TestChecks(t *testing.T) {
	for _, a := range analyzers.All() {
		meta, isCheck := check.MetaOf(a)
		if !isCheck {
			if a.Name != "concurlint" {
				t.Errorf("%s is not made by check.New", a.Name)
			}
			continue
		}
		t.Run(a.Name, func(t *testing.T) {
			summary := check.Summary(a.Doc)
			if summary == "" || len(summary) > 100 || strings.HasSuffix(summary, ".") || summary != strings.TrimSpace(summary) {
				t.Errorf("summary %q is not one short phrase", summary)
			}
			if !strings.HasSuffix(a.URL, "/docs/checks/"+a.Name+".md") {
				t.Errorf("URL %s", a.URL)
			}
			if len(meta.Patterns) == 0 && a.Name != "lockblock" { // locks belong to no pattern
				t.Error("no pattern")
			}
			for _, p := range meta.Patterns {
				exists(t, filepath.Join("..", "patterns", p, p+".go"))
			}
			exists(t, filepath.Join("..", "docs", "checks", a.Name+".md"))
			exists(t, filepath.Join(a.Name, "doc.go"))
			for _, kind := range []string{"bad", "good"} {
				exists(t, filepath.Join("..", "testdata", "src", a.Name, kind+"*", "*.go"))
			}
		})
	}
}

// exists fails the test unless a file matches the pattern.
func exists(t *testing.T, pattern string) {
	t.Helper()
	if files, err := filepath.Glob(pattern); err != nil || len(files) == 0 {
		t.Errorf("no file %s", pattern)
	}
}

// TestListed fails for a check's package that All forgets.
func TestListed(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	listed := make(map[string]bool)
	for _, a := range analyzers.All() {
		listed[a.Name] = true
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != "testdata" && !listed[e.Name()] {
			t.Errorf("%s is not in All", e.Name())
		}
	}
}
