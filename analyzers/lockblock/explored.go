package lockblock

import (
	"go/token"
	"slices"

	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/witness"
)

// explored reports the deadlocks that the explorer found between goroutines,
// where the functions by themselves have not shown one already.
func (c *checker) explored() {
	known := slices.Clone(c.pass.Found())
	for _, p := range c.eng.Explored().Problems {
		class, s := witness.Of(p)
		if class != witness.Deadlock {
			continue
		}
		f := witness.New(c.eng, p).Stuck(s)
		if !tells(known, f) {
			c.pass.Report(f)
		}
	}
}

// tells reports whether one of the findings is about an operation that is part
// of f.
func tells(known []report.Finding, f report.Finding) bool {
	at := map[token.Pos]bool{f.Pos: true}
	for _, p := range f.Involved {
		at[p] = true
	}
	for _, k := range known {
		if at[k.Pos] || slices.ContainsFunc(k.Story, func(s report.Step) bool { return at[s.Pos] }) {
			return true
		}
	}
	return false
}
