package skeleton

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/internal/api"
)

// A walker slices one function, literals included.
type walker struct {
	s   *Slicer
	f   *function
	sig *types.Signature // of the innermost function
	pre []*stmt          // to be executed before the statement at hand
	at  int              // its line
}

// unknown returns an unknown value of type t, which may lead to what it is made
// of. It is computed from what was taken away.
func (w *walker) unknown(t types.Type, from ...*expr) *expr {
	e := w.free(t, from...)
	e.weak = true
	return e
}

// free is like unknown for a value that may be any: the result of a call into the
// outside world.
func (w *walker) free(t types.Type, from ...*expr) *expr {
	e := join(unknownName+"["+w.spell(t)+"](", list(from), ")")
	e.unknown, e.weak = true, false
	if len(from) > 0 {
		e.effect = true
	}
	return e
}

// keep has the statement at hand preceded by one that gives values to code that
// cannot be seen.
func (w *walker) keep(es ...*expr) {
	if len(es) == 0 {
		return
	}
	e := join(keepName+"(", list(es), ")")
	e.effect = true
	w.pre = append(w.pre, &stmt{line: w.at, head: e})
}

// carriers returns those of some expressions, sliced, by which a primitive can be
// reached and whose values are known.
func (w *walker) carriers(es []ast.Expr) []*expr {
	var out []*expr
	for _, e := range es {
		if t := w.typeOf(e); t != nil && w.s.carries(t) && !isNilType(t) {
			if x := w.expr(e); !x.unknown || x.effect {
				out = append(out, x)
			}
		} else {
			w.effects(e)
		}
	}
	return out
}

// effects slices an expression for what it does alone.
func (w *walker) effects(e ast.Expr) {
	if !w.active(e) {
		return
	}
	if x := w.expr(e); x.effect || len(x.calls) > 0 {
		if call, ok := ast.Unparen(e).(*ast.CallExpr); !ok || !isConversion(w.s.Info, call) {
			w.pre = append(w.pre, &stmt{line: w.at, head: join("_=", x)})
		}
	}
}

// active reports whether evaluating an expression can do anything but compute.
func (w *walker) active(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

func isNilType(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

func (w *walker) typeOf(e ast.Expr) types.Type { return w.s.Info.TypeOf(e) }

// expr slices an expression of which the value is asked for.
func (w *walker) expr(e ast.Expr) *expr {
	e = ast.Unparen(e)
	tv, ok := w.s.Info.Types[e]
	if !ok {
		if id, isIdent := e.(*ast.Ident); isIdent {
			return w.ident(id)
		}
		fail("no type")
	}
	if tv.Value != nil {
		return w.constant(tv)
	}
	if tv.IsNil() {
		return text("nil")
	}
	switch e := e.(type) {
	case *ast.Ident:
		return w.ident(e)
	case *ast.CallExpr:
		return w.call(e)
	case *ast.FuncLit:
		return w.literal(e)
	case *ast.SelectorExpr:
		return w.selector(e)
	case *ast.UnaryExpr:
		if e.Op == token.ARROW {
			return w.unary(e, tv.Type)
		}
	}
	if !w.kept(tv.Type) {
		w.operands(e)
		return w.unknown(tv.Type)
	}
	switch e := e.(type) {
	case *ast.StarExpr:
		return w.derived(tv.Type, "*", e.X, "")
	case *ast.UnaryExpr:
		return w.unary(e, tv.Type)
	case *ast.BinaryExpr:
		return w.binary(e, tv.Type)
	case *ast.IndexExpr:
		return w.index(e, tv.Type)
	case *ast.SliceExpr:
		return w.slice(e, tv.Type)
	case *ast.TypeAssertExpr:
		x := w.expr(e.X)
		return join(x, ".("+w.spell(tv.Type)+")")
	case *ast.CompositeLit:
		return w.composite(e, tv.Type)
	}
	fail("expression %T", e)
	return nil
}

// operands slices what an expression is made of for its effects.
func (w *walker) operands(e ast.Expr) {
	switch e := e.(type) {
	case *ast.StarExpr:
		w.effects(e.X)
	case *ast.UnaryExpr:
		w.effects(e.X)
	case *ast.BinaryExpr:
		w.effects(e.X)
		w.effects(e.Y)
	case *ast.IndexExpr:
		w.effects(e.X)
		w.effects(e.Index)
	case *ast.SliceExpr:
		w.effects(e.X)
	case *ast.TypeAssertExpr:
		w.effects(e.X)
	case *ast.CompositeLit:
		for _, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Value
			}
			w.effects(x)
		}
	}
}

