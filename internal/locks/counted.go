package locks

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// turn notes which locks a turn of a loop has taken and leaves to the next one,
// when it ends with the edge between two blocks. From there on it is not known
// who gives them back: a loop of its own may.
func (w *walker) turn(s *state, last, to *ssa.BasicBlock) {
	loop := w.ended(last, to)
	if loop == nil {
		return
	}
	for _, h := range slices.Clone(s.holds) {
		if !h.Held() || !loop.Contains(h.Taken().Block()) {
			continue
		}
		if !w.deferredRelease(s, h.Lock) {
			w.out.Turns = append(w.out.Turns, Turn{Held: h, Last: last})
		}
		w.giveAway(s, h.Lock)
	}
}

// ended returns the loop of which an edge ends a turn: it leads to the header, or
// to the block behind the body that only counts.
func (w *walker) ended(last, to *ssa.BasicBlock) *ir.Loop {
	for _, l := range w.a.prog.Loops(w.fn).Loops {
		if !l.Contains(last) {
			continue
		}
		latches := l.Latches()
		if l.Header == to || len(latches) == 1 && latches[0] == to && last != to && countsOnly(to) {
			return l
		}
	}
	return nil
}

// countsOnly reports whether nothing happens in a block but the counting of a
// loop.
func countsOnly(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Phi, *ssa.BinOp, *ssa.If, *ssa.Jump, *ssa.DebugRef:
		case *ssa.UnOp:
			if instr.Op == token.ARROW {
				return false
			}
		case *ssa.Store:
			if _, ok := instr.Addr.(*ssa.Alloc); !ok {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// deferredRelease reports whether a call that waits for the function's return
// may release a lock.
func (w *walker) deferredRelease(s *state, p *Path) bool {
	if s.defers == nil {
		return false
	}
	return slices.ContainsFunc(w.runDefers(s.clone()), func(after *state) bool { return !after.hold(p).Held() })
}

// hands notes that a function that is made here and releases locks gets into
// hands that may call it at any time.
func (w *walker) hands(s *state, mc *ssa.MakeClosure) {
	if !w.a.kind.Counted || onlyCalled(mc, true) {
		return
	}
	callee, f := w.target(mc)
	for _, p := range w.a.unlocks(w, mc) {
		if g := startedBy(mc); g != nil && callee != nil {
			w.handOver(s, p, Handover{Go: g, To: callee, As: w.calledIn(callee, p, f)})
			continue
		}
		if h := s.hold(p); h.Held() {
			w.pair(h, mc)
		}
		w.giveAway(s, p)
	}
}

// handedLate reports whether a function gets into other hands where an instruction uses
// it rather than where it is made: until then, nobody but its maker can call it.
func handedLate(mc *ssa.MakeClosure) bool {
	return !slices.ContainsFunc(*mc.Referrers(), func(ref ssa.Instruction) bool {
		_, joins := ref.(*ssa.Phi)
		return joins
	})
}

// handsFuncs does the same for functions that an instruction uses other than to
// call them: those made earlier, and those that release package-level locks.
func (w *walker) handsFuncs(s *state, instr ssa.Instruction) {
	if _, ok := instr.(*ssa.MakeClosure); ok || !w.a.kind.Counted {
		return
	}
	_, isCall := instr.(ssa.CallInstruction)
	for i, op := range instr.Operands(nil) {
		if isCall && i == 0 {
			continue
		}
		if mc, ok := (*op).(*ssa.MakeClosure); ok && handedLate(mc) {
			w.hands(s, mc)
			continue
		}
		fn, ok := (*op).(*ssa.Function)
		if !ok {
			continue
		}
		callee := w.a.prog.Callee(fn)
		if callee == nil || !w.a.touches[callee] {
			continue
		}
		for _, p := range w.a.opened(callee) {
			if h := s.hold(p); h.Held() {
				w.pair(h, instr)
			}
			w.giveAway(s, p)
		}
	}
}

// opened returns the package-level locks that a function releases though it has
// not taken them.
func (a *Analysis) opened(fn *ssa.Function) []*Path {
	var out []*Path
	for p := range a.summary(fn, &context{}).opens {
		if _, ok := p.First().Root.(*ssa.Global); ok {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y *Path) int { return x.id - y.id })
	return out
}

// calledIn returns the name under which a function releases a lock of its
// maker's, or nil.
func (w *walker) calledIn(callee *ssa.Function, p *Path, f *frame) *Path {
	for q := range w.a.summary(callee, &context{}).opens {
		if w.a.paths.translate(q, f) == p {
			return q
		}
	}
	return nil
}

// startedBy returns the call of a group's Go that starts a function value as a
// goroutine, if that is all that becomes of it.
func startedBy(mc *ssa.MakeClosure) ssa.Instruction {
	var start ssa.Instruction
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if op := ir.Op(&ref.Call); start != nil || op != api.WGGo && op != api.EGGo {
				return nil
			}
			start = ref
		default:
			return nil
		}
	}
	return start
}

