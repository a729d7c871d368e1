package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A counter counts the values that are sent on a channel, from the syntax.
type counter struct {
	smith *Smith
	v     *types.Var // the channel, or the parameter that stands for it
	made  ast.Stmt   // declares the channel
	depth int        // of calls
	left  *int       // uses that may still be looked at; see maxUses
}

// list counts the sends of a list of statements, on the path with the most of them.
// Only those of goroutines may count: inside says whether these are statements of
// one.
func (c *counter) list(list []ast.Stmt, inside bool) number {
	return c.then(list, inside, func() number { return number{} })
}

// then is list for statements that others follow, which next counts. What follows a
// statement is counted once, however many ways lead there.
func (c *counter) then(list []ast.Stmt, inside bool, next func() number) number {
	if len(list) == 0 {
		return next()
	}
	rest := sync.OnceValue(func() number { return c.then(list[1:], inside, next) })
	branch := func(body []ast.Stmt) number {
		n := c.list(body, inside)
		if ends(body) {
			return n
		}
		return n.plus(rest())
	}
	switch stmt := list[0].(type) {
	case *ast.ReturnStmt:
		return c.calls(stmt)
	case *ast.SendStmt:
		if !c.is(stmt.Chan) {
			return c.calls(stmt).plus(rest())
		}
		if !inside || !c.isLast(stmt) {
			return unknown
		}
		return number{fixed: 1}.plus(rest())
	case *ast.BlockStmt:
		return branch(stmt.List)
	case *ast.LabeledStmt:
		return c.then([]ast.Stmt{stmt.Stmt}, inside, rest)
	case *ast.IfStmt:
		n := branch(stmt.Body.List)
		switch other := stmt.Else.(type) {
		case nil:
			n = n.or(rest())
		case *ast.BlockStmt:
			n = n.or(branch(other.List))
		default:
			n = n.or(c.then([]ast.Stmt{other}, inside, rest))
		}
		return n.plus(c.calls(stmt.Init)).plus(c.calls(stmt.Cond))
	case *ast.SwitchStmt:
		return c.clauses(stmt.Body, branch).or(rest())
	case *ast.TypeSwitchStmt:
		return c.clauses(stmt.Body, branch).or(rest())
	case *ast.SelectStmt:
		return c.clauses(stmt.Body, branch).or(rest())
	case *ast.ForStmt:
		return c.loop(stmt, stmt.Body, inside, c.smith.turns(stmt, c.made)).plus(rest())
	case *ast.RangeStmt:
		return c.loop(stmt, stmt.Body, inside, c.smith.length(stmt, c.made)).plus(rest())
	case *ast.GoStmt:
		return c.goroutine(stmt.Call).plus(rest())
	case *ast.BranchStmt:
		if stmt.Tok == token.GOTO && c.sendsIn(list[0]) {
			return unknown
		}
		return number{}
	case *ast.ExprStmt:
		if call, ok := stmt.X.(*ast.CallExpr); ok && c.starts(call) {
			return c.goroutine(&ast.CallExpr{Fun: call.Args[0]}).plus(rest())
		}
	}
	return c.calls(list[0]).plus(rest())
}

// clauses counts the clause with the most sends.
func (c *counter) clauses(body *ast.BlockStmt, branch func([]ast.Stmt) number) number {
	var n number
	for _, stmt := range body.List {
		switch clause := stmt.(type) {
		case *ast.CaseClause:
			n = n.or(branch(clause.Body))
		case *ast.CommClause:
			if e := operand(clause.Comm); e != nil && c.is(e) {
				return unknown // whether it sends depends on whether there is room
			}
			n = n.or(branch(clause.Body))
		}
	}
	return n
}

// loop counts the sends of a loop, whose number of turns, if it is known, is an
// expression that means the same where the channel is made.
func (c *counter) loop(stmt ast.Stmt, body *ast.BlockStmt, inside bool, turns string) number {
	if !c.sendsIn(stmt) {
		return number{}
	}
	if inside {
		n := c.list(body.List, inside)
		if n.unknown || !c.lastOf(body) {
			return unknown
		}
		return n
	}
	if turns == "" {
		return unknown
	}
	return c.list(body.List, inside).times(turns)
}

// lastOf reports whether each send in the body of a loop is followed by a return,
// so that there is no other turn.
func (c *counter) lastOf(body *ast.BlockStmt) bool {
	ok := true
	var lists func(n ast.Node) bool
	lists = func(n ast.Node) bool {
		if lit, isLit := n.(*ast.FuncLit); isLit {
			ok = ok && !c.sendsIn(lit)
			return false
		}
		list := syntax.List(n)
		for i, stmt := range list {
			if e := operand(stmt); e != nil && c.is(e) {
				if i+1 == len(list) {
					ok = false
				} else if _, isReturn := list[i+1].(*ast.ReturnStmt); !isReturn {
					ok = false
				}
			}
		}
		return true
	}
	ast.Inspect(body, lists)
	return ok
}

