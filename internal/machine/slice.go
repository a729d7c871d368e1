package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// Most of a function has nothing to do with concurrency. A branch is skipped
// when nothing that matters happens between it and the point where its ways
// meet again: it would only multiply the runs. What the skipped part computes
// is unknown afterwards. Functions in which nothing matters are not entered.

// matters reports whether a value of type t can carry a primitive or a function
// from one place to another.
func (p *Program) matters(t types.Type) bool {
	if v, ok := p.tracked[t]; ok {
		return v
	}
	p.tracked[t] = false // for recursive types
	v := p.carries(t, 0, make(map[types.Type]bool))
	p.tracked[t] = v
	return v
}

func (p *Program) carries(t types.Type, depth int, seen map[types.Type]bool) bool {
	if depth > 9 || seen[t] {
		return false
	}
	seen[t] = true
	if api.IsPrimitive(t) {
		return true
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true // its argument may
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		for m := range u.Methods() {
			if p.method[m.Name()] {
				return true
			}
		}
	case *types.Struct:
		for f := range u.Fields() {
			if p.carries(f.Type(), depth+1, seen) {
				return true
			}
		}
	case *types.Pointer:
		return p.carries(u.Elem(), depth+1, seen)
	case *types.Slice:
		return p.carries(u.Elem(), depth+1, seen)
	case *types.Array:
		return p.carries(u.Elem(), depth+1, seen)
	case *types.Map:
		return p.carries(u.Elem(), depth+1, seen)
	case *types.Tuple:
		for v := range u.Variables() {
			if p.carries(v.Type(), depth+1, seen) {
				return true
			}
		}
	}
	return false
}

// findRelevant computes the functions in which something matters, and those
// that call them.
func (p *Program) findRelevant() {
	all := slices.Concat(p.ir.Funcs, p.ir.Linked)
	for changed := true; changed; {
		changed = false
		for _, fn := range all {
			if !p.relevant[fn] && p.anyRelevant(fn) {
				p.relevant[fn] = true
				if fn.Signature.Recv() != nil && !p.method[fn.Name()] {
					p.method[fn.Name()] = true
					clear(p.tracked) // more interfaces matter
				}
				changed = true
			}
		}
	}
}

func (p *Program) anyRelevant(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in.(type) {
			case *ssa.Return, *ssa.Panic, *ssa.RunDefers:
				continue
			}
			if p.instr(in) {
				return true
			}
		}
	}
	return false
}

// instr reports whether an instruction matters.
func (p *Program) instr(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Go, *ssa.MakeChan, *ssa.Send, *ssa.Select, *ssa.Defer, *ssa.Return, *ssa.Panic, *ssa.RunDefers:
		return true
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.MakeClosure:
		return p.relevant[in.Fn.(*ssa.Function)]
	case *ssa.Store:
		if c, ok := in.Val.(*ssa.Const); ok && c.Value != nil {
			if b, ok := c.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
				return true
			}
		}
		return p.matters(in.Val.Type())
	case *ssa.MapUpdate:
		return p.matters(in.Value.Type())
	case *ssa.Call:
		return p.call(&in.Call, in)
	}
	return false
}

