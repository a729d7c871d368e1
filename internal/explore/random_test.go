package explore_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// TestRandomRuns: runs with choices at random come to nothing that the
// exploration has not shown, though that ends a run where an earlier one has
// been already and bounds the deviations.
func TestRandomRuns(t *testing.T) {
	for _, f := range slices.Concat(channels, primitives, contexts, language, filters, traps) {
		p := irtest.Load(t, f.text)
		prog := p.ProgramOfAll(t)
		mp := machine.NewProgram(prog)
		for _, fn := range prog.Funcs {
			name := irtest.FuncName(fn)
			if fn.Parent() != nil || !strings.HasPrefix(name, "bad") && !strings.HasPrefix(name, "good") {
				continue
			}
			known := make(map[string]bool)
			r := explore.Explore(mp, fn, budget)
			for _, finding := range r.Findings {
				maps.Copy(known, wrongIn(p, finding.Stuck, finding.Crash))
			}
			if r.Exhausted {
				continue
			}
			for seed := range uint64(60) {
				for site := range randomRun(p, mp, fn, seed) {
					if !known[site] {
						known[site] = true
						t.Errorf("%s: %s: seed %d comes to %s", f.name, name, seed, site)
					}
				}
			}
		}
	}
}

// wrongIn returns what goes wrong at the end of a run.
func wrongIn(p *irtest.Package, stuck []verdict.Stuck, crash *machine.Crash) map[string]bool {
	out := make(map[string]bool)
	for _, s := range stuck {
		out[fmt.Sprintf("operation %d at line %d", s.Op.Kind, p.Fset.Position(s.Pos()).Line)] = true
	}
	if crash != nil {
		out[fmt.Sprintf("%s at line %d", crash.Kind, p.Fset.Position(crash.Pos).Line)] = true
	}
	return out
}

// randomRun makes a run with choices at random and returns what goes wrong.
func randomRun(p *irtest.Package, mp *machine.Program, fn *ssa.Function, seed uint64) (wrong map[string]bool) {
	random := rand.New(rand.NewPCG(seed, 1))
	m := machine.New(mp, fn, func(c machine.Choice) int { return random.IntN(c.N) })
	defer func() {
		if r := recover(); r != nil {
			_ = r.(machine.Cut)
			wrong = wrongIn(p, nil, m.Crash)
		}
	}()
	for {
		var can []*machine.Goroutine
		for _, g := range m.Goroutines {
			if m.Ready(g) != machine.Blocked {
				can = append(can, g)
			}
		}
		if len(can) == 0 {
			return wrongIn(p, verdict.Judge(m, nil), m.Crash)
		}
		m.Step(can[random.IntN(len(can))])
	}
}
