package locks

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// call executes a call, or a deferred one when its time has come.
func (w *walker) call(s *state, call ssa.CallInstruction) []*state {
	common := call.Common()
	if ops := w.a.kind.Ops(call); len(ops) > 0 {
		return w.operate(s, call, ops)
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return []*state{s}
	}
	if callee := w.a.prog.StaticCallee(call); callee != nil {
		if !w.a.touches[callee] {
			w.stores(s, callee)
			return []*state{s}
		}
		return w.apply(s, call, callee, w.bind(call, callee))
	}
	if common.IsInvoke() {
		return []*state{s}
	}
	if p, ok := common.Value.(*ssa.Parameter); ok {
		if c := w.ctx.funcs[p]; c != nil {
			f := &frame{roots: c.bindings, outer: c.outer}
			f.args = c.receiver
			if f.args == nil {
				f.args = w.argsOf(common, c.fn)
			}
			return w.apply(s, call, c.fn, f)
		}
	}
	if common.StaticCallee() == nil {
		w.dynamic(s, call, common.Value)
		return []*state{s}
	}
	return w.library(s, call)
}

// operate executes an instruction that operates on locks.
func (w *walker) operate(s *state, instr ssa.Instruction, ops []Op) []*state {
	if op := ops[0]; op.If == nil || op.Do == Try {
		return w.perform(s, instr, op)
	}
	var out []*state
	for _, op := range ops {
		out = append(out, w.perform(w.split(s, op.If), instr, op)...)
		w.missed(s, instr, op)
	}
	if sel, ok := instr.(*ssa.Select); ok && sel.Blocking && len(sel.States) == len(ops) {
		return out
	}
	return append(out, s)
}

// split returns the state in which an instruction had an outcome, and leaves s
// as the one in which it had not.
func (w *walker) split(s *state, o *Outcome) *state {
	n := s.clone()
	w.learn(n, o, true)
	w.learn(s, o, false)
	return n
}

// learn notes that an instruction had an outcome, or had not.
func (w *walker) learn(s *state, o *Outcome, had bool) {
	p := w.a.paths.Of(o.Value)
	if _, tuple := o.Value.Type().(*types.Tuple); tuple {
		p = w.a.paths.result(o.Value, o.Part)
	}
	s.learn(fact{path: p, value: o.Equals, equal: had, origin: o.Value})
}

// perform executes one operation on a lock.
func (w *walker) perform(s *state, instr ssa.Instruction, op Op) []*state {
	p, read := w.a.paths.lockOf(op)
	if w.ignored[p] {
		return []*state{s}
	}
	op.Read = read
	switch op.Do {
	case Take:
		return w.lock(s, instr, p, op)
	case Try:
		return w.try(s, instr, p, op)
	default:
		return w.unlock(s, instr, p, op)
	}
}

// lock executes a Lock or RLock. Where it blocks for ever, the path ends.
func (w *walker) lock(s *state, site ssa.Instruction, p *Path, op Op) []*state {
	h := s.hold(p)
	if h.Unknown {
		if op.Then != nil {
			w.learn(s, op.Then, true)
		}
		h.Site, h.ReadSite = nil, nil // an Unlock from here on is for this Lock
		s.set(h)
		return []*state{s}
	}
	acq := &Acquire{Lock: p, Read: op.Read, Site: site}
	if w.acquire(s, h, acq) {
		return nil
	}
	w.take(s, h, site, op)
	if op.Then != nil {
		w.learn(s, op.Then, true)
	}
	// A variable that the lock guards may have changed before it was taken. If
	// the branch that told about it also decides whether the lock is taken,
	// the two go together, and the branches behind them follow the first.
	for i := range s.facts {
		if f := &s.facts[i]; f.path.Deref && f.path.Base.Field != nil && w.a.reassigned(f.path.Base.Field) {
			f.before = site
		}
	}
	return []*state{s}
}

func (w *walker) take(s *state, h Hold, site ssa.Instruction, op Op) {
	h.Inner = nil
	h.Weight = op.Weight
	if op.Read {
		h.Read++
		h.ReadSite = site
		h.Unknown = h.Read > 3 || h.Read > 1 && w.a.kind.Counted // which one is given back first is not known
	} else {
		h.Write++
		h.Site = site
	}
	s.forgetPast(h.Lock)
	s.set(h)
}

