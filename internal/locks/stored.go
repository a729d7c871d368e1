package locks

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// stored returns the results of a return that a variable holds which the caller knows,
// too: the identifier that a lock function notes, and that its unlock function asks for.
func (w *walker) stored(ret *ssa.Return) []storing {
	var out []storing
	for i, r := range ret.Results {
		if at := w.storedAt(r, ret); at != nil && w.visible(at) {
			out = append(out, storing{i, at})
		}
	}
	return out
}

// storedAt returns the variable that a returned value was loaded from right before the
// return, or was stored to as the only value in the function; or nil.
func (w *walker) storedAt(r ssa.Value, ret *ssa.Return) *Path {
	if load, ok := r.(*ssa.UnOp); ok && load.Op == token.MUL && load.Block() == ret.Block() {
		at := w.a.paths.Of(load)
		for _, instr := range load.Block().Instrs[ir.Index(load):] {
			switch instr.(type) {
			case *ssa.Store, ssa.CallInstruction:
				return nil
			case *ssa.RunDefers:
				if !w.defersKeep(place(at)) {
					return nil
				}
			}
		}
		return at
	}
	if r.Referrers() == nil {
		return nil
	}
	for _, ref := range *r.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || st.Val != r || !ir.Dominates(st, ret) {
			continue
		}
		if addr := w.a.paths.Of(st.Addr); isMemory(addr) && w.storesOnce(place(addr)) {
			return w.a.paths.deref(addr)
		}
	}
	return nil
}

// defersKeep reports whether nothing that the function defers assigns to a variable.
func (w *walker) defersKeep(v any) bool {
	for in := range ir.Instrs(w.fn) {
		d, ok := in.(*ssa.Defer)
		if !ok {
			continue
		}
		if callee := w.a.prog.StaticCallee(d); callee != nil && !w.a.assigned(callee)[v] {
			continue
		}
		switch ir.Op(&d.Call) {
		case api.Unlock, api.RUnlock, api.WGDone:
		default:
			return false
		}
	}
	return v != nil
}

// storesOnce reports whether the function, with what it calls, has one assignment to a
// variable.
func (w *walker) storesOnce(v any) bool {
	n := 0
	for in := range ir.Instrs(w.fn) {
		switch in := in.(type) {
		case *ssa.Store:
			if place(w.a.paths.Of(in.Addr)) == v {
				n++
			}
		case ssa.CallInstruction:
			if callee := w.a.prog.StaticCallee(in); callee != nil && w.a.assigned(callee)[v] {
				return false
			}
		}
	}
	return v != nil && n == 1
}

// storings notes that results of a call are what variables hold.
func (w *walker) storings(s *state, call ssa.CallInstruction, o outcome, f *frame) {
	v := call.Value()
	if v == nil {
		return
	}
	for _, st := range o.stored {
		at := w.a.paths.translate(st.at, f)
		if at == nil {
			continue
		}
		p := w.a.paths.root(v)
		if len(o.results) > 1 {
			p = w.a.paths.result(v, st.result)
		}
		for _, same := range []*Path{w.a.paths.compare(p, token.EQL.String(), at), w.a.paths.compare(at, token.EQL.String(), p)} {
			s.learn(fact{path: same, value: "true", equal: true, origin: v})
		}
	}
}
