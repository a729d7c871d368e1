package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// leaveWithContext ends a goroutine that would wait in a send forever when the context
// is done that its receivers have:
//
//	select {
//	case out <- v:
//	case <-ctx.Done():
//		return
//	}
//
// The engine then shows that the context is cancelled whenever the goroutine is left
// behind. That it may be cancelled earlier, with receivers there, must not matter:
// see endsWith. And nothing that others wait for may come after the send.
func (s *Smith) leaveWithContext(pos token.Pos) []*report.Fix {
	node, _ := s.eng.Syntax.Operation(pos)
	send, ok := node.(*ast.SendStmt)
	if !ok {
		return nil
	}
	l := s.leaver(send)
	if l == nil {
		return nil
	}
	var fixes []*report.Fix
	for _, ctx := range s.contexts(send) {
		if !l.endsWith(ctx) {
			continue
		}
		result := "return"
		if l.group != nil {
			result += " " + ctx.Name() + ".Err()"
		}
		e := s.pass.Edit(send.Pos())
		e.Enclose(send, "select {\ncase ", ":", "case <-"+ctx.Name()+".Done():\n\t"+result+"\n}")
		fixes = append(fixes, e.Fix("Leave the send on "+syntax.Text(send.Chan)+" when "+ctx.Name()+" is done"))
	}
	return fixes
}

// A leaver is a goroutine that is to leave one of its sends.
type leaver struct {
	smith  *Smith
	send   *ast.SendStmt
	fn     ast.Node // what it executes: a literal, or a function of the package
	body   *ast.BlockStmt
	v      *types.Var // the channel
	group  *types.Var // the errgroup of which it is a task, or nil
	starts []start
}

// A start is a place where the goroutine is started.
type start struct {
	at    ast.Node      // the go statement, or the call of the method Go
	outer ast.Node      // the function around it
	call  *ast.CallExpr // of a function of the package, or nil
	v     *types.Var    // the channel, as the function around it names it
}

// leaver returns the goroutine of a send: a function literal that is started where it
// stands, or a function that is given the channel; without a result but, for the task of
// a group, an error.
func (s *Smith) leaver(send *ast.SendStmt) *leaver {
	if _, i := s.eng.Syntax.Around(send); i < 0 {
		return nil // a case of a select
	}
	id := ident(send.Chan)
	if id == nil {
		return nil
	}
	l := &leaver{smith: s, send: send, fn: s.function(send)}
	l.v, _ = s.pass.TypesInfo.Uses[id].(*types.Var)
	if l.v == nil || l.v.Parent() == nil || l.v.Parent() == s.pass.Pkg.Scope() {
		return nil
	}
	ch, ok := l.v.Type().Underlying().(*types.Chan)
	if !ok || closes(ch.Elem(), 0) {
		return nil
	}
	var typ *ast.FuncType
	switch fn := l.fn.(type) {
	case *ast.FuncLit:
		typ, l.body = fn.Type, fn.Body
		l.startedLiteral(fn)
	case *ast.FuncDecl:
		typ, l.body = fn.Type, fn.Body
		l.startedFunction(fn)
	}
	if len(l.starts) == 0 || (typ.Results != nil) != (l.group != nil) {
		return nil
	}
	if typ.Results != nil && (len(typ.Results.List) != 1 || len(typ.Results.List[0].Names) > 0) {
		return nil
	}
	if !l.endsThere() {
		return nil
	}
	return l
}

// startedLiteral notes where a literal is started that uses a channel from outside.
func (l *leaver) startedLiteral(lit *ast.FuncLit) {
	at, group := l.smith.started(lit)
	if at != nil && !within(l.v.Pos(), lit) {
		l.group = group
		l.starts = []start{{at, l.smith.function(at), nil, l.v}}
	}
}

// startedFunction notes where a function is started that has the channel as a parameter,
// if nothing else is done with it.
func (l *leaver) startedFunction(decl *ast.FuncDecl) {
	s := l.smith
	if !within(l.v.Pos(), decl.Type) || !s.onlyStarted(decl) || decl.Name.IsExported() {
		return
	}
	var starts []start
	for id, obj := range s.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); !ok || s.decls[fn.Origin()] != decl {
			continue
		}
		at := syntax.Enclosing[*ast.GoStmt](s.eng.Syntax, id.Pos())
		v := s.argument(decl, at.Call, l.v)
		if v == nil {
			return
		}
		starts = append(starts, start{at, s.function(at), at.Call, v})
	}
	l.starts = starts
}

// argument returns the variable that a call passes for a parameter, or nil.
func (s *Smith) argument(decl *ast.FuncDecl, call *ast.CallExpr, param *types.Var) *types.Var {
	sig := s.pass.TypesInfo.Defs[decl.Name].Type().(*types.Signature)
	for i := range min(sig.Params().Len(), len(call.Args)) {
		if sig.Params().At(i) == param && ident(call.Args[i]) != nil && !sig.Variadic() {
			v, _ := s.pass.TypesInfo.Uses[ident(call.Args[i])].(*types.Var)
			return v
		}
	}
	return nil
}

// function returns the innermost function around a node, other than the node itself.
func (s *Smith) function(n ast.Node) ast.Node {
	for _, around := range s.eng.Syntax.Path(n.Pos()) {
		switch around.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if around != n {
				return around
			}
		}
	}
	return nil
}

