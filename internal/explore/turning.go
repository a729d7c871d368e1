package explore

import (
	"slices"

	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// What is stuck because goroutines turn in their loops (see verdict.Treadmill) is no problem
// where somebody else may let these out, or where it is meant so.

// othersLetOut reports whether a knot comes undone if somebody else who has the object of a
// private scenario lets goroutines out of their loops.
func othersLetOut(f *Finding, k verdict.Knot, root Root) bool {
	opens := root.Opens
	if opens == nil {
		opens = func(machine.Gate) bool { return true }
	}
	left := verdict.Judge(f.Machine, opens)
	return slices.ContainsFunc(k, func(s verdict.Stuck) bool { return !slices.Contains(left, s) })
}

// servesForever reports whether a main function waits for goroutines that turn in a loop
// which nobody ends: it serves until somebody kills it.
func servesForever(f *Finding, k verdict.Knot, root Root) bool {
	return root.End == EndsProcess && slices.ContainsFunc(k, func(s verdict.Stuck) bool {
		return s.G.ID == 0 && len(verdict.Treadmills(f.Machine, s)) > 0
	})
}
