package engine

import (
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/model"
)

// A type with goroutines of its own has a life: it is made, perhaps started, and ended.
// Where no function of the package leads one, as with most exported types, nothing
// shows whether the end is reached. So such lives are explored as if there were one:
//
//	x := New(...)
//	x.Start()
//	x.Close()
//
// Whoever made the object may do anything with it meanwhile. So what hangs there is
// believed only if no other function of the package does what would end the waiting.

// The bounds of the lives that are explored.
const (
	maxLives  = 24    // of a package
	lifeSteps = 6_000 // of each
)

// lives returns the lives of the package's types, as roots.
func (p *Package) lives() []explore.Root {
	enders, starters := p.phases()
	if len(enders) == 0 {
		return nil
	}
	var out []explore.Root
	add := func(what machine.Scenario) {
		if len(out) < maxLives {
			root := explore.Root{Scenario: what, Budget: budget(lifeSteps)}
			root.Others, root.Opens = p.others(what)
			out = append(out, root)
		}
	}
	for _, maker := range p.prog.Funcs {
		n := makes(maker)
		if n == nil || len(enders[n]) == 0 {
			continue
		}
		serves := p.within(maker, starts, 1)
		for _, end := range enders[n] {
			if serves {
				add(machine.Scenario{Fn: end, Maker: maker, Private: true})
			}
			for _, start := range starters[n] {
				if start != end && !serves {
					add(machine.Scenario{Fn: end, Maker: maker, First: start, Starts: true, Private: true})
				}
			}
		}
	}
	return out
}

// phases returns the exported methods that end something, and those that start a
// goroutine, by type. An ender needs nothing to be told, but for a context, a time or an
// error.
func (p *Package) phases() (enders, starters map[*types.Named][]*ssa.Function) {
	enders, starters = make(map[*types.Named][]*ssa.Function), make(map[*types.Named][]*ssa.Function)
	for _, fn := range p.prog.Funcs {
		recv := fn.Signature.Recv()
		if recv == nil || fn.Synthetic != "" || fn.Parent() != nil || fn.TypeParams().Len() > 0 || fn.Object() == nil || !fn.Object().Exported() {
			continue
		}
		n := api.Named(recv.Type())
		if n == nil || n.TypeParams().Len() > 0 {
			continue
		}
		switch {
		case starts(fn):
			starters[n] = append(starters[n], fn)
		case simple(fn) && endsSomething(fn):
			enders[n] = append(enders[n], fn)
		}
	}
	return enders, starters
}

// makes returns the type that a function is a constructor of, or nil.
func makes(fn *ssa.Function) *types.Named {
	res := fn.Signature.Results()
	if fn.Synthetic != "" || fn.Parent() != nil || fn.Signature.Recv() != nil || fn.TypeParams().Len() > 0 || res.Len() == 0 {
		return nil
	}
	return api.Named(res.At(0).Type())
}

// simple reports whether a method can be called without knowing anything, but how long
// it may take and why.
func simple(fn *ssa.Function) bool {
	for v := range fn.Signature.Params().Variables() {
		switch t := v.Type(); {
		case api.IsContext(t), api.IsError(t), types.Identical(t.Underlying(), types.Typ[types.Int64]):
		default:
			return false
		}
	}
	return true
}

// endsSomething reports whether a function, or a literal in it, waits for others or tells
// them something.
func endsSomething(fn *ssa.Function) bool {
	if communicates(fn) {
		return true
	}
	for in := range ir.Instrs(fn) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			continue
		}
		if ir.IsBuiltin(call.Common(), "close") {
			return true
		}
		switch ir.Op(call.Common()) {
		case api.WGWait, api.EGWait, api.CondWake:
			return true
		}
	}
	for _, lit := range fn.AnonFuncs {
		if endsSomething(lit) {
			return true
		}
	}
	return false
}

// others returns functions that report whether a function of the package that the
// scenario does not lead to may let an operation proceed, or open a gate.
func (p *Package) others(what machine.Scenario) (helps func(*machine.Op) bool, opens func(machine.Gate) bool) {
	inside := sync.OnceValue(func() map[*ssa.Function]bool {
		inside := p.inside(what)
		p.shared(what.Fn, inside)
		return inside
	})
	helps = func(op *machine.Op) bool { return p.othersHelp(op, inside()) }
	opens = func(g machine.Gate) bool {
		if api.IsContext(g.Value.Type()) {
			return p.cancels(g.Value, inside())
		}
		return p.touched(g.Value, inside(), sends)
	}
	return helps, opens
}

// helps is like others, for what unseen code did in a run.
func (p *Package) helps(what machine.Scenario) func(machine.Help) bool {
	inside := sync.OnceValue(func() map[*ssa.Function]bool { return p.inside(what) })
	return func(h machine.Help) bool {
		switch in := h.In.(type) {
		case *ssa.Send:
			return p.touched(in.Chan, inside(), receives)
		case *ssa.UnOp:
			return p.touched(in.X, inside(), sends)
		case *ssa.Select:
			return p.letsCase(in.States[h.Case], inside())
		}
		return true
	}
}

