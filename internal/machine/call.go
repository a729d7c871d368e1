package machine

import (
	"go/types"
	"strings"

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
	args := m.memory.slice(given + len(c.Args))
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
	m.event(OpSpawn, g, in.Pos(), nil, nil)
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
		if y := yield(c.args); y != nil {
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

// resultType returns the type of the call's result.
func (m *Machine) resultType(c *call) types.Type {
	if v := valueOf(c.in); v != nil {
		return v.Type()
	}
	return types.Typ[types.Invalid]
}

// atomic performs an operation of sync/atomic on a variable that only the
// program can see; of others the content is unknown.
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
		sum := m.binary(addToken, old, last, cell.Typ)
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

// unseenMethod calls a method of an interface whose dynamic type is unknown.
func (m *Machine) unseenMethod(c *call, obj *types.Func) {
	recv := c.args[0]
	switch op := api.Of(obj); op {
	case api.None:
	case api.CtxDone, api.CtxErr, api.CtxValue, api.CtxDeadline:
		if m.ctxCall(c, op, obj) {
			return
		}
	case api.Lock, api.Unlock:
		if i, ok := recv.(*Iface); ok {
			if rl, ok := i.v.(*rlocker); ok {
				m.rlockerOp(c, rl, op)
			}
		}
		return // of an unknown lock
	}
	m.unseen(c, obj)
}

// unseen calls a function whose body cannot be seen.
func (m *Machine) unseen(c *call, obj *types.Func) {
	if api.NoReturn(obj) {
		panic(CutExit)
	}
	if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == m.prog.ir.Types.Path() && m.prog.ir.NeverReturns(c.in) {
		panic(CutExit)
	}
	keeps, callback := api.Callee(obj)
	if v := valueOf(c.in); v != nil && api.ReturnsArgument(obj) && len(c.args) > 0 {
		c.set(c.args[0])
		return
	} else if v != nil && m.prog.matters(v.Type()) {
		keeps = true // what it returns may lead to what it was given
	}
	var calls []Value
	switch {
	case api.Formats(obj):
		calls = m.formatted(c.args)
	case api.CallsMethods(obj):
		calls = m.interfaceMethods(c.args, obj)
		for _, a := range c.args {
			m.forgetBehind(known(a), true) // by methods that are not executed
		}
	default:
		calls = m.handOver(c, obj, keeps, callback)
	}
	m.unknownResults(c, obj)
	m.sequence(c, calls)
	if keeps && len(calls) > 0 {
		// It calls them as often as it likes: after the first time, unseen
		// code is as good as the goroutine itself.
		args := c.args
		c.g.frames[len(c.g.frames)-1].then = func(*Goroutine, Value) {
			for _, a := range args {
				m.escape(known(a))
			}
		}
	}
}

// handOver gives the arguments to unseen code and returns the functions among
// them that it calls before it returns.
func (m *Machine) handOver(c *call, obj *types.Func, keeps bool, callback api.Callback) []Value {
	var calls []Value
	for _, a := range c.args {
		a = known(a)
		if fn, ok := a.(*Func); ok && callback == api.CallbackSync {
			calls = append(calls, fn)
			continue
		} else if ok && callback == api.CallbackNone && !keeps {
			continue
		}
		if keeps {
			m.escape(a)
		}
		if api.Writes(obj) {
			m.forgetBehind(a, false)
		}
	}
	return calls
}

// forgetBehind makes unknown what a pointer argument points to.
func (m *Machine) forgetBehind(v Value, vague bool) {
	switch v := v.(type) {
	case *Cell:
		m.forget(v, 0, vague)
	case *Iface:
		if c, ok := v.v.(*Cell); ok {
			m.forget(c, 0, vague)
		}
	}
}

// sequence lets the goroutine call functions one after the other, with unknown
// arguments.
func (m *Machine) sequence(c *call, fns []Value) {
	if len(fns) == 0 {
		return
	}
	i := 0
	fr := m.pushNative(c.g, c.in, func(g *Goroutine, f *frame) bool {
		if i == len(fns) {
			return false
		}
		fn := fns[i].(*Func)
		i++
		var args []Value
		if fn.recv != nil {
			args = append(args, fn.recv)
		}
		if fn.fn != nil {
			for _, p := range fn.fn.Params[min(len(args), len(fn.fn.Params)):] {
				args = append(args, m.fresh(p.Type()))
			}
		}
		inner := &Func{fn: fn.fn, free: fn.free, native: fn.native, name: fn.name}
		m.callThen(g, &call{g: g, f: f, in: c.in}, inner, args, func(_ *Goroutine, v Value) {
			if fn.fn != nil && c.dst >= 0 && c.f != nil && returnsError(fn.fn.Signature) && isErrorType(m.resultType(c)) {
				c.f.env[c.dst] = v // a walk ends with the error of its callback
			}
		})
		return true
	})
	fr.holds = fns
}

func returnsError(sig *types.Signature) bool {
	return sig.Results().Len() == 1 && isErrorType(sig.Results().At(0).Type())
}

// yield returns the body of a range over an iterator among the arguments.
func yield(args []Value) *Func {
	if len(args) != 1 {
		return nil
	}
	if fn, ok := known(args[0]).(*Func); ok && fn.fn != nil && fn.fn.Synthetic == "range-over-func yield" {
		return fn
	}
	return nil
}

// iterate calls the body of a range over an unknown iterator n times.
func (m *Machine) iterate(c *call, body *Func, length Value) {
	n, _ := m.number(c.g, length, c.in)
	i, stop := int64(0), false
	fr := m.pushNative(c.g, c.in, func(g *Goroutine, f *frame) bool {
		if i >= n || stop {
			return false
		}
		i++
		var args []Value
		for _, p := range body.fn.Params {
			args = append(args, m.fresh(p.Type()))
		}
		m.callThen(g, &call{g: g, f: f, in: c.in}, body, args, func(g *Goroutine, v Value) {
			stop = known(v) == Value(false)
		})
		return true
	})
	fr.holds = []Value{body}
}

// formatted returns the methods String and Error of what is printed, where
// something matters in them.
func (m *Machine) formatted(args []Value) []Value {
	var calls []Value
	add := func(v Value) {
		i, ok := known(v).(*Iface)
		if !ok {
			return
		}
		for _, name := range []string{"Error", "String"} {
			if fn := m.relevantMethod(i, name); fn != nil {
				calls = append(calls, fn)
				return
			}
		}
	}
	for _, a := range args {
		if s, ok := known(a).(string); ok && (strings.Contains(s, "%p") || strings.Contains(s, "%T")) {
			return nil // verbs that call no method
		}
		if s, ok := known(a).(*Slice); ok {
			for _, c := range s.cells {
				add(m.load(nil, c))
			}
			continue
		}
		add(a)
	}
	return calls
}

// relevantMethod returns a method of a value in an interface, bound to it, if
// something matters in the method.
func (m *Machine) relevantMethod(i *Iface, name string) Value {
	sel := m.prog.ir.SSA.Prog.MethodSets.MethodSet(i.typ).Lookup(m.prog.ir.Types, name)
	if sel == nil {
		return nil
	}
	fn := m.prog.ir.Callee(m.prog.ir.SSA.Prog.MethodValue(sel))
	if fn == nil || !m.prog.relevant[fn] && fn.Synthetic == "" {
		return nil
	}
	return &Func{fn: fn, recv: i.v}
}

// interfaceMethods returns the methods of the interfaces that a function is
// given, bound to the arguments, where something matters in them.
func (m *Machine) interfaceMethods(args []Value, obj *types.Func) []Value {
	var calls []Value
	params := obj.Signature().Params()
	for k, a := range args {
		i, ok := known(a).(*Iface)
		if !ok || k >= params.Len() {
			continue
		}
		it, ok := params.At(k).Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for method := range it.Methods() {
			if fn := m.relevantMethod(i, method.Name()); fn != nil {
				calls = append(calls, fn)
			}
		}
	}
	return calls
}

// unknownResults gives the caller unknown results. Two calls of one function
// with the same few arguments are taken to return the same the first time, as getters
// do; calls in a loop are not.
func (m *Machine) unknownResults(c *call, obj *types.Func) {
	v := valueOf(c.in)
	if v == nil {
		c.set(nil)
		return
	}
	t := v.Type()
	if tuple, ok := t.(*types.Tuple); ok {
		out := &Tuple{}
		for x := range tuple.Variables() {
			s := m.fresh(x.Type())
			s.From = v
			out.vals = append(out.vals, s)
		}
		c.set(out)
		return
	}
	if e := m.errorResult(c, obj, t); e != nil {
		c.set(e)
		return
	}
	s := m.result(c, obj, t)
	if _, isFunc := t.Underlying().(*types.Signature); isFunc && len(c.args) > 0 && s.length == nil {
		// An iterator over what it is made of, as slices.All.
		s.length = m.lengthOf(c.args[0])
	}
	if s.From == nil {
		s.From = v
	}
	c.set(s)
}

// errorResult returns the result of a function that makes an error, or wraps
// one; nil for other functions.
func (m *Machine) errorResult(c *call, obj *types.Func, t types.Type) Value {
	if obj == nil || len(c.args) == 0 || !isErrorType(t) {
		return nil
	}
	wraps, makes := api.ErrorOf(obj)
	if s, ok := known(c.args[len(c.args)-1]).(*Slice); ok && api.FirstSet(obj) && len(s.cells) > 0 {
		if _, isNil := known(m.equals(m.load(c.g, s.cells[len(s.cells)-1]), Nil{})).(bool); isNil {
			makes = true // the last one is an error that is there
		}
	}
	switch {
	case wraps >= 0 && wraps < len(c.args):
		return c.args[wraps]
	case makes:
		return &Iface{typ: types.Typ[types.String], v: m.fresh(types.Typ[types.String])}
	}
	return nil
}

// getter identifies a call for unknownResults.
type getter struct {
	obj  *types.Func
	args [3]Value
	turn int
}

func (m *Machine) result(c *call, obj *types.Func, t types.Type) *Sym {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || obj == nil || len(c.args) == 0 || len(c.args) > 3 || b.Info()&(types.IsBoolean|types.IsInteger) == 0 {
		return m.fresh(t)
	}
	var args [3]Value
	for i, a := range c.args {
		args[i] = known(a)
	}
	turn := m.memory.turns[c.in]
	m.memory.turns[c.in]++
	return m.symbol(symKey{kind: symFresh, y: getter{obj, args, turn}}, t)
}
