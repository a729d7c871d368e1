package semrelease

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

// leftAcquired reports returns with a semaphore acquired that the function
// releases on another path, or hands over to a goroutine there. It leaves out
// what a reported turn of a loop has acquired, if that was the last turn.
func (c *checker) leftAcquired(f *locks.Func, reported map[ssa.Instruction]bool) {
	if c.prog.RunsOnce(f.Fn) {
		return // one place lost is no harm
	}
	seen := make(map[*ssa.Return]bool)
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			if seen[e.Return] || reported[h.Taken()] && !c.inLoop(h, e.Return) {
				continue
			}
			if by, left := c.isLeft(f, e, h); left {
				seen[e.Return] = true
				c.reportLeft(f, e, h, by)
			}
		}
	}
}

// isLeft reports whether a function returns with a semaphore acquired by mistake, and
// what releases it on another path, if that shows it.
func (c *checker) isLeft(f *locks.Func, e locks.Exit, h locks.Hold) (by ssa.Instruction, left bool) {
	if mc := c.drops(f, e, h); mc != nil {
		return mc, true
	}
	if !h.Held() || h.Read != 1 || !outlives(h.Lock, f.Fn) {
		return nil, false
	}
	by = c.evidence(f, h)
	return by, by != nil && c.mistaken(f, e, h) || by == nil && c.withheld(f, e, h)
}

// inLoop reports whether a return stands in the loop in which h was acquired.
func (c *checker) inLoop(h locks.Hold, ret *ssa.Return) bool {
	loop := c.loop(h.Taken().Pos())
	return loop != nil && loop.Pos() <= ret.Pos() && ret.Pos() < loop.End()
}

// evidence returns what releases on another path what h has acquired, or hands
// it over to a goroutine. What is acquired in a loop and released in another one
// is no evidence: each turn of the one may well be undone by one of the other.
func (c *checker) evidence(f *locks.Func, h locks.Hold) ssa.Instruction {
	site := h.Taken()
	for _, by := range f.Pairs[site] {
		if c.together(site, by) {
			return by
		}
	}
	return nil
}

// outlives reports whether a semaphore may be acquired again when fn has
// returned: it is not made there.
func outlives(p *locks.Path, fn *ssa.Function) bool {
	switch v := p.First().Root.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return true
	case ssa.Instruction:
		return v.Parent() != fn
	}
	return false
}

// mistaken reports whether a function that releases a semaphore on another path
// has no reason to leave it acquired at an exit: nobody else releases it, or the
// results tell the caller that there is nothing to release.
func (c *checker) mistaken(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	return !c.releasedByOthers(f, h) || e.Failure && !c.passesOn(f.Fn, 0)
}

// passesOn reports whether a function, or one that it calls, sends something:
// whoever receives it may get the semaphore with it, whatever is returned then.
func (c *checker) passesOn(fn *ssa.Function, depth int) bool {
	for instr := range ir.Instrs(fn) {
		switch instr := instr.(type) {
		case *ssa.Send:
			if len(c.ops(instr)) == 0 {
				return true
			}
		case *ssa.Select:
			for i, state := range instr.States {
				if state.Dir == types.SendOnly && !c.isOp(instr, i) {
					return true
				}
			}
		case *ssa.Call:
			if callee := c.prog.StaticCallee(instr); callee != nil && depth < 3 && c.passesOn(callee, depth+1) {
				return true
			}
		}
	}
	return false
}

// isOp reports whether a case of a select is an operation on a semaphore.
func (c *checker) isOp(sel *ssa.Select, i int) bool {
	return slices.ContainsFunc(c.ops(sel), func(op locks.Op) bool { return op.If.Equals == strconv.Itoa(i) })
}

// releasedByOthers reports whether a function releases the semaphore that did
// not acquire it, other than one that gets it from f by being started.
func (c *checker) releasedByOthers(f *locks.Func, h locks.Hold) bool {
	if c.locks.KeptForCaller(f.Fn) {
		return true
	}
	return slices.ContainsFunc(c.locks.Releasers(h.Lock), func(fn *ssa.Function) bool { return !c.gets(fn, f.Fn) })
}

// gets reports whether a function runs only when it is handed what it releases:
// it is a literal of the function that acquires, or only started as a goroutine
// with the semaphore held.
func (c *checker) gets(fn, from *ssa.Function) bool {
	for outer := fn.Parent(); outer != nil; outer = outer.Parent() {
		if outer == from {
			return true
		}
	}
	calls := c.prog.Callers(fn)
	if len(calls) == 0 || c.channels.callable(fn) {
		return false
	}
	for _, call := range calls {
		g := c.locks.Of(call.Parent())
		if g == nil || !slices.ContainsFunc(g.Handovers, func(h locks.Handover) bool { return h.Go == call }) {
			return false
		}
	}
	return true
}

