package locks

import (
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// maxSteps bounds the instructions that a walk of one function follows.
const maxSteps = 20_000

// A walker follows the paths of one function in one context.
type walker struct {
	a   *Analysis
	fn  *ssa.Function
	ctx *context

	tests   map[*ssa.If]test
	worth   map[*Path]bool
	ignored map[*Path]bool // locks that others may unlock for the function
	plain   bool           // all paths leave all locks as they are: branches do not matter

	narrowed bool // see narrow

	work  []item
	seen  map[seenKey]bool
	steps int

	sum *summary
	out *Func // what is found out about the function besides its summary
}

type item struct {
	block *ssa.BasicBlock
	index int
	s     *state
}

type seenKey struct {
	block *ssa.BasicBlock
	index int
	state string
}

// prepare looks at the function before any path is followed.
func (w *walker) prepare() {
	w.plain = !w.affects()
	if !w.plain {
		w.survey()
	}
	w.ignored = w.a.released(w.fn)
}

// walk follows all paths. It returns false if there are too many.
func (w *walker) walk() bool {
	w.work, w.seen, w.steps = nil, make(map[seenKey]bool), 0
	w.sum = &summary{keys: make(map[string]bool), opens: make(map[*Path]bool)}
	w.out = &Func{Fn: w.fn, ReleasedBy: make(map[*Path]ssa.Instruction), HandedTo: make(map[*Path]ssa.Instruction),
		Pairs: make(map[ssa.Instruction][]ssa.Instruction), Unsure: make(map[*Path]bool), guarded: make(map[ssa.Instruction]bool)}
	start := &state{}
	for _, f := range w.ctx.facts {
		start.learn(f)
		w.worth[f.path] = !w.plain
	}
	w.push(w.fn.Blocks[0], 0, start)
	for len(w.work) > 0 {
		next := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		if !w.run(next) {
			return false
		}
	}
	return true
}

// affects reports whether the function changes the state of a lock, for a while
// or for good, and so needs to have its branches told apart.
func (w *walker) affects() bool {
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			if w.a.operates(instr) {
				return true
			}
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee := w.a.prog.StaticCallee(call)
			if callee == nil || !w.a.touches[callee] {
				continue
			}
			sum := w.a.summary(callee, &context{})
			if sum.unknown || slices.ContainsFunc(sum.outcomes, func(o outcome) bool { return len(o.holds) > 0 }) {
				return true
			}
		}
	}
	return len(w.ctx.funcs) > 0
}

// push has a position followed, unless it was before in the same state.
func (w *walker) push(b *ssa.BasicBlock, index int, s *state) {
	k := seenKey{b, index, s.key()}
	if !w.seen[k] {
		w.seen[k] = true
		w.work = append(w.work, item{b, index, s})
	}
}

// run follows a path to the end of its block, or to where it splits.
func (w *walker) run(at item) bool {
	s := at.s
	for i := at.index; i < len(at.block.Instrs); i++ {
		if w.steps++; w.steps > maxSteps {
			return false
		}
		instr := at.block.Instrs[i]
		if w.a.prog.NeverReturns(instr) {
			w.end(s, instr)
			return true
		}
		if v, ok := instr.(ssa.Value); ok {
			w.redefine(s, v)
		}
		next := w.step(s, instr)
		if len(next) == 1 {
			s = next[0]
			continue
		}
		for _, n := range next {
			w.push(at.block, i+1, n)
		}
		return true
	}
	w.leave(at.block, s)
	return true
}

// end notes what happens where the goroutine, or the program, ends: a panic
// leaves locks locked, once the deferred calls have run; the end of a test's
// goroutine executes deferred calls, too, which may lock.
func (w *walker) end(s *state, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Panic:
		again := len(w.out.Again)
		for _, after := range w.runDefers(s.clone()) {
			for _, h := range after.holds {
				if h.Held() {
					w.out.Panics = append(w.out.Panics, Panic{h, instr})
				}
			}
		}
		w.out.Again = w.out.Again[:again] // a panic is worse
	case *ssa.Call:
		if obj := ir.Object(&instr.Call); obj != nil && obj.Pkg() != nil && (obj.Pkg().Path() == "testing" || obj.Name() == "Goexit") {
			w.runDefers(s.clone())
		}
	}
}

// leave follows the edges out of a block.
func (w *walker) leave(b *ssa.BasicBlock, s *state) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		for _, succ := range b.Succs {
			w.enter(b, succ, s.clone())
		}
		return
	}
	t, ok := w.tests[branch]
	if !ok {
		t = w.a.paths.testOf(branch.Cond)
		w.tests[branch] = t
	}
	if c, ok := branch.Cond.(*ssa.Const); ok {
		taken := 1
		if constName(c) == "true" {
			taken = 0
		}
		w.enter(b, b.Succs[taken], s.clone())
		return
	}
	s.forget(func(f fact) bool { return f.path == t.path && f.before != nil && ir.Dominates(f.before, branch) })
	for i, succ := range b.Succs {
		n := s.clone()
		f := fact{path: t.path, value: t.value, equal: t.equal == (i == 0), origin: t.origin}
		if equal, known := n.decide(f.path, f.value); known {
			if equal != f.equal {
				continue
			}
		} else if w.worth[t.path] {
			n.learn(f)
		}
		w.enter(b, succ, n)
	}
}

