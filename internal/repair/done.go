package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/syntax"
)

// endsWith reports whether the goroutine may end when a context is done: nobody who
// still receives then takes the values that have come for all.
//
// Each receiver has to be of one of four kinds:
//
//   - the function that starts the goroutine, if the context is done only when that
//     has returned: it makes it, of a context that never ends, and defers its cancel;
//   - a select with a case for the same context that returns, of a channel that is
//     never closed;
//   - a range of that function whose next statement returns the context's error;
//   - a task of the group whose context it is: its Wait returns the error. Such a task
//     must not do anything more when the channel is closed.
func (l *leaver) endsWith(ctx *types.Var) bool {
	for _, at := range l.starts {
		if !l.endsFor(at, ctx) {
			return false
		}
	}
	return true
}

// endsFor is endsWith for one of the places where the goroutine is started.
func (l *leaver) endsFor(at start, ctx *types.Var) bool {
	s := l.smith
	if decl, ok := l.fn.(*ast.FuncDecl); ok {
		if ctx = s.argument(decl, at.call, ctx); ctx == nil || !s.steadyAt(ctx, at.at.Pos()) {
			return false
		}
	}
	uses, ok := s.usesOf(at.v, 0)
	if !ok || len(uses.receives) == 0 {
		return false
	}
	if l.group != nil {
		return s.isContextOf(ctx, l.group) && s.fails(l.group) && s.endsEarly(at.v, l.group, 0) && l.defersFor(l.group)
	}
	own := s.endsAtReturn(ctx, at.outer, at.at)
	for _, id := range uses.receives {
		inOuter := s.function(id) == at.outer
		switch {
		case own && inOuter:
		case s.watches(id, ctx) && !uses.closed && l.defersFor(nil):
		case inOuter && s.asks(id, ctx) && l.defersFor(nil):
		default:
			return false
		}
	}
	return true
}

// chanUses is what is done with a channel.
type chanUses struct {
	receives []*ast.Ident
	closed   bool
}

// usesOf returns the uses of a channel. It returns false if it is not only sent on,
// received from, ranged over and closed.
func (s *Smith) usesOf(v *types.Var, depth int) (uses chanUses, ok bool) {
	ok = depth <= maxStages
	left := maxUses
	c := counter{smith: s, v: v, left: &left}
	all := c.uses(func(id *ast.Ident, path []ast.Node) {
		switch n := path[1].(type) {
		case *ast.SendStmt:
			ok = ok && n.Chan == id
		case *ast.UnaryExpr:
			ok = ok && n.Op == token.ARROW
			uses.receives = append(uses.receives, id)
		case *ast.RangeStmt:
			ok = ok && n.X == id
			uses.receives = append(uses.receives, id)
		case *ast.CallExpr:
			if param := s.startedWith(n, id); param != nil && ok {
				inner, innerOK := s.usesOf(param, depth+1)
				ok = innerOK
				uses.receives = append(uses.receives, inner.receives...)
				uses.closed = uses.closed || inner.closed
				return
			}
			ok = ok && s.closed(n) == v
			uses.closed = true
		default:
			ok = false
		}
	})
	slices.SortFunc(uses.receives, func(x, y *ast.Ident) int { return int(x.Pos() - y.Pos()) })
	return uses, ok && all
}

// startedWith returns the parameter that a call passes a channel as to a function of the
// package that it starts, or nil.
func (s *Smith) startedWith(call *ast.CallExpr, arg *ast.Ident) *types.Var {
	decl := s.called(call)
	start := syntax.Enclosing[*ast.GoStmt](s.eng.Syntax, call.Lparen)
	i := slices.Index(call.Args, ast.Expr(arg))
	if decl == nil || start == nil || start.Call != call || i < 0 {
		return nil
	}
	sig := s.pass.TypesInfo.Defs[decl.Name].Type().(*types.Signature)
	if sig.Variadic() || i >= sig.Params().Len() {
		return nil
	}
	return sig.Params().At(i)
}

