package explore

import (
	"slices"

	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A buffer of a hundred is full after a hundred values, which no run comes to. So a run may
// take one for full from the start (see machine.ChooseRoom): whatever was sent until then
// could have been sent and received before. That shows who hangs when nobody receives any
// more, and nothing else.

// usesFilled reports whether a run takes a buffer for full.
func usesFilled(f *Finding) bool {
	return slices.ContainsFunc(f.Deviations, func(c machine.Choice) bool { return c.Kind == machine.ChooseRoom })
}

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
		if g.Done || m.Ahead(g)&machine.ActReceive == 0 {
			continue
		}
		r := machine.NewReach()
		if r.Add(g); r.Chan(c) {
			return false
		}
	}
	return true
}
