package witness

import (
	"slices"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A Class says which check a problem belongs to.
type Class uint8

// The classes.
const (
	Leak      Class = iota // a goroutine is stuck on a channel, a semaphore or a full group
	Wait                   // a Wait does not return
	Deadlock               // locks are part of it
	Panic                  // a channel operation panics
	Miscounts              // the counter of a WaitGroup gets negative
)

// Of returns the class of a problem and, unless it is a crash, the goroutine
// whose operation the report stands at.
//
// In a knot of several goroutines that is: where locks are part of it, the one
// that holds a lock while it waits for something else, or else the first Lock
// in the source; otherwise a Wait, or the first send, or the first receive: a select
// is often the loop of a server that waits for the next request.
func Of(p *explore.Problem) (Class, verdict.Stuck) {
	if p.Crash != nil {
		if p.Crash.Cell != nil {
			return Miscounts, verdict.Stuck{}
		}
		return Panic, verdict.Stuck{}
	}
	k := slices.Clone(p.Knot)
	fset := p.Root.Prog.Fset
	slices.SortStableFunc(k, func(a, b verdict.Stuck) int { return ir.ComparePos(fset, a.Op.Pos, b.Op.Pos) })
	if i := slices.IndexFunc(k, isLock); i >= 0 {
		if j := slices.IndexFunc(k, func(s verdict.Stuck) bool { return !isLock(s) }); j >= 0 {
			return Deadlock, k[j]
		}
		return Deadlock, k[i]
	}
	if i := slices.IndexFunc(k, func(s verdict.Stuck) bool {
		return s.Op.Kind == machine.OpWait || s.Op.Kind == machine.OpGroupWait
	}); i >= 0 {
		return Wait, k[i]
	}
	for _, kind := range []machine.OpKind{machine.OpSend, machine.OpReceive} {
		if i := slices.IndexFunc(k, func(s verdict.Stuck) bool { return s.Op.Kind == kind }); i >= 0 {
			return Leak, k[i]
		}
	}
	return Leak, k[0]
}

func isLock(s verdict.Stuck) bool {
	switch s.Op.Kind {
	case machine.OpLock, machine.OpRLock, machine.OpOnce, machine.OpCondWait:
		return true
	}
	return false
}