// maxString bounds the string constants that remain, in bytes. They are there to be
// compared; longer ones are messages.
const maxString = 12

func (w *walker) constant(tv types.TypeAndValue) *expr {
	switch tv.Value.Kind() {
	case constant.Bool, constant.Int:
		if b, ok := tv.Type.(*types.Basic); ok && (b.Kind() == types.Int || b.Info()&types.IsBoolean != 0 || b.Info()&types.IsUntyped != 0 && b.Info()&types.IsFloat == 0) {
			return text(tv.Value.ExactString())
		}
		return text(w.conversion(tv.Type) + "(" + tv.Value.ExactString() + ")")
	case constant.String:
		s := constant.StringVal(tv.Value)
		if len(s) <= maxString && !strings.Contains(s, skipStart) {
			if _, ok := tv.Type.(*types.Basic); ok {
				return text(strconv.Quote(s))
			}
			return text(w.conversion(tv.Type) + "(" + strconv.Quote(s) + ")")
		}
	}
	return w.free(tv.Type)
}

// conversion returns the text of a type that is to be called.
func (w *walker) conversion(t types.Type) string {
	s := w.spell(t)
	if strings.HasPrefix(s, "*") || strings.HasPrefix(s, "<-") || strings.HasPrefix(s, "func") || strings.HasPrefix(s, "chan") {
		return "(" + s + ")"
	}
	return s
}

func (w *walker) ident(id *ast.Ident) *expr {
	switch obj := w.s.Info.ObjectOf(id).(type) {
	case *types.Nil:
		return text("nil")
	case *types.Var:
		if w.isGlobal(obj) {
			if api.IsError(obj.Type()) {
				return &expr{parts: []part{{text: errName + "()"}}}
			}
			return w.unknown(obj.Type())
		}
		if !w.kept(obj.Type()) && !w.isParam(obj) {
			return w.unknown(obj.Type())
		}
		return &expr{parts: []part{{text: id.Name}}, uses: []*types.Var{obj}}
	case *types.Func:
		if obj.Pkg() == w.s.Pkg && obj.Signature().TypeParams() == nil {
			return &expr{parts: []part{{text: id.Name}}, calls: []*types.Func{obj}}
		}
		return w.unknown(obj.Type())
	case *types.Const:
		return w.unknown(obj.Type())
	}
	fail("name %s", id.Name)
	return nil
}

func (w *walker) isGlobal(v *types.Var) bool {
	return v.Parent() == w.s.Pkg.Scope() || v.Pkg() != w.s.Pkg
}

// isParam reports whether v is a parameter, receiver or result of the declared
// function, which stays whatever its type.
func (w *walker) isParam(v *types.Var) bool {
	sig := w.f.obj.Signature()
	if sig.Recv() == v {
		return true
	}
	for p := range sig.Params().Variables() {
		if p == v {
			return true
		}
	}
	return false
}

