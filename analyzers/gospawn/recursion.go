package gospawn

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// minSize is the length above which a test of the length of what there is to
// do says that the parts are large: there are few of them then.
const minSize = 16

// A recursive is a function that starts itself in a goroutine for each part of
// what it is given.
type recursive struct {
	fn   *ssa.Function
	call step // the call of itself, in the goroutine or the start itself
}

// recursion returns the recursion that a start belongs to, or nil. There must
// be several starts or calls per execution: a function that is followed by its
// successor in a new goroutine is one goroutine at a time.
func (f *finder) recursion(s *spawn) *recursive {
	fn := s.inst.Fn
	call, ok := f.callOf(s, fn)
	if !ok || !f.newArguments(call, fn) {
		return nil
	}
	if f.prog.Loops(fn).Innermost(s.site.Block()) != nil || f.callsItself(s) {
		return &recursive{fn, call}
	}
	return nil
}

// callOf returns the call of fn by the goroutine of s, in sight: what comes back
// to fn through other functions may do so in an entirely different case.
func (f *finder) callOf(s *spawn, fn *ssa.Function) (step, bool) {
	for _, t := range s.threads {
		if t.Root.Fn == fn {
			return step{s.inst, s.site}, true
		}
		for _, inst := range f.m.Instances {
			if inst.Fn == fn && inst.Thread == t && inst.Site != nil && declared(inst.Parent.Fn) == declared(fn) {
				return step{inst.Parent, inst.Site}, !f.viaOnce(inst)
			}
		}
	}
	return step{}, false
}

// viaOnce reports whether a call in a goroutine goes through a sync.Once: what
// is done once per object ends by itself.
func (f *finder) viaOnce(inst *model.Instance) bool {
	for ; inst.Site != nil && inst != inst.Thread.Root; inst = inst.Parent {
		if ir.Op(inst.Site.Common()) == api.OnceDo {
			return true
		}
	}
	return false
}

// newArguments reports whether a recursive call is given something else than
// the execution that makes it: a part of it.
func (f *finder) newArguments(call step, fn *ssa.Function) bool {
	site := call.at.(ssa.CallInstruction)
	for i, arg := range site.Common().Args {
		if i >= len(fn.Params) {
			break
		}
		if !isReference(arg) || f.isOwn(call.inst, arg, fn.Params[i]) {
			continue
		}
		return true
	}
	return false
}

// isReference reports whether a value can stand for a part of a structure;
// constants and functions do not.
func isReference(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.MakeClosure:
		return false
	}
	return true
}

// isOwn reports whether a value is the parameter p, captured perhaps.
func (f *finder) isOwn(inst *model.Instance, v ssa.Value, p *ssa.Parameter) bool {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Parameter:
			if x == p {
				return true
			}
			caller, arg := argument(inst, x)
			if arg == nil {
				return false
			}
			inst, v = caller, arg
		case *ssa.UnOp:
			v = x.X
		case *ssa.Alloc:
			val := onlyStore(x)
			if val == nil {
				return false
			}
			v = val
		case *ssa.FreeVar:
			env, binding := captured(inst, x)
			if binding == nil {
				return false
			}
			inst, v = env, binding
		default:
			return false
		}
	}
	return false
}

// callsItself reports whether the function also calls or starts itself at
// another place.
func (f *finder) callsItself(s *spawn) bool {
	for _, b := range s.inst.Fn.Blocks {
		for _, instr := range b.Instrs {
			site, ok := instr.(ssa.CallInstruction)
			if !ok || site == s.site {
				continue
			}
			if !reaches(nil, site, s.site) && !reaches(nil, s.site, site) {
				continue // an alternative
			}
			for _, callee := range f.m.Callees(s.inst, site).Callees {
				if callee.Fn == s.inst.Fn {
					return true
				}
				if starts(site) {
					other := &spawn{inst: s.inst, site: site, threads: []*model.Thread{callee.Thread}}
					if _, ok := f.callOf(other, s.inst.Fn); ok {
						return true
					}
				}
			}
		}
	}
	return false
}

// boundedRecursion reports whether a branch on the way to the start compares
// a depth, or the size of what there is to do, or whether a token is taken or
// something is waited for.
func (f *finder) boundedRecursion(s *spawn) bool {
blocks:
	for _, b := range s.inst.Fn.Blocks {
		test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		loop := f.prog.Loops(s.inst.Fn).Innermost(s.site.Block())
		for l := loop; l != nil; l = l.Parent {
			if b == l.Header {
				continue blocks // goes through the parts
			}
		}
		if then, decides := side(loop, test, s.site.Block()); decides && f.bounds(s, test.Cond, then) {
			return true
		}
		if then, decides := side(nil, test, s.site.Block()); decides && f.bounds(s, test.Cond, then) {
			return true
		}
	}
	for l := f.prog.Loops(s.inst.Fn).Innermost(s.site.Block()); l != nil; l = l.Parent {
		t := &turn{chain: []step{{s.inst, s.site}}, inst: s.inst, loop: l}
		if f.limited(s, t) || f.guarded(t) {
			return true
		}
	}
	return f.tokenBefore(s)
}

// bounds reports whether a condition compares an integer of the function's
// parameters, or the length of something with a number that is not tiny.
func (f *finder) bounds(s *spawn, cond ssa.Value, is bool) bool {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		return cond.Op == token.NOT && f.bounds(s, cond.X, !is)
	case *ssa.Phi:
		for _, e := range cond.Edges {
			if _, ok := e.(*ssa.Const); !ok && e != cond && f.bounds(s, e, is) {
				return true
			}
		}
	case *ssa.BinOp:
		if !isInt(cond.X) {
			return false
		}
		x, y := cond.X, cond.Y
		if lenOf(y) != nil {
			x, y = y, x
		}
		if lenOf(x) != nil {
			n, ok := constInt(y)
			return !ok || n >= minSize
		}
		return isDepth(x) || isDepth(y)
	}
	return false
}

// isDepth reports whether a number comes from a parameter, from memory, or
// from a computation on one, such as hi - lo.
func isDepth(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.BinOp:
		return isDepth(v.X) || isDepth(v.Y)
	case *ssa.UnOp:
		return v.Op == token.MUL
	case *ssa.Convert:
		return isDepth(v.X)
	case *ssa.Call:
		return ir.Object(&v.Call) != nil
	}
	return false
}

// tokenBefore reports whether the execution takes a token before the start
// that the goroutine gives back, or waits for what it starts before it starts
// more.
func (f *finder) tokenBefore(s *spawn) bool {
	for _, op := range f.m.Ops() {
		if op.Inst != s.inst && op.Inst.Parent != s.inst || !takes(op) {
			continue
		}
		at := op.Instr
		if op.Inst != s.inst {
			at = op.Inst.Site
		}
		if !reaches(nil, at, s.site) {
			continue
		}
		for _, l := range op.On {
			for _, back := range f.m.OpsOn(l) {
				if s.owns(back) && gives(op, back) {
					return true
				}
			}
		}
	}
	return false
}