// endsAtReturn reports whether a context ends only when a function returns, which
// starts a goroutine after that is sure:
//
//	ctx, cancel := context.WithCancel(context.Background())
//	defer cancel()
func (s *Smith) endsAtReturn(ctx *types.Var, fn, start ast.Node) bool {
	def, call := s.definition(ctx)
	if def == nil || s.function(def) != fn || len(def.Lhs) != 2 || s.named(call) != "context.WithCancel" {
		return false
	}
	parent, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch s.named(parent) {
	case "context.Background", "context.TODO", "context.WithoutCancel":
	default:
		return false
	}
	cancel := s.pass.TypesInfo.Defs[ident(def.Lhs[1])]
	if cancel == nil {
		return false
	}
	list, i := s.eng.Syntax.Around(def)
	deferred, uses := false, 0
	for id, obj := range s.pass.TypesInfo.Uses {
		if obj != cancel {
			continue
		}
		uses++
		for _, stmt := range list[i+1:] {
			d, ok := stmt.(*ast.DeferStmt)
			deferred = deferred || ok && d.Call.Fun == ast.Expr(id) && d.End() <= start.Pos()
		}
	}
	return deferred && uses == 1
}

// definition returns the statement that gives a steady variable a result of a call, and
// the call.
func (s *Smith) definition(v *types.Var) (*ast.AssignStmt, *ast.CallExpr) {
	def := s.redefinition(v)
	if def == nil {
		def = syntax.Enclosing[*ast.AssignStmt](s.eng.Syntax, v.Pos())
	}
	if def == nil || def.Tok != token.DEFINE || len(def.Rhs) != 1 {
		return nil, nil
	}
	call, ok := ast.Unparen(def.Rhs[0]).(*ast.CallExpr)
	if !ok || !slices.ContainsFunc(def.Lhs, func(e ast.Expr) bool { return ident(e) != nil && s.pass.TypesInfo.ObjectOf(ident(e)) == v }) {
		return nil, nil
	}
	return def, call
}

// named returns the full name of the function that a call names, or "".
func (s *Smith) named(call *ast.CallExpr) string {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	fn, ok := s.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok {
		return ""
	}
	return fn.FullName()
}