func (w *walker) selector(e *ast.SelectorExpr) *expr {
	sel := w.s.Info.Selections[e]
	if sel == nil { // pkg.Name
		switch obj := w.s.Info.Uses[e.Sel].(type) {
		case *types.Var:
			if api.IsError(obj.Type()) {
				return text(errName + "()")
			}
			return w.unknown(obj.Type())
		case *types.Func:
			return w.unknown(obj.Type())
		}
		fail("selector %s", e.Sel.Name)
	}
	t := w.typeOf(e)
	switch sel.Kind() {
	case types.FieldVal:
		if !w.kept(t) {
			w.effects(e.X)
			return w.unknown(t)
		}
		if !w.s.carries(w.typeOf(e.X)) {
			if x := w.place(e.X); x != nil {
				return join(x, "."+e.Sel.Name)
			}
			return w.unknown(t) // of what is not kept
		}
		return w.derived(t, "", e.X, "."+e.Sel.Name)
	case types.MethodVal:
		if !w.s.carries(w.typeOf(e.X)) {
			return w.unknown(t)
		}
		x := w.derived(t, "", e.X, "."+e.Sel.Name)
		if fn, ok := sel.Obj().(*types.Func); ok && fn.Pkg() == w.s.Pkg && !x.unknown {
			x.calls = append(x.calls, fn.Origin())
		}
		return x
	}
	fail("method expression")
	return nil
}

// place slices the name of plain data that can be reached from a parameter or from
// what is kept, and returns nil for other expressions.
func (w *walker) place(e ast.Expr) *expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := w.s.Info.Uses[e].(*types.Var); ok && !w.isGlobal(v) && (w.isParam(v) || w.kept(v.Type())) {
			return &expr{parts: []part{{text: e.Name}}, uses: []*types.Var{v}}
		}
	case *ast.SelectorExpr:
		if sel := w.s.Info.Selections[e]; sel != nil && sel.Kind() == types.FieldVal {
			if x := w.place(e.X); x != nil {
				return join(x, "."+e.Sel.Name)
			}
		}
	case *ast.StarExpr:
		if x := w.place(e.X); x != nil {
			return join("(*", x, ")")
		}
	}
	return nil
}

// derived returns before+x+after, of type t, or an unknown value if x is one.
func (w *walker) derived(t types.Type, before string, x ast.Expr, after string) *expr {
	v := w.expr(x)
	if v.unknown {
		out := w.free(t)
		if v.effect {
			out = w.free(t, v)
		}
		out.weak = v.weak
		return out
	}
	if before != "" {
		return join("("+before, v, after+")")
	}
	return join(v, after)
}

func (w *walker) unary(e *ast.UnaryExpr, t types.Type) *expr {
	switch e.Op {
	case token.ARROW:
		x := w.expr(e.X)
		x = join("(<-", x, ")")
		x.acts, x.effect = true, true
		return x
	case token.AND:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			x := w.composite(lit, w.typeOf(lit))
			if x.unknown {
				return w.unknown(t, x)
			}
			return join("(&", x, ")")
		}
		if !w.s.carries(w.typeOf(e.X)) {
			return w.unknown(t)
		}
		return w.derived(t, "&", e.X, "")
	case token.NOT, token.SUB, token.ADD, token.XOR:
		return w.derived(t, e.Op.String(), e.X, "")
	}
	fail("operator %s", e.Op)
	return nil
}

func (w *walker) binary(e *ast.BinaryExpr, t types.Type) *expr {
	if e.Op == token.LAND || e.Op == token.LOR {
		x := w.expr(e.X)
		n := len(w.pre)
		y := w.expr(e.Y)
		if len(w.pre) == n {
			return join("(", x, e.Op.String(), y, ")")
		}
		if y.effect {
			fail("a call in an operand of %s", e.Op)
		}
		// What the right operand does is done or not, and the value is unknown.
		maybe := &stmt{line: w.at, head: join("if ", w.unknown(types.Typ[types.Bool])), block: true, body: slices.Clone(w.pre[n:])}
		if x.effect {
			w.pre = append(w.pre[:n], &stmt{line: w.at, head: join("_=", x)}, maybe)
		} else {
			w.pre = append(w.pre[:n], maybe)
		}
		return w.unknown(t)
	}
	tx, ty := w.typeOf(e.X), w.typeOf(e.Y)
	if !isNilType(tx) && !w.kept(tx) || !isNilType(ty) && !w.kept(ty) {
		w.effects(e.X)
		w.effects(e.Y)
		return w.unknown(t)
	}
	if api.IsError(tx) && api.IsError(ty) {
		w.effects(e.X)
		w.effects(e.Y)
		return w.free(t) // which error it is
	}
	x, y := w.expr(e.X), w.expr(e.Y)
	if x.unknown && !x.effect && y.unknown && !y.effect {
		out := w.free(t)
		out.weak = x.weak || y.weak
		return out
	}
	if len(x.parts)+len(y.parts) > maxParts {
		fail("a long expression")
	}
	return join("(", x, " "+e.Op.String()+" ", y, ")")
}

