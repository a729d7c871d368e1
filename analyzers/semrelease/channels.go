package semrelease

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// A use is one operation on a channel.
type use struct {
	instr ssa.Instruction
	send  bool
	state int // of a select; -1 for a send or receive by itself
}

// waits reports whether the operation is one of several for which a select
// waits.
func (u use) waits() bool {
	sel, ok := u.instr.(*ssa.Select)
	return ok && (sel.Blocking || len(sel.States) > 1)
}

// tries reports whether the operation is a select that does not wait.
func (u use) tries() bool {
	sel, ok := u.instr.(*ssa.Select)
	return ok && !sel.Blocking
}

// A family is all that the package does with the channels that may be in the
// same variables: it does not tell the channels of one family apart.
type family struct {
	parent *family

	made  []*ssa.MakeChan
	uses  []use
	named bool // of a channel type declared in the package

	// other is set where something happens that makes the channel no semaphore:
	// it is closed, ranged over, carries values, or gets into hands that cannot
	// be seen.
	other bool

	// open is set where channels come from code that cannot be seen.
	open bool
}

func (f *family) root() *family {
	for f.parent != nil {
		f = f.parent
	}
	return f
}

// channels finds the channels of a package that serve as semaphores. Whatever
// a channel flows into belongs to its family: variables, fields, parameters and
// results, without regard to the order.
type channels struct {
	prog *ir.Program
	of   map[any]*family // by ssa.Value, or *types.Var of a field, or named type

	known map[ssa.Value]*family // for each value that was asked for

	valued  map[any]bool // functions, and names of methods; see callable
	filling map[ssa.Instruction]bool
}

// findChannels looks through the package.
func findChannels(prog *ir.Program) *channels {
	c := &channels{prog: prog, of: make(map[any]*family), known: make(map[ssa.Value]*family), filling: make(map[ssa.Instruction]bool)}
	for _, fn := range prog.Funcs {
		c.parameters(fn)
		for instr := range ir.Instrs(fn) {
			c.instruction(instr)
		}
	}
	return c
}

// parameters marks those that unknown callers may pass, and the results that
// they may get.
func (c *channels) parameters(fn *ssa.Function) {
	if !c.callable(fn) {
		return
	}
	for _, p := range fn.Params {
		if f := c.family(p); f != nil && !f.named {
			f.open = true
		}
	}
}

// callable reports whether code that cannot be seen may call a function.
func (c *channels) callable(fn *ssa.Function) bool {
	if c.valued == nil {
		c.valued = make(map[any]bool)
		for _, f := range c.prog.Funcs {
			for instr := range ir.Instrs(f) {
				c.mentions(instr)
			}
		}
	}
	if c.valued[fn] {
		return true
	}
	obj := fn.Object()
	return obj != nil && (obj.Exported() || fn.Signature.Recv() != nil && c.valued[obj.Name()])
}

// mentions notes the functions that an instruction uses other than to call
// them, and the names of the methods that it calls through interfaces.
func (c *channels) mentions(instr ssa.Instruction) {
	call, isCall := instr.(ssa.CallInstruction)
	if isCall && call.Common().IsInvoke() {
		c.valued[call.Common().Method.Name()] = true
	}
	mc, isClosure := instr.(*ssa.MakeClosure)
	for i, op := range instr.Operands(nil) {
		fn, ok := (*op).(*ssa.Function)
		if !ok || isCall && i == 0 || isClosure && onlyCalled(mc) {
			continue
		}
		c.valued[c.prog.Callee(fn)] = true
		if obj, ok := fn.Object().(*types.Func); ok { // a method value
			c.valued[c.prog.FuncOf(obj.Origin())] = true
		}
	}
}

// onlyCalled reports whether a function literal is called and nothing else.
func onlyCalled(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok || call.Common().Value != mc {
			return false
		}
	}
	return true
}

// family returns what a channel, or the address of one, belongs to, or nil for
// other values and where that is not known.
func (c *channels) family(v ssa.Value) *family {
	f, ok := c.known[v]
	if !ok {
		f = c.find(v)
		c.known[v] = f
	}
	if f == nil {
		return nil
	}
	return f.root()
}

func (c *channels) find(v ssa.Value) *family {
	for range 20 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.UnOp:
			if x.Op == token.MUL {
				v = x.X
				continue
			}
		case *ssa.FreeVar:
			if outer := bound(x); outer != nil {
				v = outer
				continue
			}
		}
		break
	}
	if !isChannel(v.Type()) {
		return nil
	}
	var key any = v
	switch x := v.(type) {
	case *ssa.Const:
		return nil
	case *ssa.FieldAddr, *ssa.Field:
		f := ir.FieldVar(x)
		if f == nil {
			return nil
		}
		key = f
	case *ssa.Global, *ssa.Alloc, *ssa.MakeChan, *ssa.Parameter, *ssa.Phi, *ssa.Call, *ssa.Extract:
	default:
		return nil
	}
	f := c.of[key]
	if f == nil {
		f = &family{}
		c.of[key] = f
		f.open = c.public(key)
		if named := c.declared(v.Type()); named != nil {
			if c.of[named] == nil {
				c.of[named] = &family{named: true}
			}
			c.join(f, c.of[named])
		}
	}
	return f
}

