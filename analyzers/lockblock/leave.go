package lockblock

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

// leftLocked reports returns with a lock held that the function took itself.
//
// The evidence is in the function, which unlocks the lock on another path, or
// in the package, where nobody could unlock it instead. A lock that is read
// twice at the end is reported where it was taken for the second time.
func (c *checker) leftLocked(f *locks.Func) {
	seen := make(map[*ssa.Return]bool)
	lost := make(map[ssa.Instruction]bool)
	for _, l := range f.Lost {
		lost[l.Held.Taken()] = c.locks.Confined(l.Held.Lock)
	}
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			if !seen[e.Return] && !lost[h.Taken()] && c.isLeft(f, e, h) && !c.leaked(h) {
				seen[e.Return] = true
				c.reportLeft(f, e, h)
			}
		}
	}
	for _, l := range f.Lost {
		if f.ReleasedBy[l.Held.Lock] != nil && (l.Held.Lock.Var() != nil || c.locks.Confined(l.Held.Lock)) && !c.locks.UnlockedForOthers(l.Held.Lock) {
			c.reportLost(f, l)
		}
	}
}

// findLeaks collects the functions that return with a lock held by mistake.
func (c *checker) findLeaks() {
	c.leaks = make(map[*ssa.Function]bool)
	for _, f := range c.locks.Funcs() {
		if c.isMain(f.Fn) {
			continue
		}
		for _, e := range f.Exits {
			if slices.ContainsFunc(e.Holds, func(h locks.Hold) bool { return c.isLeft(f, e, h) }) {
				c.leaks[f.Fn] = true
			}
		}
	}
}

// leaked reports whether a lock is held because of a call of a function that is reported
// for that: what its callers make of it are consequences, which go away with the cause.
func (c *checker) leaked(h locks.Hold) bool {
	call, ok := h.Taken().(ssa.CallInstruction)
	return ok && !c.direct(h) && c.leaks[c.prog.StaticCallee(call)]
}

// isLeft reports whether a function returns with a lock held by mistake.
func (c *checker) isLeft(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	if !h.Held() || h.Read > 1 || c.loops(f, h) {
		return false
	}
	if h.Lock.Base == nil && c.ofInterface(h) && !c.locks.Confined(h.Lock) {
		return false // whoever else has it may unlock it
	}
	if f.ReleasedBy[h.Lock] != nil || f.HandedTo[h.Lock] != nil {
		return c.mistaken(f, e, h)
	}
	return c.stuckForAll(f, e, h)
}

// ofInterface reports whether a lock was taken by a method of an interface other than
// sync.Locker, of which nobody knows what else it may do.
func (c *checker) ofInterface(h locks.Hold) bool {
	call, ok := h.Innermost().(ssa.CallInstruction)
	return ok && call.Common().IsInvoke() && api.Of(call.Common().Method) == api.None
}

// notTakenOver reports returns of a goroutine that does not unlock the lock which
// it was given, though it does on another path. The function that started it
// must neither unlock the lock itself nor return what could.
func (c *checker) notTakenOver(f *locks.Func) {
	for _, h := range f.Handovers {
		to := c.locks.Of(h.To)
		if to == nil || f.ReleasedBy[h.Held.Lock] != nil || h.Held.Lock.Var() == nil || h.To.Parent() != f.Fn ||
			returnsObject(f.Fn.Signature) || !to.Unlocks(h.As) {
			continue
		}
		for _, e := range to.Exits {
			if !e.Touches(h.As) {
				c.reportNotTakenOver(to, e, h)
			}
		}
	}
}

// loops reports whether a lock left locked is waited for in the next turn of a
// loop: the report stands there.
func (c *checker) loops(f *locks.Func, h locks.Hold) bool {
	for _, a := range f.Again {
		if sameOperation(a) && a.Held.Lock == h.Lock && c.locks.Stable(h.Lock) {
			return true
		}
	}
	return false
}

