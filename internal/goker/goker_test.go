package goker_test

import (
	"flag"
	"fmt"
	"go/version"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/goker"
)

// The floors: what the analyzers find at least, and how many wrong findings they
// have at most. Raise them with each improvement. The targets are 55 of the 63
// kernels, all 6 common patterns, 12 of the 13 simple leaks and 3 wrong findings
// for Goroot; 60 of the 68 blocking kernels and 3 wrong findings for GoKer; 62 of
// 68 for Goat, and 30 without the driver.
//
// More wrong findings than the target are allowed since checks report what is true
// of a kernel and not its bug, because it was cut down: a WaitGroup that nothing waits
// for (cockroach24808), a context that is thrown away (grpc862), a loop that spins
// (syncthing5795).
var (
	gorootFloor     = floor{map[string]int{"kernel": 59, "common pattern": 6, "simple leak": 12}, 4}
	gokerFloor      = floor{map[string]int{"blocking": 60, "nonblocking": 5}, 3}
	goatFloor       = floor{map[string]int{"blocking": 62}, 5}
	driverlessFloor = floor{map[string]int{"blocking": 31}, 5}
)

type floor struct {
	found map[string]int // by kind of entry
	wrong int
}

var (
	gobenchDir = flag.String("gobench", "", "`folder` of a checkout of github.com/timmyyuan/gobench")
	goatDir    = flag.String("goat", "", "`folder` of a checkout of github.com/cs-au-dk/goat")
)

// oldGo is the version of the language that the kernels of GoBench are written
// in: the turns of a loop share its variables.
const oldGo = "go1.21"

// goroot returns the folder of the programs in the Go installation.
func goroot(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "src", "runtime", "testdata", "testgoroutineleakprofile")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("this Go installation, %s, lacks the kernels (they came with Go 1.26, and some packagers leave test data out): %v",
			runtime.Version(), err)
	}
	return dir
}

