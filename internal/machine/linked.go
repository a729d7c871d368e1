package machine

import (
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// Functions of other packages are entered, through their skeletons, only where the
// run has something at stake in them: loggers and metrics are called everywhere, have
// locks and branches of their own, and would use the run up.

// callDepth is how deep calls are followed to find out what a function starts.
const callDepth = 3

// concerns reports whether a call of a function of another package can have to do with
// what the run itself has made: it is given some of it, or makes more.
func (m *Machine) concerns(c *call, body *ssa.Function) bool {
	for _, a := range c.args {
		if m.ownedBy(a, 0) {
			return true
		}
	}
	return m.prog.startsSomething(body, 0)
}

// ownedBy reports whether a value leads to a primitive or function that the run has
// made, whoever else knows of it.
func (m *Machine) ownedBy(v Value, depth int) bool {
	if depth > 3 {
		return true
	}
	switch v := known(v).(type) {
	case *Func:
		return true
	case *Chan:
		return v.Site != nil || !v.Escaped()
	case *Cell:
		return (v.zero || !v.Escaped()) && m.prog.matters(v.Typ)
	case *Iface:
		return m.ownedBy(v.v, depth+1)
	case *Slice:
		for _, c := range v.cells {
			if c.val != nil && m.ownedBy(c.val, depth+1) {
				return true
			}
		}
	case *Struct:
		for _, p := range v.parts {
			if m.ownedBy(p, depth+1) {
				return true
			}
		}
	case *Map:
		return !v.out && len(v.vals) > 0
	}
	return false
}

// startsSomething reports whether a function, or one that it calls, makes a channel or
// starts a goroutine.
func (p *Program) startsSomething(fn *ssa.Function, depth int) bool {
	if does, ok := p.starts[fn]; ok {
		return does
	}
	p.starts[fn] = false // for recursion
	does := false
	for in := range ir.Instrs(fn) {
		switch in := in.(type) {
		case *ssa.MakeChan, *ssa.Go:
			does = true
		case ssa.CallInstruction:
			switch ir.Op(in.Common()) {
			case api.WGGo, api.EGGo:
				does = true
			}
			if callee := p.ir.StaticCallee(in); callee != nil && depth < callDepth && p.startsSomething(callee, depth+1) {
				does = true
			}
		case *ssa.MakeClosure:
			if lit, ok := in.Fn.(*ssa.Function); ok && depth < callDepth && p.startsSomething(lit, depth+1) {
				does = true
			}
		}
	}
	p.starts[fn] = does
	return does
}
