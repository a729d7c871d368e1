// Package fields looks at a struct field or package-level variable over the
// whole package: which operations are performed on the channel or group in it,
// in which functions, and whether it gets into hands that cannot be seen.
//
// It does not tell one struct from another: what it says holds for the field
// in all values of the type. That suits objects whose life is spread over
// methods, made in a constructor and closed in Close.
package fields

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// A Use is one operation on what a variable holds.
type Use struct {
	Kind  model.OpKind
	Call  api.Op // for model.Method
	Instr ssa.Instruction
	Fn    *ssa.Function
}

// A Var is what is known of one field or package-level variable.
type Var struct {
	Uses []Use

	// Leaks is set when code that is not followed may operate on the value:
	// the variable is exported, or its value is passed on, stored elsewhere,
	// or returned to unknown callers.
	Leaks bool

	// Made lists the instructions that store a fresh channel or group.
	Made []ssa.Instruction
}

// Has reports whether any use satisfies want.
func (v *Var) Has(want func(Use) bool) bool {
	for _, u := range v.Uses {
		if want(u) {
			return true
		}
	}
	return false
}

// An Index answers for one package.
type Index struct {
	prog  *ir.Program
	sites map[*types.Var][]ssa.Value // the addresses or values of a field
	vars  map[*types.Var]*Var
}

// New indexes the fields and variables that the package's functions select.
func New(prog *ir.Program) *Index {
	x := &Index{prog: prog, sites: make(map[*types.Var][]ssa.Value), vars: make(map[*types.Var]*Var)}
	globals := make(map[*ssa.Global]bool)
	for _, fn := range prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if v, ok := instr.(ssa.Value); ok {
					if f := ir.FieldVar(v); f != nil {
						x.sites[f] = append(x.sites[f], v)
					}
				}
				for _, op := range instr.Operands(nil) {
					if g, ok := (*op).(*ssa.Global); ok && !globals[g] {
						globals[g] = true
						if obj, ok := g.Object().(*types.Var); ok {
							x.sites[obj] = append(x.sites[obj], g)
						}
					}
				}
			}
		}
	}
	return x
}

// Of returns what is known of a field or variable; never nil.
func (x *Index) Of(v *types.Var) *Var {
	known := x.vars[v]
	if known != nil {
		return known
	}
	known = x.inside(v)
	known.Leaks = known.Leaks || exported(v) || v.Pkg() != x.prog.Types
	x.vars[v] = known
	return known
}

// Sites returns where the package's functions select a field: the addresses and values
// that they get.
func (x *Index) Sites(f *types.Var) []ssa.Value { return x.sites[f] }

// exported reports whether other packages may select a field or variable.
func exported(v *types.Var) bool {
	return v.Exported() && v.Pkg() != nil && v.Pkg().Name() != "main"
}

// inside returns what the package does with a field or variable.
func (x *Index) inside(v *types.Var) *Var {
	t := x.tracer(v)
	for _, site := range x.sites[v] {
		if g, ok := site.(*ssa.Global); ok {
			t.global(g)
			continue
		}
		level := level(0)
		if _, ok := site.(*ssa.FieldAddr); ok {
			level = 1
		}
		t.trace(site, level)
	}
	return t.v
}

// A level says what a value is: 0 is what the variable holds, 1 the variable's
// address, 2 the address of a variable with that address, and so on.
type level int8

type traced struct {
	v     ssa.Value
	level level
}

// A tracer follows a value forward through the package.
type tracer struct {
	x    *Index
	v    *Var
	self *types.Var // nil for a local variable
	seen map[traced]bool
}

func (x *Index) tracer(self *types.Var) *tracer {
	return &tracer{x: x, v: &Var{}, self: self, seen: make(map[traced]bool)}
}

// global traces the uses of a package-level variable, which has no referrers
// of its own.
func (t *tracer) global(g *ssa.Global) {
	for _, fn := range t.x.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				for _, op := range instr.Operands(nil) {
					if *op == g {
						t.use(instr, g, 1)
					}
				}
			}
		}
	}
}

// trace visits the uses of a value: of the address of the variable, or of what
// it holds.
func (t *tracer) trace(v ssa.Value, l level) {
	if t.seen[traced{v, l}] {
		return
	}
	t.seen[traced{v, l}] = true
	refs := v.Referrers()
	if refs == nil {
		return
	}
	for _, instr := range *refs {
		t.use(instr, v, l)
	}
}

func (t *tracer) op(kind model.OpKind, call api.Op, instr ssa.Instruction) {
	t.v.Uses = append(t.v.Uses, Use{kind, call, instr, instr.Parent()})
}

