package locks

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func objectOf(fn *ssa.Function) *types.Func {
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// releasedElsewhere notes that a lock is unlocked by a function that did not
// lock it, and whose callers did not either as far as they can be seen.
func (a *Analysis) releasedElsewhere(p *Path) {
	if k := lockKey(p); k != nil {
		a.foreign[k] = true
	}
}

// keeps notes, where a lock is unlocked, that the function which left it locked
// did so for its caller.
func (a *Analysis) keeps(h Hold) {
	for _, site := range []ssa.Instruction{h.Site, h.ReadSite} {
		callee := a.callee(site)
		for callee != nil && !a.kept[callee] {
			a.kept[callee] = true
			callee = a.tail(callee)
		}
	}
}

// tail returns the function that took the lock which fn leaves locked, if that
// was not fn itself.
func (a *Analysis) tail(fn *ssa.Function) *ssa.Function {
	f := a.funcs[fn]
	if f == nil {
		return nil
	}
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			for _, site := range []ssa.Instruction{h.Site, h.ReadSite} {
				if callee := a.callee(site); callee != nil {
					return callee
				}
			}
		}
	}
	return nil
}

// KeptForCaller reports whether a caller unlocks what the function left locked.
func (a *Analysis) KeptForCaller(fn *ssa.Function) bool { return a.kept[fn] }

// findReleasers finds the locks that functions unlock for others: functions
// that anybody may call, at any time.
func (a *Analysis) findReleasers() {
	for _, f := range a.Funcs() {
		if len(f.sum.opens) == 0 || !a.free(f.Fn) {
			continue // its callers are known, and they unlock what it unlocks
		}
		for p := range f.sum.opens {
			if k := lockKey(p); k != nil {
				a.openers[k] = append(a.openers[k], f.Fn)
			}
			// What is locked again before the return is a window in the lock of a
			// caller, but for goroutines, which have no caller.
			switch {
			case a.onlyStarted(f.Fn) && p.Var() != nil:
				a.byGoroutine[lockKey(p)] = true
			case a.started(f.Fn) || p.Var() == nil || f.Unlocks(p):
				a.releasedElsewhere(p)
			}
		}
	}
}

// Unlocks reports whether a function may return with its caller's lock unlocked.
func (f *Func) Unlocks(p *Path) bool {
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			if h.Lock == p && (h.Write < 0 || h.Read < 0) {
				return true
			}
		}
	}
	return false
}

// onlyStarted reports whether a function is free for no other reason than that
// a go statement starts it.
func (a *Analysis) onlyStarted(fn *ssa.Function) bool {
	if !a.started(fn) {
		return false
	}
	if fn.Parent() != nil {
		return true
	}
	return !fn.Object().Exported() && !a.UsedAsValue(fn)
}

// started reports whether a go statement starts a function.
func (a *Analysis) started(fn *ssa.Function) bool {
	return slices.ContainsFunc(a.prog.Callers(fn), func(c ssa.CallInstruction) bool {
		_, ok := c.(*ssa.Go)
		return ok
	})
}

// free reports whether a function may be called by code that is not seen: it
// is exported, used as a value, started as a goroutine, or never called.
func (a *Analysis) free(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return a.freeLiteral(fn)
	}
	obj := fn.Object()
	if obj == nil || obj.Exported() {
		return true
	}
	calls := a.prog.Callers(fn)
	if len(calls) == 0 {
		return true
	}
	return a.started(fn) || a.UsedAsValue(fn)
}

func (a *Analysis) freeLiteral(fn *ssa.Function) bool {
	if strings.HasPrefix(fn.Synthetic, "range-over-func") {
		return false // the body of a loop, which belongs to its function
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.MakeClosure:
				if instr.Fn == fn && !onlyCalled(instr, false) {
					return true
				}
			case *ssa.Go:
				if a.prog.StaticCallee(instr) == fn {
					return true
				}
			}
		}
	}
	return len(fn.FreeVars) == 0 && len(a.prog.Callers(fn)) == 0
}

// UsedAsValue reports whether a declared function is mentioned other than to be
// called.
func (a *Analysis) UsedAsValue(fn *ssa.Function) bool {
	if fn.Signature.Recv() != nil {
		return a.methodValue(fn)
	}
	for _, f := range a.prog.Funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				for i, op := range instr.Operands(nil) {
					call, isCall := instr.(ssa.CallInstruction)
					if *op == fn && !(isCall && i == 0 && call.Common().Value == fn) {
						return true
					}
				}
			}
		}
	}
	return false
}

// methodValue reports whether a method is used as a value somewhere.
func (a *Analysis) methodValue(fn *ssa.Function) bool {
	for _, f := range a.prog.Funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok && objectOf(mc.Fn.(*ssa.Function)) == fn.Object() {
					return true
				}
			}
		}
	}
	return false
}

// UnlockedForOthers reports whether a function of the package may unlock a lock
// that another one has locked and left so.
func (a *Analysis) UnlockedForOthers(p *Path) bool {
	k := lockKey(p)
	return k != nil && (a.foreign[k] || a.byGoroutine[k])
}

// AnyForOthers reports whether there is a lock at all for which UnlockedForOthers is true.
func (a *Analysis) AnyForOthers() bool { return len(a.foreign)+len(a.byGoroutine) > 0 }

// Releasers returns the functions of which UnlockedForOthers tells, and others
// that unlock it for a while.
func (a *Analysis) Releasers(p *Path) []*ssa.Function { return a.openers[lockKey(p)] }

