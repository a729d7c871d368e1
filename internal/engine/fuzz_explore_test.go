package engine_test

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/engine"
	explorer "github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/witness"
)

// maxSteps bounds what the exploration of a small package may cost: the budget
// of a package, and the last run that it allows.
const maxSteps = 1_100_000

// exploreRuns lets the explorer run everything in a package.
func exploreRuns(t testing.TB, p *irtest.Package) {
	t.Helper()
	eng := newEngine(t, p)
	survey := eng.Explored()
	if survey.Steps > maxSteps {
		t.Errorf("%d steps", survey.Steps)
	}
	for reason := range eng.Counts() {
		if strings.Contains(reason, "panic in the explorer") || strings.Contains(reason, "building SSA") {
			t.Error(reason)
		}
	}
	for _, problem := range survey.Problems {
		if len(problem.Sites()) == 0 || problem.Finding == nil || problem.Root == nil {
			t.Errorf("an empty problem: %+v", problem)
		}
		for _, pos := range problem.Sites() {
			if !pos.IsValid() {
				t.Errorf("a problem nowhere in %s", problem.Root)
			}
		}
		tellAll(t, eng, problem)
	}
}

// tellAll puts a problem into words, whatever it is.
func tellAll(t testing.TB, eng *engine.Package, p *explorer.Problem) {
	t.Helper()
	teller := witness.New(eng, p)
	witness.Of(p)
	if p.Crash != nil {
		if teller.Crash().Message == "" {
			t.Error("a crash without a message")
		}
		return
	}
	for _, s := range p.Knot {
		if f := teller.Stuck(s); f.Message == "" {
			t.Errorf("a goroutine stuck somehow: %q", f.Message)
		}
	}
}

// explorable names the fixtures whose statements make programs that block,
// crash and end in all ways.
var explorable = []string{"goleak", "wgwait", "chanpanic", "lockblock", "chanclose", "wgadd"}

// FuzzExplorer is FuzzEngine for the explorer: no panic, bounded steps.
func FuzzExplorer(f *testing.F) {
	for n, text := range irtest.Fixtures(f, 8000, explorable...) {
		f.Add(text, []byte{byte(n), byte(7 * n), byte(3 * n), byte(11 * n)})
	}
	f.Fuzz(func(t *testing.T, text string, edits []byte) {
		if len(text) > 20_000 || len(edits) > 40 {
			return
		}
		text, ok := mutate(text, edits)
		if !ok {
			return
		}
		p, err := irtest.Check(text)
		if err != nil {
			return
		}
		defer func() {
			if t.Failed() {
				t.Log(text)
			}
		}()
		exploreRuns(t, p)
	})
}
