package gospawn

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// guarded reports whether the start is executed in a turn only if a counter is
// below its maximum, or a flag says that it has not been executed yet.
func (f *finder) guarded(t *turn) bool {
	for _, st := range t.chain {
		loop := f.loopIn(t, st.inst)
		for _, b := range st.inst.Fn.Blocks {
			test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok || loop != nil && !loop.Contains(b) {
				continue
			}
			then, decides := side(loop, test, st.at.Block())
			if decides && (f.limits(st.inst, loop, test.Cond, then) || registers(test, then)) {
				return true
			}
		}
	}
	return false
}

// registers reports whether a branch is taken when a map has no entry for a
// key, and makes one that is more than a mark: a goroutine per key that is
// known, such as one per session, is a decision and no oversight.
func registers(test *ssa.If, then bool) bool {
	cond := test.Cond
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond, then = not.X, !then
	}
	ok, isExtract := cond.(*ssa.Extract)
	if !isExtract || then || ok.Index != 1 {
		return false
	}
	lookup, isLookup := ok.Tuple.(*ssa.Lookup)
	if !isLookup {
		return false
	}
	m, isMap := lookup.X.Type().Underlying().(*types.Map)
	if !isMap || isMark(m.Elem()) {
		return false
	}
	for _, b := range test.Parent().Blocks {
		for _, instr := range b.Instrs {
			up, ok := instr.(*ssa.MapUpdate)
			if ok && sameValue(up.Map, lookup.X) && reaches(nil, test, up) {
				return true
			}
		}
	}
	return false
}

// isMark reports whether a map's values only say that the key is in it.
func isMark(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Struct:
		return u.NumFields() == 0
	}
	return false
}

// side reports whether a branch decides, in one turn of the loop, whether
// control comes to a block, and on which side it does.
func side(loop *ir.Loop, test *ssa.If, to *ssa.BasicBlock) (then, decides bool) {
	if !test.Block().Dominates(to) || loop != nil && test.Block() == loop.Header {
		return false, false
	}
	succs := test.Block().Succs
	a := blockReaches(loop, succs[:1], to)
	b := blockReaches(loop, succs[1:], to)
	return a, a != b
}

// limits reports whether a condition that is as given bounds how often the
// code under it is executed.
func (f *finder) limits(inst *model.Instance, loop *ir.Loop, cond ssa.Value, is bool) bool {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		switch cond.Op {
		case token.NOT:
			return f.limits(inst, loop, cond.X, !is)
		case token.MUL:
			return f.once(inst, cond)
		}
	case *ssa.Phi:
		if _, ok := cond.Type().Underlying().(*types.Basic); ok && carried(loop, cond) {
			return true
		}
		for _, e := range cond.Edges { // a || b, a && b
			if _, ok := e.(*ssa.Const); !ok && e != cond && f.limits(inst, loop, e, is) {
				return true
			}
		}
	case *ssa.BinOp:
		return f.compared(inst, loop, cond, is)
	case *ssa.Call:
		return limiterName(ir.Object(&cond.Call), "Allow", "Try", "Acquire", "Take", "Reserve")
	}
	return false
}

// compared handles comparisons: of a counter with its maximum, of a variable
// with nil.
func (f *finder) compared(inst *model.Instance, loop *ir.Loop, cond *ssa.BinOp, is bool) bool {
	if ir.IsNil(cond.Y) {
		load, ok := cond.X.(*ssa.UnOp)
		if ok && load.Op == token.MUL {
			return f.once(inst, load)
		}
		phi, ok := cond.X.(*ssa.Phi)
		return ok && carried(loop, phi)
	}
	if !isInt(cond.X) {
		return false
	}
	op := cond.Op
	if !is {
		op = negated(op)
	}
	if f.counts(inst, loop, cond.X) {
		return atMost(loop, cond.X, op)
	}
	if f.counts(inst, loop, cond.Y) {
		return atMost(loop, cond.Y, mirrored(op))
	}
	return false
}

// atMost reports whether x op something keeps a counter down. A variable that
// can be counted down as well as up may be compared either way; the number of
// the turn only goes up.
func atMost(loop *ir.Loop, x ssa.Value, op token.Token) bool {
	switch op {
	case token.LSS, token.LEQ, token.EQL:
		return true
	case token.GTR, token.GEQ, token.NEQ:
		return !turnNumber(loop, x)
	}
	return false
}

// turnNumber reports whether x is the index of a range loop.
func turnNumber(loop *ir.Loop, x ssa.Value) bool {
	if b, ok := x.(*ssa.BinOp); ok && b.Op == token.ADD {
		x = b.X
	}
	phi, ok := x.(*ssa.Phi)
	if !ok || loop == nil {
		return false
	}
	return phi.Block() == loop.Header && phi.Comment == "rangeindex"
}

