package analyzers_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/mutate"
)

var prove = flag.Bool("prove", false, "run the patterns' own tests on each mutant, and print a table with -v; takes minutes")

// enough is the number of mutants that must be found.
const enough = 68

// missed are the mutants that no check reports, by what they have in common. A
// mutant that is found must not be here.
var missed = []struct {
	why     string
	mutants []string
}{
	{
		"Tasks that are not told to stop: they end later, and no check looks for that yet (cancelstop).",
		[]string{
			"fanin.(*crew).guard: remove cancel 1",
			"fanin.(*crew).guard: remove cancel 2",
			"fanin.Map: remove cancel 1",
			"fanin.Tee: remove cancel 1",
			"fanin.Tee: remove cancel 2",
			"fanin.deliver: remove cancel 1",
			"fanin.deliver: remove cancel 2",
			"group.(*team).guard: remove cancel 1",
			"group.run: remove cancel 1",
			"pipeline.(*crew).guard: remove cancel 1",
			"pipeline.(*crew).guard: remove cancel 2",
			"pipeline.(*crew).stop: remove cancel 1",
			"pipeline.Batch: remove cancel 1",
			"pipeline.Map: remove cancel 1",
			"pipeline.Map: remove cancel 2",
			"pipeline.deliver: remove cancel 1",
			"pipeline.deliver: remove cancel 2",
			"semaphore.(*crew).guard: remove cancel 1",
			"semaphore.(*crew).guard: remove cancel 2",
			"semaphore.Each: remove cancel 1",
			"semaphore.admitted: remove cancel 1",
			"workerpool.(*crew).guard: remove cancel 1",
			"workerpool.(*crew).guard: remove cancel 2",
			"workerpool.ForEach: remove cancel 1",
			"workerpool.Map: remove cancel 1",
			"workerpool.Run: remove cancel 1",
		},
	},
	{
		"A derived context that nobody gets: the tasks have the caller's, and are not told to stop (cancelstop).",
		[]string{
			"fanin.Map: discard context 1",
			"fanin.Merge: discard context 1",
			"fanin.Tee: discard context 1",
			"group.run: discard context 2",
			"pipeline.All: discard context 1",
			"pipeline.Batch: discard context 1",
			"pipeline.Map: discard context 1",
			"semaphore.Each: discard context 1",
			"workerpool.ForEach: discard context 1",
			"workerpool.Map: discard context 1",
			"workerpool.Run: discard context 1",
		},
	},
	{
		"A stage or wait that only its context can end, of a channel whose other side is the caller's (cancelstop).",
		[]string{
			"fanin.Receive: remove ctx case 1",
			"pipeline.(*queue).empty: remove ctx case 1",
			"pipeline.Throttle: remove ctx case 1",
			"semaphore.(*Semaphore).acquire: remove ctx case 1",
		},
	},
	{
		"A result or token that is never sent: somebody waits for it, but only the caller's functions are in between, or a coroutine of iter.Pull, which the explorer does not execute.",
		[]string{
			"fanin.Map: remove send 1",
			"fanin.sendTo: remove send 1",
			"pipeline.(*queue).empty: remove send 1",
			"pipeline.Map: remove send 1",
			"pipeline.newQueue: remove send 1",
			"pipeline.sendTo: remove send 1",
		},
	},
	{
		"Another Wait for the same group is left: on another path, or in another function.",
		[]string{
			"fanin.(*crew).wait: remove Wait 1",
			"fanin.Merge: close before Wait 1",
			"fanin.Merge: remove Wait 1",
			"pipeline.(*crew).stop: remove Wait 1",
			"pipeline.(*crew).wait: remove Wait 1",
			"pipeline.Batch: remove Wait 1",
			"pipeline.Map: remove Wait 1",
		},
	},
	{
		"What is closed, or has no room, is used behind iter.Pull only.",
		[]string{
			"fanin.Map: early close 1",
			"pipeline.(*queue).empty: remove close 1",
			"pipeline.newQueue: unbuffer 2",
			"pipeline.number: double close 1",
			"pipeline.number: remove close 1",
		},
	},
	{
		"The send panics under a recover, which raises the panic again; a recover is taken for an excuse.",
		[]string{
			"pipeline.start: early close 1",
		},
	},
	{
		"Blocks only if the loop body panics, or a consumer, which is not in sight, leaves early.",
		[]string{
			"fanin.Tee: remove drain 1",
			"fanin.deliver: remove drain 1",
			"pipeline.deliver: remove drain 1",
		},
	},
	{
		"The channel is received from until it is closed, so it works without a buffer: slower, and with less backpressure than the tests ask for.",
		[]string{
			"fanin.Map: unbuffer 1",
			"fanin.Merge: unbuffer 1",
			"fanin.Tee: unbuffer 1",
		},
	},
	{
		"A semaphore that waits in a queue of channels of its own.",
		[]string{
			"semaphore.newWaiter: unbuffer 1",
		},
	},
	{
		"Equivalent: the loop that follows ends with a close by the same goroutine, after its Add.",
		[]string{
			"fanin.Map: Add in goroutine 1",
			"pipeline.start: Add in goroutine 1",
		},
	},
	{
		"Equivalent: the waiter is not used again.",
		[]string{
			"semaphore.(*Semaphore).acquire: remove receive 1",
		},
	},
}

// TestPatternsAreSilent: the checks have nothing to say about the patterns, their
// tests and examples.
func TestPatternsAreSilent(t *testing.T) {
	for _, pkg := range patternPackages(t, true) {
		for _, f := range findings(t, pkg) {
			t.Errorf("%s: %v", pkg.ID, f)
		}
	}
}