// released notes what releases a lock that is held.
func (w *walker) released(h Hold, by ssa.Instruction) {
	w.out.ReleasedBy[h.Lock] = by
	w.pair(h, by)
}

func (w *walker) pair(h Hold, by ssa.Instruction) {
	if site := h.Taken(); !slices.Contains(w.out.Pairs[site], by) {
		w.out.Pairs[site] = append(w.out.Pairs[site], by)
	}
}

// partly reports whether a part of what is held stays so when weight is
// released. More than is held cannot be.
func (w *walker) partly(h *Hold, weight int64, by ssa.Instruction) bool {
	if h.Weight == 0 || weight == 0 {
		return false
	}
	if weight > h.Weight {
		w.out.Mismatches = append(w.out.Mismatches, Mismatch{Held: *h, Unlock: by})
	}
	h.Weight = max(h.Weight-weight, 0)
	return h.Weight > 0
}

// releases notes the locks that a callee releases in any case, though they are
// not held, and returns them.
func (w *walker) releases(s *state, call ssa.CallInstruction, sum *summary, f *frame) (noted []*Path) {
	if len(s.past) == 0 || len(sum.outcomes) == 0 {
		return nil
	}
	for _, h := range sum.outcomes[0].holds {
		always := func(o outcome) bool {
			return slices.ContainsFunc(o.holds, func(x Hold) bool { return x.Lock == h.Lock && x.Read < 0 && !x.Unknown })
		}
		p := w.a.paths.translate(h.Lock, f)
		if p == nil || slices.ContainsFunc(sum.outcomes, func(o outcome) bool { return !always(o) }) {
			continue
		}
		if s.hold(p).Read == 0 && w.unmatched(s, p, call) {
			noted = append(noted, p)
		}
	}
	return noted
}

// missed notes that an operation did not take a lock.
func (w *walker) missed(s *state, site ssa.Instruction, op Op) {
	p, _ := w.a.paths.lockOf(op)
	if h := s.hold(p); op.Do != Release && !h.Unknown && h.Read == 0 {
		s.addPast(w.a, Past{Lock: p, Site: site, Failed: true})
	}
}

// failed notes the locks that a callee takes on success and has not taken.
func (w *walker) failed(s *state, call ssa.CallInstruction, sum *summary, f *frame) {
	for _, o := range sum.outcomes {
		for _, h := range o.holds {
			if p := w.a.paths.translate(h.Lock, f); p != nil && h.Read > 0 && !o.failure && s.hold(p).Read == 0 {
				s.addPast(w.a, Past{Lock: p, Site: call, Failed: true})
			}
		}
	}
}

// unmatched notes a release of a lock that this function was to hold, and does
// not. It reports whether it is one.
func (w *walker) unmatched(s *state, p *Path, release ssa.Instruction) bool {
	if s.hold(p).Unknown || w.ignored[p] {
		return false
	}
	for _, q := range s.past {
		if q.Lock == p {
			w.out.Unmatched = append(w.out.Unmatched, Unmatched{Release: release, Past: q})
			s.forgetPast(p)
			return true
		}
	}
	return false
}

// addPast notes why a lock is not held.
func (s *state) addPast(a *Analysis, q Past) {
	if a.kind.Counted {
		s.forgetPast(q.Lock)
		s.past = append(s.past, q)
	}
}

// forgetPast drops what was before a lock is taken anew.
func (s *state) forgetPast(p *Path) {
	s.past = slices.DeleteFunc(s.past, func(q Past) bool { return q.Lock == p })
}
