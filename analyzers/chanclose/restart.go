package chanclose

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/ir"
)

// restarts reports a close at the end of a goroutine that a method starts once more after
// an end, while the channel is made only with the object:
//
//	func (s *Stream) Start() {
//		s.users++
//		if s.users != 1 {
//			return
//		}
//		go func() { defer close(s.done); ... }()
//	}
//
// That the method may start again must be seen: what it asks before it starts is a field
// that it changes itself, and that another method changes back.
func (a *again) restarts(k *fieldClose) bool {
	if len(guards(k.call)) > 0 || !a.eng.Program().CanReturn(k.fn) {
		return false
	}
	start := a.startOf(k)
	if start == nil {
		return false
	}
	fn := start.Parent()
	var state *types.Var
	for _, g := range guards(start) {
		f, again := a.reset(g, fn)
		switch {
		case f == nil && !ofParams(g.cond, fn):
			return false // who knows what it asks
		case f != nil && !again:
			return false // not another time
		case f != nil:
			state = f
		}
	}
	if state == nil {
		return false
	}
	name := a.name(k)
	a.report(k, fmt.Sprintf("close of %s by each goroutine that is started at line %d: %s is made once, so the second close panics", name, a.eng.Fset.Position(start.Pos()).Line, name),
		"make a new channel where the goroutine is started",
		a.step(start.Pos(), "the goroutine is started here, again where "+state.Name()+" was set back"),
		a.step(k.call.Pos(), "and closes the channel of the one before"))
	return true
}

// startOf returns the go statement of a method that starts the function of k on its own
// receiver, if that is the only way to it.
func (a *again) startOf(k *fieldClose) *ssa.Go {
	if k.fn.Parent() != nil {
		return methodStart(startOfLiteral(k))
	}
	callers := a.eng.Program().Callers(k.fn)
	if len(callers) != 1 || k.fn.Signature.Recv() == nil || k.base != k.fn.Params[0] {
		return nil
	}
	start, ok := callers[0].(*ssa.Go)
	if !ok || len(start.Call.Args) == 0 || len(start.Parent().Params) == 0 || start.Call.Args[0] != start.Parent().Params[0] {
		return nil
	}
	return methodStart(start)
}

// startOfLiteral returns the go statement that starts the literal of k, if the object is the
// receiver of the method around.
func startOfLiteral(k *fieldClose) *ssa.Go {
	for in := range ir.Instrs(k.fn.Parent()) {
		start, ok := in.(*ssa.Go)
		if !ok {
			continue
		}
		if c, ok := start.Call.Value.(*ssa.MakeClosure); ok && c.Fn == k.fn && receiverIn(c, k.base) {
			return start
		}
	}
	return nil
}

// methodStart returns a start that stands in a declared method.
func methodStart(start *ssa.Go) *ssa.Go {
	if start == nil || start.Parent().Parent() != nil || start.Parent().Signature.Recv() == nil {
		return nil
	}
	return start
}

// receiverIn reports whether a value in a literal is the receiver of the method around.
func receiverIn(c *ssa.MakeClosure, v ssa.Value) bool {
	fn := c.Fn.(*ssa.Function)
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || len(fn.Parent().Params) == 0 {
		return false
	}
	for i, free := range fn.FreeVars {
		if free != load.X {
			continue
		}
		alloc, ok := c.Bindings[i].(*ssa.Alloc)
		return ok && storedOnly(alloc, fn.Parent().Params[0])
	}
	return false
}

// storedOnly reports whether a variable is set once, to v.
func storedOnly(alloc *ssa.Alloc, v ssa.Value) bool {
	n := 0
	for _, ref := range *alloc.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == alloc {
			if n++; st.Val != v {
				return false
			}
		}
	}
	return n == 1
}

// reset returns the field of the receiver that a guard of a start asks, and whether the
// starting method changes it and another one changes it back.
func (a *again) reset(g condition, fn *ssa.Function) (f *types.Var, again bool) {
	cond, want := g.cond, constant.MakeBool(g.then)
	var load ssa.Value = cond
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			load, want = c.X, constant.MakeBool(!g.then)
		}
	case *ssa.BinOp:
		k, ok := c.Y.(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.Int || (c.Op == token.EQL) != g.then || c.Op != token.EQL && c.Op != token.NEQ {
			return nil, false
		}
		load, want = c.X, k.Value
	}
	if sum, ok := load.(*ssa.BinOp); ok {
		load = sum.X // the value that was just stored
	}
	l, ok := load.(*ssa.UnOp)
	if !ok || l.Op != token.MUL {
		return nil, false
	}
	at, ok := l.X.(*ssa.FieldAddr)
	if !ok || len(fn.Params) == 0 || !isReceiver(at.X, fn) {
		return nil, false
	}
	f = ir.FieldVar(at)
	if f == nil || f.Pkg() != a.eng.Types {
		return nil, false
	}
	here, back := false, false
	for _, w := range a.eng.Writes(f) {
		if w.Decl == nil || w.Tok == token.COLON {
			continue
		}
		if obj, ok := a.eng.Info.Defs[w.Decl.Name].(*types.Func); ok && obj == declared(fn) {
			here = true
		} else {
			back = back || a.setsBack(w, want)
		}
	}
	return f, here && back
}

// setsBack reports whether a write makes a field what a start wants it to be.
func (a *again) setsBack(w engine.Write, want constant.Value) bool {
	if w.Tok == token.DEC {
		return want.Kind() == constant.Int
	}
	if w.Value == nil {
		return false
	}
	v := a.eng.Info.Types[w.Value].Value
	return v != nil && v.Kind() == want.Kind() && constant.Compare(v, token.EQL, want)
}

// isReceiver reports whether a value is the receiver of a method.
func isReceiver(v ssa.Value, fn *ssa.Function) bool {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		alloc, ok := load.X.(*ssa.Alloc)
		return ok && storedOnly(alloc, fn.Params[0])
	}
	return v == fn.Params[0]
}

// ofParams reports whether a condition is about parameters and constants alone, but the
// receiver.
func ofParams(v ssa.Value, fn *ssa.Function) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		return v != fn.Params[0]
	case *ssa.BinOp:
		return ofParams(v.X, fn) && ofParams(v.Y, fn)
	case *ssa.Alloc: // of a parameter that a literal captures
		return slices.ContainsFunc(fn.Params[1:], func(p *ssa.Parameter) bool { return storedOnly(v, p) })
	case *ssa.UnOp:
		return v.Op != token.ARROW && ofParams(v.X, fn)
	}
	return false
}