// call reports whether a call matters.
func (p *Program) call(c *ssa.CallCommon, in ssa.Instruction) bool {
	if c.IsInvoke() {
		switch api.Of(c.Method) {
		case api.None:
			return p.method[c.Method.Name()] || p.ir.NeverReturns(in)
		case api.CtxDone, api.CtxErr, api.CtxValue, api.CtxDeadline:
			return false
		}
		return true
	}
	switch f := c.Value.(type) {
	case *ssa.Builtin:
		return f.Name() == "close" || f.Name() == "append" && p.matters(c.Args[0].Type())
	case *ssa.MakeClosure:
		return p.relevant[f.Fn.(*ssa.Function)]
	case *ssa.Function:
		if body := p.ir.Callee(f); body != nil {
			return p.relevant[body] || p.ir.NeverReturns(in)
		}
		obj, _ := f.Object().(*types.Func)
		switch api.Of(obj) {
		case api.None:
		case api.CtxRoot, api.CtxCause:
			return false
		default:
			return true
		}
		if api.NoReturn(obj) || p.ir.NeverReturns(in) {
			return true
		}
		for _, a := range c.Args {
			if p.matters(a.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// maxBlocks bounds the functions whose branches are looked at.
const maxBlocks = 400

// slice finds the branches of a function that can be skipped.
func (p *Program) slice(c *code) {
	n := len(c.blocks)
	if n > maxBlocks || n < 3 {
		return
	}
	important := make([]bool, n)
	for i, b := range c.blocks {
		for _, in := range b.ssa.Instrs {
			if p.instr(in) {
				important[i] = true
				break
			}
		}
	}
	join := postdominators(c)
	regions := make([][]bool, n)
	for i, b := range c.blocks {
		if len(b.succs) != 2 || join[i] < 0 {
			continue
		}
		region, ok := regionOf(c, b, join[i], important)
		if !ok || region[i] && important[i] {
			continue
		}
		b.skip, regions[i] = c.blocks[join[i]], region
	}
	p.keepAsked(c, regions)
	for i, b := range c.blocks {
		if b.skip == nil {
			continue
		}
		for j, bl := range c.blocks {
			if !regions[i][j] {
				continue
			}
			for _, in := range bl.ssa.Instrs {
				if s, ok := in.(*ssa.Store); ok {
					b.forgot = append(b.forgot, s)
				}
			}
		}
	}
}

// keepAsked takes back the decision to skip a branch where what it sets matters
// or is asked for later: the branch itself is then the answer.
func (p *Program) keepAsked(c *code, regions [][]bool) {
	for changed := true; changed; {
		changed = false
		for i, b := range c.blocks {
			if b.skip == nil || b.skipsLoop() {
				continue
			}
			for k := range b.skip.phis {
				phi := b.skip.ssa.Instrs[k].(*ssa.Phi)
				if merges(b, phi, regions[i]) && (p.matters(phi.Type()) || asked(c, phi, make(map[ssa.Value]bool))) {
					b.skip, changed = nil, true
					break
				}
			}
		}
	}
}

// merges reports whether the ways of a branch bring different values to a phi.
func merges(b *block, phi *ssa.Phi, region []bool) bool {
	var first ssa.Value
	for k, pred := range phi.Block().Preds {
		if pred != b.ssa && !region[pred.Index] {
			continue
		}
		if first == nil {
			first = phi.Edges[k]
		} else if phi.Edges[k] != first {
			return true
		}
	}
	return false
}

// asked reports whether a value decides a branch that is not skipped, by itself
// or through comparisons.
func asked(c *code, v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.If:
			if c.blocks[ref.Block().Index].skip == nil {
				return true
			}
		case *ssa.Phi:
			if asked(c, ref, seen) {
				return true
			}
		case *ssa.UnOp:
			if ref.Op == token.NOT && asked(c, ref, seen) {
				return true
			}
		case *ssa.BinOp:
			switch ref.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
				if asked(c, ref, seen) {
					return true
				}
			}
		}
	}
	return false
}

// regionOf returns the blocks between a branch and the point where its ways
// meet, and whether none of them is important.
func regionOf(c *code, b *block, join int, important []bool) ([]bool, bool) {
	region := make([]bool, len(c.blocks))
	work := append([]*ssa.BasicBlock(nil), b.ssa.Succs...)
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.Index == join || region[x.Index] {
			continue
		}
		if important[x.Index] {
			return nil, false
		}
		region[x.Index] = true
		work = append(work, x.Succs...)
	}
	return region, true
}

// postdominators returns, for each block, the index of its immediate
// postdominator, or -1: the dominators of the reversed graph, by the iterative
// algorithm of Cooper, Harvey and Kennedy.
func postdominators(c *code) []int {
	n := len(c.blocks)
	exit := n // a virtual block behind all exits
	order := make([]int, 0, n+1)
	number := make([]int, n+1) // position in postorder of the reversed graph
	seen := make([]bool, n+1)
	preds := func(i int) []int { // in the reversed graph: successors
		if len(c.blocks[i].succs) == 0 {
			return []int{exit}
		}
		out := make([]int, len(c.blocks[i].succs))
		for k, s := range c.blocks[i].ssa.Succs {
			out[k] = s.Index
		}
		return out
	}
	var visit func(i int)
	visit = func(i int) {
		seen[i] = true
		if i == exit {
			for j, b := range c.blocks {
				if len(b.succs) == 0 && !seen[j] {
					visit(j)
				}
			}
		} else {
			for _, pr := range c.blocks[i].ssa.Preds {
				if !seen[pr.Index] {
					visit(pr.Index)
				}
			}
		}
		number[i] = len(order)
		order = append(order, i)
	}
	visit(exit)
	idom := make([]int, n+1)
	for i := range idom {
		idom[i] = -1
	}
	idom[exit] = exit
	intersect := func(a, b int) int {
		for a != b {
			for number[a] < number[b] {
				a = idom[a]
			}
			for number[b] < number[a] {
				b = idom[b]
			}
		}
		return a
	}
	for changed := true; changed; {
		changed = false
		for k := len(order) - 2; k >= 0; k-- {
			i := order[k]
			best := -1
			for _, q := range preds(i) {
				if !seen[q] || idom[q] < 0 {
					continue
				}
				if best < 0 {
					best = q
				} else {
					best = intersect(best, q)
				}
			}
			if best >= 0 && idom[i] != best {
				idom[i] = best
				changed = true
			}
		}
	}
	out := idom[:n]
	for i := range out {
		if !seen[i] || out[i] == exit {
			out[i] = -1
		}
	}
	return out
}
