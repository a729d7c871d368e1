package skeleton_test

import (
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/progen"
	"github.com/concurlint/concurlint/internal/skeleton"
)

// FuzzSlice: of whatever type-checks a skeleton can be made, in the same way each time,
// and one that says what a function does type-checks where it is imported. A text of few
// bytes is the seed of a random program.
func FuzzSlice(f *testing.F) {
	for _, text := range irtest.Fixtures(f, 6000) {
		f.Add(text, uint64(0))
	}
	for seed := range uint64(50) {
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if text == "" {
			text = progen.Generate(seed).Text()
		}
		if len(text) > 20_000 {
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
		sliceAndLink(t, p)
	})
}

func sliceAndLink(t *testing.T, p *irtest.Package) {
	t.Helper()
	s := skeleton.Slicer{Fset: p.Fset, Pkg: p.Types, Info: p.Info, Files: p.Files, Fact: func(*types.Package) *skeleton.Fact { return nil }}
	fact := s.Slice()
	if len(s.Panics) > 0 {
		t.Fatalf("panics: %v", s.Panics)
	}
	if again := slice(p); again.String() != fact.String() {
		t.Errorf("two facts:\n%s\n%s", fact, again)
	}
	var known []*types.Func
	for _, obj := range p.Info.Defs {
		if fn, ok := obj.(*types.Func); ok {
			if f, _ := fact.Lookup(skeleton.NameOf(fn)); f != nil && f.Known() {
				known = append(known, fn)
			}
		}
	}
	home := types.NewPackage("home", "home")
	home.SetImports(append(slices.Clone(p.Types.Imports()), p.Types))
	l := skeleton.NewLinker(p.Fset, ssa.NewProgram(p.Fset, ssa.SanityCheckFunctions), home, func(q *types.Package) *skeleton.Fact {
		if q == p.Types {
			return fact
		}
		return nil
	})
	l.Link(known)
	for _, fn := range known {
		if l.Body(fn) == nil {
			f, _ := fact.Lookup(skeleton.NameOf(fn))
			t.Errorf("the skeleton of %s cannot be used: %q", fn.Name(), f.Text)
		}
	}
}