// counts reports whether v is a counter: a variable of the loop, one in memory
// that is no part of the element at hand, the result of an atomic operation, or
// the length of a container that is none.
func (f *finder) counts(inst *model.Instance, loop *ir.Loop, v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		return carried(loop, v)
	case *ssa.Convert:
		return f.counts(inst, loop, v.X)
	case *ssa.BinOp:
		if v.Op == token.ADD || v.Op == token.SUB {
			return f.counts(inst, loop, v.X)
		}
	case *ssa.UnOp:
		return v.Op == token.MUL && !isBookkeeping(v.X) && !f.ofElement(inst, loop, v.X, 0)
	case *ssa.Call:
		if x := lenOf(v); x != nil {
			phi, ok := x.(*ssa.Phi)
			load, isLoad := x.(*ssa.UnOp)
			return ok && carried(loop, phi) || isLoad && load.Op == token.MUL && !f.ofElement(inst, loop, load.X, 0)
		}
		return ir.Op(&v.Call) == api.Atomic
	}
	return false
}

// isBookkeeping reports whether a variable is not the programmer's: the state of
// a range over a function, or a package-level variable, which is configuration.
func isBookkeeping(addr ssa.Value) bool {
	if _, ok := addr.(*ssa.Global); ok {
		return true
	}
	return strings.HasPrefix(addr.Name(), "jump$")
}

// carried reports whether a variable keeps its value from turn to turn.
func carried(loop *ir.Loop, phi *ssa.Phi) bool {
	return loop != nil && phi.Block() == loop.Header
}

// ofElement reports whether a value belongs to what the turn handles: it is
// computed from what the loop ranges over, receives or reads.
func (f *finder) ofElement(inst *model.Instance, loop *ir.Loop, v ssa.Value, depth int) bool {
	if depth > 12 {
		return true
	}
	depth++
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return f.ofElement(inst, loop, v.X, depth)
	case *ssa.Field:
		return f.ofElement(inst, loop, v.X, depth)
	case *ssa.UnOp:
		return v.Op == token.ARROW || f.ofElement(inst, loop, v.X, depth)
	case *ssa.IndexAddr, *ssa.Index, *ssa.Lookup, *ssa.Next, *ssa.Select:
		return true
	case *ssa.Extract:
		return f.ofElement(inst, loop, v.Tuple, depth)
	case *ssa.Call:
		return loop == nil || loop.Contains(v.Block())
	case *ssa.Alloc:
		return loop != nil && loop.Contains(v.Block())
	case *ssa.Parameter:
		_, isStruct := deref(v.Type()).Underlying().(*types.Struct)
		sig := inst.Fn.Signature
		return loop == nil && isStruct && !(sig.Recv() != nil && inst.Fn.Params[0] == v)
	}
	return false
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// once reports whether a variable in memory is a flag that the function itself
// sets.
func (f *finder) once(inst *model.Instance, load *ssa.UnOp) bool {
	for _, b := range inst.Fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && sameAddress(st.Addr, load.X) && ir.Reaches(load, st) {
				return true
			}
		}
	}
	return false
}

// sameAddress reports whether two addresses are the same variable, or the same
// field of the same one.
func sameAddress(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.FieldAddr)
	y, ok2 := b.(*ssa.FieldAddr)
	return ok && ok2 && x.Field == y.Field && sameValue(x.X, y.X)
}

func sameValue(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	return ok && ok2 && x.Op == y.Op && sameAddress(x.X, y.X)
}

// lengthChecked reports whether a branch that decides whether control comes to
// a block says, on that side, that x has at most a certain length.
func lengthChecked(x ssa.Value, to *ssa.BasicBlock) bool {
	for _, b := range to.Parent().Blocks {
		test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || b == to {
			continue
		}
		cmp, ok := test.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		op, length := cmp.Op, lenOf(cmp.X)
		if length == nil {
			op, length = mirrored(op), lenOf(cmp.Y)
		}
		then, decides := side(nil, test, to)
		if length == nil || !decides || !sameValue(length, x) {
			continue
		}
		if !then {
			op = negated(op)
		}
		if op == token.LSS || op == token.LEQ || op == token.EQL {
			return true
		}
	}
	return false
}

func negated(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GEQ
	case token.LEQ:
		return token.GTR
	case token.GTR:
		return token.LEQ
	case token.GEQ:
		return token.LSS
	case token.EQL:
		return token.NEQ
	case token.NEQ:
		return token.EQL
	}
	return op
}

// mirrored returns the operator for exchanged operands.
func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}
