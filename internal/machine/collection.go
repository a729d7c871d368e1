package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

func (m *Machine) field(v Value, i int, t types.Type) Value {
	switch v := v.(type) {
	case *Struct:
		if p, ok := v.parts[i]; ok {
			return p
		}
		return m.zeroOf(t)
	case *Sym:
		return m.partOf(v, i, t)
	}
	return m.fresh(t)
}

// indexAddr returns the address of an element.
func (m *Machine) indexAddr(x *ssa.IndexAddr, v, index Value) Value {
	switch s := known(v).(type) {
	case *Slice:
		if i, ok := index.(int64); ok {
			if i < 0 || i >= int64(len(s.cells)) {
				panic(CutRange)
			}
			return s.cells[i]
		}
		if len(s.cells) == 0 {
			panic(CutRange)
		}
		return m.elem(s, index, x.Type()) // two unknown indices are not taken to be equal
	case *Cell:
		if i, ok := index.(int64); ok {
			return m.part(s, int(i))
		}
		return m.elem(s, index, x.Type())
	case *Sym:
		if p, ok := x.X.Type().Underlying().(*types.Pointer); ok {
			return m.indexAddr(x, m.pointee(s, p), index)
		}
		return m.elem(s, index, x.Type())
	case Nil:
		panic(CutRange)
	}
	panic(CutMismatch)
}

// elem returns the address of an element of which array or index is unknown:
// one variable for each pair.
func (m *Machine) elem(v, index Value, ptr types.Type) Value {
	s := m.symbol(symKey{kind: symElem, x: v, y: index}, ptr)
	return m.pointee(s, ptr)
}

func (m *Machine) index(x *ssa.Index, v, index Value) Value {
	if s, ok := v.(*Struct); ok {
		if i, ok := index.(int64); ok {
			return m.field(s, int(i), x.Type())
		}
	}
	if s, ok := v.(*Sym); ok {
		return m.symbol(symKey{kind: symElem, n: 1, x: s, y: index}, x.Type())
	}
	return m.fresh(x.Type())
}

// slice takes a part of a slice or array.
func (m *Machine) slice(x *ssa.Slice, v, low, high Value) Value {
	var cells []*Cell
	switch s := known(v).(type) {
	case *Cell: // a pointer to an array
		arr, ok := s.Typ.Underlying().(*types.Array)
		if !ok || arr.Len() > maxElements {
			return m.fresh(x.Type())
		}
		for i := range int(arr.Len()) {
			cells = append(cells, m.part(s, i))
		}
	case *Slice:
		cells = s.cells
	case Nil:
	case *Sym:
		return m.sized(x.Type(), m.partLength(s, low, high))
	default:
		return m.fresh(x.Type())
	}
	lo, hi := int64(0), int64(len(cells))
	if low != nil {
		n, ok := known(low).(int64)
		if !ok {
			return m.fresh(x.Type())
		}
		lo = n
	}
	if high != nil {
		n, ok := known(high).(int64)
		if !ok {
			return m.fresh(x.Type())
		}
		hi = n
	}
	if lo < 0 || lo > hi {
		panic(CutRange)
	}
	if hi > int64(len(cells)) {
		return m.fresh(x.Type()) // up to the capacity
	}
	return &Slice{cells: cells[lo:hi:hi]}
}

// partLength returns the length of a part of an unknown slice.
func (m *Machine) partLength(s *Sym, low, high Value) Value {
	if high == nil {
		high = m.lengthOf(s)
	}
	if low == nil {
		return high
	}
	return m.binary(token.SUB, high, low, types.Typ[types.Int])
}

// makeSlice makes a slice whose elements are known if they can matter.
func (m *Machine) makeSlice(g *Goroutine, x *ssa.MakeSlice, length Value) Value {
	st, ok := x.Type().Underlying().(*types.Slice)
	if !ok {
		return m.sized(x.Type(), length) // of a type parameter
	}
	elem := st.Elem()
	n, ok := known(length).(int64)
	if !ok {
		if s, isSym := known(length).(*Sym); isSym && m.prog.matters(elem) {
			n, ok = m.number(g, s, x)
		}
	}
	if !ok || n > maxElements || n < 0 || !m.prog.matters(elem) && n > 8 {
		return m.sized(x.Type(), length)
	}
	s := &Slice{}
	for range n {
		s.cells = append(s.cells, m.newCell(elem, nil))
	}
	return s
}

