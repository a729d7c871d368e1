package machine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

func (m *Machine) sleep(c *call) {
	m.pend(c.g, &Op{Kind: OpSleep, In: c.in, enabled: func() Readiness { return Idle }})
}

// made performs the functions that make or wrap primitives.
func (m *Machine) made(c *call, obj *types.Func) bool {
	switch api.MakerOf(obj) {
	case api.NewCond:
		cell := m.newCell(obj.Signature().Results().At(0).Type().Underlying().(*types.Pointer).Elem(), valueOf(c.in))
		if st, ok := cell.Typ.Underlying().(*types.Struct); ok {
			for i := range st.NumFields() {
				if st.Field(i).Name() == "L" {
					m.store(c.g, m.part(cell, i), c.args[0])
				}
			}
		}
		c.set(cell)
	case api.RLocker:
		c.set(&Iface{typ: types.Typ[types.Invalid], v: &rlocker{m.pointee(c.args[0], recvType(obj))}})
	case api.OnceFunc, api.OnceValue:
		c.set(m.onceFunc(c.args[0]))
	case api.TimeAfter:
		c.set(m.timerChan(c.in, obj.Name() == "After"))
	case api.NewTimer:
		cell := m.newCell(obj.Signature().Results().At(0).Type().Underlying().(*types.Pointer).Elem(), valueOf(c.in))
		m.put(m.part(cell, 0), m.timerChan(c.in, obj.Name() == "NewTimer"))
		c.set(cell)
	case api.TimerStop:
		m.timerStop(c, obj)
	case api.CtxAfter:
		m.ctxAfter(c)
	case api.TestContext:
		m.seq++
		ctx := &Ctx{id: m.seq, Site: valueOf(c.in), late: true}
		m.seq++
		ctx.done = &Chan{id: m.seq, ctx: ctx}
		c.set(ctx)
	case api.TestCleanup:
		f := c.g.frames[0]
		f.defers = append(f.defers[:0:0], append([]deferred{{fn: c.args[len(c.args)-1], in: c.in}}, f.defers...)...)
	case api.Gosched:
		m.sleep(c)
	case api.ErrorIs:
		return m.errorIs(c)
	case api.EndsRoutine:
		if c.g.ID == 0 && obj.Pkg().Path() == "testing" {
			panic(CutExit) // a test that has failed may leave anything
		}
		m.exitGoroutine(c.g)
	default:
		return false
	}
	return true
}

// errorIs decides whether one error is, or wraps, another one, where that is plain: no
// error is no other one, and each is itself.
func (m *Machine) errorIs(c *call) bool {
	err, target := c.args[0], c.args[1]
	same, sure := equalValues(err, target)
	if isNil, ok := equalValues(err, Nil{}); !sure || !same && !(ok && isNil) {
		return false // it may wrap the other one
	}
	c.set(same)
	return true
}

// exitGoroutine is runtime.Goexit.
func (m *Machine) exitGoroutine(g *Goroutine) {
	g.exiting = true
	if len(g.frames) > 0 {
		g.frames[len(g.frames)-1].unwinding = true
	}
}

func (m *Machine) timerChan(in ssa.Instruction, once bool) *Chan {
	m.seq++
	return &Chan{id: m.seq, Cap: 1, timer: true, once: once, Site: valueOf(in)}
}

// timerStop stops what AfterFunc made; other timers may have fired already.
func (m *Machine) timerStop(c *call, obj *types.Func) {
	if cell, ok := known(c.args[0]).(*Cell); ok && cell.prim != nil && obj.Name() == "Stop" {
		if stop, ok := cell.prim.result.(*Func); ok {
			stop.native(m, c)
			return
		}
	}
	if cell, ok := known(c.args[0]).(*Cell); ok && obj.Name() == "Stop" {
		// A ticker that is stopped is silent; its channel stays open. A timer
		// may have fired before.
		if named := api.ReceiverNamed(obj); named != nil && named.Obj().Name() == "Ticker" {
			if ch, ok := m.load(c.g, m.part(cell, 0)).(*Chan); ok {
				m.always(c.g, OpCancel, c.in, nil, func() {
					c.g.touch(&ch.state, c.in)
					ch.timer = false
				})
			}
			return
		}
	}
	if cell, ok := known(c.args[0]).(*Cell); ok && obj.Name() == "Reset" {
		if cell.prim != nil && cell.prim.result != nil {
			m.escape(cell.prim.result) // it may be called at any time
		}
		if ch, ok := m.load(c.g, m.part(cell, 0)).(*Chan); ok {
			c.g.touch(&ch.state, c.in)
			ch.timer = true
		}
	}
	m.unknownResults(c, obj)
}
