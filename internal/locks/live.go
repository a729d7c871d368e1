package locks

import (
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// forgetful makes a walk remember of its branches only what a later one asks again. Two
// ways through a part of a function that leave the locks alike are then one from there on:
// of branches without operations on locks, and of those that unlock and return, nothing is
// left to tell apart. It is for functions with too many paths otherwise, and costs what
// the outcomes tell the caller apart by. See [summary.blur].
//
// It reports false for a function in which that would take long to find out.
func (w *walker) forgetful() bool {
	n := len(w.fn.Blocks)
	if n*len(w.tests) > maxAsked {
		return false
	}
	w.alive = make([]map[*Path]bool, n)
	before := make([]map[*Path]bool, n)
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			b := w.fn.Blocks[i]
			w.alive[i] = w.asks(b, before)
			if in := w.askedOf(b, w.alive[i]); len(in) > len(before[i]) {
				before[i] = in
				changed = true
			}
		}
	}
	return true
}

// maxAsked bounds the blocks of a function, times its branches, for which it is found out
// what is asked where.
const maxAsked = 200_000

// asks returns the paths about which something is asked behind the phis of a block, before
// they are computed anew. What is asked before the phis of its successors is given.
func (w *walker) asks(b *ssa.BasicBlock, before []map[*Path]bool) map[*Path]bool {
	live := make(map[*Path]bool)
	for _, succ := range b.Succs {
		maps.Copy(live, before[succ.Index])
	}
	for _, instr := range slices.Backward(b.Instrs) {
		if _, ok := instr.(*ssa.Phi); ok {
			break
		}
		if v, ok := instr.(ssa.Value); ok {
			maps.DeleteFunc(live, func(p *Path, _ bool) bool { return p.uses(v) })
		}
		w.asked(live, instr)
	}
	return live
}

// askedOf returns the same for the end of the blocks that lead to this one: what is asked
// of a phi, is asked of the values that it may have.
func (w *walker) askedOf(b *ssa.BasicBlock, live map[*Path]bool) map[*Path]bool {
	in := maps.Clone(live)
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		maps.DeleteFunc(in, func(p *Path, _ bool) bool { return p.uses(phi) })
	}
	for _, instr := range b.Instrs {
		if phi, ok := instr.(*ssa.Phi); ok && live[w.a.paths.Of(phi)] {
			for _, e := range phi.Edges {
				w.ask(in, e)
			}
		}
	}
	return in
}

// asked adds what an instruction asks.
func (w *walker) asked(live map[*Path]bool, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.If:
		w.ask(live, instr.Cond)
	case *ssa.Return:
		for _, r := range instr.Results {
			w.ask(live, r)
		}
	case *ssa.Store:
		if live[w.a.paths.deref(w.a.paths.Of(instr.Addr))] {
			w.ask(live, instr.Val)
		}
	case *ssa.RunDefers:
		for _, b := range w.fn.Blocks {
			for _, in := range b.Instrs {
				if d, ok := in.(*ssa.Defer); ok {
					w.askedBy(live, d)
				}
			}
		}
	case *ssa.Call:
		w.askedBy(live, instr)
	}
}

func (w *walker) ask(live map[*Path]bool, v ssa.Value) {
	live[w.a.paths.Of(v)] = true
	live[w.a.paths.testOf(v).path] = true
}

// askedBy adds what the function asks that a call enters. See [walker.context].
func (w *walker) askedBy(live map[*Path]bool, call ssa.CallInstruction) {
	callee, f := w.entered(call)
	if callee == nil {
		return
	}
	for _, p := range w.a.askedFor(callee) {
		if q := w.a.paths.translate(p, f); q != nil {
			live[q] = true
		}
	}
}

// entered returns the function that a call enters, and a frame for it, if it operates on
// locks.
func (w *walker) entered(call ssa.CallInstruction) (*ssa.Function, *frame) {
	if callee := w.a.prog.StaticCallee(call); callee != nil {
		if !w.a.touches[callee] {
			return nil, nil
		}
		return callee, w.bind(call, callee)
	}
	p, ok := call.Common().Value.(*ssa.Parameter)
	if !ok || call.Common().IsInvoke() {
		return nil, nil
	}
	c := w.ctx.funcs[p]
	if c == nil {
		return nil, nil
	}
	f := &frame{roots: c.bindings, outer: c.outer, args: c.receiver}
	if f.args == nil {
		f.args = w.argsOf(call.Common(), c.fn)
	}
	return c.fn, f
}
