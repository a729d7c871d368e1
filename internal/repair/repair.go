// Package repair finds fixes for what the explorer has found, and proves them.
//
// A problem of the explorer is a run that ends with goroutines stuck: it shows
// what is wrong, not what was meant. So a fix is a guess, one of the few forms in
// which such code is usually written right:
//
//	make(chan T, 1)       room for the value that its receiver may not wait for
//	return                after the send of the error that ends a goroutine
//	defer wg.Done()       first in the goroutine, in place of Done at its end
//	wg.Wait()             before the function returns what its goroutines write
//
// and each guess has to pass two tests. The syntax must show that it changes
// nothing else: package repair counts the sends on a channel, looks what comes
// after them, and gives up where it is not sure. Then the package is made anew
// with the edits, in memory, and explored again (engine.Package.Try): what was
// stuck must not be stuck any more, in any run, and nothing else may be that was
// not before.
package repair

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/report"
)

// A Smith makes fixes for the problems of one package.
type Smith struct {
	pass *check.Pass
	eng  *engine.Package

	decls map[types.Object]*ast.FuncDecl
}

// New returns a smith for the package of a pass.
func New(pass *check.Pass, eng *engine.Package) *Smith {
	s := &Smith{pass: pass, eng: eng, decls: make(map[types.Object]*ast.FuncDecl)}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				s.decls[pass.TypesInfo.Defs[fn.Name]] = fn
			}
		}
	}
	return s
}

// Fix returns a fix that is proven to repair the problem, or nil.
func (s *Smith) Fix(p *explore.Problem) *report.Fix {
	if p.Crash != nil {
		return nil
	}
	for _, stuck := range p.Knot {
		for _, guess := range s.guesses(stuck) {
			if guess != nil && s.proves(guess, p) {
				return guess
			}
		}
	}
	return nil
}

// proves reports whether a fix takes a problem away and brings no other one.
func (s *Smith) proves(fix *report.Fix, p *explore.Problem) bool {
	return s.try(fix, func(wrong func(token.Pos) bool) bool {
		for _, pos := range p.Sites() {
			if wrong(pos) {
				return false
			}
		}
		return true
	})
}

// try explores the package with a fix applied. It reports whether the outcome is
// good, which gets to know what still goes wrong, and nothing else goes wrong that
// did not before.
func (s *Smith) try(fix *report.Fix, good func(wrong func(token.Pos) bool) bool) bool {
	text, why := fix.Apply(s.pass.Pass)
	if why != "" {
		s.pass.Count("fix: " + why)
		return false
	}
	var changes []engine.Change
	for _, e := range fix.InOrder() {
		changes = append(changes, engine.Change{Pos: e.Pos, End: max(e.Pos, e.End), New: e.New})
	}
	trial, err := s.eng.Try(s.pass.Pass, changes, text)
	if err != nil {
		s.pass.Count("fix: the fixed package does not type-check")
		return false
	}
	after, ok := trial.Explored()
	if !ok {
		s.pass.Count("fix: the fixed package cannot be explored")
		return false
	}
	before := s.eng.Explored()
	for _, q := range after.Problems {
		for _, pos := range q.Sites() {
			if old, ok := trial.Before(pos); !ok || !before.Wrong[old] {
				s.pass.Count("fix: it brings another problem")
				return false
			}
		}
	}
	still := make(map[token.Pos]bool)
	for pos := range after.Wrong {
		if old, ok := trial.Before(pos); ok {
			still[old] = true
		}
	}
	if !good(func(pos token.Pos) bool { return still[pos] }) {
		s.pass.Count("fix: it does not repair")
		return false
	}
	return true
}
