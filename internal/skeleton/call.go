package skeleton

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

func isConversion(info *types.Info, call *ast.CallExpr) bool {
	tv := info.Types[ast.Unparen(call.Fun)]
	return tv.IsType()
}

// call slices a call of which the value is asked for. A call with no or several
// results has the text of the call, or is unknown.
func (w *walker) call(e *ast.CallExpr) *expr {
	t := w.typeOf(e)
	if isConversion(w.s.Info, e) {
		return w.convert(e, t)
	}
	switch callee := typeutil.Callee(w.s.Info, e).(type) {
	case *types.Builtin:
		return w.builtin(e, callee.Name(), t)
	case *types.Func:
		return w.funcCall(e, callee, t)
	}
	// A function value.
	if lit, ok := ast.Unparen(e.Fun).(*ast.FuncLit); ok {
		x := join(w.literal(lit), "(", w.args(e, w.typeOf(lit).(*types.Signature)), ")")
		x.effect, x.weak = true, false
		return x
	}
	fn := w.expr(e.Fun)
	sig, ok := w.typeOf(e.Fun).Underlying().(*types.Signature)
	if !ok {
		fail("call of %s", w.typeOf(e.Fun))
	}
	if fn.unknown {
		return w.onUnknown(e, fn, t)
	}
	x := join(fn, "(", w.args(e, sig), ")")
	x.effect, x.weak = true, false
	return x
}

// opaque is a call of something that cannot be seen and is given args.
func (w *walker) opaque(t types.Type, args []*expr) *expr {
	if t == nil || isVoid(t) {
		e := join(keepName+"(", list(args), ")")
		e.effect, e.unknown = len(args) > 0, true
		return e
	}
	if _, ok := t.(*types.Tuple); ok {
		w.keep(args...)
		return &expr{unknown: true}
	}
	return w.free(t, args...)
}

// query is like opaque for a call on recv. What a method tells of an object that the
// function did not make itself is state, and the program may know it.
func (w *walker) query(t types.Type, recv ast.Expr, args []*expr) *expr {
	x := w.opaque(t, args)
	if recv != nil && t != nil && !api.IsError(t) && w.local(recv) == nil {
		x.weak = true
	}
	return x
}

func isVoid(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() == 0
}

func (w *walker) convert(e *ast.CallExpr, t types.Type) *expr {
	if !w.kept(t) || !w.kept(w.typeOf(e.Args[0])) && !isNilType(w.typeOf(e.Args[0])) {
		w.effects(e.Args[0])
		return w.unknown(t)
	}
	x := w.expr(e.Args[0])
	if x.unknown {
		if x.effect {
			return w.unknown(t, x)
		}
		return w.unknown(t)
	}
	return join(w.conversion(t)+"(", x, ")")
}

// args slices the arguments of a call that stays.
func (w *walker) args(e *ast.CallExpr, sig *types.Signature) *expr {
	var out []*expr
	n := sig.Params().Len()
	for i, a := range e.Args {
		var pt types.Type
		switch {
		case sig.Variadic() && i >= n-1:
			pt = sig.Params().At(n - 1).Type()
			if sl, ok := pt.(*types.Slice); ok && !e.Ellipsis.IsValid() {
				pt = sl.Elem()
			}
		case i < n:
			pt = sig.Params().At(i).Type()
		default:
			fail("arguments")
		}
		if tuple, ok := w.typeOf(a).(*types.Tuple); ok && tuple.Len() > 1 {
			fail("f(g()) with several results")
		}
		at := w.typeOf(a)
		if isNilType(at) {
			out = append(out, text("nil"))
			continue
		}
		if !w.kept(at) {
			w.effects(a)
			if types.IsInterface(pt) || hasTypeParam(pt) {
				pt = at
			}
			out = append(out, w.unknown(pt))
			continue
		}
		out = append(out, w.value(a, pt))
	}
	x := list(out)
	if e.Ellipsis.IsValid() {
		x = join(x, "...")
	}
	return x
}