// enter goes over an edge: the phis of the block take their values.
func (w *walker) enter(from, to *ssa.BasicBlock, s *state) {
	edge := 0
	for i, p := range to.Preds {
		if p == from {
			edge = i
		}
	}
	known := s.clone()
	index := 0
	var learnt []fact
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		index++
		w.redefine(s, phi)
		if path := w.a.paths.Of(phi); w.worth[path] || !w.plain && !w.narrowed && handedOn(phi) && nilable(phi.Type()) {
			one := &state{facts: known.facts}
			one = one.clone()
			n := len(one.facts)
			one.forget(func(f fact) bool { return f.path == path })
			n = len(one.facts)
			w.assign(one, path, phi.Edges[edge], phi)
			if len(one.facts) > n {
				learnt = append(learnt, one.facts[n:]...)
			}
		}
	}
	for _, f := range learnt {
		s.learn(f)
	}
	if w.a.kind.Counted {
		w.turn(s, from, to)
	}
	w.push(to, index, s)
}

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Basic, *types.Signature:
		return true
	}
	return false
}

// redefine drops what depends on a value that is computed anew. A lock that
// was reached through it has no name any more.
func (w *walker) redefine(s *state, v ssa.Value) {
	for i := 0; i < len(s.holds); i++ {
		if h := s.holds[i]; h.Lock.uses(v) {
			if h.Held() {
				w.out.Lost = append(w.out.Lost, Lost{h, v})
			}
			s.set(Hold{Lock: h.Lock})
			i--
		}
	}
	s.forget(func(f fact) bool { return f.origin == v || f.path.uses(v) })
	s.past = slices.DeleteFunc(s.past, func(q Past) bool { return q.Lock.uses(v) })
}

// step executes one instruction and returns the states behind it: none where
// the path ends, several where a call has several outcomes.
func (w *walker) step(s *state, instr ssa.Instruction) []*state {
	w.handsFuncs(s, instr)
	switch instr := instr.(type) {
	case *ssa.Alloc:
		w.declare(s, instr)
	case *ssa.Store:
		w.store(s, instr)
	case *ssa.Call:
		return w.call(s, instr)
	case *ssa.Go:
		w.goes(s, instr)
	case *ssa.MakeClosure:
		if !handedLate(instr) {
			w.hands(s, instr)
		}
	case *ssa.Send, *ssa.Select, *ssa.UnOp:
		if ops := w.a.kind.Ops(instr); len(ops) > 0 {
			return w.operate(s, instr, ops)
		}
	case *ssa.Defer:
		return w.deferCall(s, instr)
	case *ssa.RunDefers:
		return w.runDefers(s)
	case *ssa.Return:
		w.exit(s, instr)
		return nil
	}
	return []*state{s}
}

// declare notes that a variable is zero when it is declared.
func (w *walker) declare(s *state, a *ssa.Alloc) {
	if w.plain || w.a.paths.content(a) != nil {
		return
	}
	place := w.a.paths.deref(w.a.paths.Of(a))
	switch t := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsBoolean != 0 {
			s.learn(fact{path: place, value: "false", equal: true})
		}
	case *types.Pointer, *types.Interface:
		s.learn(fact{path: place, value: "nil", equal: true})
	}
}

// store notes an assignment: what was known of the place is forgotten, and a
// lock that was reached through it may be another one from here on.
func (w *walker) store(s *state, instr *ssa.Store) {
	addr := w.a.paths.Of(instr.Addr)
	place := w.a.paths.deref(addr)
	s.doubt(func(p *Path) bool { return p.within(place) || p.within(addr) && p != addr })
	// What is assigned may be what was known under this name.
	after := s.clone()
	after.forget(func(f fact) bool { return f.path.within(place) })
	n := len(after.facts)
	known := &state{facts: s.facts}
	tmp := known.clone()
	if !w.plain && !isMemory(addr) || w.worth[place] {
		tmp.forget(func(f fact) bool { return f.path == place && w.a.paths.Of(instr.Val) != place })
		m := len(tmp.facts)
		w.assign(tmp, place, instr.Val, nil)
		after.facts = append(after.facts[:n:n], tmp.facts[min(m, len(tmp.facts)):]...)
	}
	if w.a.paths.Of(instr.Val) == place {
		return // assigned to itself
	}
	s.facts = after.facts
	if len(s.facts) > maxFacts {
		s.facts = s.facts[len(s.facts)-maxFacts:]
	}
}

// isMemory reports whether a place is more than a variable of the function.
func isMemory(p *Path) bool {
	if p.Base != nil {
		return true
	}
	switch p.Root.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return false
	}
	return true
}

