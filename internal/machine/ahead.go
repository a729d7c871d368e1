package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// An Action is a set of operations that code may still perform.
type Action uint16

// The actions.
const (
	ActSend Action = 1 << iota
	ActReceive
	ActClose
	ActDone
	ActUnlock
	ActSignal
	ActCancel // a call of a function value, which may be a CancelFunc
	ActWait
	ActLock
	ActRelease
)

// Ahead returns what a goroutine that stands before an operation would still
// do if it could go on: the actions in the code ahead of it, in its callers and
// in the functions that they have deferred. It is an over-approximation.
func (m *Machine) Ahead(g *Goroutine) Action {
	var a Action
	if g.counts != nil {
		a |= ActDone
	}
	if g.Pending != nil {
		if c, ok := g.Pending.In.(ssa.CallInstruction); ok {
			a |= m.prog.callActions(c.Common())
		}
	}
	for _, f := range g.frames {
		for _, d := range f.defers {
			a |= m.prog.deferredActions(d)
		}
		if f.code == nil {
			for _, v := range f.holds {
				a |= m.prog.valueActions(v)
			}
			continue
		}
		a |= m.prog.ahead(f)
	}
	for _, v := range g.holds {
		a |= m.prog.valueActions(v)
	}
	return a
}

// Held returns what the functions do that goroutines can get at, which Ahead does not
// follow through variables.
func (m *Machine) Held(r *Reach) Action {
	var a Action
	for fn := range r.funcs {
		a |= m.prog.actions(fn)
	}
	return a
}

func (p *Program) deferredActions(d deferred) Action {
	a := p.valueActions(d.fn)
	if c, ok := d.in.(ssa.CallInstruction); ok {
		a |= p.callActions(c.Common())
	}
	return a
}

func (p *Program) valueActions(v Value) Action {
	if fn, ok := v.(*Func); ok {
		if fn.fn != nil {
			return p.actions(fn.fn)
		}
		return ActCancel
	}
	return 0
}

// ahead returns the actions in the blocks that can be reached from where a
// frame stands.
func (p *Program) ahead(f *frame) Action {
	var a Action
	for _, in := range f.block.ssa.Instrs[min(f.pc, len(f.block.ssa.Instrs)):] {
		a |= p.action(in)
	}
	seen := make([]bool, len(f.code.blocks))
	work := append([]*block(nil), f.block.succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.ssa.Index] {
			continue
		}
		seen[b.ssa.Index] = true
		for _, in := range b.ssa.Instrs {
			a |= p.action(in)
		}
		work = append(work, b.succs...)
	}
	return a
}

// actions returns what a function may do, with the functions that it calls.
func (p *Program) actions(fn *ssa.Function) Action {
	fn = p.ir.Callee(fn)
	if fn == nil {
		return 0
	}
	if a, ok := p.does[fn]; ok {
		return a
	}
	p.does[fn] = 0 // for recursion
	var a Action
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			a |= p.action(in)
		}
	}
	p.does[fn] = a
	return a
}

func (p *Program) action(in ssa.Instruction) Action {
	switch in := in.(type) {
	case *ssa.Send:
		return ActSend
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			return ActReceive
		}
	case *ssa.Select:
		var a Action
		for _, s := range in.States {
			if s.Dir == types.SendOnly {
				a |= ActSend
			} else {
				a |= ActReceive
			}
		}
		return a
	case *ssa.MakeClosure:
		return p.actions(in.Fn.(*ssa.Function))
	case ssa.CallInstruction:
		return p.callActions(in.Common())
	}
	return 0
}

func (p *Program) callActions(c *ssa.CallCommon) Action {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			return ActClose
		}
		return 0
	}
	var a Action
	for _, arg := range c.Args {
		if fn, ok := arg.(*ssa.Function); ok {
			a |= p.actions(fn)
		}
	}
	if c.IsInvoke() {
		switch api.Of(c.Method) {
		case api.Unlock:
			a |= ActUnlock
		case api.None:
			if p.method[c.Method.Name()] {
				a |= ActSend | ActReceive | ActClose | ActDone | ActUnlock | ActSignal
			}
		}
		return a
	}
	fn, ok := c.Value.(*ssa.Function)
	if !ok {
		return a | ActCancel
	}
	obj, _ := fn.Object().(*types.Func)
	switch api.Of(obj) {
	case api.WGDone, api.WGAdd:
		a |= ActDone
	case api.Unlock, api.RUnlock:
		a |= ActUnlock
	case api.Lock, api.RLock, api.TryLock:
		a |= ActLock
	case api.CondWake:
		a |= ActSignal
	case api.EGWait, api.WGWait:
		a |= ActWait | ActCancel
	default:
		a |= p.actions(fn)
	}
	return a
}

// MayDo reports whether the code of a goroutine has an action.
func (m *Machine) MayDo(g *Goroutine, a Action) bool {
	return g.Fn != nil && m.prog.actions(g.Fn)&a != 0
}

// Avoided returns the actions in the code that is executed only if a condition
// had been decided the other way.
func (m *Machine) Avoided(c Choice) Action {
	in, ok := c.In.(*ssa.If)
	if !ok {
		return 0
	}
	other := in.Block().Succs[0]
	if c.Then {
		other = in.Block().Succs[1]
	}
	if len(other.Preds) != 1 {
		return 0 // reached on other ways as well
	}
	var a Action
	for _, b := range in.Parent().Blocks {
		if other.Dominates(b) {
			for _, x := range b.Instrs {
				a |= m.prog.action(x)
			}
		}
	}
	return a
}