// isChannel reports whether t is a channel, or a pointer to one.
func isChannel(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// public reports whether other packages may assign to a variable.
func (c *channels) public(key any) bool {
	switch k := key.(type) {
	case *types.Var:
		return k.Exported() && c.prog.Types.Name() != "main"
	case *ssa.Global:
		return k.Object() == nil || k.Object().Exported() && c.prog.Types.Name() != "main"
	}
	return false
}

// declared returns the channel type of the package that t is, or points to.
func (c *channels) declared(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() != c.prog.Types || n.NumMethods() == 0 {
		return nil
	}
	return n.Obj()
}

// bound returns what a function literal captures as v.
func bound(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	if fn.Parent() == nil {
		return nil
	}
	for instr := range ir.Instrs(fn.Parent()) {
		if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
			for i, fv := range fn.FreeVars {
				if fv == v && i < len(mc.Bindings) {
					return mc.Bindings[i]
				}
			}
		}
	}
	return nil
}

// join makes two families one.
func (c *channels) join(x, y *family) {
	if x, y = x.root(), y.root(); x == y {
		return
	}
	y.parent = x
	x.made = append(x.made, y.made...)
	x.uses = append(x.uses, y.uses...)
	x.named = x.named || y.named
	x.other = x.other || y.other
	x.open = x.open || y.open
}

// flow notes that the value from gets to the place or value to.
func (c *channels) flow(from, to ssa.Value) {
	if !isChannel(from.Type()) {
		return
	}
	f := c.family(from)
	switch t := c.family(to); {
	case f == nil && t == nil:
	case f == nil:
		if k, ok := from.(*ssa.Const); !ok || !k.IsNil() {
			t.open = true
		}
	case t == nil:
		f.other = true
	default:
		c.join(f, t)
	}
}

// lost notes that a channel gets where it is not followed.
func (c *channels) lost(v ssa.Value) {
	if v == nil || !isChannel(v.Type()) {
		return
	}
	if f := c.family(v); f != nil {
		f.other = true
	}
}

// instruction notes what an instruction does with channels.
func (c *channels) instruction(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		if f := c.family(instr); f != nil { // not of a type parameter
			f.made = append(f.made, instr)
		}
	case *ssa.Store:
		c.flow(instr.Val, instr.Addr)
	case *ssa.Phi:
		for _, e := range instr.Edges {
			c.flow(e, instr)
		}
	case *ssa.Send:
		c.use(instr.Chan, use{instr, true, -1}, !isToken(instr.X))
		c.lost(instr.X)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			c.use(instr.X, use{instr, false, -1}, instr.CommaOk || isUsed(instr))
		}
	case *ssa.Select:
		c.choice(instr)
	case *ssa.MakeInterface:
		c.lost(instr.X)
	case *ssa.MapUpdate:
		c.lost(instr.Value)
	case *ssa.Slice, *ssa.MakeClosure, *ssa.DebugRef:
	case *ssa.Return:
		c.returned(instr)
	case ssa.CallInstruction:
		c.call(instr)
	}
}

// use notes an operation on a channel.
func (c *channels) use(ch ssa.Value, u use, other bool) {
	if f := c.family(ch); f != nil {
		f.uses = append(f.uses, u)
		f.other = f.other || other
	}
}

// choice notes the operations of a select.
func (c *channels) choice(sel *ssa.Select) {
	received := 0
	for i, state := range sel.States {
		if state.Dir == types.SendOnly {
			c.use(state.Chan, use{sel, true, i}, !isToken(state.Send))
			c.lost(state.Send)
			continue
		}
		c.use(state.Chan, use{sel, false, i}, part(sel, 1) || part(sel, 2+received))
		received++
	}
}

// part reports whether a part of a tuple is used.
func part(tuple ssa.Value, i int) bool {
	for _, ref := range *tuple.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i && isUsed(e) {
			return true
		}
	}
	return false
}

func isUsed(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.DebugRef); !ok {
			return true
		}
	}
	return false
}

// isToken reports whether a value that is sent says nothing: it is the same
// each time.
func isToken(v ssa.Value) bool {
	if s, ok := v.Type().Underlying().(*types.Struct); ok && s.NumFields() == 0 {
		return true
	}
	_, ok := v.(*ssa.Const)
	return ok
}

// returned follows results to the calls that are known.
func (c *channels) returned(ret *ssa.Return) {
	fn := ret.Parent()
	for i, r := range ret.Results {
		if !isChannel(r.Type()) {
			continue
		}
		if f := c.family(r); f != nil && c.callable(fn) && !f.named {
			f.other = true
		}
		for _, call := range c.prog.Callers(fn) {
			v := call.Value()
			if v == nil {
				continue
			}
			if len(ret.Results) == 1 {
				c.flow(r, v)
				continue
			}
			for _, ref := range *v.Referrers() {
				if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
					c.flow(r, e)
				}
			}
		}
	}
}

func (c *channels) call(call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() != "len" && b.Name() != "cap" {
			for _, arg := range common.Args {
				c.lost(arg)
			}
		}
		return
	}
	callee := c.prog.StaticCallee(call)
	if callee == nil || len(callee.Params) != len(common.Args) {
		for _, arg := range common.Args {
			c.lost(arg)
		}
		if v := call.Value(); v != nil {
			if f := c.family(v); f != nil {
				f.open = true
			}
		}
		return
	}
	for i, arg := range common.Args {
		c.flow(arg, callee.Params[i])
	}
}