// OnlyByGoroutines is true where those functions are all started as goroutines:
// a lock is given to them by the go statement, or not at all.
func (a *Analysis) OnlyByGoroutines(p *Path) bool { return !a.foreign[lockKey(p)] }

// lockKey returns what stands for a lock over all functions: the field or
// variable in which it is.
func lockKey(p *Path) any {
	if v := p.Var(); v != nil {
		return v
	}
	for p.Deref {
		p = p.Base
	}
	if p.Base == nil {
		if a, ok := cell(p.Root).(*ssa.Alloc); ok {
			return a
		}
	}
	return nil
}

// Local reports whether a lock is in a variable of its function or in an object
// that the function has made, or got from a call, perhaps of a constructor.
func (a *Analysis) Local(p *Path) bool {
	switch p.First().Root.(type) {
	case *ssa.Alloc, *ssa.Call:
		return true
	}
	return false
}

// Shared reports whether other goroutines may know a lock: it is not in a local
// variable of which no function literal knows.
func (a *Analysis) Shared(p *Path) bool {
	alloc, ok := p.First().Root.(*ssa.Alloc)
	if !ok {
		return true
	}
	for _, ref := range *alloc.Referrers() {
		if _, ok := ref.(*ssa.MakeClosure); ok {
			return true
		}
	}
	return false
}

// Stable reports whether a path leads to the same place however often it is
// followed: the pointers on the way are set when their objects are made, and
// never again.
func (a *Analysis) Stable(p *Path) bool {
	for ; p != nil; p = p.Base {
		if !p.Deref {
			continue
		}
		switch pl := place(p.Base).(type) {
		case *types.Var:
			if a.reassigned(pl) {
				return false
			}
		case *ssa.Alloc:
			if a.paths.content(pl) == nil {
				return false
			}
		case *ssa.Parameter, *ssa.FreeVar:
			// A pointer to a variable of somebody else.
			return false
		case *ssa.Global:
			if v, ok := pl.Object().(*types.Var); !ok || a.reassigned(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// reassigned reports whether a field or variable is assigned to other than in
// an object that is just being made, or at the start of the program.
func (a *Analysis) reassigned(v *types.Var) bool {
	if a.changed == nil {
		a.changed = make(map[any]bool)
		for _, fn := range a.prog.Funcs {
			if fn.Name() == "init" && fn.Signature.Recv() == nil {
				continue
			}
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if st, ok := instr.(*ssa.Store); ok && !fresh(st.Addr) {
						switch pl := place(a.paths.Of(st.Addr)).(type) {
						case *ssa.Global:
							a.changed[pl.Object()] = true
						case nil:
						default:
							a.changed[pl] = true
						}
					}
				}
			}
		}
	}
	return a.changed[v]
}

// Guarded reports whether it depends on values that the caller may know better
// whether an unmatched release is executed.
func (a *Analysis) Guarded(f *Func, release ssa.Instruction) bool { return f.guarded[release] }

// guarded reports whether it depends on what the caller may know better
// whether a call is executed: on a parameter, or on a variable.
func (w *walker) guarded(site ssa.Instruction) bool {
	for b := site.Block(); b.Idom() != nil; b = b.Idom() {
		branch, ok := b.Idom().Instrs[len(b.Idom().Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 {
			continue // reached from both sides
		}
		if !w.known(branch) && dependsOnState(branch.Cond, 0) {
			return true
		}
	}
	return false
}

// known reports whether the caller's context decides a branch.
func (w *walker) known(branch *ssa.If) bool {
	t := w.tests[branch]
	_, known := (&state{facts: w.ctx.facts}).decide(t.path, t.value)
	return known
}

// dependsOnState reports whether a condition is computed from a parameter or
// from memory, by which caller and callee may have agreed on who locks. What a
// call has just returned is none of that, nor is text, nor how far a loop is,
// nor what a function literal is given by whoever calls it.
func dependsOnState(v ssa.Value, depth int) bool {
	if depth > 6 {
		return true
	}
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent().Parent() == nil
	case *ssa.FreeVar, *ssa.Global, *ssa.Alloc:
		return true
	case *ssa.UnOp:
		return dependsOnState(v.X, depth+1)
	case *ssa.FieldAddr:
		return !givenToLiteral(v.X)
	case *ssa.Field:
		return !givenToLiteral(v.X)
	case *ssa.BinOp:
		if counts(v) {
			return false
		}
		return dependsOnState(v.X, depth+1) || dependsOnState(v.Y, depth+1)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return dependsOnState(e, depth+2) })
	case *ssa.Call:
		// A question about an object: is it closed, is it locked.
		return isBoolType(v.Type())
	}
	return false
}

// counts reports whether a comparison is the condition of a loop that counts, as
// a range over a slice does.
func counts(v *ssa.BinOp) bool {
	if v.Op != token.LSS {
		return false
	}
	next, ok := v.X.(*ssa.BinOp)
	if !ok {
		_, ok = v.X.(*ssa.Phi)
		return ok
	}
	_, ok = next.X.(*ssa.Phi)
	return ok && next.Op == token.ADD
}

// givenToLiteral reports whether a value is a parameter of a function literal,
// or its copy.
func givenToLiteral(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent().Parent() != nil
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v {
				return givenToLiteral(st.Val)
			}
		}
	}
	return false
}