// leftByPanic reports panics with a lock held where a caller recovers: the
// program goes on, and the lock stays.
func (c *checker) leftByPanic(f *locks.Func) {
	for _, p := range f.Panics {
		if f.ReleasedBy[p.Held.Lock] == nil || c.locks.UnlockedForOthers(p.Held.Lock) || c.locks.Local(p.Held.Lock) {
			continue
		}
		if by := c.recovering(f.Fn, 0); by != nil {
			c.reportPanic(f, p, by)
		}
	}
}

// recovering returns a function that calls fn, directly or not, and recovers
// from a panic of it.
func (c *checker) recovering(fn *ssa.Function, depth int) *ssa.Function {
	if depth > 4 {
		return nil
	}
	for _, site := range c.prog.Callers(fn) {
		if _, ok := site.(*ssa.Call); !ok {
			continue
		}
		caller := site.Parent()
		if c.prog.MayRecover(caller) {
			return caller
		}
		if by := c.recovering(caller, depth+1); by != nil {
			return by
		}
	}
	return nil
}

// mistaken reports whether a function that unlocks a lock on another path has
// no reason to leave it locked at an exit: nobody else unlocks it, or the
// results tell the caller that there is nothing to unlock.
//
// Where the maker of an object has taken the lock and a method of the object is
// deferred, that one knows whether there is something to unlock.
func (c *checker) mistaken(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	if deferredOn(h.Taken(), e.Return) {
		return false
	}
	if c.locks.OnlyByGoroutines(h.Lock) && !c.locks.KeptForCaller(f.Fn) {
		return true
	}
	return e.Failure
}

// deferredOn reports whether a method of what a call returns is deferred on the
// way to an exit.
func deferredOn(maker ssa.Instruction, exit *ssa.Return) bool {
	v, ok := maker.(ssa.Value)
	if !ok || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		d, ok := ref.(*ssa.Defer)
		if ok && len(d.Call.Args) > 0 && d.Call.Args[0] == v && ir.Dominates(d, exit) {
			return true
		}
	}
	return false
}

// stuckForAll reports whether a lock that the function never unlocks stays
// locked: no other function unlocks it without having locked it, or it was to
// be handed over in an object that this exit does not return. Somebody else
// must want it.
func (c *checker) stuckForAll(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	v := h.Lock.Var()
	if v == nil || !c.direct(h) || c.isMain(f.Fn) || c.locks.Local(h.Lock) {
		return false
	}
	if c.locks.KeptForCaller(f.Fn) || c.locks.UnlockedForOthers(h.Lock) {
		return e.Failure && c.objectWithheld(f, e, h)
	}
	if exposed(h.Lock) && !ownedPrivately(h.Lock) || c.isPart(f.Fn) || isCondLock(v) && c.locks.AnyForOthers() {
		return false
	}
	once := c.prog.RunsOnce(f.Fn) // and may keep from others what it never gives them back
	for other := range c.takers[v] {
		if other != f.Fn && !(once && c.prog.RunsOnce(other)) {
			return true
		}
	}
	return !once && !triedOnly(h) && c.calledAgain(f.Fn, 0)
}

// isPart reports whether a function is a literal that the function around it calls or
// defers: what that leaves locked is for the two of them.
func (c *checker) isPart(fn *ssa.Function) bool {
	return fn.Parent() != nil && slices.ContainsFunc(c.prog.Callers(fn), func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return !isGo
	})
}

// triedOnly reports whether a lock was taken by TryLock, for which nobody waits.
func triedOnly(h locks.Hold) bool {
	call, ok := h.Taken().(ssa.CallInstruction)
	return ok && ir.Op(call.Common()) == api.TryLock
}

// calledAgain reports whether a function is called more than once: it, or a function that
// calls it, is exported, called in several places or in a loop, or given away.
func (c *checker) calledAgain(fn *ssa.Function, depth int) bool {
	if obj := fn.Object(); obj != nil && obj.Exported() && (fn.Signature.Recv() != nil || c.prog.Types.Name() != "main") {
		return true
	}
	switch sites := c.prog.Callers(fn); {
	case depth > 3:
		return false
	case len(sites) == 1:
		in := sites[0].Parent()
		return c.prog.Loops(in).Innermost(sites[0].Block()) != nil || c.calledAgain(in, depth+1)
	}
	return true
}

