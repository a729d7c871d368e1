package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// exec executes one instruction.
func (m *Machine) exec(g *Goroutine, f *frame, in *instr) {
	switch x := in.in.(type) {
	case *ssa.Jump:
		m.jump(g, f, f.block.succs[0])
	case *ssa.If:
		m.branch(g, f, in, x)
	case *ssa.Return:
		m.ret(g, f, in, x)
	case *ssa.RunDefers:
		if n := len(f.defers); n > 0 {
			f.pc-- // come back for the next one
			m.runDefer(g, f)
		}
	case *ssa.Panic:
		g.panicked, g.panic = true, m.get(f, in.ops[0])
		f.unwinding = true
	case *ssa.Go:
		m.goStmt(g, f, in, x)
	case *ssa.Defer:
		m.deferStmt(f, in, x)
	case *ssa.Call:
		m.callInstr(g, f, in, x)
	case *ssa.Send:
		m.send(g, in.in, m.get(f, in.ops[0]), m.get(f, in.ops[1]))
	case *ssa.Store:
		v := m.get(f, in.ops[1])
		m.store(g, m.pointee(m.get(f, in.ops[0]), x.Addr.Type()), v)
	case *ssa.MapUpdate:
		m.mapUpdate(g, m.get(f, in.ops[0]), known(m.get(f, in.ops[1])), m.get(f, in.ops[2]))
	case *ssa.DebugRef:
	case ssa.Value:
		if v := m.value(g, f, in, x); v != nil {
			f.env[in.dst] = v
		}
	}
}

// value computes an instruction that has a value. Instructions that block set
// their slot later, and nil is returned.
func (m *Machine) value(g *Goroutine, f *frame, in *instr, v ssa.Value) Value {
	op := func(i int) Value { return m.get(f, in.ops[i]) }
	switch x := v.(type) {
	case *ssa.Alloc:
		return m.newCell(x.Type().Underlying().(*types.Pointer).Elem(), x)
	case *ssa.MakeChan:
		return m.makeChan(g, f, x, op(0))
	case *ssa.BinOp:
		return m.binop(g, f, x, op(0), op(1))
	case *ssa.UnOp:
		return m.unop(g, f, in, x, op(0))
	case *ssa.Select:
		m.selectStmt(g, f, in, x)
		return nil
	case *ssa.FieldAddr:
		return m.part(m.pointee(op(0), x.X.Type()), x.Field)
	case *ssa.Field:
		return m.field(op(0), x.Field, x.Type())
	case *ssa.IndexAddr:
		return m.indexAddr(x, op(0), known(op(1)))
	case *ssa.Index:
		return m.index(x, op(0), known(op(1)))
	case *ssa.Lookup:
		return m.lookup(g, x, op(0), known(op(1)))
	case *ssa.MakeMap:
		m.seq++
		return &Map{id: m.seq}
	case *ssa.Range:
		return m.rangeOver(op(0))
	case *ssa.Next:
		return m.next(g, x, op(0))
	case *ssa.Extract:
		return m.extract(op(0), x)
	case *ssa.MakeInterface:
		return m.toInterface(op(0), x.X.Type())
	case *ssa.ChangeInterface, *ssa.ChangeType:
		return op(0)
	case *ssa.Convert:
		return m.convert(op(0), x)
	case *ssa.TypeAssert:
		return m.typeAssert(x, op(0))
	case *ssa.MakeClosure:
		fn := &Func{fn: x.Fn.(*ssa.Function), free: m.memory.values.slice(len(x.Bindings))}
		for i := range x.Bindings {
			fn.free[i] = op(i + 1)
		}
		return fn
	case *ssa.MakeSlice:
		return m.makeSlice(g, x, op(0))
	case *ssa.Slice:
		return m.slice(x, op(0), m.get(f, in.ops[1]), m.get(f, in.ops[2]))
	}
	return m.fresh(v.Type())
}

// jump goes to another block, and ends in Busy where a loop turned too often.
func (m *Machine) jump(g *Goroutine, f *frame, to *block) {
	from := f.block
	if !m.turn(g, f, from, to) {
		return
	}
	f.block, f.pc = to, to.phis
	if to.phis == 0 {
		return
	}
	edge := 0
	for k, p := range to.ssa.Preds {
		if p == from.ssa {
			edge = k
		}
	}
	m.phis(f, to, func(in *instr) Value { return m.get(f, in.ops[edge]) })
}

// phis sets the phis of a block at once.
func (m *Machine) phis(f *frame, to *block, value func(*instr) Value) {
	var few [8]Value
	vals := few[:0]
	for i := range to.phis {
		in := &to.instrs[i]
		if in.dst < 0 {
			vals = append(vals, nil)
			continue
		}
		vals = append(vals, value(in))
	}
	for i, v := range vals {
		if dst := to.instrs[i].dst; dst >= 0 {
			f.env[dst] = v
		}
	}
}

