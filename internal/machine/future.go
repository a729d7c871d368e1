package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// A goroutine that is cut in a loop, as one that a ticker wakes, goes on in reality,
// but perhaps only round and round: what comes after its loop happens only if something
// lets it out. A Future is what it may still do, unless certain receives proceed.

// A Gate is a receive, or the check of a context for its end, that a goroutine passes
// only when somebody sends or closes.
type Gate struct {
	Chan *Chan
	// Value is the channel, or the context that is asked for its error.
	Value ssa.Value
	Pos   token.Pos
}

// A Future is what a goroutine may do from where it stands.
type Future struct {
	Effects
	// Ends: the goroutine may return.
	Ends bool
	// Shut are the gates that keep it from doing more.
	Shut []Gate
	prim *Prim
}

// Future returns what a goroutine may do if only the gates proceed that open says.
func (m *Machine) Future(g *Goroutine, r *Reach, open func(Gate) bool) *Future {
	s := futureScan{scan: m.prog.newScan(), open: open}
	returns := true
	for i := len(g.frames) - 1; i >= 0 && (returns || s.exits); i-- {
		returns = s.frame(g.frames[i])
		for _, below := range g.frames[:i] {
			returns = returns || below.recovers(m.prog)
		}
	}
	f := &Future{Shut: s.shut, Ends: returns || s.exits, prim: g.counts}
	f.Effects = s.Effects
	if f.calls {
		for fn := range r.funcs {
			f.join(m.prog.effectsOf(fn))
		}
	}
	return f
}

// Opened returns what a goroutine may do if all gates open.
func (g *Goroutine) Opened(r *Reach) *Future {
	return g.m.Future(g, r, func(Gate) bool { return true })
}

// Whole returns what the code of a goroutine does, whether or not it comes to that.
func (g *Goroutine) Whole() *Future {
	s := futureScan{scan: g.m.prog.newScan()}
	for _, f := range g.frames {
		if f.code != nil {
			s.function(f.code.fn)
		}
		for _, v := range f.holds {
			s.value(v)
		}
		s.deferred(f)
	}
	return &Future{Effects: s.Effects, Ends: true, prim: g.counts}
}

// Size grows with what a goroutine may do.
func (f *Future) Size() int {
	n := len(f.list)
	for _, b := range []bool{f.wild, f.Ends} {
		if b {
			n += 1000
		}
	}
	return n
}

// OnChan reports whether one of some actions may be performed on a channel, or, for the
// Done channel of a context, whether the context may be cancelled.
func (f *Future) OnChan(acts Action, c *Chan) bool {
	if c.ctx != nil {
		return f.wild || f.onPrim(ActCancel, &Prim{})
	}
	return f.onChan(acts, c)
}

// OnPrim is like OnChan for a lock or group. The end of a task counts as its Done.
func (f *Future) OnPrim(acts Action, p *Prim) bool {
	return f.Ends && f.prim == p || f.onPrim(acts, p)
}

// Cancels reports whether a context may be cancelled.
func (f *Future) Cancels() bool { return f.wild || f.onPrim(ActCancel, &Prim{}) }

// recovers reports whether a frame has deferred a function that recovers.
func (f *frame) recovers(p *Program) bool {
	return slices.ContainsFunc(f.defers, func(d deferred) bool {
		fn, ok := d.fn.(*Func)
		return ok && fn.fn != nil && p.recovers(fn.fn)
	})
}

// A futureScan collects what the code ahead of a goroutine may do.
type futureScan struct {
	scan
	open func(Gate) bool
	shut []Gate

	f     *frame
	ahead []bool // blocks that can be reached, by index
	later []bool // those that could if nothing was shut
	more  []*block
}

// frame adds what a frame may still do, and reports whether it may return.
func (s *futureScan) frame(f *frame) (returns bool) {
	if f.code == nil {
		for _, v := range f.holds {
			s.value(v)
		}
		s.wild = s.wild || len(f.holds) == 0
		return true
	}
	s.f, s.later = f, blocksAfter(f)
	// What makes a gate unsteady may come to light only beyond it.
	shut := len(s.shut)
	for found := -1; found != len(s.sets); {
		found = len(s.sets)
		s.shut = s.shut[:shut]
		returns = s.pass(f)
	}
	returns = returns || f.recovers(s.p)
	if returns || s.exits {
		s.deferred(f)
	}
	return returns
}

// deferred adds what the functions do that a frame has deferred.
func (s *futureScan) deferred(f *frame) {
	for _, d := range f.defers {
		s.value(d.fn)
		if c, ok := d.in.(ssa.CallInstruction); ok {
			s.call(c)
		}
	}
}

// blocksAfter returns the blocks that a frame may still come to if nothing is shut.
func blocksAfter(f *frame) []bool {
	after := make([]bool, len(f.code.blocks))
	more := slices.Clone(f.block.succs)
	after[f.block.ssa.Index] = f.pc <= f.block.phis // it stands at its beginning
	for len(more) > 0 {
		b := more[len(more)-1]
		more = more[:len(more)-1]
		if !after[b.ssa.Index] {
			after[b.ssa.Index] = true
			more = append(more, b.succs...)
		}
	}
	return after
}