// acquire notes that a lock is about to be taken, and reports whether that
// blocks for ever.
func (w *walker) acquire(s *state, h Hold, acq *Acquire) (blocks bool) {
	if h.Unknown {
		return false
	}
	if h.Held() && acq.Inner == nil && isInvoke(acq.Site) && !acq.Read {
		w.giveAway(s, acq.Lock) // a Locker that may lock for reading
		return false
	}
	if h.Held() {
		w.out.Again = append(w.out.Again, Again{Held: h, Acquire: acq})
		return h.Write > 0 || !acq.Read
	}
	if h.Write != 0 || h.Read != 0 {
		return false // the caller's lock, taken again
	}
	if w.visible(acq.Lock) {
		w.sum.acquire(acq)
	}
	w.steps += len(s.holds) // many locks at once are not for free
	holds := slices.Clone(s.holds)
	for _, other := range holds {
		if other.Held() && other.Lock != acq.Lock {
			w.out.Orders = append(w.out.Orders, Order{Held: other, Acquire: acq, Holds: holds})
		}
	}
	return false
}

func isInvoke(site ssa.Instruction) bool {
	call, ok := site.(ssa.CallInstruction)
	return ok && call.Common().IsInvoke()
}

// unlock executes an Unlock or RUnlock.
func (w *walker) unlock(s *state, site ssa.Instruction, p *Path, op Op) []*state {
	h := s.hold(p)
	w.a.keeps(h)
	read := op.Read
	if h.Unknown {
		w.out.Unsure[p] = true
		return []*state{s}
	}
	switch {
	case !read && h.Write > 0:
		h.Write--
		w.released(h, site)
	case read && h.Read > 0:
		w.released(h, site)
		if !w.partly(&h, op.Weight, site) {
			h.Read--
			s.addPast(w.a, Past{Lock: p, Site: site, Taken: h.ReadSite})
		}
	case h.Held():
		w.out.Mismatches = append(w.out.Mismatches, Mismatch{Held: h, Unlock: site})
		return nil
	case w.unmatched(s, p, site):
		return []*state{s}
	default:
		h.Weight = op.Weight
		if read {
			h.Read--
		} else {
			h.Write--
		}
		h.Unknown = h.Write < -1 || h.Read < -2
		w.sum.opens[p] = true
		w.foreign(s, p)
	}
	s.set(h)
	return []*state{s}
}

// foreign notes that a lock is unlocked which is not held under this name: a
// lock that is held under another name may be the same one.
func (w *walker) foreign(s *state, p *Path) {
	s.doubt(func(q *Path) bool { return q != p && mayAlias(p, q) && !(w.a.kind.Counted && siblings(p, q)) })
	if !w.visible(p) {
		w.a.releasedElsewhere(p)
	}
}

// mayAlias reports whether two different paths may lead to the same lock.
func mayAlias(p, q *Path) bool {
	if p.Field == nil || q.Field == nil {
		return true // through a pointer to a lock
	}
	return p.Field == q.Field
}

// siblings reports whether two paths lead through pointers in different fields of one
// object. An object with two semaphores has them for different things.
func siblings(p, q *Path) bool {
	return p.Deref && q.Deref && p.Base.Field != nil && q.Base.Field != nil && p.Base.Field != q.Base.Field && p.Base.Base == q.Base.Base
}

// try executes a TryLock: it takes the lock, or it does not.
func (w *walker) try(s *state, site ssa.Instruction, p *Path, op Op) []*state {
	h := s.hold(p)
	if h.Unknown || op.If == nil {
		w.giveAway(s, p)
		return []*state{s}
	}
	taken := w.split(s, op.If)
	if h.Held() && !(op.Read && h.Write == 0) {
		return []*state{s}
	}
	w.take(taken, h, site, op)
	w.missed(s, site, op)
	return []*state{taken, s}
}

