package progen_test

import (
	"flag"
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/progen"
	"github.com/concurlint/concurlint/internal/progen/harness"
)

var (
	programs = flag.Int("programs", 120, "how many random programs TestAgreement compares")
	firstOf  = flag.Uint64("first", 0, "the seed of the first one")
	rounds   = flag.Int("rounds", 2, "how often what is claimed and was not seen is looked for again, each time with five times the runs")
)

// batch is how many programs are built into one executable.
const batch = 120

// seeds is how many runs with the same arguments are made of a program at first.
const seeds = 8

// TestAgreement compares what concurlint says about random programs with what they do.
//
//	go test ./internal/progen -run TestAgreement -v -programs 5000 -first 1000
//
// An operation that is said to block forever must do so in some run, and a panic must
// be seen. A function in which the explorer sees all runs go wrong must go wrong in
// each run. What goes wrong in each run and is not reported is a miss; they are
// counted, and listed with -v.
func TestAgreement(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	s := &score{claims: make(map[string]int)}
	for done := 0; done < *programs; done += batch {
		var cases []*program
		for i := range min(batch, *programs-done) {
			cases = append(cases, read(t, progen.Generate(*firstOf+uint64(done+i))))
		}
		observe(t, cases)
		for _, c := range cases {
			s.judge(t, c)
		}
	}
	t.Logf("%d programs, %d steps of the explorer, %d with findings; %d go wrong in some run, and of these %d are reported; %d in every run, %d reported; %d are said to go wrong in every run",
		s.programs, s.steps, s.reported, s.sometimes, s.sometimesFound, s.always, s.alwaysFound, s.certain)
	for _, name := range slices.Sorted(maps.Keys(s.claims)) {
		t.Logf("%5d %s", s.claims[name], name)
	}
	t.Logf("missed: %v", s.missed)
	t.Logf("with a finding, and without a run that goes wrong: %v", slices.Compact(s.harmless))
	if s.reported == 0 || s.certain == 0 || s.sometimes == s.programs {
		t.Error("there is nothing to compare")
	}
}

// everything is a budget that shows all runs of a program, or is used up.
var everything = explore.Budget{Steps: 50_000, Deviations: 200, Preempts: 200}

// A program is a generated program with what is said about it, and what it does.
type program struct {
	*progen.Program
	claims  []claim
	certain bool // the explorer has seen all runs, and they all go wrong
	steps   int
	runs    []harness.Outcome
}

// A claim is a diagnostic that runs can show to be true.
type claim struct {
	check   string
	line    int
	message string
}

// A kind says how a claim is compared with the runs.
type kind string

const (
	blocks kind = "blocks" // the operation blocks in some run
	panics kind = "panics" // there is a panic in some run

	// A claim about a path is not about a whole run: what comes before may block, and
	// whether the conditions on the path can hold together is not asked. Those that
	// were not seen are counted.
	path kind = "on a path"
)

func (c claim) kind() kind {
	switch c.check {
	case "goleak", "chanpanic", "wgwait", "lockblock":
		switch {
		case strings.Contains(c.message, "blocks forever: "), strings.Contains(c.message, "blocks forever when"):
			return blocks
		case strings.Contains(c.message, "on closed channel"), strings.Contains(c.message, "close of "), strings.Contains(c.message, "negative WaitGroup"):
			return panics
		}
	}
	return path
}

// seen reports whether what is claimed happened in a run.
func (c claim) seen(p *program) bool {
	return slices.ContainsFunc(p.runs, func(o harness.Outcome) bool {
		blocked := slices.ContainsFunc(o.Stuck, func(l int) bool { return p.Site(l) == p.Site(c.line) })
		// Where a deferred call panics, the line is that of the return.
		crashed := o.Crash != ""
		switch c.kind() {
		case blocks:
			return blocked
		case panics:
			return crashed
		}
		return blocked || crashed && strings.Contains(c.message, "panics")
	})
}

// read analyses a program.
func read(t *testing.T, g *progen.Program) *program {
	t.Helper()
	p := &program{Program: g}
	loaded, err := irtest.Check(g.Text())
	if err != nil {
		t.Fatalf("%v\n%s", err, g.Text())
	}
	pkg := &packages.Package{
		ID: g.Name, PkgPath: "p", Name: "p", Fset: loaded.Fset, Types: loaded.Types, TypesInfo: loaded.Info, Syntax: loaded.Files,
		TypesSizes: types.SizesFor("gc", "amd64"), Imports: make(map[string]*packages.Package),
	}
	graph, err := checker.Analyze(analyzers.All(), []*packages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			p.claims = append(p.claims, claimOf(loaded, act.Analyzer, d))
		}
	}
	prog := loaded.ProgramOfAll(t)
	res := explore.Explore(machine.NewProgram(prog), irtest.Func(t, prog, g.Name), everything)
	// Two calls of rand.IntN are one unknown to the explorer: it does not see the runs in
	// which they differ.
	p.certain = !strings.Contains(g.Text(), "rand.") && res.Ended > 0 && res.Wrong == res.Ended && !res.Exhausted && len(res.Cuts) == 0
	p.steps = res.Steps
	return p
}

