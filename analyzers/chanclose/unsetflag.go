package chanclose

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// unsetFlag reports a close that is executed only where a flag is not set, which is set
// together with another close of the channel, and not with this one:
//
//	if b.closing && !b.closed {
//		close(b.c)
//	}
//
// Whoever wrote the flag knows that the function is called again. The flag must be one
// for good, and nothing that the function does, or what calls it, may set it.
func (a *again) unsetFlag(k *fieldClose) bool {
	if k.fn.Parent() != nil || !a.returns(k.call) || a.eng.Program().RunsOnce(k.fn) {
		return false
	}
	var flag *types.Var
	all := guards(k.call)
	for _, g := range all {
		if f := g.unset(k.base); f != nil && f != k.field && a.forGood(f) {
			flag = f
		} else if !a.steady(g.cond, k) {
			return false
		}
	}
	if flag == nil || a.setAround(k.fn, flag, 0) {
		return false
	}
	other, set := a.closesWith(k, flag)
	if other == nil {
		return false
	}
	name := a.name(k)
	a.report(k, fmt.Sprintf("close of %s again: %s, which tells that it is closed, is not set here, so the next call panics", name, flag.Name()),
		"set "+flag.Name()+" before this close",
		a.step(other.call.Pos(), "here "+name+" is closed as well"),
		a.step(set.Pos(), "and "+flag.Name()+" is set"),
		a.step(k.call.Pos(), "here it is not"))
	return true
}

// forGood reports whether a flag is only ever set to true, by name.
func (a *again) forGood(f *types.Var) bool {
	if f.Pkg() != a.eng.Types || f.Exported() || a.eng.SelectedElsewhere(f.Name()) {
		return false
	}
	for _, w := range a.eng.Writes(f) {
		isTrue, isConst := a.isTrue(w.Value)
		if !isConst || !isTrue && w.Tok != token.COLON {
			return false
		}
	}
	return true
}

// setAround reports whether a function, what it calls, or a caller sets a flag.
func (a *again) setAround(fn *ssa.Function, flag *types.Var, depth int) bool {
	if depth > 4 || a.eng.LeadsToWrite(declared(fn), flag) {
		return true
	}
	for _, call := range a.eng.Program().Callers(fn) {
		if call.Parent() != fn && a.setAround(call.Parent(), flag, depth+1) {
			return true
		}
	}
	return false
}

// closesWith returns another close of the channel, and the store by which the flag is set
// with it.
func (a *again) closesWith(k *fieldClose, flag *types.Var) (*fieldClose, ssa.Instruction) {
	for _, other := range a.closes {
		if other == k || other.field != k.field || other.fn == k.fn {
			continue
		}
		for in := range ir.Instrs(other.fn) {
			st, ok := in.(*ssa.Store)
			if !ok || ir.FieldVar(st.Addr) != flag || st.Addr.(*ssa.FieldAddr).X != other.base {
				continue
			}
			if ir.Dominates(in, other.call) || ir.Dominates(other.call, in) {
				return other, in
			}
		}
	}
	return nil, nil
}