// branch decides an If.
func (m *Machine) branch(g *Goroutine, f *frame, in *instr, x *ssa.If) {
	v := known(m.get(f, in.ops[0]))
	b := f.block
	_, isKnown := v.(bool)
	if b.skip != nil && (!isKnown || b.skipsLoop()) {
		m.skip(g, f)
		return
	}
	if h := b.test; h != nil && h.inside[b.ssa] {
		f.loops()
		f.counted[h.loop] = isKnown && isComparison(x.Cond)
		if isKnown && m.large(f, h, x) {
			out := b.succs[1]
			if h.inside[out.ssa] {
				out = b.succs[0]
			}
			m.jump(g, f, out)
			return
		}
	}
	n := len(m.Choices)
	then := m.cond(g, v, x)
	if len(m.Choices) > n {
		m.Choices[n].Then = then
	} else {
		m.noteEndMark(x, then)
	}
	if then {
		m.jump(g, f, b.succs[0])
	} else {
		m.jump(g, f, b.succs[1])
	}
}

func isComparison(v ssa.Value) bool {
	b, ok := v.(*ssa.BinOp)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
		return true
	}
	return false
}

// ret returns from a function.
func (m *Machine) ret(g *Goroutine, f *frame, in *instr, x *ssa.Return) {
	var v Value
	switch len(in.ops) {
	case 0:
	case 1:
		v = m.get(f, in.ops[0])
	default:
		t := &Tuple{vals: make([]Value, len(in.ops))}
		for i, o := range in.ops {
			t.vals[i] = m.get(f, o)
		}
		v = t
	}
	if len(f.defers) > 0 {
		f.pc-- // what a test has left to Cleanup
		m.runDefer(g, f)
		return
	}
	pos := x.Pos()
	if !pos.IsValid() {
		pos = ir.End(f.code.fn)
	}
	m.leave(g, f, v, pos)
}

// runDefer calls the deferred function that was deferred last.
func (m *Machine) runDefer(g *Goroutine, f *frame) {
	d := f.defers[len(f.defers)-1]
	f.defers = f.defers[:len(f.defers)-1]
	n := len(g.frames)
	m.call(&call{g: g, f: f, in: d.in, fn: d.fn, args: d.args, dst: -1})
	if len(g.frames) > n {
		g.frames[n].isDefer = true
	}
}

// unwind takes one step of leaving the frames of a goroutine that panics or
// exits.
func (m *Machine) unwind(g *Goroutine, f *frame) {
	if f.next == nil && len(f.defers) > 0 {
		m.runDefer(g, f)
		return
	}
	if !g.panicked && !g.exiting {
		// A deferred function has recovered: f returns to its caller.
		f.unwinding = false
		if f.code != nil && f.code.recover != nil {
			f.block, f.pc = f.code.recover, 0
			return
		}
		m.leave(g, f, m.results(f), token.NoPos)
		return
	}
	g.frames = g.frames[:len(g.frames)-1]
	if f.then != nil {
		f.then(g, nil)
	}
	if g.Done {
		return
	}
	if len(g.frames) == 0 {
		m.finish(g, nil)
		return
	}
	g.frames[len(g.frames)-1].unwinding = true
}

// results returns the zero results of a function.
func (m *Machine) results(f *frame) Value {
	if f.code == nil {
		return nil
	}
	res := f.code.fn.Signature.Results()
	switch res.Len() {
	case 0:
		return nil
	case 1:
		return m.zeroOf(res.At(0).Type())
	}
	t := &Tuple{}
	for v := range res.Variables() {
		t.vals = append(t.vals, m.zeroOf(v.Type()))
	}
	return t
}

// pointee returns the variable that a pointer points to. That it is
// dereferenced says that it is not nil.
func (m *Machine) pointee(v Value, t types.Type) *Cell {
	switch v := known(v).(type) {
	case *Cell:
		return v
	case *Sym:
		if v.cell == nil {
			elem := types.Type(types.Typ[types.Invalid])
			if p, ok := t.Underlying().(*types.Pointer); ok {
				elem = p.Elem()
			}
			v.cell = m.outside(elem)
			v.isNil = -1
		}
		return v.cell
	case Nil:
		panic(CutNil)
	}
	panic(CutMismatch)
}

func (m *Machine) unop(g *Goroutine, f *frame, in *instr, x *ssa.UnOp, v Value) Value {
	switch x.Op {
	case token.MUL:
		return m.load(g, m.pointee(v, x.X.Type()))
	case token.ARROW:
		m.receive(g, f, in, x, v)
		return nil
	case token.NOT:
		return m.not(v)
	case token.SUB:
		if n, ok := known(v).(int64); ok {
			return -n
		}
	}
	if _, ok := v.(*Sym); ok {
		return m.symbol(symKey{kind: symOp, op: x.Op, n: 1, x: v}, x.Type())
	}
	return m.fresh(x.Type())
}