// withheld reports whether an exit returns nil and an error in the place where
// another exit returns an object, by which the caller would release what was
// acquired for it.
func (c *checker) withheld(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	if !e.Failure || len(e.Return.Results) < 2 || !ir.IsNil(e.Return.Results[0]) || !c.releasedByOthers(f, h) || !c.locks.Direct(h.Taken()) || c.passesOn(f.Fn, 0) {
		return false
	}
	last := e.Return.Results[len(e.Return.Results)-1]
	if !api.IsError(last.Type()) || c.prog.Loops(f.Fn).Innermost(h.Taken().Block()) != nil {
		return false
	}
	for _, other := range f.Exits {
		for _, oh := range other.Holds {
			if oh.Lock == h.Lock && oh.Held() && !other.Failure && len(other.Return.Results) > 1 && !ir.IsNil(other.Return.Results[0]) {
				return true
			}
		}
	}
	return false
}

// leftByTurn reports turns of a loop that leave a semaphore acquired which other
// turns release, and returns where they acquire it.
func (c *checker) leftByTurn(f *locks.Func) map[ssa.Instruction]bool {
	seen := make(map[ssa.Instruction]bool)
	for _, t := range f.Turns {
		by := c.evidence(f, t.Held)
		if by == nil || seen[t.Held.Taken()] || c.releasedByOthers(f, t.Held) {
			continue
		}
		seen[t.Held.Taken()] = true
		c.reportTurn(f, t, by)
	}
	for _, l := range f.Lost {
		by := c.evidence(f, l.Held)
		if _, deferred := by.(*ssa.Defer); by == nil || deferred || seen[l.Held.Taken()] || c.releasedByOthers(f, l.Held) || l.Held.Lock.Var() == nil {
			continue
		}
		seen[l.Held.Taken()] = true
		c.reportTurn(f, locks.Turn{Held: l.Held}, by)
	}
	return seen
}

// notTakenOver reports returns of a goroutine that does not release what it was
// given, though it does on another path.
func (c *checker) notTakenOver(f *locks.Func) {
	for _, h := range f.Handovers {
		to := c.locks.Of(h.To)
		if to == nil || h.As == nil || f.Unsure[h.Held.Lock] || h.To.Parent() != f.Fn || !to.Unlocks(h.As) {
			continue
		}
		for _, e := range to.Exits {
			if !e.Touches(h.As) && !e.Depends {
				c.reportNotTakenOver(to, e, h)
			}
		}
	}
}

// notAcquired reports releases of what was not acquired: because that failed, or
// because it has been released already. It must be a release that is right on
// another path: others may give back what a caller has acquired.
func (c *checker) notAcquired(f *locks.Func) {
	for _, u := range f.Unmatched {
		switch {
		case u.Past.Failed:
			if slices.Contains(f.Pairs[u.Past.Site], u.Release) && !c.asksContext(f.Fn) {
				c.reportFailed(u)
			}
		case slices.Contains(f.Pairs[u.Past.Taken], u.Release) && c.together(u.Past.Taken, u.Past.Site, u.Release) && !c.locks.Guarded(f, u.Release):
			c.reportTwice(u)
		}
	}
}

// together reports whether instructions are executed in the same turn of the
// same loop, or all outside of loops.
func (c *checker) together(first ssa.Instruction, others ...ssa.Instruction) bool {
	loops := c.prog.Loops(first.Parent())
	return !slices.ContainsFunc(others, func(other ssa.Instruction) bool {
		return loops.Innermost(other.Block()) != loops.Innermost(first.Block())
	})
}

// asksContext reports whether a function asks a context for its error, and may decide by
// it: that tells as well whether an acquire has failed. To log it decides nothing.
func (c *checker) asksContext(fn *ssa.Function) bool {
	for instr := range ir.Instrs(fn) {
		if call, ok := instr.(ssa.CallInstruction); ok {
			switch ir.Op(call.Common()) {
			case api.CtxErr, api.CtxCause:
				if v := call.Value(); v == nil || slices.ContainsFunc(*v.Referrers(), decides) {
					return true
				}
			}
		}
	}
	return false
}

// decides reports whether an instruction may make control depend on what it uses. What
// only gets into an interface is an argument to be printed.
func decides(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.Return:
		return false
	case *ssa.ChangeInterface, *ssa.MakeInterface:
		return slices.ContainsFunc(*instr.(ssa.Value).Referrers(), decides)
	case *ssa.Store:
		_, element := instr.Addr.(*ssa.IndexAddr) // of the arguments of a variadic call
		return !element
	}
	return true
}

// tooMuch reports releases of more than was acquired, by a function that
// acquires once.
func (c *checker) tooMuch(f *locks.Func) {
	for _, m := range f.Mismatches {
		if c.acquires(f.Fn) == 1 {
			c.reportTooMuch(m)
		}
	}
}

// acquires returns how many operations that acquire a semaphore a function and
// its literals have.
func (c *checker) acquires(fn *ssa.Function) int {
	n := len(c.locks.Operations(fn))
	for _, lit := range fn.AnonFuncs {
		n += c.acquires(lit)
	}
	return n
}