// pass walks over the code ahead of a frame.
func (s *futureScan) pass(f *frame) (returns bool) {
	s.ahead = make([]bool, len(f.code.blocks))
	returns = s.block(f.block, min(f.pc, len(f.block.ssa.Instrs)))
	for len(s.more) > 0 {
		b := s.more[len(s.more)-1]
		s.more = s.more[:len(s.more)-1]
		returns = s.block(b, 0) || returns
	}
	return returns
}

// value adds what a function value may do.
func (s *futureScan) value(v Value) {
	if fn, ok := v.(*Func); ok && fn.fn != nil {
		s.callee(fn.fn)
	} else {
		s.dynamic()
	}
}

// block adds what the instructions of a block do, from a certain one on.
func (s *futureScan) block(b *block, from int) (returns bool) {
	for _, in := range b.ssa.Instrs[from:] {
		s.instr(in)
		switch in := in.(type) {
		case *ssa.UnOp:
			if in.Op == token.ARROW && s.isShut(in.X, in.Pos()) {
				return false
			}
		case *ssa.Return:
			returns = true
		}
	}
	for i, to := range b.succs {
		if !s.ahead[to.ssa.Index] && !s.keepsOut(b, i) {
			s.ahead[to.ssa.Index] = true
			s.more = append(s.more, to)
		}
	}
	return returns
}

// keepsOut reports whether a block does not go on to one of its successors, because
// the case of a select is shut, or a context not over.
func (s *futureScan) keepsOut(b *block, i int) bool {
	in, ok := b.ssa.Instrs[len(b.ssa.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	cond, ok := in.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if call, ok := cond.X.(*ssa.Call); ok && comparesNil(cond) && api.Of(calledMethod(call)) == api.CtxErr {
		over := 0
		if cond.Op == token.EQL {
			over = 1
		}
		return i == over && s.isShut(call.Call.Value, cond.Pos())
	}
	ex, ok := cond.X.(*ssa.Extract)
	if !ok || cond.Op != token.EQL || ex.Index != 0 || i != 0 {
		return false
	}
	sel, ok := ex.Tuple.(*ssa.Select)
	n, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst || n.Value == nil || n.Int64() < 0 || int(n.Int64()) >= len(sel.States) {
		return false
	}
	st := sel.States[n.Int64()]
	return st.Dir == types.RecvOnly && s.isShut(st.Chan, st.Pos)
}

// comparesNil reports whether a comparison is one with nil, for equality.
func comparesNil(c *ssa.BinOp) bool {
	n, ok := c.Y.(*ssa.Const)
	return ok && n.IsNil() && (c.Op == token.EQL || c.Op == token.NEQ)
}

func calledMethod(c *ssa.Call) *types.Func {
	if c.Call.IsInvoke() {
		return c.Call.Method
	}
	return nil
}

// isShut reports whether a receive from a channel, or the end of a context, never comes.
func (s *futureScan) isShut(v ssa.Value, pos token.Pos) bool {
	if !s.steady(v, 0) {
		return false
	}
	c := s.gate(v)
	if c == nil {
		return false
	}
	gate := Gate{Chan: c, Value: v, Pos: pos}
	if s.open(gate) {
		return false
	}
	if !slices.Contains(s.shut, gate) {
		s.shut = append(s.shut, gate)
	}
	return true
}

// gate returns the channel that a value was when the frame computed it last.
func (s *futureScan) gate(v ssa.Value) *Chan {
	slot, ok := s.f.code.slotOf(v)
	if !ok || s.f.env[slot] == nil {
		return nil
	}
	if ctx, ok := known(s.f.env[slot]).(*Ctx); ok {
		return ctx.done
	}
	return chanOf(s.f.env[slot])
}

// steady reports whether a value is the same each time that the code ahead computes it.
func (s *futureScan) steady(v ssa.Value, depth int) bool {
	if depth > 6 {
		return false
	}
	switch x := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	case *ssa.ChangeType:
		return s.steady(x.X, depth+1)
	case *ssa.ChangeInterface:
		return s.steady(x.X, depth+1)
	case *ssa.FieldAddr:
		return s.steady(x.X, depth+1)
	case *ssa.UnOp:
		return x.Op == token.MUL && s.steady(x.X, depth+1) && !s.stored(x.X, 0)
	case *ssa.Call:
		if x.Call.IsInvoke() && api.Of(x.Call.Method) == api.CtxDone {
			return s.steady(x.Call.Value, depth+1)
		}
	}
	in, ok := v.(ssa.Instruction)
	return ok && !isPhi(v) && !s.later[in.Block().Index]
}

func isPhi(v ssa.Value) bool {
	_, ok := v.(*ssa.Phi)
	return ok
}

// stored reports whether the code ahead may set a field, or whether a variable is set more
// than once.
func (s *futureScan) stored(addr ssa.Value, depth int) bool {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		return s.sets[fieldOf(x)]
	case *ssa.FreeVar:
		bound := ir.Binding(x)
		return setIn(x) > 0 || bound == nil || depth > 6 || s.stored(bound, depth+1)
	case *ssa.Alloc:
		return setIn(x) > 1
	}
	return true
}

// setIn returns how often a variable is set, in the function that has it and in its literals.
func setIn(v ssa.Value) int {
	n := 0
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			n++
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == v {
					n += setIn(lit.FreeVars[i])
				}
			}
		}
	}
	return n
}