func (t *tracer) use(instr ssa.Instruction, v ssa.Value, l level) {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.If, *ssa.BinOp:
	case *ssa.UnOp:
		switch {
		case instr.Op == token.ARROW:
			t.op(model.Receive, api.None, instr)
		case l > 0 && instr.Op == token.MUL:
			t.trace(instr, l-1)
		}
	case *ssa.Store:
		t.store(instr, v, l)
	case *ssa.Send:
		if instr.Chan == v {
			t.op(model.Send, api.None, instr)
		}
		if instr.X == v {
			t.leak(v)
		}
	case *ssa.Select:
		for _, s := range instr.States {
			switch {
			case s.Chan == v && s.Dir == types.SendOnly:
				t.op(model.Send, api.None, instr)
			case s.Chan == v:
				t.op(model.Receive, api.None, instr)
			case s.Send == v:
				t.leak(v)
			}
		}
	case *ssa.Phi, *ssa.ChangeType:
		t.trace(instr.(ssa.Value), l)
	case *ssa.MakeClosure:
		for i, b := range instr.Bindings {
			if b == v {
				t.trace(instr.Fn.(*ssa.Function).FreeVars[i], l)
			}
		}
	case *ssa.Return:
		t.returned(instr, v, l)
	case ssa.CallInstruction:
		t.call(instr, v, l)
	case *ssa.FieldAddr, *ssa.Field, *ssa.IndexAddr, *ssa.Index, *ssa.Lookup, *ssa.Range, *ssa.Slice:
		// A part of the value: another variable, or an element that counts as
		// leaked where it is a channel.
		if !isStruct(v.Type()) {
			t.leak(instr.(ssa.Value))
		}
	default:
		t.leak(v)
	}
}

func isStruct(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func (t *tracer) store(instr *ssa.Store, v ssa.Value, l level) {
	if instr.Addr == v && l == 1 {
		switch val := instr.Val.(type) {
		case *ssa.Const:
		case *ssa.MakeChan:
			t.v.Made = append(t.v.Made, instr)
			t.trace(val, 0)
		default:
			// The value lives on under another name.
			t.v.Made = append(t.v.Made, instr)
			t.trace(val, 0)
			if !local(val) {
				t.leak(val)
			}
		}
		return
	}
	if instr.Val != v {
		return
	}
	switch to := instr.Addr.(type) {
	case *ssa.Alloc:
		t.trace(to, l+1)
	case *ssa.FieldAddr:
		if ir.FieldVar(to) != t.self {
			t.leak(v)
		}
	case *ssa.Global:
		if to.Object() != t.self {
			t.leak(v)
		}
	default:
		t.leak(v)
	}
}

// local reports whether a value comes into being in its function, so that
// tracing it forward sees all of its uses.
func local(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return isGroup(v.Type())
	case *ssa.ChangeType:
		return local(v.X)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && ir.Op(&call.Call) == api.EGWithContext
	case *ssa.Call:
		return api.MakerOf(ir.Object(&v.Call)) == api.NewCond
	}
	return false
}

// leak notes that v gets where it is not followed, unless it is a channel that
// nobody can close or send on there.
func (t *tracer) leak(v ssa.Value) {
	if c, ok := v.Type().Underlying().(*types.Chan); ok && c.Dir() == types.RecvOnly {
		return
	}
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b != nil {
		return
	}
	t.v.Leaks = true
}

// returned follows a result to the callers, where all of them are known.
func (t *tracer) returned(instr *ssa.Return, v ssa.Value, l level) {
	fn := instr.Parent()
	callers := t.x.prog.Callers(fn)
	if obj := fn.Object(); obj == nil || obj.Exported() || len(callers) == 0 {
		t.leak(v)
		if obj == nil || len(callers) == 0 {
			return
		}
	}
	for _, call := range callers {
		value := call.Value()
		if value == nil {
			continue
		}
		if len(instr.Results) == 1 {
			t.trace(value, l)
			continue
		}
		for _, ref := range *value.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && instr.Results[e.Index] == v {
				t.trace(e, l)
			}
		}
	}
}

func (t *tracer) call(instr ssa.CallInstruction, v ssa.Value, l level) {
	common := instr.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "close":
			t.op(model.Close, api.None, instr)
		case "append":
			t.leak(v)
		}
		return
	}
	if op := ir.Op(common); op != api.None {
		recv := common.Value
		if !common.IsInvoke() && len(common.Args) > 0 {
			recv = common.Args[0]
		}
		if recv == v {
			t.op(model.Method, op, instr)
			return
		}
	}
	callee := t.x.prog.StaticCallee(instr)
	for i, arg := range common.Args {
		if arg != v {
			continue
		}
		if callee != nil && !common.IsInvoke() && len(callee.Params) == len(common.Args) {
			t.trace(callee.Params[i], l)
			continue
		}
		if keeps, _ := t.x.prog.External(ir.Object(common)); keeps {
			t.leak(v)
		}
	}
}
