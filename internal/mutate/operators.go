package mutate

import (
	"fmt"
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/internal/api"
)

// operators are called for each node, in this order. One that is about calls of a
// kind is an operator of its own for each kind, such as "remove close".
var operators = []func(g *generator, n ast.Node){
	removeCall, removeWaitValue, removeStmt, removeCtxCase, double, early, undefer,
	waitBeforeLoop, waitWithoutGo, closeBeforeWait, writeGoOut, moveAdd, unbuffer, discardContext,
}

// removeCall takes a call away, deferred or not. A helper counts as what it does.
func removeCall(g *generator, n ast.Node) {
	if k, _, _ := g.call(n); k != none {
		g.propose("remove "+string(k), n, "removed", g.remove(n))
	}
}

// removeWaitValue takes away the Wait of a group whose result is used.
func removeWaitValue(g *generator, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok || g.apiOp(call) != api.EGWait {
		return
	}
	switch g.stack[len(g.stack)-1].(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt:
	default:
		g.propose("remove Wait", n, "replaced by nil", g.replace(n.Pos(), n.End(), "error(nil)"))
	}
}

// removeStmt takes away the send of a result, the receive of a signal, or a loop that
// receives what is left over.
func removeStmt(g *generator, n ast.Node) {
	if _, ok := g.inList(n); !ok {
		return // such as the case of a select
	}
	switch n := n.(type) {
	case *ast.SendStmt:
		g.propose("remove send", n, "removed", g.replace(n.Pos(), n.Value.Pos(), "_ = "))
	case *ast.ExprStmt:
		if received(n) != nil {
			g.propose("remove receive", n, "removed", g.remove(n))
		}
	case *ast.RangeStmt:
		if g.isChan(n.X) && len(n.Body.List) == 0 {
			g.propose("remove drain", n, "removed", g.remove(n))
		}
	}
}

// removeCtxCase takes away the way out of a select when a context is done.
func removeCtxCase(g *generator, n ast.Node) {
	sel, ok := n.(*ast.SelectStmt)
	if !ok || len(sel.Body.List) < 2 {
		return
	}
	for i, s := range sel.Body.List {
		clause := s.(*ast.CommClause)
		if clause.Comm == nil || !g.isDone(received(clause.Comm), g.doneVars) {
			continue
		}
		end := sel.Body.Rbrace
		if i+1 < len(sel.Body.List) {
			end = sel.Body.List[i+1].Pos()
		}
		g.propose("remove ctx case", clause, "removed", g.replace(clause.Pos(), end, ""))
	}
}

// double closes twice.
func double(g *generator, n ast.Node) {
	if k, _, _ := g.call(n); k == closeCall {
		g.propose("double close", n, "doubled", g.insert(n.End(), "\n"+g.text(n)))
	}
}

// early lets a deferred call happen where the defer was.
func early(g *generator, n ast.Node) {
	if k, deferred, _ := g.call(n); deferred && (k == closeCall || k == done) {
		g.propose("early "+string(k), n, "no longer deferred", g.replace(n.Pos(), n.(*ast.DeferStmt).Call.Pos(), ""))
	}
}

// undefer moves a deferred call to the end of the function, which a return above it
// does not reach.
func undefer(g *generator, n ast.Node) {
	k, deferred, after := g.call(n)
	if !deferred || k == none || k == wait || k == cancel || len(after) == 0 || !g.inFuncBody() {
		return
	}
	last := after[len(after)-1]
	end := last.End()
	if ret, ok := last.(*ast.ReturnStmt); ok {
		if slices.ContainsFunc(ret.Results, contains[*ast.CallExpr]) {
			return // the call would come before what is still to be done
		}
		after, end = after[:len(after)-1], ret.Pos()
	}
	if slices.ContainsFunc(after, contains[*ast.ReturnStmt]) { // else only a panic shows the difference
		call := g.text(n.(*ast.DeferStmt).Call)
		g.propose("undefer "+string(k), n, "moved to the end of the function", g.remove(n), g.insert(end, "\n"+call+"\n"))
	}
}