// TestMutants spoils the patterns in all the ways that package mutate knows, one at
// a time, and asks the checks. What none of them reports is listed above.
//
// With -prove it also runs the pattern's tests on the mutant:
//
//	go test ./analyzers -run TestMutants -prove -v -timeout 1h
//
// A mutant that the tests kill is a bug beyond doubt. One that survives may be a bug
// that needs more luck to show, or none.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses each pattern many times: skipped with -short")
	}
	var results results
	t.Run("all", func(t *testing.T) { // ends when its parallel subtests have
		for _, pkg := range patternPackages(t, false) {
			if *prove {
				if failed, output := runTests(t, pkg, nil); failed {
					t.Fatalf("the tests of %s fail without a mutation:\n%s", pkg.Name, output)
				}
			}
			for i, name := range pkg.CompiledGoFiles {
				src, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				source := mutate.Package{Fset: pkg.Fset, Files: pkg.Syntax, Types: pkg.Types, Info: pkg.TypesInfo}
				for _, m := range source.Mutants(pkg.Syntax[i], string(src)) {
					t.Run(pkg.Name+"."+m.String(), func(t *testing.T) {
						t.Parallel()
						results.add(try(t, pkg, i, string(src), m))
					})
				}
			}
		}
	})
	results.judge(t)
	t.Logf("\n%s", results.table())
}

// patternPackages returns the packages below patterns, with or without their tests.
func patternPackages(t *testing.T, tests bool) []*gopackages.Package {
	config := &gopackages.Config{Mode: gopackages.LoadSyntax | gopackages.NeedModule, Dir: filepath.Join("..", "patterns"), Tests: tests}
	pkgs, err := gopackages.Load(config, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
	}
	return pkgs
}

// A result is what became of a mutant.
type result struct {
	name, op string
	found    bool
	killed   bool // by the pattern's tests
}

func try(t *testing.T, pkg *gopackages.Package, file int, src string, m mutate.Mutant) result {
	r := result{name: pkg.Name + "." + m.String(), op: m.Op}
	mutant, err := withText(pkg, file, m.Apply(src), pkg.Imports)
	if err != nil {
		t.Fatal(err)
	}
	found := findings(t, mutant)
	r.found = len(found) > 0
	t.Logf("line %d: %s: %v", m.Pos.Line, m.What, found)
	if *prove {
		r.killed, _ = runTests(t, pkg, map[string]string{pkg.CompiledGoFiles[file]: m.Apply(src)})
		t.Logf("killed by the tests: %t", r.killed)
	}
	return r
}

// runTests runs the tests of a pattern with other texts of some files, and reports
// whether they fail.
func runTests(t *testing.T, pkg *gopackages.Package, texts map[string]string) (failed bool, output string) {
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{make(map[string]string)}
	for name, text := range texts {
		replacement := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(replacement, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[name] = replacement
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "go", "test", "-overlay", file, "-timeout", "60s", "-failfast", "-vet=off", pkg.PkgPath)
	cmd.Dir = filepath.Join("..", "patterns")
	out, err := cmd.CombinedOutput()
	output = string(out)
	if err != nil && (!strings.Contains(output, "FAIL\t"+pkg.PkgPath) || strings.Contains(output, " failed]")) {
		t.Fatalf("the tests did not run: %v\n%s", err, output) // not even up to the failure
	}
	return err != nil, output
}

// results are those of mutants that are tried in parallel.
type results struct {
	mu  sync.Mutex
	all []result
}

func (rs *results) add(r result) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.all = append(rs.all, r)
}

// judge compares what was found with the list of what is missed.
func (rs *results) judge(t *testing.T) {
	listed := make(map[string]bool)
	for _, group := range missed {
		for _, name := range group.mutants {
			listed[name] = true
		}
	}
	found := 0
	for _, r := range rs.all {
		switch {
		case r.found && listed[r.name]:
			t.Errorf("%s is found now: strike it off the list", r.name)
		case !r.found && !listed[r.name]:
			t.Errorf("%s is not found", r.name)
		}
		delete(listed, r.name)
		if r.found {
			found++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		t.Errorf("%s is listed, but there is no such mutant", name)
	}
	if found < enough {
		t.Errorf("%d mutants are found; it should be %d", found, enough)
	}
}

// table returns the numbers as a table for docs/benchmarks.md.
func (rs *results) table() string {
	type row struct{ mutants, found, killed, both int }
	rows := make(map[string]*row)
	for _, r := range rs.all {
		for _, op := range []string{r.op, "all"} {
			if rows[op] == nil {
				rows[op] = new(row)
			}
			n := rows[op]
			n.mutants++
			if r.found {
				n.found++
			}
			if r.killed {
				n.killed++
			}
			if r.found && r.killed {
				n.both++
			}
		}
	}
	var b strings.Builder
	b.WriteString("| operator | mutants | found | killed by tests | of these found |\n|---|---|---|---|---|\n")
	for _, op := range slices.SortedFunc(maps.Keys(rows), func(a, b string) int {
		return strings.Compare(strings.ToLower(a), strings.ToLower(b))
	}) {
		n := rows[op]
		killed, both := "–", "–"
		if *prove {
			killed, both = fmt.Sprint(n.killed), fmt.Sprint(n.both)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %s |\n", op, n.mutants, n.found, killed, both)
	}
	return b.String()
}
