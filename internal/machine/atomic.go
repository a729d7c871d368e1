package machine

import (
	"go/token"
	"go/types"
)

// atomic performs an operation of sync/atomic.
func (m *Machine) atomic(c *call, obj *types.Func, name string) bool {
	if len(c.args) == 0 {
		return false
	}
	sig := obj.Signature()
	if r := sig.Recv(); r != nil {
		return m.atomicOn(c, m.atomicCell(m.pointee(c.args[0], r.Type()), obj), name)
	}
	return m.atomicOn(c, m.pointee(c.args[0], sig.Params().At(0).Type()), name)
}

// atomicCell returns the variable in which the value of an atomic type is kept.
func (m *Machine) atomicCell(c *Cell, obj *types.Func) *Cell {
	if p := c.child(-1); p != nil {
		return p
	}
	sig := obj.Signature()
	var t types.Type
	if sig.Params().Len() > 0 {
		t = sig.Params().At(sig.Params().Len() - 1).Type()
	} else {
		t = sig.Results().At(0).Type()
	}
	return m.addPart(c, -1, t)
}

func (m *Machine) atomicOn(c *call, cell *Cell, name string) bool {
	g := c.g
	g.touch(&cell.state, c.in)
	cell.owner = nil
	last := c.args[len(c.args)-1]
	// What others may do to a variable that they can see as well is not taken
	// into account: one-way flags would be set again and again.
	old := m.load(nil, cell)
	switch name {
	case "Load":
		c.set(old)
	case "Store":
		m.store(nil, cell, last)
	case "Swap":
		m.store(nil, cell, last)
		c.set(old)
	case "Add":
		sum := m.binary(token.ADD, old, last, cell.Typ)
		m.store(nil, cell, sum)
		c.set(sum)
	case "CompareAndSwap":
		if len(c.args) < 3 {
			return false
		}
		same := m.cond(g, m.equals(old, c.args[1]), c.in)
		if same {
			m.store(nil, cell, last)
		}
		c.set(same)
	default:
		m.store(nil, cell, m.fresh(cell.Typ))
		c.set(m.fresh(m.resultType(c)))
	}
	return true
}