// hasTypeParam reports whether a type may have type parameters in it, which cannot be
// spelled out of their function.
func hasTypeParam(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Slice:
		return hasTypeParam(t.Elem())
	case *types.Pointer:
		return hasTypeParam(t.Elem())
	case *types.Chan:
		return hasTypeParam(t.Elem())
	case *types.Map:
		return hasTypeParam(t.Key()) || hasTypeParam(t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			if hasTypeParam(v.Type()) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if hasTypeParam(v.Type()) {
				return true
			}
		}
	case *types.Named:
		return t.TypeArgs() != nil
	}
	return false
}

func (w *walker) builtin(e *ast.CallExpr, name string, t types.Type) *expr {
	switch name {
	case "close":
		x := join("close(", w.expr(e.Args[0]), ")")
		x.acts, x.effect = true, true
		return x
	case "panic":
		w.effects(e.Args[0])
		x := text("panic(0)")
		x.effect = true
		return x
	case "recover":
		x := text("recover()")
		x.effect = true
		return x
	case "len", "cap":
		at := w.typeOf(e.Args[0])
		_, isIdent := ast.Unparen(e.Args[0]).(*ast.Ident)
		if !w.s.carries(at) && !isIdent {
			if x := w.place(e.Args[0]); x != nil {
				return join(name+"(", x, ")")
			}
			w.effects(e.Args[0])
			return w.unknown(t)
		}
		x := w.expr(e.Args[0])
		if x.unknown {
			return w.unknown(t)
		}
		return join(name+"(", x, ")")
	case "make":
		if !w.s.carries(t) {
			return w.unknown(t)
		}
		items := []*expr{text(w.spell(t))}
		for _, a := range e.Args[1:] {
			items = append(items, w.expr(a))
		}
		x := join("make(", list(items), ")")
		_, x.acts = t.Underlying().(*types.Chan)
		x.starts = x.acts
		return x
	case "new":
		if !w.s.carries(t) {
			return w.unknown(t)
		}
		if tv := w.s.Info.Types[e.Args[0]]; !tv.IsType() {
			fail("new of a value")
		}
		return text("new(" + w.spell(w.typeOf(e.Args[0])) + ")")
	case "append":
		if !w.s.carries(t) {
			for _, a := range e.Args {
				w.effects(a)
			}
			return w.unknown(t)
		}
		var items []*expr
		elem := t
		if sl, ok := t.Underlying().(*types.Slice); ok {
			elem = sl.Elem()
		}
		for i, a := range e.Args {
			if i == 0 {
				items = append(items, w.value(a, t))
			} else {
				items = append(items, w.value(a, elem))
			}
		}
		x := list(items)
		if e.Ellipsis.IsValid() {
			x = join(x, "...")
		}
		return join("append(", x, ")")
	case "delete", "copy", "clear":
		args := w.carriers(e.Args)
		return w.opaque(t, args)
	case "min", "max":
		for _, a := range e.Args {
			w.effects(a)
		}
		return w.unknown(t)
	}
	args := w.carriers(e.Args)
	return w.opaque(t, args)
}

// funcCall slices a call of a declared function or a method.
func (w *walker) funcCall(e *ast.CallExpr, callee *types.Func, t types.Type) *expr {
	callee = callee.Origin()
	if api.NoReturn(callee) {
		for _, a := range e.Args {
			w.effects(a)
		}
		x := text("panic(0)")
		x.acts, x.effect, x.unknown = true, true, false
		if t != nil && !isVoid(t) {
			fail("a value of a function that never returns")
		}
		return x
	}
	recv := w.receiver(e)
	if sig := callee.Signature(); sig.Recv() != nil && types.IsInterface(sig.Recv().Type()) {
		return w.invoke(e, callee, recv, t)
	}
	known := api.Of(callee) != api.None || api.MakerOf(callee) != api.NoMaker || api.AtomicName(callee) != ""
	switch {
	case known:
		return w.operation(e, callee, recv, t)
	case callee.Pkg() == w.s.Pkg:
		return w.own(e, callee, recv, t)
	}
	return w.foreign(e, callee, recv, t)
}

// receiver returns the expression that a method is called on, or nil.
func (w *walker) receiver(e *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if s := w.s.Info.Selections[sel]; s == nil || s.Kind() != types.MethodVal {
		return nil
	}
	return sel.X
}

// method returns recv.name, and false if the receiver is unknown.
func (w *walker) method(e *ast.CallExpr, recv ast.Expr) (*expr, bool) {
	x := w.expr(recv)
	if x.unknown {
		return x, false
	}
	return join(x, "."+ast.Unparen(e.Fun).(*ast.SelectorExpr).Sel.Name), true
}