func claimOf(p *irtest.Package, a *analysis.Analyzer, d analysis.Diagnostic) claim {
	return claim{a.Name, p.Fset.Position(d.Pos).Line, d.Message}
}

// observe runs the programs; those with claims that do not come true more often.
func observe(t *testing.T, cases []*program) {
	t.Helper()
	byName := make(map[string]*program)
	var all []*progen.Program
	for _, c := range cases {
		byName[c.Name] = c
		all = append(all, c.Program)
	}
	binary, err := progen.Build("../..", t.TempDir(), all)
	if err != nil {
		t.Fatal(err)
	}
	settings := harness.Settings{Seeds: seeds}
	for range 1 + *rounds {
		for _, settings.Procs = range []int{1, 2} {
			outcomes, err := binary.Run(settings)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range outcomes {
				byName[o.Func].runs = append(byName[o.Func].runs, o)
			}
			settings.First += uint64(settings.Seeds)
		}
		settings.Funcs = nil
		for _, c := range cases {
			if c.open() != "" {
				settings.Funcs = append(settings.Funcs, c.Name)
			}
		}
		if len(settings.Funcs) == 0 {
			break
		}
		settings.Seeds *= 5
	}
}

// reaches reports whether a run comes to a line.
func (p *program) reaches(at int) bool {
	return slices.ContainsFunc(p.runs, func(o harness.Outcome) bool { return slices.Contains(o.Reached, at) })
}

// open says which claim has not come true. What lockblock says, it may have found
// without a run, in code that is never reached.
func (p *program) open() string {
	for _, c := range p.claims {
		if c.kind() != path && !c.seen(p) && (c.check != "lockblock" || p.reaches(c.line)) {
			return fmt.Sprintf("line %d: %s", c.line, c.message)
		}
	}
	return ""
}

// score sums up.
type score struct {
	programs, reported, steps    int
	sometimes, sometimesFound    int // programs that go wrong in some run
	always, alwaysFound, certain int
	missed, harmless             []string
	claims                       map[string]int
}

func (s *score) judge(t *testing.T, p *program) {
	t.Helper()
	s.programs++
	s.steps += p.steps
	bad, good := 0, ""
	for _, o := range p.runs {
		if o.Endless {
			t.Errorf("%s does not end: %s\n%s", p.Name, o.Example, numbered(p))
		}
		switch {
		case o.IsBad():
			bad += o.Count
		case o.N > 0: // a loop over input is taken to run at least once
			good = o.Example
		}
	}
	for _, c := range p.claims {
		name := c.check + " " + string(c.kind())
		if !c.seen(p) {
			name += ", not seen"
		}
		if bad == 0 {
			name += ", in a program that does not go wrong"
			s.harmless = append(s.harmless, p.Name)
		}
		s.claims[name]++
	}
	if why := p.open(); why != "" {
		t.Errorf("%s: not seen in any run: %s\n%s\n%s", p.Name, why, numbered(p), shown(p.runs))
	}
	if p.certain && good != "" {
		t.Errorf("%s: all runs are said to go wrong, but not %s\n%s\n%s", p.Name, good, numbered(p), shown(p.runs))
	}
	found := len(p.claims) > 0
	count := func(is bool, n *int) {
		if is {
			*n++
		}
	}
	count(found, &s.reported)
	count(p.certain, &s.certain)
	count(bad > 0, &s.sometimes)
	count(bad > 0 && found, &s.sometimesFound)
	count(good == "", &s.always)
	count(good == "" && found, &s.alwaysFound)
	if good == "" && !found {
		s.missed = append(s.missed, p.Name)
	}
}

// numbered returns the text of a program with the numbers of its lines.
func numbered(p *program) string {
	var b strings.Builder
	for i, line := range strings.Split(p.Text(), "\n") {
		fmt.Fprintf(&b, "%3d %s\n", i+1, line)
	}
	return b.String()
}

func shown(runs []harness.Outcome) string {
	var b strings.Builder
	for _, o := range runs {
		fmt.Fprintf(&b, "%6d× returned %t stuck %v leaked %v crash %q, as with %s\n", o.Count, o.Returned, o.Stuck, o.Leaked, o.Crash, o.Example)
	}
	return b.String()
}
