package explore

import (
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A root in which a channel with a buffer is sent on without end is explored once more,
// with that buffer taken to be full (see machine.Scenario). That shows who hangs when nobody
// receives any more, and nothing else.

// The bounds of such explorations.
const (
	maxFloods  = 2 // of a root
	floodSteps = 6_000
)

// flooded explores a root again for each of its first channels that are sent on without end.
func (s *Survey) flooded(p *machine.Program, root Root, floods []*ssa.MakeChan) []*Finding {
	var out []*Finding
	for _, site := range floods[:min(len(floods), maxFloods)] {
		again := root
		again.Filled = site
		again.Budget.Steps = min(root.Budget.Steps, floodSteps)
		res := exploreScenario(p, again.Scenario, again.Budget)
		s.Steps += res.Steps
		out = append(out, res.Findings...)
	}
	return out
}

// usesFilled reports whether a run takes a buffer for full.
func usesFilled(f *Finding) bool { return f.Machine.Filled() != nil }

// overflows reports whether a goroutine stands before a send on a channel that it sends on
// without end, and nobody is left who would receive: then any buffer is full sometime.
func overflows(m *machine.Machine, s verdict.Stuck) bool {
	if s.Op.Kind != machine.OpSend || len(s.Op.Chans) != 1 || !s.G.Repeats() {
		return false
	}
	c := s.Op.Chans[0]
	if !c.Filled || c.Polled {
		return false
	}
	for _, g := range m.Goroutines {
		if g.Done {
			continue
		}
		ahead, r := m.Ahead(g), machine.NewReach()
		r.Add(g)
		if ahead&machine.ActCancel != 0 {
			ahead |= m.Held(r)
		}
		if ahead&machine.ActReceive != 0 && r.Chan(c) {
			return false
		}
	}
	return true
}
