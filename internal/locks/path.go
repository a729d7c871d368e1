package locks

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// A Path names a place in memory, or a value, by how a function gets to it: a
// root, and then fields, elements and pointers. Two expressions with the same
// Path in one function are the same place, as long as nothing on the way was
// stored to and no value in the Path was computed anew. Paths are interned:
// equal ones are identical.
type Path struct {
	Base *Path     // what the last step starts from, or nil for a root
	Root ssa.Value // of a root that is a value

	Field *types.Var // the step selects a field
	Deref bool       // the step loads what the place holds
	other string     // another step: an index, a result, or the name of a pure expression
	with  *Path      // of a comparison with what is no constant: the other operand

	id     int
	values []ssa.Value // that are computed where the path is used, and may be again
}

// stepReader leads from an RWMutex to the Locker that locks it for reading.
const stepReader = "RLocker()"

// Var returns the field or package-level variable that the path ends in, as
// declared, or nil.
func (p *Path) Var() *types.Var {
	if p.Field != nil {
		return p.Field
	}
	if p.Base == nil {
		if g, ok := p.Root.(*ssa.Global); ok {
			v, _ := g.Object().(*types.Var)
			return v
		}
		return nil
	}
	if p.Deref {
		return p.Base.Var() // a pointer in the variable
	}
	return nil
}

// First returns the root of the path.
func (p *Path) First() *Path {
	for p.Base != nil {
		p = p.Base
	}
	return p
}

// within reports whether the path is prefix or goes through it.
func (p *Path) within(prefix *Path) bool {
	for ; p != nil; p = p.Base {
		if p == prefix {
			return true
		}
	}
	return false
}

// involves reports whether prefix is on the way of the path, or of what it is compared
// with.
func (p *Path) involves(prefix *Path) bool {
	for q := p; q != nil; q = q.Base {
		if q == prefix || q.with != nil && q.with.involves(prefix) {
			return true
		}
	}
	return false
}

// loads reports whether the path, or what it is compared with, goes through one of some
// variables, as place has them.
func (p *Path) loads(vars map[any]bool) bool {
	for q := p; q != nil; q = q.Base {
		if q.Deref && vars[place(q.Base)] || q.with != nil && q.with.loads(vars) {
			return true
		}
	}
	return false
}

// uses reports whether the path depends on a value.
func (p *Path) uses(v ssa.Value) bool {
	for _, u := range p.values {
		if u == v {
			return true
		}
	}
	return false
}

// Steps returns the steps of the path below prefix, in words that compare.
func (p *Path) Steps(prefix *Path) string {
	var parts []string
	for ; p != prefix && p != nil && p.Base != nil; p = p.Base {
		switch {
		case p.Field != nil:
			parts = append(parts, "."+p.Field.Name())
		case p.Deref:
			parts = append(parts, "*")
		default:
			parts = append(parts, p.other)
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "")
}

type pathKey struct {
	base  *Path
	root  ssa.Value
	field *types.Var
	deref bool
	other string
}

// paths interns the paths of one program.
type paths struct {
	prog  *ir.Program
	all   map[pathKey]*Path
	of    map[ssa.Value]*Path
	cells map[*ssa.Alloc]ssa.Value // see content
}

func newPaths(prog *ir.Program) *paths {
	return &paths{prog: prog, all: make(map[pathKey]*Path), of: make(map[ssa.Value]*Path), cells: make(map[*ssa.Alloc]ssa.Value)}
}

func (t *paths) intern(k pathKey, values []ssa.Value) *Path {
	if p := t.all[k]; p != nil {
		return p
	}
	p := &Path{Base: k.base, Root: k.root, Field: k.field, Deref: k.deref, other: k.other, id: len(t.all), values: values}
	t.all[k] = p
	return p
}

func (t *paths) root(v ssa.Value) *Path {
	var values []ssa.Value
	if _, ok := v.(ssa.Instruction); ok {
		values = []ssa.Value{v}
	}
	return t.intern(pathKey{root: v}, values)
}

func (t *paths) field(base *Path, f *types.Var) *Path {
	return t.intern(pathKey{base: base, field: f}, base.values)
}

// deref returns what the place at base holds, under the name that it has
// already, if it is certain to hold that.
func (t *paths) deref(base *Path) *Path {
	if a, ok := base.Root.(*ssa.Alloc); ok {
		if c := t.content(a); c != nil {
			return t.Of(c)
		}
	}
	if base.Field != nil {
		if p := t.given(base.Base, base.Field); p != nil {
			return p
		}
	}
	return t.intern(pathKey{base: base, deref: true}, base.values)
}

func (t *paths) step(base *Path, other string, also []ssa.Value) *Path {
	values := base.values
	if len(also) > 0 {
		values = append(values[:len(values):len(values)], also...)
	}
	return t.intern(pathKey{base: base, other: other}, values)
}

// result names a result of a call that has several.
func (t *paths) result(call ssa.Value, i int) *Path {
	return t.step(t.root(call), "#"+strconv.Itoa(i), nil)
}

// Of returns the path of a value.
func (t *paths) Of(v ssa.Value) *Path {
	if p := t.of[v]; p != nil {
		return p
	}
	t.of[v] = t.root(v) // ends a cycle of phis
	p := t.compute(v)
	t.of[v] = p
	return p
}

func (t *paths) compute(v ssa.Value) *Path {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		if f := ir.FieldVar(v); f != nil {
			return t.field(t.Of(v.X), f)
		}
	case *ssa.Field:
		if f := ir.FieldVar(v); f != nil {
			return t.field(t.Of(v.X), f)
		}
	case *ssa.IndexAddr:
		return t.index(t.Of(v.X), v.Index)
	case *ssa.Index:
		return t.index(t.Of(v.X), v.Index)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return t.deref(t.Of(v.X))
		}
	case *ssa.ChangeType:
		return t.Of(v.X)
	case *ssa.ChangeInterface:
		return t.Of(v.X)
	case *ssa.MakeInterface:
		return t.Of(v.X)
	case *ssa.Extract:
		return t.result(v.Tuple, v.Index)
	case *ssa.BinOp:
		return t.expression(v)
	case *ssa.Call:
		return t.call(v)
	}
	return t.root(v)
}

