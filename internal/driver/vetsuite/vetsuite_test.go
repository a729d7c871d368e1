package vetsuite

import (
	"flag"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/suite/vet"

	"github.com/concurlint/concurlint/analyzers"
)

func TestJoin(t *testing.T) {
	ours := analyzers.All()
	joined := Join(ours)
	if err := analysis.Validate(joined); err != nil {
		t.Fatal(err)
	}
	if len(joined) != len(vet.Suite)+len(ours) {
		t.Errorf("%d analyzers, want %d and %d", len(joined), len(vet.Suite), len(ours))
	}
	yielding := 0
	for i, a := range vet.Suite {
		switch _, overlaps := overlaps[a.Name]; {
		case joined[i].Name != a.Name:
			t.Errorf("%s is in the place of %s", joined[i].Name, a.Name)
		case overlaps && len(joined[i].Requires) == len(a.Requires)+1:
			yielding++
		case joined[i] != a:
			t.Errorf("%s is not vet's", a.Name)
		}
	}
	if yielding != len(overlaps) {
		t.Errorf("%d analyzers give way to one of ours; overlaps has %d entries: is one misspelt?", yielding, len(overlaps))
	}
}

// TestOverlapsWithoutFacts: an analyzer with facts also runs on dependencies, and
// with it all that it requires.
func TestOverlapsWithoutFacts(t *testing.T) {
	for _, a := range vet.Suite {
		if _, ok := overlaps[a.Name]; !ok {
			continue
		}
		for _, required := range append([]*analysis.Analyzer{a}, a.Requires...) {
			if len(required.FactTypes) > 0 {
				t.Errorf("%s has facts, so its counterpart would run on all dependencies", required.Name)
			}
		}
	}
}

func TestSelected(t *testing.T) {
	for _, test := range []struct {
		args []string
		want bool
	}{
		{nil, true},
		{[]string{"-wgadd"}, true},
		{[]string{"-wgadd=false"}, false},
		{[]string{"-waitgroup"}, false},
		{[]string{"-waitgroup", "-wgadd"}, true},
		{[]string{"-waitgroup", "-wgadd=false"}, false},
		{[]string{"-printf=false"}, true},
	} {
		flags := flag.NewFlagSet("vet", flag.ContinueOnError)
		for _, name := range []string{"wgadd", "waitgroup", "printf"} {
			flags.Bool(name, true, "")
		}
		if err := flags.Parse(test.args); err != nil {
			t.Fatal(err)
		}
		if got := selected(flags, "wgadd", "waitgroup"); got != test.want {
			t.Errorf("%q: %t", test.args, got)
		}
	}
}