// inside returns the functions that a scenario leads to.
func (p *Package) inside(what machine.Scenario) map[*ssa.Function]bool {
	inside := make(map[*ssa.Function]bool)
	for _, fn := range []*ssa.Function{what.Maker, what.First, what.Fn} {
		p.lead(fn, inside)
	}
	return inside
}

// lead notes the functions that fn leads to.
func (p *Package) lead(fn *ssa.Function, seen map[*ssa.Function]bool) {
	if fn == nil || seen[fn] {
		return
	}
	seen[fn] = true
	for _, lit := range fn.AnonFuncs {
		p.lead(lit, seen)
	}
	for in := range ir.Instrs(fn) {
		if call, ok := in.(ssa.CallInstruction); ok {
			p.lead(p.prog.StaticCallee(call), seen)
		}
	}
}

// shared drops from the functions that a life leads to those that another method of the
// object calls as well: by that one, its user may have them executed once more.
func (p *Package) shared(end *ssa.Function, inside map[*ssa.Function]bool) {
	for changed := true; changed; {
		changed = false
		for fn := range inside {
			if fn != end && fn.Parent() == nil && slices.ContainsFunc(p.prog.Callers(fn), func(call ssa.CallInstruction) bool {
				_, isCall := call.(*ssa.Call)
				caller := call.Parent()
				return isCall && !inside[caller] && sameReceiver(caller, end)
			}) {
				delete(inside, fn)
				changed = true
			}
		}
	}
}

// sameReceiver reports whether two functions are methods of one type.
func sameReceiver(x, y *ssa.Function) bool {
	r, s := x.Signature.Recv(), y.Signature.Recv()
	return r != nil && s != nil && api.Named(r.Type()) != nil && api.Named(r.Type()) == api.Named(s.Type())
}

// othersHelp reports whether functions that are not inside may let an operation proceed.
// It is so wherever that cannot be told.
func (p *Package) othersHelp(op *machine.Op, inside map[*ssa.Function]bool) bool {
	switch in := op.In.(type) {
	case *ssa.Send:
		return p.touched(in.Chan, inside, receives)
	case *ssa.UnOp:
		return p.touched(in.X, inside, sends)
	case *ssa.Select:
		return slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return p.letsCase(s, inside) })
	case ssa.CallInstruction:
		common := in.Common()
		if common.IsInvoke() || len(common.Args) == 0 {
			return true
		}
		switch ir.Op(common) {
		case api.WGWait:
			return p.touched(common.Args[0], inside, counts)
		case api.CondWait:
			return p.touched(common.Args[0], inside, wakes)
		case api.EGWait, api.Lock, api.RLock, api.OnceDo:
			return false // by who holds or serves it, which the run shows
		}
	}
	return true
}

// letsCase reports whether a function that is not inside may let a case of a select
// proceed.
func (p *Package) letsCase(s *ssa.SelectState, inside map[*ssa.Function]bool) bool {
	if s.Dir == types.SendOnly {
		return p.touched(s.Chan, inside, receives)
	}
	return p.touched(s.Chan, inside, sends)
}

// What lets an operation proceed.
func receives(op model.OpKind, _ api.Op) bool { return op == model.Receive }
func sends(op model.OpKind, _ api.Op) bool    { return op == model.Send || op == model.Close }
func counts(_ model.OpKind, call api.Op) bool { return call == api.WGDone || call == api.WGGo }
func wakes(_ model.OpKind, call api.Op) bool  { return call == api.CondWake }

// touched reports whether a function that is not inside does something that helps to
// what a value is loaded from.
func (p *Package) touched(v ssa.Value, inside map[*ssa.Function]bool, helps func(model.OpKind, api.Op) bool) bool {
	switch x := v.(type) {
	case *ssa.UnOp:
		v = x.X
	case *ssa.ChangeType:
		return p.touched(x.X, inside, helps)
	case *ssa.Call:
		// The Done channel of a context: whoever can call the cancel function, ends it.
		recv := x.Call.Value
		if ir.Op(&x.Call) != api.CtxDone {
			return true
		}
		if load, ok := recv.(*ssa.UnOp); ok {
			recv = load.X
		}
		return p.cancels(recv, inside)
	}
	f := ir.FieldVar(v)
	switch {
	case f == nil:
		return true
	case f.Pkg() != nil && f.Pkg().Path() == "time":
		return false // the channel of a timer
	case p.SelectedElsewhere(f.Name()):
		return true
	}
	known := p.Field(f)
	if known.Leaks {
		return true
	}
	operates := make(map[*ssa.Function]bool)
	for _, u := range known.Uses {
		if !inside[u.Fn] && helps(u.Kind, u.Call) {
			return true
		}
		operates[u.Fn] = true
	}
	// A function that does nothing of all that with a channel gives it to others, who can
	// receive from it at least.
	return helps(model.Receive, api.None) && slices.ContainsFunc(p.Fields().Sites(f), func(v ssa.Value) bool {
		return !inside[v.Parent()] && !operates[v.Parent()]
	})
}
