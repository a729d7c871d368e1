// Package repair finds fixes for what the explorer has found, and proves them.
//
// A problem of the explorer is a run that ends with goroutines stuck: it shows
// what is wrong, not what was meant. So a fix is a guess, one of the few forms in
// which such code is usually written right:
//
//	make(chan T, 1)       room for the value that its receiver may not wait for
//	return                after the send of the error that ends a goroutine
//	case <-ctx.Done():    beside the send, where nobody receives any more then
//	defer wg.Done()       first in the goroutine, in place of Done at its end
//	wg.Add(1)             before each goroutine, in place of too large a number
//
// and each guess has to pass two tests. The syntax must show that it changes
// nothing else: package repair counts the sends on a channel, looks what comes
// after them, and gives up where it is not sure. Then the package is made anew
// with the edits, in memory, and explored again (check.Pass.Try): what was
// stuck must not be stuck any more, in any run, and nothing else may be that was
// not before.
//
// WayOut is for the checks that follow paths instead: it says where what is given back
// before each return can be given back with defer.
package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A Smith makes fixes for the problems of one package.
type Smith struct {
	pass *check.Pass
	eng  *engine.Package

	decls    map[types.Object]*ast.FuncDecl
	channels map[*types.Var][]*ast.Ident // where they are used; see usesOf
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
			if fix := s.proven(guess, p.Sites(), s.pass.Try); fix != nil {
				return fix
			}
		}
		if stuck.Op.Kind == machine.OpSend {
			if fix := s.leave(stuck.Op.Pos, p.Sites()); fix != nil {
				return fix
			}
		}
	}
	return nil
}

// Leave returns a fix by which a goroutine leaves a send when a context is done, if
// that is proven to repair it, or nil.
func (s *Smith) Leave(send token.Pos) *report.Fix { return s.leave(send, []token.Pos{send}) }

func (s *Smith) leave(send token.Pos, wrong []token.Pos) *report.Fix {
	for _, guess := range s.leaveWithContext(send) {
		if fix := s.proven(guess, wrong, s.pass.TryPatient); fix != nil {
			return fix
		}
	}
	return nil
}

// guesses returns the fixes that are worth trying for a stuck goroutine.
func (s *Smith) guesses(stuck verdict.Stuck) []*report.Fix {
	switch stuck.Op.Kind {
	case machine.OpSend:
		return []*report.Fix{s.returnAfter(stuck.Op), s.room(channelSite(stuck.Op))}
	case machine.OpWait:
		return slices.Concat(s.deferDone(stuck.Op), s.countStarted(stuck.Op))
	}
	return nil
}

// channelSite returns where the channel of an operation is made.
func channelSite(op *machine.Op) token.Pos {
	if len(op.Chans) != 1 || op.Chans[0].Site == nil {
		return token.NoPos
	}
	return op.Chans[0].Site.Pos()
}

// maxJoined bounds the fixes that are joined to one.
const maxJoined = 3

// A trial applies a fix in memory and explores the package: see check.Pass.Try.
type trial func(*engine.Package, *report.Fix) (*check.Tried, string)

// proven returns a fix if it takes away what is wrong and brings no other problem. Where a
// second channel of the same kind was hidden behind the first, the fix makes room
// in both.
func (s *Smith) proven(fix *report.Fix, wrong []token.Pos, try trial) *report.Fix {
	for range maxJoined {
		if fix == nil {
			return nil
		}
		tried, why := try(s.eng, fix)
		if why != "" {
			s.pass.Count("fix: " + why)
			return nil
		}
		if slices.ContainsFunc(wrong, tried.StillWrong) {
			s.pass.Count("fix: it does not repair")
			return nil
		}
		if len(tried.Added) == 0 {
			if tried.ItselfWrong() {
				s.pass.Count("fix: it does not repair")
				return nil
			}
			return fix
		}
		fix = s.join(fix, tried)
	}
	s.pass.Count("fix: it brings another problem")
	return nil
}

// join adds to a fix what repairs a problem that has come to light with it.
func (s *Smith) join(fix *report.Fix, tried *check.Tried) *report.Fix {
	q := tried.Added[0]
	if q.Crash != nil || len(q.Knot) != 1 {
		return nil
	}
	op := q.Knot[0].Op
	hidden, ok := tried.Before(op.Pos)
	if !ok || op.Kind != machine.OpSend || !s.eng.Explored().Wrong[hidden] {
		return nil
	}
	site, ok := tried.Before(channelSite(op))
	if !ok {
		return nil
	}
	more := s.room(site)
	if more == nil || more.Edits[0].Pos == fix.Edits[0].Pos {
		return nil
	}
	return fix.Join(more)
}