// expression names a comparison or sum by its operands, so that two of the
// same are one.
func (t *paths) expression(v *ssa.BinOp) *Path {
	return t.compared(t.Of(v.X), v.Op, v.Y)
}

// compared names what an operator makes of the value at x and another one.
func (t *paths) compared(x *Path, op token.Token, v ssa.Value) *Path {
	if c, ok := v.(*ssa.Const); ok {
		return t.step(x, op.String()+constName(c), nil)
	}
	return t.compare(x, op.String(), t.Of(v))
}

func (t *paths) compare(x *Path, op string, y *Path) *Path {
	p := t.step(x, op+"@"+strconv.Itoa(y.id), y.values)
	p.with = y
	return p
}

func (t *paths) operand(v ssa.Value, p *Path) string {
	if c, ok := v.(*ssa.Const); ok {
		return constName(c)
	}
	return "@" + strconv.Itoa(p.id)
}

func (t *paths) index(base *Path, i ssa.Value) *Path {
	p := t.Of(i)
	return t.step(base, "["+t.operand(i, p)+"]", p.values)
}

// call names what is the same however often it is called.
func (t *paths) call(v *ssa.Call) *Path {
	if ir.IsBuiltin(&v.Call, "len") {
		return t.step(t.Of(v.Call.Args[0]), "len", nil)
	}
	if obj := ir.Object(&v.Call); obj != nil && obj.Name() == "RLocker" && api.IsLock(obj.Signature().Recv().Type()) && len(v.Call.Args) == 1 {
		return t.step(t.Of(v.Call.Args[0]), stepReader, nil)
	}
	return t.root(v)
}

func constName(c *ssa.Const) string {
	if c.Value == nil {
		return "nil"
	}
	if c.Value.Kind() == constant.String && len(c.Value.ExactString()) > 40 {
		return c.Value.ExactString()[:40]
	}
	return c.Value.ExactString()
}

// content returns the one value that a variable ever holds, or nil: that of a
// parameter or variable that closures capture, and nobody assigns to again.
func (t *paths) content(a *ssa.Alloc) ssa.Value {
	if v, ok := t.cells[a]; ok {
		return v
	}
	var value ssa.Value
	stores := 0
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != a {
				stores += 2 // its address is kept
			}
			value = ref.Val
			stores++
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			if storesTo(ref.Fn.(*ssa.Function), closureVar(ref, a)) {
				stores += 2
			}
		default:
			stores += 2
		}
	}
	if stores != 1 || !storedFirst(a) {
		value = nil
	}
	t.cells[a] = value
	return value
}

// storedFirst reports whether a variable is assigned to before anything else is
// done with it.
func storedFirst(a *ssa.Alloc) bool {
	after := a.Block().Instrs[ir.Index(a)+1:]
	for _, instr := range after {
		for _, op := range instr.Operands(nil) {
			if *op == ssa.Value(a) {
				st, ok := instr.(*ssa.Store)
				return ok && st.Addr == a
			}
		}
	}
	return false
}

// closureVar returns the free variable to which a closure binds v.
func closureVar(mc *ssa.MakeClosure, v ssa.Value) *ssa.FreeVar {
	for i, b := range mc.Bindings {
		if b == v {
			return mc.Fn.(*ssa.Function).FreeVars[i]
		}
	}
	return nil
}

// storesTo reports whether a function literal, or one in it, may change a
// captured variable.
func storesTo(fn *ssa.Function, v *ssa.FreeVar) bool {
	if v == nil {
		return true
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			if storesTo(ref.Fn.(*ssa.Function), closureVar(ref, v)) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// given returns what was passed to the call that returned the object at p, if
// the function called makes an object with that in field f.
func (t *paths) given(p *Path, f *types.Var) *Path {
	i := 0
	if p.Base != nil && strings.HasPrefix(p.other, "#") {
		i, _ = strconv.Atoi(p.other[1:])
		p = p.Base
	}
	call, ok := p.Root.(*ssa.Call)
	if !ok {
		return nil
	}
	callee := t.prog.StaticCallee(call)
	if callee == nil || len(callee.Params) != len(call.Call.Args) {
		return nil
	}
	param := fieldFrom(callee, i, f)
	for j, q := range callee.Params {
		if param == q {
			return t.Of(call.Call.Args[j])
		}
	}
	return nil
}

// fieldFrom returns the parameter that a function puts into a field of the
// object that it makes and returns as its i-th result, or nil.
func fieldFrom(fn *ssa.Function, i int, f *types.Var) *ssa.Parameter {
	var from *ssa.Parameter
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			continue
		}
		if c, ok := ret.Results[i].(*ssa.Const); ok && c.IsNil() {
			continue
		}
		a, ok := ret.Results[i].(*ssa.Alloc)
		if !ok {
			return nil
		}
		p := storedInto(a, f)
		if p == nil || from != nil && from != p {
			return nil
		}
		from = p
	}
	return from
}

func storedInto(a *ssa.Alloc, f *types.Var) *ssa.Parameter {
	for _, ref := range *a.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || ir.FieldVar(fa) != f {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				p, _ := st.Val.(*ssa.Parameter)
				return p
			}
		}
	}
	return nil
}