// sized returns a slice with unknown elements but a known length.
func (m *Machine) sized(t types.Type, length Value) *Sym {
	s := m.fresh(t)
	s.length = length
	return s
}

func (m *Machine) lookup(g *Goroutine, x *ssa.Lookup, v, key Value) Value {
	mt, ok := x.X.Type().Underlying().(*types.Map)
	if !ok { // a string
		return m.symbol(symKey{kind: symElem, n: 2, x: v, y: key}, x.Type())
	}
	var val, found Value
	mp, isMap := v.(*Map)
	switch {
	case isMap && !mp.out:
		mp.see(g)
		val, found = m.zeroOf(mt.Elem()), false
		for i, k := range mp.keys {
			eq, sure := equalValues(k, key)
			if !sure && found == false {
				eq = m.choose(Choice{Kind: ChooseElement, N: 2, G: g, In: x, Weak: true}) == 0
			}
			if eq {
				val, found = mp.vals[i], true
			}
		}
	case known(v) == Value(Nil{}):
		val, found = m.zeroOf(mt.Elem()), false
	default:
		// Equal keys find equal values, as long as nobody writes.
		val = m.symbol(symKey{kind: symElem, n: 3, x: v, y: key}, mt.Elem())
		found = m.symbol(symKey{kind: symElem, n: 4, x: v, y: key}, types.Typ[types.Bool])
	}
	if x.CommaOk {
		return &Tuple{vals: []Value{val, found}}
	}
	return val
}

func (m *Machine) mapUpdate(g *Goroutine, v, key, val Value) {
	mp, ok := v.(*Map)
	if !ok {
		m.escape(key)
		m.escape(val)
		return
	}
	mp.change(g)
	if mp.out {
		m.escape(key)
		m.escape(val)
	}
	for i, k := range mp.keys {
		if eq, sure := equalValues(k, key); sure && eq {
			mp.vals[i] = val
			return
		}
	}
	if len(mp.keys) >= maxElements {
		panic(Cut("elements"))
	}
	mp.keys = append(mp.keys, key)
	mp.vals = append(mp.vals, val)
}

func (m *Machine) rangeOver(v Value) Value {
	switch v := v.(type) {
	case *Map:
		if !v.out {
			return &iterator{m: v}
		}
	case Nil:
		return &iterator{m: &Map{}}
	}
	return &iterator{sym: m.lengthOf(v)}
}

// next advances a range over a map or string.
func (m *Machine) next(g *Goroutine, x *ssa.Next, v Value) Value {
	t := x.Type().(*types.Tuple)
	it, ok := v.(*iterator)
	if !ok {
		panic(CutMismatch)
	}
	if it.m != nil {
		it.m.see(g)
		if it.i < len(it.m.keys) {
			it.i++
			return &Tuple{vals: []Value{true, it.m.keys[it.i-1], it.m.vals[it.i-1]}}
		}
		return &Tuple{vals: []Value{false, Nil{}, Nil{}}}
	}
	n, ok := m.number(g, it.sym, x)
	if !ok || int64(it.i) >= n {
		return &Tuple{vals: []Value{false, Nil{}, Nil{}}}
	}
	it.i++
	return &Tuple{vals: []Value{true, m.fresh(t.At(1).Type()), m.fresh(t.At(2).Type())}}
}

// lengthOf returns the length of a slice, string, map or array.
func (m *Machine) lengthOf(v Value) Value {
	switch v := known(v).(type) {
	case *Slice:
		return int64(len(v.cells))
	case *Map:
		if !v.out {
			return int64(len(v.keys))
		}
		return m.symbol(symKey{kind: symLen, x: v}, types.Typ[types.Int])
	case string:
		return int64(len(v))
	case Nil:
		return int64(0)
	case *Sym:
		if v.length != nil {
			return v.length
		}
		s := m.symbol(symKey{kind: symLen, x: v}, types.Typ[types.Int])
		s.vague = s.vague || v.vague
		return s
	}
	return m.symbol(symKey{kind: symLen, x: m.fresh(types.Typ[types.Int])}, types.Typ[types.Int])
}