// maxParts bounds the parts of a binary expression, which are copied for each operator.
const maxParts = 2000

func (w *walker) index(e *ast.IndexExpr, t types.Type) *expr {
	if _, ok := w.typeOf(e.X).Underlying().(*types.Signature); ok {
		fail("explicit instance")
	}
	if !w.s.carries(w.typeOf(e.X)) {
		w.effects(e.X)
		w.effects(e.Index)
		return w.unknown(t)
	}
	x := w.expr(e.X)
	if x.unknown {
		w.effects(e.Index)
		return w.unknown(t, x)
	}
	return join(x, "[", w.expr(e.Index), "]")
}

func (w *walker) slice(e *ast.SliceExpr, t types.Type) *expr {
	x := w.expr(e.X)
	if x.unknown {
		return w.derived(t, "", e.X, "")
	}
	bounds := []any{x, "["}
	for i, b := range []ast.Expr{e.Low, e.High, e.Max} {
		if i == 1 || i == 2 && b != nil {
			bounds = append(bounds, ":")
		}
		if b != nil {
			bounds = append(bounds, w.expr(b))
		}
	}
	return join(append(bounds, "]")...)
}

func (w *walker) composite(e *ast.CompositeLit, t types.Type) *expr {
	if p, ok := t.Underlying().(*types.Pointer); ok { // an element &T{} written as {}
		x := w.composite(e, p.Elem())
		if x.unknown {
			return w.unknown(t, x)
		}
		return join("(&", x, ")")
	}
	st, isStruct := t.Underlying().(*types.Struct)
	var items []*expr
	for i, el := range e.Elts {
		name := ""
		value := el
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			value = kv.Value
			if id, ok := kv.Key.(*ast.Ident); ok && isStruct {
				name = id.Name
			}
		} else if isStruct {
			name = st.Field(i).Name()
		}
		vt := w.elemType(t, st, name)
		if vt == nil || !w.kept(vt) {
			w.effects(value)
			continue
		}
		v := w.value(value, vt)
		if isStruct {
			v = join(name+":", v)
		}
		items = append(items, v)
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Slice:
		return join("("+w.conversion(t)+"{", list(items), "})")
	}
	return w.unknown(t, items...)
}

// elemType returns the type of an element or field of a composite type.
func (w *walker) elemType(t types.Type, st *types.Struct, name string) types.Type {
	if st != nil {
		for f := range st.Fields() {
			if f.Name() == name {
				return f.Type()
			}
		}
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return nil
}

// value slices an expression that is assigned to something of type t.
func (w *walker) value(e ast.Expr, t types.Type) *expr {
	if lit, ok := e.(*ast.CompositeLit); ok && lit.Type == nil {
		return w.composite(lit, t)
	}
	x := w.expr(e)
	if api.IsError(t) && !api.IsError(w.typeOf(e)) && !isNilType(w.typeOf(e)) && !types.IsInterface(w.typeOf(e)) {
		if x.effect || len(x.calls) > 0 || w.s.carries(w.typeOf(e)) {
			return x
		}
		return text(errName + "()")
	}
	return x
}

func (w *walker) literal(e *ast.FuncLit) *expr {
	sig := w.typeOf(e).(*types.Signature)
	inner := &walker{s: w.s, f: w.f, sig: sig}
	return join(&literal{sig: sig, body: inner.block(e.Body.List)})
}
