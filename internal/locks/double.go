package locks

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// A Double is an Unlock of a lock that the function has unlocked already, and that nothing
// can have locked since.
type Double struct {
	Lock          *Path
	First, Second ssa.Instruction

	// Deferred is set where the second one is a deferred call.
	Deferred bool
}

// UnlockedTwice returns the locks that a function unlocks a second time. That ends the
// process, so it must be certain: each branch between the two is one that the function
// makes after it has unlocked, or both lie on every way that leads on from there.
func (a *Analysis) UnlockedTwice(fn *ssa.Function) []Double {
	ops := make(map[*Path][]operation)
	for in := range ir.Instrs(fn) {
		for _, op := range a.kind.Ops(in) {
			if p, read := a.paths.lockOf(op); !read {
				ops[p] = append(ops[p], operation{in, op.Do})
			}
		}
	}
	var out []Double
	var ignored map[*Path]bool
	for in := range ir.Instrs(fn) {
		first, ok := in.(*ssa.Call)
		if !ok || first.Call.IsInvoke() {
			continue // not of package sync, perhaps
		}
		for _, op := range a.kind.Ops(first) {
			p, read := a.paths.lockOf(op)
			if op.Do != Release || read || op.If != nil || !releasedAgain(ops[p], first) {
				continue
			}
			if ignored == nil {
				ignored = a.released(fn)
			}
			if ignored[p] || !a.Stable(p) || a.leftByOthers(p) {
				continue
			}
			s := &second{a: a, fn: fn, p: p, first: first, ops: ops[p]}
			if d, ok := s.find(); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

type operation struct {
	in ssa.Instruction
	do Deed
}

// releasedAgain reports whether a function itself takes a lock before it releases it at
// first, and has another release of it. One that tries to take the lock does not know that
// it has it.
func releasedAgain(ops []operation, first ssa.Instruction) bool {
	if slices.ContainsFunc(ops, func(o operation) bool { return o.do == Try }) {
		return false
	}
	takes := slices.ContainsFunc(ops, func(o operation) bool {
		_, isCall := o.in.(*ssa.Call)
		return o.do == Take && isCall && ir.Dominates(o.in, first)
	})
	return takes && slices.ContainsFunc(ops, func(o operation) bool { return o.do == Release && o.in != first })
}

// leftByOthers reports whether some function leaves a lock locked, for whomever.
func (a *Analysis) leftByOthers(p *Path) bool {
	k := lockKey(p)
	if k == nil {
		return true
	}
	if a.left == nil {
		a.left = make(map[any]bool)
		for _, f := range a.funcs {
			for _, e := range f.Exits {
				for _, h := range e.Holds {
					if h.Unknown || h.Write > 0 || h.Read > 0 {
						a.left[lockKey(h.Lock)] = true
					}
				}
			}
		}
	}
	return a.left[k]
}

// A second looks for the second release of a lock.
type second struct {
	a     *Analysis
	fn    *ssa.Function
	p     *Path
	first *ssa.Call
	ops   []operation
	post  []blockSet
}

func (s *second) find() (Double, bool) {
	type at struct {
		b *ssa.BasicBlock
		i int
	}
	deferred := s.deferred()
	seen := make(map[*ssa.BasicBlock]bool)
	work := []at{{s.first.Block(), ir.Index(s.first) + 1}}
	for len(work) > 0 {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		by, ends := s.scan(next.b.Instrs[next.i:])
		if by != nil {
			return Double{s.p, s.first, by, false}, true
		}
		if ends {
			continue
		}
		if _, ok := next.b.Instrs[len(next.b.Instrs)-1].(*ssa.Return); ok && deferred != nil {
			return Double{s.p, s.first, deferred, true}, true
		}
		for _, succ := range next.b.Succs {
			switch {
			case seen[succ]:
			case s.first.Block() != succ && s.first.Block().Dominates(succ):
				seen[succ] = true
				work = append(work, at{succ, 0})
			default:
				seen[succ] = true
				if d, ok := s.behind(succ, deferred); ok {
					return d, true
				}
			}
		}
	}
	return Double{}, false
}

// scan returns the first release among some instructions, and whether the way ends before
// it: at something that may take the lock, or change what its name means.
func (s *second) scan(instrs []ssa.Instruction) (release ssa.Instruction, ends bool) {
	for _, in := range instrs {
		if s.a.prog.NeverReturns(in) {
			return nil, true
		}
		if v, ok := in.(ssa.Value); ok && s.p.uses(v) {
			return nil, true
		}
		for _, op := range s.a.kind.Ops(in) {
			_, isCall := in.(*ssa.Call)
			switch q, read := s.a.paths.lockOf(op); {
			case q == s.p && op.Do == Release && !read && isCall:
				return in, false
			case q == s.p || mayAlias(q, s.p):
				return nil, true
			}
		}
		if call, ok := in.(*ssa.Call); ok && s.mayTake(call) {
			return nil, true
		}
	}
	return nil, false
}

// mayTake reports whether a call may return with the lock in another state.
func (s *second) mayTake(call ssa.CallInstruction) bool {
	common := call.Common()
	if _, ok := common.Value.(*ssa.Builtin); ok || common.IsInvoke() || s.a.operates(call) {
		return false
	}
	callee := s.a.prog.StaticCallee(call)
	if callee == nil {
		return common.StaticCallee() == nil // of a function value: it may be what locks again
	}
	if !s.a.touches[callee] {
		return false
	}
	sum := s.a.summary(callee, &context{})
	return sum.unknown || slices.ContainsFunc(sum.outcomes, func(o outcome) bool { return len(o.holds) > 0 })
}

// behind looks from a block on that is reached without the first release, too: there only
// what is executed in any case counts.
func (s *second) behind(from *ssa.BasicBlock, deferred ssa.Instruction) (Double, bool) {
	if s.post == nil {
		s.post = postDominators(s.fn)
	}
	returns := false
	clean := func(stop *ssa.BasicBlock) bool {
		returns = false
		seen := map[*ssa.BasicBlock]bool{from: true}
		work := []*ssa.BasicBlock{from}
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if b == stop {
				continue
			}
			if release, ends := s.scan(b.Instrs); release != nil || ends && !s.a.prog.Ends(b) {
				return false
			}
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				returns = true
			}
			for _, succ := range b.Succs {
				if !seen[succ] {
					seen[succ] = true
					work = append(work, succ)
				}
			}
		}
		return true
	}
	for _, o := range s.ops {
		b := o.in.Block()
		if _, ok := o.in.(*ssa.Call); !ok || o.do != Release || !s.post[from.Index].has(b.Index) {
			continue
		}
		if by, _ := s.scan(b.Instrs); by == o.in && clean(b) {
			return Double{s.p, s.first, o.in, false}, true
		}
	}
	if deferred != nil && clean(nil) && returns {
		return Double{s.p, s.first, deferred, true}, true
	}
	return Double{}, false
}

// deferred returns a deferred release that is set up before the first one, if no other
// deferred call may take the lock.
func (s *second) deferred() ssa.Instruction {
	var out ssa.Instruction
	for in := range ir.Instrs(s.fn) {
		d, ok := in.(*ssa.Defer)
		if !ok {
			continue
		}
		if s.mayTake(d) {
			return nil
		}
		for _, op := range s.a.kind.Ops(d) {
			switch q, read := s.a.paths.lockOf(op); {
			case q == s.p && op.Do == Release && !read:
				if ir.Dominates(d, s.first) && s.a.prog.Loops(s.fn).Innermost(d.Block()) == nil {
					out = d
				}
			case q == s.p || mayAlias(q, s.p):
				return nil
			}
		}
	}
	return out
}