// exposed reports whether other packages can name the variable that a lock is in, or that
// holds the sync.Cond whose lock it is.
func exposed(p *locks.Path) bool {
	v := p.Var()
	if !isCondLock(v) {
		return v.Exported()
	}
	for p.Var() == v {
		if p = p.Base; p == nil {
			return true
		}
	}
	v = p.Var()
	return v == nil || v.Exported()
}

// isCondLock reports whether a variable is the field L of sync.Cond. The lock there has
// another name as well, by which it may be unlocked.
func isCondLock(v *types.Var) bool {
	return v.Name() == "L" && v.Pkg() != nil && v.Pkg().Path() == "sync"
}

// ownedPrivately reports whether a lock is in a field of a type that other
// packages cannot name. A field may be exported and its type not, as it is
// with a lock that is embedded.
func ownedPrivately(p *locks.Path) bool {
	if p.Base == nil || p.Base.Root == nil {
		return false
	}
	n := api.Named(p.Base.Root.Type())
	return n != nil && !n.Obj().Exported()
}

// direct reports whether a lock was taken by an operation of the function
// itself, and not by one that it calls.
func (c *checker) direct(h locks.Hold) bool { return c.locks.Direct(h.Taken()) }

// objectWithheld reports whether an exit returns nil in the place where another
// exit that leaves the lock locked returns an object.
func (c *checker) objectWithheld(f *locks.Func, e locks.Exit, h locks.Hold) bool {
	if len(e.Return.Results) < 2 || !ir.IsNil(e.Return.Results[0]) {
		return false
	}
	for _, other := range f.Exits {
		for _, oh := range other.Holds {
			if oh.Lock == h.Lock && oh.Held() && !other.Failure && !ir.IsNil(other.Return.Results[0]) {
				return true
			}
		}
	}
	return false
}

// mismatched reports an Unlock of what is read-locked, and the reverse.
func (c *checker) mismatched(f *locks.Func) {
	for _, m := range f.Mismatches {
		c.reportMismatch(m)
	}
}

// unlockedTwice reports the second Unlock of a lock that nothing has locked in between.
func (c *checker) unlockedTwice(f *locks.Func) {
	for _, d := range c.locks.UnlockedTwice(f.Fn) {
		c.reportDouble(d)
	}
}

// takenAgain reports locks that are taken by the goroutine that holds them.
func (c *checker) takenAgain(f *locks.Func) {
	for _, a := range f.Again {
		if a.Acquire.Guarded || !c.locks.Stable(a.Held.Lock) {
			continue
		}
		if c.withObject(a.Held) || c.leaked(a.Held) {
			continue
		}
		v := a.Held.Lock.Var()
		if v == nil && c.locks.UnlockedForOthers(a.Held.Lock) {
			continue // by another goroutine, while this one waits
		}
		if a.Held.Write == 0 && a.Acquire.Read && (v == nil || !c.writes[v] || !c.locks.Shared(a.Held.Lock)) {
			continue // readers alone do not block each other
		}
		c.reportAgain(f, a)
	}
}

// sameOperation reports whether the second Lock is the first one again, in the
// next turn of a loop.
func sameOperation(a locks.Again) bool {
	return a.Acquire.Site == a.Held.Taken()
}

// withObject reports whether a lock was taken by a function that returned an
// object with it, and is unlocked through such objects: by which call, is not
// always to be seen.
func (c *checker) withObject(h locks.Hold) bool {
	if !c.locks.UnlockedForOthers(h.Lock) {
		return false
	}
	for level := &h; level != nil; level = level.Inner {
		if call, ok := level.Taken().(ssa.CallInstruction); ok && !c.direct(*level) && returnsObject(call.Common().Signature()) {
			return true
		}
	}
	return false
}

// returnsObject reports whether a function returns something by which its
// caller could get at a lock.
func returnsObject(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		switch v.Type().Underlying().(type) {
		case *types.Pointer, *types.Interface, *types.Signature, *types.Struct:
			if !api.IsError(v.Type()) {
				return true
			}
		}
	}
	return false
}
