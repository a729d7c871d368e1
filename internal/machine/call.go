package machine

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// A call is a call under way.
type call struct {
	g    *Goroutine
	f    *frame // the caller, or nil
	in   ssa.Instruction
	fn   Value
	args []Value
	dst  int32 // the caller's slot for the result, or -1
	then func(g *Goroutine, v Value)
}

// set gives the caller the result.
func (c *call) set(v Value) {
	if c.then != nil {
		then := c.then
		c.then = nil
		then(c.g, v)
		return
	}
	if c.dst >= 0 && c.f != nil && c.f.env != nil {
		c.f.env[c.dst] = v
	}
}

// resolve evaluates the function of a call, with its arguments.
func (m *Machine) resolve(f *frame, ops []int32, c *ssa.CallCommon) (Value, []Value) {
	given := 0 // arguments that are no operands of their own
	if c.IsInvoke() {
		given = 1
	}
	args := m.memory.values.slice(given + len(c.Args))
	recv := known(m.get(f, ops[0]))
	if c.IsInvoke() {
		args[0] = recv
	}
	for i := range c.Args {
		args[given+i] = m.get(f, ops[i+1])
	}
	if !c.IsInvoke() {
		return recv, args
	}
	if i, ok := recv.(*Iface); ok {
		if _, ok := i.v.(*rlocker); !ok {
			if fn := m.prog.lookup(i.typ, c.Method); fn != nil {
				args[0] = i.v
				return &Func{fn: fn}, args
			}
		}
	}
	if isNil(recv) {
		panic(CutNil)
	}
	method := c.Method
	return &Func{name: method.Name(), native: func(m *Machine, c *call) { m.unseenMethod(c, method) }}, args
}

// lookup returns the method of a type.
func (p *Program) lookup(t types.Type, obj *types.Func) *ssa.Function {
	key := methodKey{t, obj}
	fn, ok := p.methods[key]
	if !ok {
		if sel := p.ir.SSA.Prog.MethodSets.MethodSet(t).Lookup(obj.Pkg(), obj.Name()); sel != nil {
			fn = p.ir.SSA.Prog.MethodValue(sel)
		}
		p.methods[key] = fn
	}
	return fn
}

// implements reports whether a type implements an interface.
func (p *Program) implements(t types.Type, it *types.Interface) bool {
	key := implementation{t, it}
	does, ok := p.implement[key]
	if !ok {
		does = types.Implements(t, it)
		p.implement[key] = does
	}
	return does
}

func (m *Machine) callInstr(g *Goroutine, f *frame, in *instr, x *ssa.Call) {
	fn, args := m.resolve(f, in.ops, &x.Call)
	c := m.memory.calls.get()
	*c = call{g: g, f: f, in: x, fn: fn, args: args, dst: in.dst}
	m.call(c)
}

func (m *Machine) goStmt(g *Goroutine, f *frame, in *instr, x *ssa.Go) {
	fn, args := m.resolve(f, in.ops, &x.Call)
	m.spawn(g, x, fn, args)
	m.always(g, OpSpawn, x, nil, func() {})
}

func (m *Machine) deferStmt(f *frame, in *instr, x *ssa.Defer) {
	fn, args := m.resolve(f, in.ops, &x.Call)
	to := f
	if x.DeferStack != nil {
		if fr, ok := m.get(f, in.ops[len(in.ops)-1]).(*frame); ok {
			to = fr // the function around a range over an iterator
		}
	}
	to.defers = append(to.defers, deferred{fn: fn, args: args, in: x})
}

// spawn starts a goroutine.
func (m *Machine) spawn(g *Goroutine, in ssa.Instruction, fn Value, args []Value) *Goroutine {
	h := m.newGoroutine(in, g)
	if fv, ok := known(fn).(*Func); ok && fv.fn != nil {
		h.Fn = fv.fn
	}
	h.history = hash(g.history, uint64(in.Pos()))
	m.event(OpSpawn, g, h.Home, nil, nil)
	h.holds = append([]Value{fn}, args...)
	m.pend(h, &Op{Kind: OpStart, In: in, do: func() {
		h.holds = nil
		m.call(&call{g: h, in: in, fn: fn, args: args, dst: -1})
	}})
	return h
}

// callThen calls a function and gives its result to then.
func (m *Machine) callThen(g *Goroutine, c *call, fn Value, args []Value, then func(g *Goroutine, v Value)) {
	n, pending := len(g.frames), g.Pending
	inner := &call{g: g, f: c.f, in: c.in, fn: fn, args: args, dst: -1, then: then}
	m.call(inner)
	if len(g.frames) == n && g.Pending == pending && inner.then != nil {
		inner.set(nil) // it is over already
	}
}

// call enters a function, or does what is known of it.
func (m *Machine) call(c *call) {
	switch fn := known(c.fn).(type) {
	case *Func:
		switch {
		case fn.native != nil:
			fn.native(m, c)
		case fn.fn == nil:
			m.builtin(c, fn.name)
		default:
			m.callFunction(c, fn)
		}
	case *Sym:
		if y := yield(c); y != nil {
			m.iterate(c, y, m.lengthOf(fn))
			return
		}
		m.unseen(c, nil)
	case Nil:
		panic(CutNil)
	default:
		m.unseen(c, nil)
	}
}