// started returns the go statement or the call of Go that starts a literal as a
// goroutine, and the errgroup if it is a task of one.
func (s *Smith) started(lit *ast.FuncLit) (start ast.Node, group *types.Var) {
	path := s.eng.Syntax.Path(lit.Pos())
	i := slices.Index(path, ast.Node(lit))
	if i < 0 || i+2 >= len(path) {
		return nil, nil
	}
	call, ok := path[i+1].(*ast.CallExpr)
	if !ok {
		return nil, nil
	}
	if call.Fun == ast.Expr(lit) {
		if stmt, ok := path[i+2].(*ast.GoStmt); ok {
			return stmt, nil
		}
		return nil, nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Go" || len(call.Args) != 1 {
		return nil, nil
	}
	switch t := s.pass.TypesInfo.TypeOf(sel.X); {
	case t == nil:
	case api.IsWaitGroup(t):
		return call, nil
	case api.IsGroup(t) && ident(sel.X) != nil:
		group, _ = s.pass.TypesInfo.Uses[ident(sel.X)].(*types.Var)
		return call, group
	}
	return nil, nil
}

// contexts returns the variables of type context.Context that can be named at a
// statement, and have one value only, the innermost first.
func (s *Smith) contexts(at ast.Stmt) []*types.Var {
	var all []*types.Var
	for scope := s.pass.Pkg.Scope().Innermost(at.Pos()); scope != nil && scope != s.pass.Pkg.Scope(); scope = scope.Parent() {
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if !ok || name == "_" || !api.IsContext(v.Type()) || !s.steadyAt(v, at.Pos()) {
				continue
			}
			if _, found := s.pass.Pkg.Scope().Innermost(at.Pos()).LookupParent(name, at.Pos()); found == v {
				all = append(all, v)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y *types.Var) int { return int(y.Pos() - x.Pos()) })
	return all
}

// steadyAt reports whether a variable has got its last value before the code at a
// position can run.
func (s *Smith) steadyAt(v *types.Var, pos token.Pos) bool {
	decl := syntax.Enclosing[*ast.FuncDecl](s.eng.Syntax, pos)
	if decl == nil {
		return false
	}
	switch assigned := s.assignments(v, decl); len(assigned) {
	case 0:
		return true
	case 1:
		def := s.redefinition(v)
		return def != nil && def.End() < pos
	}
	return false
}

// redefinition returns the statement at the outer level of a function that gives one
// of its parameters a new value:
//
//	func f(ctx context.Context) {
//		ctx, cancel := context.WithCancel(ctx)
func (s *Smith) redefinition(v *types.Var) *ast.AssignStmt {
	_, body := s.eng.Syntax.Function(v.Pos())
	if body == nil {
		return nil
	}
	for _, stmt := range body.List {
		def, ok := stmt.(*ast.AssignStmt)
		if ok && def.Tok == token.DEFINE && slices.ContainsFunc(def.Lhs, func(e ast.Expr) bool { return ident(e) != nil && s.pass.TypesInfo.Uses[ident(e)] == v }) {
			return def
		}
	}
	return nil
}

// endsThere reports whether what comes after the send in its goroutine does nothing
// for others: no calls, no operations on channels, no assignment to what it shares.
func (l *leaver) endsThere() bool {
	var inner ast.Node = l.send
	for _, n := range l.smith.eng.Syntax.Path(l.send.Pos()) {
		if n == l.fn {
			return true
		}
		list := syntax.List(n)
		if i := slices.IndexFunc(list, func(stmt ast.Stmt) bool { return ast.Node(stmt) == inner }); i >= 0 {
			for _, next := range list[i+1:] {
				if !l.isPrivate(next) {
					return false
				}
			}
		}
		inner = n
	}
	return false
}

// isPrivate reports whether a statement of the goroutine does nothing for others.
func (l *leaver) isPrivate(stmt ast.Stmt) bool {
	info := l.smith.pass.TypesInfo
	own := func(e ast.Expr) bool {
		id := ident(e)
		return id != nil && (id.Name == "_" || info.ObjectOf(id) != nil && within(info.ObjectOf(id).Pos(), l.fn))
	}
	private := true
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			return false // leaves as well
		case *ast.CallExpr:
			private = private && (info.Types[n.Fun].IsType() || isLength(info, n))
		case *ast.SendStmt:
			private = private && info.Uses[ident(n.Chan)] == l.v // needs a case of its own
		case *ast.GoStmt, *ast.DeferStmt, *ast.SelectStmt:
			private = false
		case *ast.RangeStmt:
			switch info.TypeOf(n.X).Underlying().(type) {
			case *types.Chan, *types.Signature:
				private = false
			}
		case *ast.UnaryExpr:
			private = private && n.Op != token.ARROW
		case *ast.IncDecStmt:
			private = private && own(n.X)
		case *ast.AssignStmt:
			private = private && !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return !own(e) })
		}
		return private
	})
	return private
}

// isLength reports whether a call is one of len or cap.
func isLength(info *types.Info, call *ast.CallExpr) bool {
	b, ok := info.Uses[ident(call.Fun)].(*types.Builtin)
	return ok && (b.Name() == "len" || b.Name() == "cap")
}

func within(pos token.Pos, n ast.Node) bool { return n.Pos() <= pos && pos < n.End() }
