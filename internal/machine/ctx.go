package machine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// newCtx returns a context derived from parent.
func (m *Machine) newCtx(parent Value, timer bool, site ssa.Value) *Ctx {
	m.seq++
	c := &Ctx{id: m.seq, Site: site, wild: timer, alone: timer}
	if up := m.ctxOf(parent); up == nil {
		c.wild, c.alone = m.cancelled(), true
	} else if !up.never {
		c.up = up
		up.down = append(up.down, c)
		c.fired = up.fired
	}
	m.seq++
	c.done = &Chan{id: m.seq, ctx: c, Site: site, Closed: c.fired}
	return c
}

// ctxOf returns the context that a value is; an unknown one may be cancelled at
// any time. It is nil for contexts of other types.
func (m *Machine) ctxOf(v Value) *Ctx {
	switch v := known(v).(type) {
	case *Ctx:
		return v
	case *Sym:
		if v.ctx == nil {
			m.seq++
			c := &Ctx{id: m.seq, wild: m.cancelled(), alone: true}
			m.seq++
			c.done = &Chan{id: m.seq, ctx: c}
			v.ctx = c
		}
		return v.ctx
	}
	return nil
}

// cancelled decides whether unseen code cancels a context some time. It does, unless the
// program is explored for the case that it does not.
func (m *Machine) cancelled() bool {
	return !m.prog.Patient || m.choose(Choice{Kind: ChooseResult, N: 2, G: m.Goroutines[0]}) == 1
}

// mayFire reports whether the context can be cancelled by unseen code or time.
func (c *Ctx) mayFire() bool {
	for ; c != nil; c = c.up {
		if c.wild {
			return true
		}
	}
	return false
}

// cancelOnly reports whether the context ends only where somebody calls the cancel
// function of a context that the run has made.
func (c *Ctx) cancelOnly() bool {
	for ; c != nil; c = c.up {
		if c.wild && c.alone {
			return false
		}
	}
	return true
}

// fire ends a context, and those derived from it. One that ends because its
// parent does is not asked for here: that the parent has ended is then noted as
// well.
func (m *Machine) fire(g *Goroutine, c *Ctx) {
	if c.fired || c.never {
		return
	}
	c.fired = true
	if c.done != nil {
		c.done.Closed = true
		g.touch(&c.done.state, nil)
	}
	for _, d := range c.down {
		m.fire(g, d)
	}
}

// ctxError returns the error of a context that is done.
func (m *Machine) ctxError() Value {
	return &Iface{typ: types.Typ[types.String], v: "context canceled"}
}

// ctxCall performs a method of a context.
func (m *Machine) ctxCall(c *call, op api.Op, obj *types.Func) bool {
	ctx := m.ctxOf(c.args[0])
	if ctx == nil {
		return false
	}
	switch op {
	case api.CtxDone:
		if ctx.never || ctx.done == nil {
			c.set(Nil{})
		} else {
			c.set(ctx.done)
		}
	case api.CtxErr:
		m.ctxErr(c, ctx)
	default:
		m.unknownResults(c, obj)
	}
	return true
}

// ctxErr asks a context for its error. One that may end at any time is alive,
// by default.
func (m *Machine) ctxErr(c *call, ctx *Ctx) {
	if !ctx.fired && ctx.mayFire() && m.choose(Choice{Kind: ChooseResult, N: 2, G: c.g, In: c.in}) == 1 {
		if ctx.cancelOnly() {
			m.Helped = append(m.Helped, Help{In: c.in, Ctx: ctx})
		}
		m.fire(c.g, ctx)
	}
	if ctx.done != nil {
		c.g.touch(&ctx.done.state, c.in)
	}
	if ctx.fired {
		c.set(m.ctxError())
	} else {
		c.set(Nil{})
	}
}

// ctxMake performs a function that makes contexts.
func (m *Machine) ctxMake(c *call, op api.Op, obj *types.Func) bool {
	switch op {
	case api.CtxRoot:
		m.seq++
		c.set(&Ctx{id: m.seq, never: true})
	case api.CtxWithoutCancel:
		m.seq++
		c.set(&Ctx{id: m.seq, never: true})
	case api.CtxDerive:
		if obj.Signature().Results().Len() == 1 { // WithValue
			m.escape(c.args[len(c.args)-1]) // whoever has the context has the value
			c.set(c.args[0])
			return true
		}
		ctx := m.newCtx(c.args[0], !strings.HasPrefix(obj.Name(), "WithCancel"), valueOf(c.in))
		c.set(&Tuple{vals: []Value{ctx, m.cancelFunc(ctx)}})
	case api.CtxCause:
		ctx := m.ctxOf(c.args[0])
		if ctx == nil {
			return false
		}
		m.ctxErr(c, ctx) // what matters is whether there is one
	default:
		return false
	}
	return true
}

func (m *Machine) cancelFunc(ctx *Ctx) *Func {
	return &Func{name: "cancel", recv: ctx, native: func(m *Machine, c *call) {
		if ctx.fired {
			return
		}
		g := c.g
		m.pend(g, &Op{Kind: OpCancel, In: c.in, do: func() {
			m.event(OpCancel, g, c.g.at(c.in), ctx.done, nil)
			m.fire(g, ctx)
		}})
	}}
}

// ctxAfter starts what context.AfterFunc was given, once the context is done.
func (m *Machine) ctxAfter(c *call) {
	ctx := m.ctxOf(c.args[0])
	if ctx == nil || ctx.never {
		if ctx == nil {
			m.escape(c.args[1])
		}
		c.set(&Func{name: "stop", native: func(m *Machine, c *call) { c.set(m.fresh(types.Typ[types.Bool])) }})
		return
	}
	m.later(c, c.args[1], func() Readiness {
		switch {
		case ctx.fired:
			return Ready
		case ctx.mayFire():
			return Idle
		}
		return Blocked
	}, ctx)
}

// timerFunc starts what time.AfterFunc was given, some time.
func (m *Machine) timerFunc(c *call) {
	m.later(c, c.args[1], func() Readiness { return Idle }, nil)
}

// later makes a goroutine that starts when enabled, unless it is stopped
// before; its result is the function, or the timer, that stops it.
func (m *Machine) later(c *call, fn Value, enabled func() Readiness, ctx *Ctx) {
	h := m.spawn(c.g, c.in, fn, nil)
	h.phantom = true
	start := h.Pending.do
	stopped := false
	m.pend(h, &Op{Kind: OpTimer, In: c.in, Ctx: ctx,
		enabled: func() Readiness {
			if stopped {
				return Blocked
			}
			return enabled()
		},
		do: func() {
			h.phantom = false
			if ctx != nil {
				m.fire(h, ctx)
			}
			if start != nil {
				start()
			}
		}})
	stop := &Func{name: "stop", free: []Value{fn}, native: func(m *Machine, c *call) {
		was := h.phantom && !stopped
		stopped = true
		c.set(was)
	}}
	if ctx != nil {
		c.set(stop)
		return
	}
	t := m.resultType(c)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		cell := m.newCell(p.Elem(), valueOf(c.in))
		cell.prim = &Prim{Cell: cell, Limit: -1, result: stop}
		c.set(cell)
	}
}