// callFunction calls a declared function, a literal or a wrapper.
func (m *Machine) callFunction(c *call, fv *Func) {
	fn := fv.fn
	obj := objectOf(fn)
	if obj != nil && !m.prog.isPlain(obj) && m.modelled(c, obj) {
		return
	}
	body := m.prog.ir.Callee(fn)
	if inner := functionReceiver(obj, c.args); body == nil && inner != nil {
		// A function with a method that calls it, as http.HandlerFunc has.
		m.call(&call{g: c.g, f: c.f, in: c.in, fn: inner, args: c.args[1:], dst: c.dst, then: c.then})
		return
	}
	if body == nil {
		if len(fv.free) > 0 {
			c.args = append(append([]Value(nil), fv.free...), c.args...)
		}
		m.unseen(c, obj)
		return
	}
	if m.prog.ir.IsLinked(body) && body.Parent() == nil && (c.f == nil || c.f.code == nil || !m.prog.ir.IsLinked(c.f.code.fn)) && !m.concerns(c, body) {
		m.unseen(c, obj)
		return
	}
	if !m.enters(c, body) {
		m.passBy(c, body)
		return
	}
	f := m.push(c.g, body, c.args, fv.free, c.in)
	f.dst, f.then = c.dst, c.then
	if c.f == nil || c.f.env == nil {
		f.dst = -1
	}
}

// functionReceiver returns the function that an unseen method is called on.
func functionReceiver(obj *types.Func, args []Value) *Func {
	if obj == nil || len(args) == 0 {
		return nil
	}
	n := api.ReceiverNamed(obj)
	if n == nil {
		return nil
	}
	if _, ok := n.Underlying().(*types.Signature); !ok {
		return nil
	}
	fn, _ := known(args[0]).(*Func)
	return fn
}

func objectOf(fn *ssa.Function) *types.Func {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Synthetic != "" && fn.Pkg == nil && len(fn.Blocks) > 0 {
		return nil // a wrapper: its body calls the method itself
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// smallBlocks bounds the functions that are entered for their results alone.
const smallBlocks = 12

// enters decides whether a function is executed.
func (m *Machine) enters(c *call, body *ssa.Function) bool {
	if m.prog.relevant[body] || body.Synthetic != "" || body.Parent() != nil || m.prog.matters(body.Signature.Results()) {
		return true
	}
	if len(body.Blocks) > smallBlocks {
		return false
	}
	for _, a := range c.args {
		switch known(a).(type) {
		case *Func, *Chan, *Cell, *Iface, *Map, *Slice, *Ctx:
			return true
		}
	}
	return len(body.Blocks) == 1
}

// passBy takes a function as done in which nothing matters: it may have written
// to what it was given.
func (m *Machine) passBy(c *call, body *ssa.Function) {
	for _, a := range c.args {
		if cell, ok := known(a).(*Cell); ok {
			m.forget(cell, 0, false)
		}
	}
	obj, _ := body.Object().(*types.Func)
	m.unknownResults(c, obj)
}

// isPlain reports whether a function is one that the machine knows nothing of:
// most are, and it is asked at each call.
func (p *Program) isPlain(obj *types.Func) bool {
	plain, ok := p.plain[obj]
	if !ok {
		plain = api.Of(obj) == api.None && api.AtomicName(obj) == "" && api.MakerOf(obj) == api.NoMaker
		p.plain[obj] = plain
	}
	return plain
}

// modelled performs the functions that the machine knows.
func (m *Machine) modelled(c *call, obj *types.Func) bool {
	switch op := api.Of(obj); op {
	case api.None:
	case api.WGAdd, api.WGDone, api.WGWait, api.WGGo, api.Lock, api.RLock, api.Unlock, api.RUnlock,
		api.TryLock, api.CondWait, api.CondWake, api.OnceDo:
		return m.syncOp(c, op, obj)
	case api.EGWithContext, api.EGGo, api.EGTryGo, api.EGWait, api.EGSetLimit,
		api.SemNew, api.SemAcquire, api.SemTryAcquire, api.SemRelease:
		return m.groupOp(c, op, obj)
	case api.CtxDerive, api.CtxWithoutCancel, api.CtxRoot, api.CtxCause:
		return m.ctxMake(c, op, obj)
	case api.CtxDone, api.CtxErr, api.CtxValue, api.CtxDeadline:
		return m.ctxCall(c, op, obj)
	case api.Sleep:
		m.sleep(c)
		return true
	case api.TimerFunc:
		m.timerFunc(c)
		return true
	}
	if name := api.AtomicName(obj); name != "" {
		return m.atomic(c, obj, name)
	}
	return m.made(c, obj)
}

// resultType returns the type of the call's result.
func (m *Machine) resultType(c *call) types.Type {
	if v := valueOf(c.in); v != nil {
		return v.Type()
	}
	return types.Typ[types.Invalid]
}

// getter identifies a call for unknownResults.
type getter struct {
	obj  *types.Func
	args [3]Value
	turn int
}
