package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// builtin performs a builtin function.
func (m *Machine) builtin(c *call, name string) {
	switch name {
	case "close":
		m.closeChan(c.g, c.in, c.args[0])
	case "len", "cap":
		if isMereCount(c) {
			c.set(m.lost(types.Typ[types.Int]))
			return
		}
		c.set(m.length(c.g, name, c.args[0]))
	case "append":
		c.set(m.appendTo(c))
	case "copy":
		m.copyTo(c)
	case "delete":
		m.deleteFrom(c.g, c.args[0], known(c.args[1]))
	case "clear":
		if mp, ok := c.args[0].(*Map); ok {
			mp.change(c.g)
			mp.keys, mp.vals = nil, nil
		}
	case "recover":
		c.set(m.recovered(c))
	case "ssa:wrapnilchk":
		c.set(c.args[0])
	case "ssa:deferstack":
		c.set(c.f)
	case "min", "max":
		c.set(m.extreme(c, name))
	default:
		if v := valueOf(c.in); v != nil {
			c.set(m.fresh(v.Type()))
		}
	}
}

// isMereCount reports whether a call takes the length of what unseen code returns,
// and nothing else is done with that, as in
//
//	for range len(strings.Fields(text)) {
//
// The number is then one that the program computes, and knows to be right.
func isMereCount(c *call) bool {
	in, ok := c.in.(*ssa.Call)
	if _, unknown := c.args[0].(*Sym); !ok || !unknown || !in.Pos().IsValid() {
		return false
	}
	made, ok := in.Call.Args[0].(*ssa.Call)
	return ok && len(*made.Referrers()) == 1
}

// recovered is the builtin recover. It stops the panic of the frame that
// called the deferred function.
func (m *Machine) recovered(c *call) Value {
	g := c.g
	if c.f == nil || !c.f.isDefer || !g.panicked {
		return Nil{}
	}
	g.panicked = false
	switch v := known(g.panic).(type) {
	case *Iface:
		return v
	case *Sym:
		if v.isNil == 0 {
			v.isNil = -1 // a panic with nil gives an error, too
		}
		return v
	}
	return &Iface{typ: types.Typ[types.String], v: m.fresh(types.Typ[types.String])}
}

func (m *Machine) length(g *Goroutine, name string, v Value) Value {
	if ch := chanOf(v); ch != nil {
		ch.Polled = true
		switch {
		case name == "cap":
			return int64(ch.Cap)
		case ch.out || ch.timer:
			return m.fresh(types.Typ[types.Int])
		}
		g.touch(&ch.state, nil)
		return int64(len(ch.buf))
	}
	if name == "cap" {
		if s, ok := known(v).(*Sym); ok {
			return m.symbol(symKey{kind: symCap, x: s}, types.Typ[types.Int])
		}
	}
	if mp, ok := v.(*Map); ok {
		mp.see(g)
	}
	return m.lengthOf(v)
}

// appendTo appends to a slice; the result is a new one.
func (m *Machine) appendTo(c *call) Value {
	t := m.resultType(c)
	st, ok := t.Underlying().(*types.Slice)
	if !ok || len(c.args) == 0 {
		return m.fresh(t)
	}
	var cells []*Cell
	switch s := known(c.args[0]).(type) {
	case *Slice:
		cells = append(cells, s.cells...)
	case Nil:
	default:
		if len(c.args) > 1 {
			m.escape(c.args[1])
			return m.sized(t, m.binary(token.ADD, m.lengthOf(s), m.lengthOf(c.args[1]), types.Typ[types.Int]))
		}
		return c.args[0]
	}
	if len(c.args) > 1 {
		switch s := known(c.args[1]).(type) {
		case *Slice:
			for _, from := range s.cells {
				cell := m.newCell(st.Elem(), nil)
				m.put(cell, m.load(c.g, from))
				cells = append(cells, cell)
			}
		case Nil:
		default:
			return m.sized(t, m.binary(token.ADD, int64(len(cells)), m.lengthOf(s), types.Typ[types.Int]))
		}
	}
	if len(cells) > maxElements {
		panic(Cut("elements"))
	}
	return &Slice{cells: cells}
}

func (m *Machine) copyTo(c *call) {
	dst, ok1 := known(c.args[0]).(*Slice)
	src, ok2 := known(c.args[1]).(*Slice)
	switch {
	case ok1 && ok2:
		n := min(len(dst.cells), len(src.cells))
		for i := range n {
			m.put(dst.cells[i], m.load(c.g, src.cells[i]))
		}
		c.set(int64(n))
		return
	case ok1:
		for _, cell := range dst.cells {
			m.put(cell, m.fresh(cell.Typ))
		}
	case ok2:
		m.escape(src)
	}
	c.set(m.fresh(types.Typ[types.Int]))
}

func (m *Machine) deleteFrom(g *Goroutine, v, key Value) {
	mp, ok := v.(*Map)
	if !ok {
		return
	}
	mp.change(g)
	for i, k := range mp.keys {
		if eq, sure := equalValues(k, key); sure && eq {
			mp.keys = append(append([]Value(nil), mp.keys[:i]...), mp.keys[i+1:]...)
			mp.vals = append(append([]Value(nil), mp.vals[:i]...), mp.vals[i+1:]...)
			return
		}
	}
}

// extreme is min or max. With an unknown operand the result is unknown, but one
// and the same for the same operands.
func (m *Machine) extreme(c *call, name string) Value {
	v := known(c.args[0])
	for _, a := range c.args[1:] {
		a = known(a)
		x, ok1 := v.(int64)
		y, ok2 := a.(int64)
		switch {
		case ok1 && ok2 && name == "min":
			v = min(x, y)
		case ok1 && ok2:
			v = max(x, y)
		default:
			s := m.symbol(symKey{kind: symElem, n: 5 + len(name) + int(name[1]), x: v, y: a}, m.resultType(c))
			if name == "max" && ok1 {
				s.lo = max(s.lo, x)
			} else if name == "max" && ok2 {
				s.lo = max(s.lo, y)
			}
			v = s
		}
	}
	return v
}