// watches reports whether a receive is a case of a select that returns when the
// context is done.
func (s *Smith) watches(id *ast.Ident, ctx *types.Var) bool {
	for _, n := range s.eng.Syntax.Path(id.Pos()) {
		switch n := n.(type) {
		case *ast.SelectStmt:
			return slices.ContainsFunc(n.Body.List, func(stmt ast.Stmt) bool {
				clause := stmt.(*ast.CommClause)
				e, ok := clause.Comm.(*ast.ExprStmt)
				return ok && s.isDoneOf(e.X, ctx) && ends(clause.Body)
			})
		case *ast.CommClause:
			if n.Comm == nil || !within(id.Pos(), n.Comm) {
				return false
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// isDoneOf reports whether an expression is <-ctx.Done().
func (s *Smith) isDoneOf(e ast.Expr, ctx *types.Var) bool {
	recv, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	call, ok := recv.X.(*ast.CallExpr)
	return ok && s.isCallOf(call, ctx, "Done")
}

// isCallOf reports whether a call is one of a method of a variable.
func (s *Smith) isCallOf(call *ast.CallExpr, v *types.Var, method string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != method || ident(sel.X) == nil || s.pass.TypesInfo.Uses[ident(sel.X)] != v {
		return false
	}
	def, _ := s.definition(v)
	return def == nil || def.End() < call.Pos()
}

// asks reports whether the end of a range is followed by a return of the context's
// error:
//
//	for v := range out {
//	}
//	return ctx.Err()
func (s *Smith) asks(id *ast.Ident, ctx *types.Var) bool {
	loop, ok := s.eng.Syntax.Path(id.Pos())[1].(*ast.RangeStmt)
	if !ok {
		return false
	}
	list, i := s.eng.Syntax.Around(loop)
	if i < 0 || i+1 >= len(list) {
		return false
	}
	isErr := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		return ok && s.isCallOf(call, ctx, "Err")
	}
	switch next := list[i+1].(type) {
	case *ast.ReturnStmt:
		return len(next.Results) > 0 && isErr(next.Results[len(next.Results)-1])
	case *ast.IfStmt:
		init, ok := next.Init.(*ast.AssignStmt)
		return ok && len(init.Rhs) == 1 && isErr(init.Rhs[0]) && s.tests(next.Cond) && ends(next.Body.List)
	}
	return false
}

// defersFor reports whether what the goroutine defers may come when its value has not
// been received. A task of a group may close channels: see endsEarly.
func (l *leaver) defersFor(group *types.Var) bool {
	c := counter{smith: l.smith, v: l.v}
	for n := range ast.Preorder(l.body) {
		d, ok := n.(*ast.DeferStmt)
		if !ok || l.smith.function(d) != l.fn {
			continue
		}
		if v := l.smith.closed(d.Call); group != nil && v != nil && l.smith.endsEarly(v, group, 0) {
			continue
		}
		if !c.mayDefer(d.Call) {
			return false
		}
	}
	return true
}

// closed returns the variable that a call closes, or nil.
func (s *Smith) closed(call *ast.CallExpr) *types.Var {
	b, ok := s.pass.TypesInfo.Uses[ident(call.Fun)].(*types.Builtin)
	if !ok || b.Name() != "close" || ident(call.Args[0]) == nil {
		return nil
	}
	v, _ := s.pass.TypesInfo.Uses[ident(call.Args[0])].(*types.Var)
	return v
}

// isContextOf reports whether a context comes from errgroup.WithContext with a group.
func (s *Smith) isContextOf(ctx, group *types.Var) bool {
	def, call := s.definition(ctx)
	if def == nil || len(def.Lhs) != 2 || s.pass.TypesInfo.Defs[ident(def.Lhs[0])] != group {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "WithContext" && api.IsGroup(group.Type())
}

// fails reports whether somebody looks at the error of each Wait of a group, which is
// used for nothing but to start tasks and to wait for them.
func (s *Smith) fails(group *types.Var) bool {
	waits := 0
	for id, obj := range s.pass.TypesInfo.Uses {
		if obj != group {
			continue
		}
		path := s.eng.Syntax.Path(id.Pos())
		if len(path) < 4 {
			return false
		}
		sel, ok := path[1].(*ast.SelectorExpr)
		if _, isCall := path[2].(*ast.CallExpr); !ok || !isCall {
			return false
		}
		if sel.Sel.Name != "Wait" {
			continue
		}
		waits++
		switch stmt := path[3].(type) {
		case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt:
			return false
		case *ast.AssignStmt:
			if id := ident(stmt.Lhs[0]); id != nil && id.Name == "_" {
				return false
			}
		}
	}
	return waits > 0
}

// maxStages bounds the stages of a pipeline that are followed.
const maxStages = 5

// endsEarly reports whether the channel of a pipeline may be closed before all values
// have come: only tasks of the group range over it, which do nothing when it is closed
// but to close the channel of the next stage.
func (s *Smith) endsEarly(v, group *types.Var, depth int) bool {
	uses, ok := s.usesOf(v, depth)
	if !ok || depth > maxStages {
		return false
	}
	for _, id := range uses.receives {
		lit, ok := s.function(id).(*ast.FuncLit)
		if !ok {
			return false
		}
		if _, g := s.started(lit); g != group {
			return false
		}
		loop, ok := s.eng.Syntax.Path(id.Pos())[1].(*ast.RangeStmt)
		if !ok || len(lit.Body.List) < 2 {
			return false
		}
		last, ok := lit.Body.List[len(lit.Body.List)-1].(*ast.ReturnStmt)
		if !ok || slices.ContainsFunc(last.Results, hasCall) || lit.Body.List[len(lit.Body.List)-2] != ast.Stmt(loop) {
			return false
		}
		for n := range ast.Preorder(lit.Body) {
			switch n := n.(type) {
			case *ast.DeferStmt:
				next := s.closed(n.Call)
				if next == nil || !s.endsEarly(next, group, depth+1) {
					return false
				}
			}
		}
	}
	return true
}