// dynamic executes a call of a function value that is not known. It may be one
// that unlocks what the call that returned it has locked, or one of the
// function's own literals.
func (w *walker) dynamic(s *state, call ssa.CallInstruction, v ssa.Value) {
	var from ssa.Value
	switch v := v.(type) {
	case *ssa.Extract:
		from = v.Tuple
	case *ssa.Call:
		from = v
	}
	for _, h := range slices.Clone(s.holds) {
		switch {
		case h.by != nil && h.by == v && !h.Unknown:
			w.a.keeps(h)
			w.released(h, call)
			h.Write, h.Read = max(h.Write-1, 0), max(h.Read-1, 0)
			s.set(h)
		case from != nil && (valueOf(h.Site) == from || valueOf(h.ReadSite) == from):
			w.giveAway(s, h.Lock)
		}
	}
	if _, ok := v.(*ssa.Parameter); ok || w.a.kind.Counted {
		return // see hands
	}
	s.doubt(func(p *Path) bool { return w.a.closureReleases(w.fn, p) })
}

func valueOf(site ssa.Instruction) ssa.Value {
	call, ok := site.(ssa.CallInstruction)
	if !ok || call.Value() == nil {
		return nil
	}
	return call.Value()
}

// unlockers notes which results of a call unlock what it left locked. If such
// a function is more than called here, it may be called anywhere.
func (w *walker) unlockers(s *state, call ssa.CallInstruction, o outcome, f *frame) {
	for _, u := range o.unlocks {
		p := w.a.paths.translate(u.lock, f)
		if p == nil {
			continue
		}
		h := s.hold(p)
		if v := result(call, u.result, len(o.results)); v != nil && onlyCalled(v, false) {
			h.by = v
		} else {
			h.Unknown = true
		}
		s.set(h)
	}
}

// result returns the value of a result of a call, or nil where it is not used.
func result(call ssa.CallInstruction, i, n int) ssa.Value {
	v := call.Value()
	if v == nil || n == 1 {
		return valueOf(call)
	}
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			return e
		}
	}
	return nil
}

// library executes a call of a function without a body here. It may call the
// functions that it is given.
func (w *walker) library(s *state, call ssa.CallInstruction) []*state {
	common := call.Common()
	if _, callback := w.a.prog.External(ir.Object(common)); callback != api.CallbackSync {
		return []*state{s}
	}
	for _, arg := range common.Args {
		callee, f := w.target(arg)
		if callee == nil {
			continue
		}
		sum := w.a.summary(callee, &context{})
		if w.acquires(s, call, sum, f) {
			return nil
		}
		for _, o := range sum.outcomes {
			for _, h := range o.holds {
				w.giveAway(s, w.a.paths.translate(h.Lock, f))
			}
		}
		w.stores(s, callee)
	}
	return []*state{s}
}

// apply executes the call of a function whose body is known. Each of its
// outcomes is followed.
func (w *walker) apply(s *state, call ssa.CallInstruction, callee *ssa.Function, f *frame) []*state {
	sum := w.a.summary(callee, w.context(s, call.Common(), callee, f))
	if sum.unknown {
		s.doubt(func(*Path) bool { return true })
		w.stores(s, callee)
		return []*state{s}
	}
	if w.acquires(s, call, sum, f) {
		return nil
	}
	w.meet(call, sum, f)
	w.stores(s, callee)
	noted := w.releases(s, call, sum, f)
	var out []*state
	for _, o := range sum.outcomes {
		n := s.clone()
		for _, h := range o.holds {
			if p := w.a.paths.translate(h.Lock, f); p != nil && !slices.Contains(noted, p) {
				w.effect(n, call, p, h)
			}
		}
		if o.failure {
			w.failed(n, call, sum, f)
		}
		w.unlockers(n, call, o, f)
		w.results(n, call, o)
		for _, fc := range o.facts {
			if p := w.a.paths.translate(fc.path, f); p != nil {
				n.learn(fact{path: p, value: fc.value, equal: fc.equal})
			}
		}
		out = append(out, n)
	}
	return out
}

// acquires tells of the locks that a callee takes, and reports whether one of
// them blocks for ever on every path.
func (w *walker) acquires(s *state, call ssa.CallInstruction, sum *summary, f *frame) bool {
	blocks := false
	for _, acq := range sum.acquires {
		p := w.a.paths.translate(acq.Lock, f)
		if p == nil || w.ignored[p] {
			continue
		}
		here := &Acquire{Lock: p, Read: acq.Read, Site: call, Inner: w.a.inside(call, acq), Guarded: acq.Guarded}
		if w.acquire(s, s.hold(p), here) && !acq.Guarded {
			blocks = true
		}
	}
	return blocks
}