// onUnknown is a call of a function, or of a method of an object, that is unknown: of fn,
// which may lead to what it was made of.
func (w *walker) onUnknown(e *ast.CallExpr, fn *expr, t types.Type) *expr {
	args := w.carriers(e.Args)
	if fn.effect {
		args = append(args, fn)
	}
	return w.opaque(t, args)
}

// invoke slices a call of a method of an interface.
func (w *walker) invoke(e *ast.CallExpr, callee *types.Func, recv ast.Expr, t types.Type) *expr {
	if api.IsError(w.typeOf(recv)) || callee.Pkg() == nil {
		w.effects(recv)
		return w.opaque(t, nil)
	}
	fn, ok := w.method(e, recv)
	if !ok {
		return w.onUnknown(e, fn, t)
	}
	x := join(fn, "(", w.args(e, callee.Signature()), ")")
	x.effect = true
	x.weak = t != nil && isBasic(t) && w.local(recv) == nil // see query
	return x
}

// operation slices a call of one of the functions that package api knows.
func (w *walker) operation(e *ast.CallExpr, callee *types.Func, recv ast.Expr, t types.Type) *expr {
	var fn *expr
	if recv != nil {
		if !w.s.carries(w.typeOf(recv)) && api.AtomicName(callee) == "" {
			fail("receiver of %s", callee.Name())
		}
		var ok bool
		if fn, ok = w.method(e, recv); !ok {
			return w.onUnknown(e, fn, t)
		}
	} else {
		if api.AtomicName(callee) != "" {
			return w.atomic(e, callee, t)
		}
		fn = text(w.s.qualify(callee.Pkg()) + "." + callee.Name())
	}
	if hasTypeParam(callee.Signature()) && callee.Signature().TypeParams() != nil {
		fail("generic %s", callee.Name())
	}
	x := join(fn, "(", w.args(e, callee.Signature()), ")")
	x.weak = false
	if recv != nil || api.Of(callee) == api.Sleep {
		x.effect = true
		x.acts = api.AtomicName(callee) == ""
	}
	switch api.Of(callee) {
	case api.WGGo, api.EGGo, api.EGTryGo:
		x.starts = true
	case api.CtxErr, api.CtxValue, api.CtxDeadline, api.CtxDone:
		x.acts, x.effect = false, false
	case api.SignalNotify, api.SignalStop, api.TimerFunc:
		x.effect = true
	}
	if api.MakerOf(callee) == api.CtxAfter || api.MakerOf(callee) == api.TestCleanup {
		x.effect = true
	}
	return x
}

// atomic slices a call of a function of sync/atomic. Its result guards what follows
// it, so it has to stay if anything does.
func (w *walker) atomic(e *ast.CallExpr, callee *types.Func, t types.Type) *expr {
	addr, ok := ast.Unparen(e.Args[0]).(*ast.UnaryExpr)
	if ok && addr.Op == token.AND {
		if x := w.place(addr.X); x != nil {
			args := []*expr{join("&", x)}
			for _, a := range e.Args[1:] {
				args = append(args, w.expr(a))
			}
			out := join(w.s.qualify(callee.Pkg())+"."+callee.Name()+"(", list(args), ")")
			out.effect, out.weak = true, false
			return out
		}
	}
	x := w.opaque(t, w.carriers(e.Args[1:]))
	x.weak = true
	return x
}

// own slices a call of a function or method of the package.
func (w *walker) own(e *ast.CallExpr, callee *types.Func, recv ast.Expr, t types.Type) *expr {
	f := w.s.funcs[callee]
	if f == nil {
		return w.opaque(t, w.carriers(w.given(e, recv)))
	}
	var fn *expr
	if recv != nil {
		if !w.s.carries(w.typeOf(recv)) {
			return w.query(t, recv, w.carriers(e.Args)) // a method of plain data
		}
		var ok bool
		if fn, ok = w.method(e, recv); !ok {
			return w.onUnknown(e, fn, t)
		}
	} else {
		fn = text(callee.Name() + w.typeArgs(e))
	}
	sig := callee.Signature()
	if inst, ok := w.typeOf(e.Fun).(*types.Signature); ok {
		sig = inst
	}
	x := join(fn, "(", w.args(e, sig), ")")
	x.calls = append(x.calls, callee)
	x.weak = false // the callee says so itself
	return x
}

