package gospawn

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// owned reports whether the start stands in a function that makes an object
// with a life of its own: whoever has the object ends the goroutine with it.
func (f *finder) owned(t *turn) bool {
	for _, st := range t.chain[1:] {
		call, ok := st.at.(*ssa.Call)
		if !ok {
			continue
		}
		for v := range call.Call.Signature().Results().Variables() {
			if isService(v.Type()) || isConnection(v.Type()) {
				return true
			}
		}
	}
	return false
}

// toldToEnd reports whether the goroutine waits for a context of the turn that
// the turn itself cancels.
func (f *finder) toldToEnd(s *spawn, t *turn, started map[*model.Thread]bool) bool {
	waits := slices.ContainsFunc(f.m.Ops(), func(op *model.Op) bool {
		return op.Kind == model.Receive && s.owns(op) && slices.ContainsFunc(op.On, func(l model.Loc) bool {
			return l.Obj.Kind == model.DoneChan && f.ofTurn(t, l)
		})
	})
	if !waits {
		return false
	}
	for _, inst := range f.m.Instances {
		if started[inst.Thread] {
			continue
		}
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok && isCancel(call.Common().Value) && f.within(t, inst, call) != nil {
					return true
				}
			}
		}
	}
	return false
}

// rendezvous reports whether the goroutine and its starter share an object of
// this turn that the starter goes on to use: they work together on the
// element, as the two ends of a pipe do, and the starter is not done with it
// before the goroutine is.
func (f *finder) rendezvous(s *spawn, t *turn) bool {
	for _, made := range turnMade(s, f.loopIn(t, s.inst)) {
		for _, b := range s.inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || ssa.CallInstruction(call) == s.site || !reaches(f.loopIn(t, s.inst), s.site, call) {
					continue
				}
				for _, op := range call.Operands(nil) {
					if *op != nil && slices.Contains(creators(*op), made) {
						return true
					}
				}
			}
		}
	}
	return false
}

// turnMade returns the calls of the turn whose results the goroutine uses.
func turnMade(s *spawn, loop *ir.Loop) []*ssa.Call {
	values := slices.Clone(s.site.Common().Args)
	values = append(values, s.site.Common().Value)
	for _, v := range values {
		if mc, ok := v.(*ssa.MakeClosure); ok {
			values = append(values, mc.Bindings...)
		}
	}
	var out []*ssa.Call
	for _, v := range values {
		for _, c := range creators(v) {
			if loop != nil && !loop.Contains(c.Block()) || ir.Op(&c.Call) != api.None || !hasMethods(c) {
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

// hasMethods reports whether a call returns an object, by reference.
func hasMethods(c *ssa.Call) bool {
	results := c.Call.Signature().Results()
	for v := range results.Variables() {
		switch v.Type().Underlying().(type) {
		case *types.Pointer:
			if isService(v.Type()) || isConnection(v.Type()) {
				return true
			}
		case *types.Interface:
			if isConnection(v.Type()) {
				return true
			}
		}
	}
	return false
}

// creators returns the calls that return v, through variables.
func creators(v ssa.Value) []*ssa.Call { return creatorsOf(v, make(map[*ssa.Alloc]bool)) }

// creatorsOf is creators with the variables that it is coming from: two
// variables can be assigned to each other.
func creatorsOf(v ssa.Value, seen map[*ssa.Alloc]bool) []*ssa.Call {
	switch v := v.(type) {
	case *ssa.Call:
		return []*ssa.Call{v}
	case *ssa.Extract:
		return creatorsOf(v.Tuple, seen)
	case *ssa.MakeInterface:
		return creatorsOf(v.X, seen)
	case *ssa.ChangeInterface:
		return creatorsOf(v.X, seen)
	case *ssa.UnOp:
		return creatorsOf(v.X, seen)
	case *ssa.Alloc:
		if seen[v] {
			return nil
		}
		seen[v] = true
		var out []*ssa.Call
		for _, r := range *v.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == v {
				if _, isAlloc := st.Val.(*ssa.Alloc); !isAlloc {
					out = append(out, creatorsOf(st.Val, seen)...)
				}
			}
		}
		return out
	}
	return nil
}
