package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// Effects are what some code may do that others may wait for. They are finer than
// an Action: a send tells of what type the values are, and a Done of which field the
// group is. What cannot be told may be anything.
type Effects struct {
	list  []effect
	wild  bool // may do anything to what it can get at
	calls bool // calls function values
	exits bool // may end its goroutine from within
}

type effect struct {
	act   Action
	elem  types.Type // of the channel, for ActSend, ActReceive and ActClose
	field *types.Var // that holds the lock or group, or nil if that is not known
}

// maxScanned bounds the functions that are looked at for the effects of one.
const maxScanned = 400

// effectsOf returns the effects of a function, with those of the functions that it calls.
func (p *Program) effectsOf(fn *ssa.Function) *Effects {
	body := p.ir.Callee(fn)
	if body == nil {
		return &Effects{}
	}
	if e, ok := p.effects[body]; ok {
		return e
	}
	s := p.newScan()
	s.function(body)
	p.effects[body] = &s.Effects
	return &s.Effects
}

func (e *Effects) add(x effect) {
	for _, old := range e.list {
		if old == x {
			return
		}
	}
	e.list = append(e.list, x)
}

// join adds other effects.
func (e *Effects) join(o *Effects) {
	e.wild, e.calls, e.exits = e.wild || o.wild, e.calls || o.calls, e.exits || o.exits
	for _, x := range o.list {
		e.add(x)
	}
}

// onChan reports whether one of some actions may be performed on a channel.
func (e *Effects) onChan(acts Action, c *Chan) bool {
	if e.wild {
		return true
	}
	elem := c.elem()
	for _, x := range e.list {
		if x.act&acts != 0 && (elem == nil || alike(x.elem, elem)) {
			return true
		}
	}
	return false
}

// onPrim reports whether one of some actions may be performed on a lock or group.
func (e *Effects) onPrim(acts Action, p *Prim) bool {
	if e.wild {
		return true
	}
	field := p.field()
	for _, x := range e.list {
		if x.act&acts != 0 && (field == nil || x.field == nil || x.field == field.Origin()) {
			return true
		}
	}
	return false
}

// elem returns the type of what is sent over the channel, or nil.
func (c *Chan) elem() types.Type {
	if c.Site == nil {
		return nil
	}
	return elemOf(c.Site.Type())
}

func elemOf(t types.Type) types.Type {
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return nil
}

// field returns the field that holds a primitive, or nil.
func (p *Prim) field() *types.Var {
	if p.Cell == nil || p.Cell.Parent == nil {
		return nil
	}
	st, ok := p.Cell.Parent.Typ.Underlying().(*types.Struct)
	if !ok || p.Cell.Index < 0 || p.Cell.Index >= st.NumFields() {
		return nil
	}
	return st.Field(p.Cell.Index)
}

// alike reports whether two types may be the same, where type parameters may be
// anything.
func alike(a, b types.Type) bool {
	if a == nil || b == nil || types.Identical(a, b) {
		return true
	}
	a, b = types.Unalias(a), types.Unalias(b)
	for _, t := range []types.Type{a, b} {
		if _, ok := t.(*types.TypeParam); ok {
			return true
		}
	}
	switch a := a.(type) {
	case *types.Named:
		b, ok := b.(*types.Named)
		return ok && a.TypeArgs().Len() > 0 && a.Origin() == b.Origin()
	case *types.Pointer:
		b, ok := b.(*types.Pointer)
		return ok && alike(a.Elem(), b.Elem())
	case *types.Slice:
		b, ok := b.(*types.Slice)
		return ok && alike(a.Elem(), b.Elem())
	case *types.Chan:
		b, ok := b.(*types.Chan)
		return ok && alike(a.Elem(), b.Elem())
	case *types.Map, *types.Array, *types.Signature, *types.Struct, *types.Interface:
		return true // seldom sent, and not worth the trouble
	}
	return false
}

// fieldOf returns the field that an address is that of, the same for all instances of a
// generic type.
func fieldOf(at *ssa.FieldAddr) *types.Var {
	if f := ir.FieldVar(at); f != nil {
		return f.Origin()
	}
	return nil
}

// newScan returns a scan that has seen nothing.
func (p *Program) newScan() scan {
	return scan{p: p, seen: make(map[*ssa.Function]bool), sets: make(map[*types.Var]bool)}
}

// A scan collects effects.
type scan struct {
	Effects
	p    *Program
	seen map[*ssa.Function]bool
	sets map[*types.Var]bool // fields that are set
}

func (s *scan) function(fn *ssa.Function) {
	if s.seen[fn] || s.wild {
		return
	}
	if len(s.seen) >= maxScanned {
		s.wild = true
		return
	}
	s.seen[fn] = true
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			s.instr(in)
		}
	}
}

// callee adds the effects of a function that is named in the code.
func (s *scan) callee(fn *ssa.Function) {
	if body := s.p.ir.Callee(fn); body != nil {
		s.function(body)
	}
}

func (s *scan) instr(in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Send:
		s.add(effect{act: ActSend, elem: elemOf(in.Chan.Type())})
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			s.add(effect{act: ActReceive, elem: elemOf(in.X.Type())})
		}
	case *ssa.Select:
		for _, st := range in.States {
			act := ActReceive
			if st.Dir == types.SendOnly {
				act = ActSend
			}
			s.add(effect{act: act, elem: elemOf(st.Chan.Type())})
		}
	case *ssa.Store:
		if at, ok := in.Addr.(*ssa.FieldAddr); ok {
			s.sets[fieldOf(at)] = true
		}
	case *ssa.MakeClosure:
		s.callee(in.Fn.(*ssa.Function))
	case ssa.CallInstruction:
		s.call(in)
	}
}