// typeArgs returns the type arguments of a call of a generic function: what they can
// be inferred from may go.
func (w *walker) typeArgs(e *ast.CallExpr) string {
	fun := ast.Unparen(e.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return ""
	}
	args := w.s.Info.Instances[id].TypeArgs
	if args.Len() == 0 {
		return ""
	}
	var out []string
	for t := range args.Types() {
		out = append(out, w.spell(t))
	}
	return "[" + strings.Join(out, ",") + "]"
}

// given returns the receiver, if there is one, and the arguments of a call.
func (w *walker) given(e *ast.CallExpr, recv ast.Expr) []ast.Expr {
	if recv == nil {
		return e.Args
	}
	return append([]ast.Expr{recv}, e.Args...)
}

// foreign slices a call of a function of another package.
func (w *walker) foreign(e *ast.CallExpr, callee *types.Func, recv ast.Expr, t types.Type) *expr {
	if t != nil && api.IsError(t) {
		if wraps, makes := api.ErrorOf(callee); makes {
			for _, a := range e.Args {
				w.effects(a)
			}
			return text(errName + "()")
		} else if wraps >= 0 && wraps < len(e.Args) {
			return w.expr(e.Args[wraps])
		}
	}
	keeps, callback := w.does(callee)
	if fact := w.s.Fact(callee.Pkg()); fact != nil {
		if f, _ := fact.Lookup(NameOf(callee)); f != nil && f.Known() && callee.Signature().TypeParams() == nil {
			return w.linked(e, callee, recv, t)
		}
	}
	if callback == api.CallbackSync {
		w.callbacks(e.Args)
	}
	var args []*expr
	if keeps || t != nil && w.s.carries(t) || callback == api.CallbackSync {
		args = w.carriers(w.given(e, recv))
	} else {
		for _, a := range w.given(e, recv) {
			w.effects(a)
		}
	}
	return w.query(t, recv, args)
}

// does tells what a function of another package does with what it is given.
func (w *walker) does(callee *types.Func) (keeps bool, callback api.Callback) {
	if fact := w.s.Fact(callee.Pkg()); fact != nil {
		if name := NameOf(callee); name != "" {
			if f, _ := fact.Lookup(name); f == nil {
				return false, api.CallbackNone
			}
		}
		return true, api.CallbackUnknown
	}
	return api.Callee(callee)
}

// linked slices a call of a function of another package that has a skeleton: it
// stays.
func (w *walker) linked(e *ast.CallExpr, callee *types.Func, recv ast.Expr, t types.Type) *expr {
	var fn *expr
	if recv != nil {
		if !w.s.carries(w.typeOf(recv)) {
			return w.opaque(t, w.carriers(e.Args))
		}
		var ok bool
		if fn, ok = w.method(e, recv); !ok {
			return w.onUnknown(e, fn, t)
		}
	} else {
		fn = text(w.s.qualify(callee.Pkg()) + "." + callee.Name())
	}
	x := join(fn, "(", w.args(e, callee.Signature()), ")")
	x.effect, x.weak = true, false
	if f, _ := w.s.Fact(callee.Pkg()).Lookup(NameOf(callee)); f != nil {
		x.acts, x.starts = f.Acts, f.Acts
	}
	return x
}

// callbacks has the statement at hand preceded by calls of the function literals
// among the arguments of a function that calls them before it returns.
func (w *walker) callbacks(args []ast.Expr) {
	for _, a := range args {
		lit, ok := ast.Unparen(a).(*ast.FuncLit)
		if !ok {
			continue
		}
		sig := w.typeOf(lit).(*types.Signature)
		var given []*expr
		for p := range sig.Params().Variables() {
			given = append(given, w.unknown(p.Type()))
		}
		call := join(w.literal(lit), "(", list(given), ")")
		call.effect = true
		if sig.Variadic() {
			fail("a variadic callback")
		}
		w.pre = append(w.pre, &stmt{
			line: w.at, head: text("for " + unknownName + "[bool]()"), block: true,
			body: []*stmt{{line: w.at, head: call}},
		})
	}
}
