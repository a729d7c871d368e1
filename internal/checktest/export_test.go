package checktest

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

var (
	CheckWants   = checkWants
	ParseClaim   = func(doc string) (string, error) { c, err := parseClaim(doc); return c.String(), err }
	InFunc       = inFunc
	FindFixtures = findFixtures
	ModuleRoot   = moduleRoot
)

// ProveAll runs all drives below dir and returns, by name, why their claims
// are not true.
func ProveAll(t *testing.T, gopath, dir string) map[string]error {
	t.Helper()
	p := newProver(t, gopath)
	drives, err := p.findDrives(dir)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := p.build(drives, false)
	if err != nil {
		t.Fatal(err)
	}
	race, err := p.build(drives, true)
	if canRace() && err != nil {
		t.Fatal(err)
	}
	whys := make(map[string]error)
	for _, d := range drives {
		switch {
		case !d.race:
			_, whys[d.name] = p.prove(plain, d)
		case canRace():
			_, whys[d.name] = p.prove(race, d)
		}
	}
	return whys
}

// Verify runs an analyzer on a package and returns what the verification finds.
func Verify(t *testing.T, gopath string, a *analysis.Analyzer, pkg string) string {
	t.Helper()
	results := analysistest.Run(t, gopath, a, pkg)
	r := new(recorder)
	for _, result := range results {
		verifier{t: r, analyzer: a, known: importable(results), tmp: t.TempDir()}.verify(result)
	}
	return r.String()
}

// A recorder collects failures.
type recorder struct{ strings.Builder }

func (r *recorder) Helper()                           {}
func (r *recorder) Logf(format string, args ...any)   {}
func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }

// CompareRuns runs the drives of a module before and after its fixes and returns, by
// name, what is wrong.
func CompareRuns(t *testing.T, before, after string) map[string]error {
	t.Helper()
	if err := (module{dir: before}).showResults(); err != nil {
		t.Fatal(err)
	}
	if err := (module{dir: after}).showResults(); err != nil {
		t.Fatal(err)
	}
	p, q := newModuleProver(t, module{dir: before}), newModuleProver(t, module{dir: after})
	drives, err := p.findDrives(before)
	if err != nil {
		t.Fatal(err)
	}
	was, err1 := p.build(drives, false)
	is, err2 := q.build(drives, false)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	whys := make(map[string]error)
	for _, d := range drives {
		_, whys[d.name] = p.compareRun(q, was, is, d)
	}
	return whys
}