func (s *scan) call(in ssa.CallInstruction) {
	c := in.Common()
	for _, a := range c.Args {
		if fn, ok := a.(*ssa.Function); ok {
			s.callee(fn)
		} else if _, ok := a.Type().Underlying().(*types.Signature); ok {
			s.dynamic()
		}
	}
	if c.IsInvoke() {
		s.invoke(c)
		return
	}
	switch fn := c.Value.(type) {
	case *ssa.Builtin:
		if fn.Name() == "close" {
			s.add(effect{act: ActClose, elem: elemOf(c.Args[0].Type())})
		}
	case *ssa.MakeClosure: // which is an instruction of its own
	case *ssa.Function:
		s.static(in, fn)
	default:
		s.dynamic()
		s.unseen(c, nil)
	}
}

// dynamic notes the call of a function value, which may be a CancelFunc.
func (s *scan) dynamic() {
	s.calls = true
	s.add(effect{act: ActCancel})
}

// onField notes an action on the lock or group that is the first argument.
func (s *scan) onField(act Action, c *ssa.CallCommon) {
	x := effect{act: act}
	if len(c.Args) > 0 {
		if at, ok := c.Args[0].(*ssa.FieldAddr); ok {
			x.field = fieldOf(at)
		}
	}
	s.add(x)
}

func (s *scan) static(in ssa.CallInstruction, fn *ssa.Function) {
	c := in.Common()
	obj, _ := fn.Object().(*types.Func)
	switch api.Of(obj) {
	case api.WGDone, api.WGAdd:
		s.onField(ActDone, c)
	case api.Unlock, api.RUnlock:
		s.onField(ActUnlock, c)
	case api.CondWait:
		s.add(effect{act: ActUnlock})
	case api.CondWake:
		s.add(effect{act: ActSignal})
	case api.SemRelease:
		s.add(effect{act: ActRelease})
	case api.EGWait:
		s.add(effect{act: ActCancel})
	case api.None:
		if body := s.p.ir.Callee(fn); body != nil {
			s.function(body)
			return
		}
		s.exits = s.exits || endsGoroutine(obj)
		s.unseen(c, obj)
	}
}

// endsGoroutine reports whether a function ends the goroutine that calls it, and not the
// process.
func endsGoroutine(obj *types.Func) bool {
	return api.NoReturn(obj) && obj.Pkg() != nil && (obj.Pkg().Path() == "runtime" || obj.Signature().Recv() != nil)
}

// invoke adds the effects of the methods of the program that a call through an interface
// may lead to.
func (s *scan) invoke(c *ssa.CallCommon) {
	switch api.Of(c.Method) {
	case api.Unlock, api.RUnlock:
		s.add(effect{act: ActUnlock})
		return
	case api.None:
	default:
		return
	}
	if s.p.method[c.Method.Name()] {
		it, _ := c.Value.Type().Underlying().(*types.Interface)
		for _, fn := range s.p.methodsNamed(c.Method.Name()) {
			if it == nil || s.p.implements(fn.Signature.Recv().Type(), it) || s.p.implements(types.NewPointer(fn.Signature.Recv().Type()), it) {
				s.function(fn)
			}
		}
	}
	s.exits = s.exits || endsGoroutine(c.Method)
	s.unseen(c, c.Method)
}

// methodsNamed returns the methods of a name in which something matters.
func (p *Program) methodsNamed(name string) []*ssa.Function {
	if p.named == nil {
		p.named = make(map[string][]*ssa.Function)
		for _, fns := range [][]*ssa.Function{p.ir.Funcs, p.ir.Linked} {
			for _, fn := range fns {
				if fn.Signature.Recv() != nil && p.relevant[fn] {
					p.named[fn.Name()] = append(p.named[fn.Name()], fn)
				}
			}
		}
	}
	return p.named[name]
}

// unseen notes what a function may do that cannot be seen: anything to the objects of
// this package that it is given.
func (s *scan) unseen(c *ssa.CallCommon, obj *types.Func) {
	if keeps, _ := s.p.ir.External(obj); obj != nil && !keeps {
		return
	}
	for _, a := range c.Args {
		if s.gives(a, 0) {
			s.wild = true
		}
	}
}

// gives reports whether a value may lead to an object of this package that is
// waited for. An object of another package leads there only if it was given it.
func (s *scan) gives(v ssa.Value, depth int) bool {
	t := v.Type()
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return depth < 3 && s.gives(x.X, depth+1)
	case *ssa.Const:
		return false
	case *ssa.Slice:
		// The arguments of a variadic function.
		if a, ok := x.X.(*ssa.Alloc); ok && depth < 3 {
			return s.givesElement(a, depth)
		}
	}
	if api.IsContext(t) || api.IsError(t) {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if n := api.Named(t); n != nil && n.Obj().Pkg() != s.p.ir.Types && n.TypeArgs().Len() == 0 && !api.IsPrimitive(n) {
		_, isInterface := n.Underlying().(*types.Interface)
		return isInterface && s.p.matters(n)
	}
	return s.p.matters(t)
}

// givesElement reports whether something that is stored in an array gives away an object.
func (s *scan) givesElement(array *ssa.Alloc, depth int) bool {
	for _, ref := range *array.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *at.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == at && s.gives(st.Val, depth+1) {
				return true
			}
		}
	}
	return false
}