// goroutine counts the sends of a goroutine.
func (c *counter) goroutine(call *ast.CallExpr) number {
	for _, arg := range call.Args {
		if id := ident(arg); id != nil && c.is(id) {
			if inner := c.callee(call, id); inner != nil {
				return inner.body(c.smith.called(call).Body)
			}
			return unknown
		}
	}
	lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit)
	if !ok {
		return c.calls(call)
	}
	return c.body(lit.Body)
}

// body counts the sends of a goroutine with this body, if what it defers may come
// before the value is received.
func (c *counter) body(body *ast.BlockStmt) number {
	if !c.sendsIn(body) {
		return number{}
	}
	var deferred number
	for _, stmt := range body.List {
		d, ok := stmt.(*ast.DeferStmt)
		if !ok {
			continue
		}
		if lit, ok := d.Call.Fun.(*ast.FuncLit); ok && c.sendsIn(lit) {
			deferred = deferred.plus(c.list(lit.Body.List, true))
		} else if !c.mayDefer(d.Call) {
			return unknown
		}
	}
	plain := slices.DeleteFunc(slices.Clone(body.List), func(s ast.Stmt) bool { _, ok := s.(*ast.DeferStmt); return ok })
	n := c.list(plain, true)
	if n.fixed > 0 && deferred.fixed > 0 {
		return unknown // one of them is too many
	}
	return n.plus(deferred)
}

// mayDefer reports whether a deferred call does not mind that the value has not been
// received yet. Who learns otherwise that the goroutine is done might not look for
// the value any more.
func (c *counter) mayDefer(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	if id := ident(fun); id != nil {
		return id.Name == "close" && len(call.Args) == 1 && c.is(call.Args[0])
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch sel.Sel.Name {
	case "Unlock", "RUnlock", "Close", "Stop":
		return true
	}
	return api.IsWaitGroup(c.smith.pass.TypesInfo.TypeOf(sel.X)) && !c.selected()
}

// starts reports whether a call starts a goroutine with a function literal, as the
// method Go of a group does.
func (c *counter) starts(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Go" || len(call.Args) != 1 {
		return false
	}
	t := c.smith.pass.TypesInfo.TypeOf(sel.X)
	return t != nil && (api.IsWaitGroup(t) || api.IsGroup(t))
}

// calls counts the sends inside a statement or expression that is no send itself:
// none, or an unknown number.
func (c *counter) calls(n ast.Node) number {
	if n == nil || !c.mentions(n) {
		return number{}
	}
	if c.sendsIn(n) {
		return unknown
	}
	return number{}
}

// sendsIn reports whether a node may send on the channel: by itself or by a call
// that it is passed to.
func (c *counter) sendsIn(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			found = found || c.is(n.Chan)
		case *ast.CallExpr:
			if b, ok := c.smith.pass.TypesInfo.Uses[ident(n.Fun)].(*types.Builtin); ok && b.Name() == "close" {
				return true
			}
			found = found || slices.ContainsFunc(n.Args, func(e ast.Expr) bool { return c.is(e) })
		}
		return !found
	})
	return found
}

func (c *counter) mentions(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.is(id) {
			found = true
		}
		return !found
	})
	return found
}

func (c *counter) is(e ast.Expr) bool {
	id := ident(e)
	return id != nil && c.smith.pass.TypesInfo.Uses[id] == c.v
}

// isLast reports whether nothing comes after a send of a goroutine that anybody
// could want to come after the receive of its value.
func (c *counter) isLast(send *ast.SendStmt) bool {
	var inner ast.Node = send
	for _, n := range c.smith.eng.Syntax.Path(send.Pos()) {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return true
		}
		list := syntax.List(n)
		for i, stmt := range list {
			if stmt != inner {
				continue
			}
			for _, next := range list[i+1:] {
				if ret, ok := next.(*ast.ReturnStmt); ok {
					return !slices.ContainsFunc(ret.Results, hasCall)
				}
				if !c.isClose(next) {
					return false
				}
			}
		}
		inner = n
	}
	return false
}

// isClose reports whether a statement closes the channel.
func (c *counter) isClose(stmt ast.Stmt) bool {
	e, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	return ok && len(call.Args) == 1 && ident(call.Fun) != nil && ident(call.Fun).Name == "close" && c.is(call.Args[0])
}

func hasCall(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		_, ok := n.(*ast.CallExpr)
		found = found || ok
		return !found
	})
	return found
}

// ends reports whether control does not go beyond a list of statements.
func ends(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BlockStmt:
		return ends(last.List)
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && ident(call.Fun) != nil && ident(call.Fun).Name == "panic"
	}
	return false
}
