package machine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// groupOp performs an operation of errgroup or semaphore.
func (m *Machine) groupOp(c *call, op api.Op, obj *types.Func) bool {
	g, in := c.g, c.in
	if len(c.args) == 0 {
		return false
	}
	switch op {
	case api.EGWithContext:
		tuple := obj.Signature().Results()
		cell := m.newCell(tuple.At(0).Type().Underlying().(*types.Pointer).Elem(), valueOf(in))
		p := m.prim(cell, tuple.At(0).Type())
		p.cancel = m.newCtx(c.args[0], false, valueOf(in))
		c.set(&Tuple{vals: []Value{cell, p.cancel}})
		return true
	case api.SemNew:
		cell := m.newCell(obj.Signature().Results().At(0).Type().Underlying().(*types.Pointer).Elem(), valueOf(in))
		p := m.prim(cell, types.NewPointer(cell.Typ))
		if n, ok := m.number(g, c.args[0], in); ok {
			p.Limit = n
		}
		c.set(cell)
		return true
	}
	p := m.prim(c.args[0], recvType(obj))
	switch op {
	case api.EGGo:
		m.groupGo(c, p)
	case api.EGTryGo:
		if p.Limit >= 0 && p.Count >= p.Limit {
			c.set(false)
			return true
		}
		c.set(true)
		m.startTask(c, p)
	case api.EGSetLimit:
		if n, ok := m.number(g, c.args[1], in); ok {
			p.Limit = n
		} else {
			p.vague = true
		}
	case api.EGWait:
		m.wait(g, in, OpGroupWait, p, func() {
			if p.cancel != nil {
				m.fire(g, p.cancel)
			}
			if p.result != nil {
				c.set(p.result)
			} else if p.Escaped() {
				c.set(m.fresh(obj.Signature().Results().At(0).Type()))
			} else {
				c.set(Nil{})
			}
		})
	case api.SemAcquire:
		m.acquire(c, p)
	case api.SemTryAcquire:
		m.tryAcquire(c, p)
	case api.SemRelease:
		g.touch(&p.state, in)
		m.event(OpRelease, g, g.at(in), nil, p)
		if n, ok := m.number(g, c.args[1], in); ok {
			p.Count -= n
		} else {
			p.vague = true
		}
	default:
		return false
	}
	return true
}

func valueOf(in ssa.Instruction) ssa.Value {
	v, _ := in.(ssa.Value)
	return v
}

// groupGo starts a task of an errgroup, once the limit allows it.
func (m *Machine) groupGo(c *call, p *Prim) {
	m.pend(c.g, &Op{Kind: OpGroupGo, In: c.in, Prim: p,
		enabled: func() Readiness {
			switch {
			case p.Limit < 0 || p.Count < p.Limit:
				return Ready
			case p.Escaped() || p.vague:
				return Idle
			}
			return Blocked
		},
		do: func() {
			c.g.touch(&p.state, c.in)
			m.startTask(c, p)
		}})
}

func (m *Machine) startTask(c *call, p *Prim) {
	m.event(OpAdd, c.g, c.g.at(c.in), nil, p)
	p.Count++
	h := m.spawn(c.g, c.in, c.args[1], nil)
	h.counts = p
	h.onExit = func(m *Machine, v Value) {
		h.touch(&p.state, c.in)
		m.event(OpDone, h, c.g.at(c.in), nil, p)
		p.Count--
		if v == nil || p.result != nil {
			return
		}
		if m.isError(h, v, c.in) {
			p.result = v
			if p.cancel != nil {
				m.fire(h, p.cancel)
			}
		}
	}
}

// isError decides whether a result of type error is one.
func (m *Machine) isError(g *Goroutine, v Value, in ssa.Instruction) bool {
	return !m.cond(g, m.equals(v, Nil{}), in)
}

// acquire makes the goroutine stand before an Acquire, which ends as well when
// its context does.
func (m *Machine) acquire(c *call, p *Prim) {
	g, in := c.g, c.in
	n, ok := m.number(g, c.args[2], in)
	if !ok || p.Limit < 0 {
		n = 0
	}
	ctx := m.ctxOf(c.args[1])
	fits := func() bool { return p.Limit < 0 || p.Count+n <= p.Limit }
	m.pend(g, &Op{Kind: OpAcquire, In: in, Prim: p, Ctx: ctx,
		enabled: func() Readiness {
			switch {
			case fits() || ctx != nil && ctx.fired:
				return Ready
			case p.Escaped() || p.vague || ctx == nil || ctx.mayFire():
				return Idle
			}
			return Blocked
		},
		do: func() {
			g.touch(&p.state, in)
			m.event(OpAcquire, g, g.at(in), nil, p)
			ends := ctx == nil || ctx.fired || ctx.mayFire()
			ok := fits() || p.Escaped() || p.vague
			if ok && ends && m.choose(Choice{Kind: ChooseResult, N: 2, G: g, In: in}) == 1 {
				ok = false
			}
			if ok {
				p.Count += n
				c.set(Nil{})
				return
			}
			if ctx != nil {
				m.fire(g, ctx)
			}
			c.set(m.ctxError())
		}})
}

func (m *Machine) tryAcquire(c *call, p *Prim) {
	n, ok := m.number(c.g, c.args[1], c.in)
	m.always(c.g, OpTryLock, c.in, p, func() {
		switch {
		case p.Escaped() || p.vague || !ok || p.Limit < 0:
			c.set(m.fresh(types.Typ[types.Bool]))
		case p.Count+n <= p.Limit:
			p.Count += n
			c.set(true)
		default:
			c.set(false)
		}
	})
}