// binop computes a binary operation; the number of turns of a loop is decided
// when the loop asks for it.
func (m *Machine) binop(g *Goroutine, f *frame, x *ssa.BinOp, a, b Value) Value {
	if f.block.test != nil && (f.block.skip == nil || !f.block.skipsLoop()) {
		switch x.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			if isSym(a) && isSym(b) {
				a = m.bound(g, x, a, int64(0)) // where the loop begins
			}
			a, b = m.bound(g, x, a, b), m.bound(g, x, b, a)
		}
	}
	if m.scaled != 0 && isComparison(x) && (isLarge(a) || isLarge(b)) && (f.block.test == nil || largeBound(x) == 0) {
		m.mixed = true // a count that was cut short is compared with one that was not
	}
	return m.binary(x.Op, a, b, x.Type())
}

func isLarge(v Value) bool {
	n, ok := known(v).(int64)
	return ok && n > maxCounted
}

func isSym(v Value) bool {
	_, ok := known(v).(*Sym)
	return ok
}

// bound decides an unknown bound of a loop whose other operand is a small
// number.
func (m *Machine) bound(g *Goroutine, x *ssa.BinOp, v, other Value) Value {
	s, ok := known(v).(*Sym)
	if !ok {
		return v
	}
	n, ok := known(other).(int64)
	if !ok || n > 3 || n < -3 {
		return v
	}
	if t, ok := s.Typ.Underlying().(*types.Basic); !ok || t.Info()&types.IsInteger == 0 {
		return v
	}
	if k, ok := m.number(g, s, x); ok {
		return k
	}
	return v
}

func (m *Machine) extract(v Value, x *ssa.Extract) Value {
	switch t := v.(type) {
	case *Tuple:
		if x.Index < len(t.vals) && t.vals[x.Index] != nil {
			return t.vals[x.Index]
		}
	case *Sym:
		return m.symbol(symKey{kind: symExtract, n: x.Index, x: t}, x.Type())
	}
	return m.fresh(x.Type())
}

// toInterface wraps a value; contexts stay what they are.
func (m *Machine) toInterface(v Value, t types.Type) Value {
	if _, ok := t.(*types.TypeParam); ok {
		return v
	}
	return &Iface{typ: t, v: v}
}

func (m *Machine) convert(v Value, x *ssa.Convert) Value {
	switch v := known(v).(type) {
	case int64:
		if b, ok := x.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			return v
		}
	case *Sym:
		if b, ok := x.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			if from, ok := x.X.Type().Underlying().(*types.Basic); ok && from.Info()&types.IsInteger != 0 {
				return v // the number is the same
			}
		}
		return m.symbol(symKey{kind: symOp, op: token.VAR, x: v, y: typeKey{x.Type()}}, x.Type())
	}
	return m.fresh(x.Type())
}

// typeKey is a type as part of a symbol's key.
type typeKey struct{ t types.Type }

func (m *Machine) typeAssert(x *ssa.TypeAssert, v Value) Value {
	var res, ok Value
	switch i := known(v).(type) {
	case *Iface:
		match := false
		if _, isParam := types.Unalias(x.AssertedType).(*types.TypeParam); isParam {
			// Which type it is, the function does not know; that of the value, if it fits.
			res, ok = i.v, m.fresh(types.Typ[types.Bool])
			break
		}
		if it, isIface := x.AssertedType.Underlying().(*types.Interface); isIface {
			match, res = m.prog.implements(i.typ, it), i
		} else {
			match, res = types.Identical(i.typ, x.AssertedType), i.v
		}
		ok = match
		if !match {
			res = nil
		}
	case Nil:
		ok = false
	case *Sym:
		if i.dyn != nil && !types.IsInterface(x.AssertedType) && !types.Identical(i.dyn, x.AssertedType) {
			ok = false
			break
		}
		var key Value = typeKey{x.AssertedType}
		res = m.symbol(symKey{kind: symAssert, x: i, y: key}, x.AssertedType)
		ok = m.symbol(symKey{kind: symAssertOK, x: i, y: key}, types.Typ[types.Bool])
	default:
		res, ok = m.fresh(x.AssertedType), m.fresh(types.Typ[types.Bool])
	}
	if res == nil {
		if !x.CommaOk {
			panic(CutPanic)
		}
		res = m.zeroOf(x.AssertedType)
	}
	if x.CommaOk {
		return &Tuple{vals: []Value{res, ok}}
	}
	return res
}