// meet notes two locks of a callee, one taken while the other is held, that are
// one and the same in this call.
func (w *walker) meet(call ssa.CallInstruction, sum *summary, f *frame) {
	for _, o := range sum.orders {
		held, taken := w.a.paths.translate(o.Held.Lock, f), w.a.paths.translate(o.Acquire.Lock, f)
		if held != taken || held == nil || w.ignored[held] {
			continue
		}
		h := o.Held
		h.Lock = held
		w.out.Again = append(w.out.Again, Again{Held: h, Acquire: &Acquire{
			Lock: taken, Read: o.Acquire.Read, Site: call, Inner: w.a.inside(call, o.Acquire), Guarded: o.Acquire.Guarded}})
	}
}

// effect applies what a callee did to a lock.
func (w *walker) effect(s *state, call ssa.CallInstruction, p *Path, e Hold) {
	h := s.hold(p)
	if e.Write < 0 || e.Read < 0 {
		w.a.keeps(h)
		w.out.Unsure[p] = w.out.Unsure[p] || h.Unknown
	}
	if w.ignored[p] || h.Unknown {
		return
	}
	if e.Unknown && (e.Write < 0 || e.Read < 0) {
		w.sum.opens[p] = true
		w.foreign(s, p)
	}
	if e.Unknown {
		h.Unknown = true
		h.Write, h.Read = min(h.Write, e.Write), min(h.Read, e.Read)
		h.Site, h.ReadSite = call, call
		s.set(h)
		return
	}
	if e.Write < 0 && h.Write > 0 || e.Read < 0 && h.Read > 0 {
		w.released(h, call)
		if w.partly(&h, e.Weight, call) {
			s.set(h)
			return
		}
		s.addPast(w.a, Past{Lock: p, Site: call, Taken: h.ReadSite})
	} else if e.Write < 0 || e.Read < 0 {
		w.sum.opens[p] = true
		w.foreign(s, p)
	}
	h.Write += e.Write
	h.Read += e.Read
	if e.Write > 0 {
		h.Site, h.Inner = call, w.a.innerHold(call, &e)
	}
	if e.Read > 0 {
		h.ReadSite, h.Inner, h.Weight = call, w.a.innerHold(call, &e), e.Weight
		s.forgetPast(p)
	}
	h.Unknown = h.Write > 1 || h.Write < -1 || h.Read > 3 || h.Read < -2 || h.Read > 1 && w.a.kind.Counted
	s.set(h)
}

// results notes what an outcome says about the results of a call.
func (w *walker) results(s *state, call ssa.CallInstruction, o outcome) {
	v := call.Value()
	if v == nil {
		return
	}
	for i, r := range o.results {
		if !r.known {
			continue
		}
		p := w.a.paths.root(v)
		if len(o.results) > 1 {
			p = w.a.paths.result(v, i)
		}
		s.learn(fact{path: p, value: r.value, equal: r.equal, origin: v})
	}
}

// stores forgets the facts about what a callee may assign to.
func (w *walker) stores(s *state, callee *ssa.Function) {
	vars := w.a.assigned(callee)
	s.forget(func(f fact) bool {
		for p := f.path; p != nil; p = p.Base {
			if p.Deref && vars[place(p.Base)] {
				return true
			}
		}
		return false
	})
}

// inside returns what a call acquires in the function called, as it is told to a
// reader: nothing of a function of another package, for which the call stands.
func (a *Analysis) inside(call ssa.CallInstruction, acq *Acquire) *Acquire {
	if a.leavesPackage(call) {
		return nil
	}
	return acq
}

// innerHold is like inside for a lock that the function called leaves locked.
func (a *Analysis) innerHold(call ssa.CallInstruction, h *Hold) *Hold {
	if a.leavesPackage(call) {
		return nil
	}
	return h
}

func (a *Analysis) leavesPackage(call ssa.CallInstruction) bool {
	callee := a.prog.StaticCallee(call)
	return callee != nil && a.prog.IsLinked(callee) && !a.prog.IsLinked(call.Parent())
}