// exit notes what holds where the function returns.
func (w *walker) exit(s *state, ret *ssa.Return) {
	o := outcome{holds: s.holds}
	for _, r := range ret.Results {
		o.results = append(o.results, w.verdict(s, r))
	}
	for _, f := range s.facts {
		if w.visible(f.path) {
			o.facts = append(o.facts, f)
		}
	}
	o.failure = fails(ret, o.results)
	holds := slices.Clone(s.holds)
	for i, r := range ret.Results {
		mc, ok := r.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for _, p := range w.a.unlocks(w, mc) {
			o.unlocks = append(o.unlocks, unlocker{i, p})
			for j := range holds {
				if holds[j].Lock == p && holds[j].Held() {
					w.pair(holds[j], mc)
					holds[j].Unknown = true // the caller's from here on
				}
			}
		}
	}
	w.out.Exits = append(w.out.Exits, Exit{Return: ret, Holds: holds, Failure: o.failure, Depends: len(o.facts) > 0})
	w.sum.add(w.visibleOnly(o))
}

// A verdict is what is known of a result.
type verdict struct {
	value string
	equal bool
	known bool
}

func (w *walker) verdict(s *state, v ssa.Value) verdict {
	if value, equal, ok := constantOf(v); ok {
		return verdict{value, equal, true}
	}
	p := w.a.paths.Of(v)
	want := "nil"
	if isBoolType(v.Type()) {
		want = "true"
		if t := w.a.paths.testOf(v); t.path != p {
			if equal, known := s.decide(t.path, t.value); known {
				return verdict{"true", equal == t.equal, true}
			}
		}
	}
	if equal, known := s.decide(p, want); known {
		return verdict{want, equal, true}
	}
	return verdict{}
}

// fails reports whether the results tell the caller that it got nothing: an
// error, or false or nil.
func fails(ret *ssa.Return, results []verdict) bool {
	if len(results) == 0 {
		return false
	}
	last := results[len(results)-1]
	if !last.known {
		return false
	}
	if api.IsError(ret.Results[len(results)-1].Type()) {
		return last.value == "nil" && !last.equal
	}
	switch last.value {
	case "true":
		return !last.equal
	case "false", "nil":
		return last.equal
	}
	return false
}

// visible reports whether a path means something to the caller.
func (w *walker) visible(p *Path) bool {
	switch v := p.First().Root.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return true
	case nil, *ssa.Const, *ssa.Builtin, *ssa.Function:
		return false
	default:
		return v.Parent() != w.fn
	}
}

func (w *walker) visibleOnly(o outcome) outcome {
	var holds []Hold
	for _, h := range o.holds {
		if w.visible(h.Lock) {
			holds = append(holds, h)
		}
	}
	o.holds = holds
	return o
}

// deferCall puts a call off that may matter.
func (w *walker) deferCall(s *state, d *ssa.Defer) []*state {
	callee := w.a.prog.StaticCallee(d)
	isLock := w.a.operates(d)
	_, dynamic := d.Call.Value.(*ssa.Function)
	if !isLock && (callee == nil && dynamic || d.Call.IsInvoke() || callee != nil && !w.a.touches[callee] && len(callee.FreeVars) == 0) {
		return []*state{s}
	}
	n := 1
	if s.defers != nil {
		n = s.defers.n + 1
	}
	if n > maxDefers {
		return nil // a loop that defers without end
	}
	s.defers = &deferred{d, s.defers, n}
	return []*state{s}
}

// runDefers executes the deferred calls, the last one first.
func (w *walker) runDefers(s *state) []*state {
	states := []*state{s}
	for {
		var next []*state
		more := false
		for _, s := range states {
			if s.defers == nil {
				next = append(next, s)
				continue
			}
			more = true
			d := s.defers.call
			s.defers = s.defers.next
			next = append(next, w.call(s, d)...)
		}
		states = next
		if !more || len(states) > 64 {
			return states
		}
	}
}

// goes handles the start of a goroutine: it may take over the locks that it
// unlocks.
func (w *walker) goes(s *state, g *ssa.Go) {
	callee := w.a.prog.StaticCallee(g)
	if callee == nil || !w.a.touches[callee] {
		return
	}
	f := w.bind(g, callee)
	opens := slices.Collect(maps.Keys(w.a.summary(callee, &context{}).opens))
	slices.SortFunc(opens, func(x, y *Path) int { return x.id - y.id })
	for _, q := range opens {
		p := w.a.paths.translate(q, f)
		if p == nil {
			continue
		}
		w.handOver(s, p, Handover{Go: g, To: callee, As: q})
	}
}

// handOver notes that a goroutine that is to release a lock gets it here.
func (w *walker) handOver(s *state, p *Path, to Handover) {
	if h := s.hold(p); h.Held() {
		to.Held = h
		w.out.HandedTo[p] = to.Go
		w.out.Handovers = append(w.out.Handovers, to)
		w.pair(h, to.Go)
	} else {
		w.unmatched(s, p, to.Go)
	}
	w.giveAway(s, p)
}

func (w *walker) giveAway(s *state, p *Path) {
	if p == nil {
		return
	}
	h := s.hold(p)
	h.Unknown = true
	s.set(h)
}