// checkout returns a folder of a checkout that a flag names.
func checkout(t *testing.T, flag, dir string, sub ...string) string {
	if dir == "" {
		t.Skipf("give the folder of a checkout with -%s", flag)
	}
	dir = filepath.Join(append([]string{dir}, sub...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("-%s: %v", flag, err)
	}
	return dir
}

// A collection is a set of kernels to run the analyzers on.
type collection struct {
	loader *goker.Loader
	units  []*goker.Unit
	intact bool // no entry was set aside

	// rewrite, if any, writes another version of a package, which is analysed
	// instead, into a folder and returns its files.
	rewrite func(pkg *packages.Package, dir string) ([]string, error)
}

// open reads a collection's truth and sifts it.
func open(t *testing.T, name, dir, goVersion, support string) collection {
	entries, err := goker.Truth(name)
	if err != nil {
		t.Fatal(err)
	}
	entries, others := goker.Sift(dir, entries)
	for _, why := range others {
		t.Logf("not judged, %s", why)
	}
	if len(entries) == 0 {
		t.Skipf("no file in %s is the one that the lines in testdata are for", dir)
	}
	if name == "goat" {
		if err := goker.Annotate(dir, entries); err != nil {
			t.Fatal(err)
		}
	}
	return newCollection(t, goVersion, goker.Units(dir, support, entries), len(others) == 0)
}

func newCollection(t *testing.T, goVersion string, units []*goker.Unit, intact bool) collection {
	var files []string
	for _, u := range units {
		files = append(files, u.Files()...)
	}
	loader, err := goker.NewLoader(goVersion, files...)
	if err != nil {
		t.Fatal(err)
	}
	return collection{loader: loader, units: units, intact: intact}
}

// An analysis is what the analyzers said about a unit.
type analysis struct {
	pkg    *packages.Package
	parts  []goker.Part
	found  []goker.Finding
	gaveUp map[string]int // how often, by reason
	err    error
}

// analyze loads a unit and runs the analyzers on it, or on another version of it.
func (c collection) analyze(u *goker.Unit, dir string) (a analysis) {
	if a.pkg, a.err = c.loader.Load(u.PkgPath(), u.Files()...); a.err != nil {
		return a
	}
	a.parts = u.Parts(a.pkg)
	if c.rewrite != nil {
		var files []string
		if files, a.err = c.rewrite(a.pkg, dir); a.err != nil {
			return a
		}
		if a.pkg, a.err = c.loader.Load(u.PkgPath(), files...); a.err != nil {
			return a
		}
	}
	a.found, a.gaveUp, a.err = goker.Analyze(a.pkg, analyzers.All())
	return a
}

// tables holds the tables to print at the end, where the eye finds them.
var tables []string

func TestMain(m *testing.M) {
	code := m.Run()
	for _, table := range tables {
		fmt.Println(table)
	}
	os.Exit(code)
}

// run makes a subtest of each entry, and checks the floor if none was left out.
func (c collection) run(t *testing.T, f floor) {
	var score goker.Score
	entries := 0
	for _, u := range c.units {
		analyze := sync.OnceValue(func() analysis { return c.analyze(u, t.TempDir()) })
		for i, e := range u.Entries {
			entries++
			t.Run(e.Name(), func(t *testing.T) {
				a := analyze()
				if a.err != nil {
					t.Fatal(a.err)
				}
				result := goker.Judge(filepath.Base(u.File), a.parts, a.found)[i]
				logResult(t, result)
				logGaveUp(t, a.gaveUp)
				score = append(score, result)
			})
		}
	}
	if len(score) == 0 {
		return // the -run flag asks for none of them
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%s\n", t.Name())
	score.Table(&table)
	tables = append(tables, table.String())
	switch {
	case len(score) < entries:
		t.Log("some entries were not run: the floors are not checked")
	case !c.intact:
		t.Log("some entries were not judged, because their files are not those that the lines in testdata are for: the floors are not checked")
	default:
		f.check(t, score)
	}
}

func logGaveUp(t *testing.T, gaveUp map[string]int) {
	for _, reason := range slices.Sorted(maps.Keys(gaveUp)) {
		t.Logf("gave up: %s ×%d", reason, gaveUp[reason])
	}
}

func logResult(t *testing.T, r goker.Result) {
	verdict := "missed"
	if r.Found() {
		verdict = "found"
	}
	t.Logf("%s %s: %s, lines %v", verdict, r.Name(), r.Class, r.Lines)
	for _, list := range []struct {
		label    string
		findings []goker.Finding
	}{{"right", r.Right}, {"wrong", r.Wrong}} {
		for _, f := range list.findings {
			t.Logf("%s: %s", list.label, tell(f))
		}
	}
}

// tell returns a finding with its story.
func tell(f goker.Finding) string {
	return strings.Join(append([]string{f.String()}, f.Story...), "\n\t")
}

func (f floor) check(t *testing.T, score goker.Score) {
	for kind, want := range f.found {
		if got := score.Kind(kind).Found; got < want {
			t.Errorf("%s: %d found, the floor is %d", kind, got, want)
		}
	}
	if got := score.Total().Wrong; got > f.wrong {
		t.Errorf("%d wrong findings, at most %d are allowed", got, f.wrong)
	}
}

// openGoroot opens the programs of the Go installation. Each file makes a package
// with the main.go beside it.
func openGoroot(t *testing.T) collection {
	return open(t, "goroot", goroot(t), version.Lang(runtime.Version()), "main.go")
}

func TestGoroot(t *testing.T) {
	openGoroot(t).run(t, gorootFloor)
}

func TestGoKer(t *testing.T) {
	dir := checkout(t, "gobench", *gobenchDir, "gobench", "goker")
	open(t, "gobench", dir, oldGo, "").run(t, gokerFloor)
}

func goat(t *testing.T) string {
	return checkout(t, "goat", *goatDir, "examples", "src", "gobench", "goker")
}

func TestGoat(t *testing.T) {
	open(t, "goat", goat(t), oldGo, "").run(t, goatFloor)
}

// TestGoatFixed requires silence on the fixed kernels that are fixed.
func TestGoatFixed(t *testing.T) {
	dir := goat(t)
	entries, err := goker.FixedKernels(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		t.Fatalf("no fixed kernel below %s", dir)
	}
	c := newCollection(t, oldGo, goker.Units(dir, "", entries), true)
	for _, u := range c.units {
		name := u.Entries[0].Name()
		t.Run(name, func(t *testing.T) {
			a := c.analyze(u, "")
			if a.err != nil {
				t.Fatal(a.err)
			}
			for _, f := range a.found {
				if goker.StillStuck(u.Entries[0]) {
					t.Logf("%s, which is not really fixed: %s", name, tell(f))
				} else {
					t.Errorf("%s: %s", name, tell(f))
				}
			}
		})
	}
}

func TestGoatWithoutDriver(t *testing.T) {
	c := open(t, "goat", goat(t), oldGo, "")
	c.rewrite = goker.WithoutDriver
	c.run(t, driverlessFloor)
}

// place is what must stay the same of a finding when names change.
type place struct {
	check string
	line  int
}

// places returns where the findings in a file are, as far as a line belongs to
// the part.
func places(found []goker.Finding, u *goker.Unit, p goker.Part) []place {
	var list []place
	for _, f := range found {
		if f.File == filepath.Base(u.File) && p.Holds(f.Line) {
			list = append(list, place{f.Check, f.Line})
		}
	}
	return list
}

// TestRenamed requires the same findings whatever the names are. The entries that
// share a file are also moved into packages of their own.
func TestRenamed(t *testing.T) {
	c := openGoroot(t)
	for _, u := range c.units {
		analyze := sync.OnceValue(func() analysis { return c.analyze(u, "") })
		for i, e := range u.Entries {
			t.Run(e.Name(), func(t *testing.T) {
				a := analyze()
				if a.err != nil {
					t.Fatal(a.err)
				}
				p, renamed := a.parts[i], c
				renamed.rewrite = goker.Renamed
				if len(u.Entries) > 1 {
					renamed.rewrite = func(pkg *packages.Package, dir string) ([]string, error) {
						return goker.Extracted(pkg, e.Name(), dir)
					}
				}
				b := renamed.analyze(u, t.TempDir())
				if b.err != nil {
					t.Fatal(b.err)
				}
				if got, want := places(b.found, u, p), places(a.found, u, p); !slices.Equal(got, want) {
					t.Errorf("found %v, and %v under the original names\n%v", got, want, b.found)
				}
			})
		}
	}
}

// TestTogether analyses the kernels of Goroot as the one package that they are:
// each must have the findings that it has alone.
func TestTogether(t *testing.T) {
	c := openGoroot(t)
	alone := make(map[string][]goker.Finding) // by file
	var files []string
	for _, u := range c.units {
		if len(u.Entries) > 1 {
			continue // in the other folder
		}
		a := c.analyze(u, "")
		if a.err != nil {
			t.Fatal(a.err)
		}
		alone[filepath.Base(u.File)] = a.found
		files = append(files, u.Path())
	}
	if len(files) == 0 {
		t.Skip("no kernel is the one that the lines in testdata are for")
	}
	files = append(files, filepath.Join(filepath.Dir(files[0]), "main.go"))
	pkg, err := c.loader.Load("goker", files...)
	if err != nil {
		t.Fatal(err)
	}
	found, gaveUp, err := goker.Analyze(pkg, analyzers.All())
	if err != nil {
		t.Fatal(err)
	}
	logGaveUp(t, gaveUp)
	together := make(map[string][]goker.Finding)
	for _, f := range found {
		together[f.File] = append(together[f.File], f)
	}
	for _, name := range slices.Sorted(maps.Keys(alone)) {
		if got, want := texts(together[name]), texts(alone[name]); !slices.Equal(got, want) {
			t.Errorf("%s: found together\n%s\nand alone\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func texts(found []goker.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, tell(f))
	}
	return list
}