// waitBeforeLoop waits for senders before the loop that receives from them. The Wait
// that is there already does no harm; it may be needed for its result.
func waitBeforeLoop(g *generator, n ast.Node) {
	loop, ok := n.(*ast.RangeStmt)
	if !ok || !g.isChan(loop.X) {
		return
	}
	after, _ := g.inList(n)
	for _, s := range after {
		if call := g.findCall(s, wait); call != nil {
			g.propose("Wait before loop", call, "before the loop over "+g.line(loop.X), g.insert(loop.Pos(), g.text(call)+"\n"))
			return
		}
	}
}

// waitWithoutGo waits on the goroutine that has to receive.
func waitWithoutGo(g *generator, n ast.Node) {
	stmt, ok := n.(*ast.GoStmt)
	if !ok {
		return
	}
	if lit, ok := stmt.Call.Fun.(*ast.FuncLit); ok && g.findCall(lit.Body, wait) != nil {
		g.propose("Wait without go", n, "on the caller's goroutine", g.replace(stmt.Go, stmt.Call.Pos(), ""))
	}
}

// closeBeforeWait closes what goroutines send to before it waits for them.
func closeBeforeWait(g *generator, n ast.Node) {
	k, deferred, after := g.call(n)
	if k != wait || deferred || len(after) == 0 {
		return
	}
	next, ok := after[0].(*ast.ExprStmt)
	if !ok {
		return
	}
	if call, ok := next.X.(*ast.CallExpr); ok && g.kindOf(call) == closeCall {
		g.propose("close before Wait", next, "before "+g.line(n),
			g.replace(n.Pos(), n.End(), g.text(next)), g.replace(next.Pos(), next.End(), g.text(n)))
	}
}

// writeGoOut writes a WaitGroup's Go out, with the Add where Wait may overtake it.
func writeGoOut(g *generator, n ast.Node) {
	wg, args, _ := g.method(n, api.WGGo)
	if wg == "" {
		return
	}
	const op, what = "Add in goroutine", "with the Add in the goroutine"
	count := fmt.Sprintf("\n%s.Add(1)\ndefer %[1]s.Done()\n", wg)
	if lit, ok := args[0].(*ast.FuncLit); ok {
		g.propose(op, n, what, g.replace(n.Pos(), lit.Pos(), "go "), g.insert(lit.Body.Lbrace+1, count), g.replace(lit.End(), n.End(), "()"))
	} else {
		g.propose(op, n, what, g.replace(n.Pos(), n.End(), fmt.Sprintf("go func() {%s%s()\n}()", count, g.text(args[0]))))
	}
}

// moveAdd moves an Add into the function literals below it that call Done.
func moveAdd(g *generator, n ast.Node) {
	wg, _, after := g.method(n, api.WGAdd)
	if wg == "" {
		return
	}
	edits := []Edit{g.remove(n)}
	for _, s := range after {
		ast.Inspect(s, func(n ast.Node) bool {
			stmt, ok := n.(*ast.GoStmt)
			if !ok {
				return true
			}
			if lit, ok := stmt.Call.Fun.(*ast.FuncLit); ok && g.findCall(lit.Body, done) != nil {
				edits = append(edits, g.insert(lit.Body.Lbrace+1, "\n"+wg+".Add(1)\n"))
			}
			return false
		})
	}
	if len(edits) > 1 {
		g.propose("Add in goroutine", n, "moved into the goroutine", edits...)
	}
}

// unbuffer lets the sender of a result wait for its receiver.
func unbuffer(g *generator, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if ok && len(call.Args) == 2 && g.builtin(call, "make") && g.isChan(call) {
		g.propose("unbuffer", n, "without its capacity", g.replace(call.Args[0].End(), call.Rparen, ""))
	}
}

// discardContext leaves goroutines with the context from which one of the same name
// was derived.
func discardContext(g *generator, n ast.Node) {
	assign, ok := n.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) < 2 {
		return
	}
	for _, lhs := range assign.Lhs {
		id, ok := lhs.(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		if obj := g.Info.ObjectOf(id); obj != nil && api.IsContext(obj.Type()) {
			g.propose("discard context", lhs, "of "+g.line(assign.Rhs[0])+" discarded", g.replace(id.Pos(), id.End(), "_"))
		}
	}
}
