package machine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

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
	keeps, callback := m.prog.ir.External(obj)
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

// yield returns what an unknown iterator is asked to pass its values to, if that
// can be seen.
func yield(c *call) *Func {
	in, ok := c.in.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	i := ir.Yield(in.Common())
	if i < 0 || i >= len(c.args) {
		return nil
	}
	if fn, ok := known(c.args[i]).(*Func); ok && fn.fn != nil {
		return fn
	}
	return nil
}

// iterate calls the body of a range over an unknown iterator, as often as length
// says.
func (m *Machine) iterate(c *call, body *Func, length Value) {
	m.unknownResults(c, nil)
	n, _ := m.number(c.g, length, c.in)
	i, stop := int64(0), false
	fr := m.pushNative(c.g, c.in, func(g *Goroutine, f *frame) bool {
		if i >= n || stop {
			return false
		}
		i++
		var args []Value
		if body.recv != nil {
			args = append(args, body.recv)
		}
		for _, p := range body.fn.Params[min(len(args), len(body.fn.Params)):] {
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
