package cancelstop

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the cases of a select in a loop that go on with the zero values of a
// closed channel: v := <-ch does not ask whether ch is still open.

// zeroValues reports a case that receives from a channel without asking whether it is
// closed, if a goroutine closes it when its own work has come to an end, and the loop
// does nothing with the zero value.
func (s *subject) zeroValues(l *loop, sel *ast.SelectStmt, clause *ast.CommClause) {
	ch, ok := received(clause.Comm)
	v := s.varOf(ch)
	if ch == nil || ok != nil || v == nil || !l.endless() || l.ticks || s.inTest(sel.Pos()) || s.meansEnd(ch) {
		return
	}
	block := l.block(cfg.KindSelectCaseBody, clause)
	if block == nil || !s.steady(ch, l) {
		return
	}
	way := l.follow(block, clause.Comm)
	if !way.back || way.leaves || s.notices(l, sel, clause, way.nodes) {
		return
	}
	closing := s.closedAtEnd(v, ch, l, 0)
	if closing == nil {
		return
	}
	s.pass.Report(report.Finding{
		Pos: clause.Pos(), End: headEnd(clause),
		Message: fmt.Sprintf("this case does not ask whether %s is still open: after the close at %s the loop spins with zero values",
			syntax.Text(ch), s.line(closing.Pos(), clause.Pos())),
		Advice: "receive with v, ok := <-ch, and leave the loop where ok is false",
		Story: []report.Step{
			step(l.stmt, "the loop begins here"),
			step(closing, "the channel is closed here, when the goroutine has come to its end"),
			step(clause, "from then on this case is ready in every turn, with the zero value"),
		},
	})
}

// notices reports whether something may come of the zero value: the nodes on the way
// back to the select call, send or wait. The body of a range over the value is none of
// them: it is not executed.
func (s *subject) notices(l *loop, sel *ast.SelectStmt, clause *ast.CommClause, nodes []ast.Node) bool {
	assign, ok := clause.Comm.(*ast.AssignStmt)
	if ok {
		value := s.varOf(assign.Lhs[0])
		nodes = slices.DeleteFunc(slices.Clone(nodes), func(n ast.Node) bool {
			return contains(clause, func(r ast.Node) bool {
				loop, ok := r.(*ast.RangeStmt)
				return ok && value != nil && s.varOf(loop.X) == value && hasZeroLength(value.Type()) &&
					loop.Body.Pos() <= n.Pos() && n.Pos() < loop.Body.End()
			})
		})
	}
	did := s.effectsOf(l, nodes, sel)
	return did.calls || did.waits
}

// hasZeroLength reports whether a range over the zero value of a type ends at once.
func hasZeroLength(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Basic:
		return true
	}
	return false
}

// closedAtEnd returns the close of the channel ch in a variable, or in the variable of a
// function of the package that returns it, by a goroutine that may end by itself, or nil.
func (s *subject) closedAtEnd(v *types.Var, ch ast.Expr, l *loop, depth int) *ast.CallExpr {
	if depth > 3 {
		return nil
	}
	for _, p := range s.uses(v) {
		switch n := p.parent().(type) {
		case *ast.CallExpr:
			fn := funcAround(p.stack)
			if s.argumentUse(n, p) == closed && fn != l.fn && s.mayBeSame(p.expr, ch) && !s.inTest(n.Pos()) && s.endsByItself(bodyOf(fn), n) {
				return n
			}
		case *ast.AssignStmt:
			i := slices.IndexFunc(n.Lhs, p.is)
			if i < 0 || len(n.Rhs) != 1 {
				continue
			}
			call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr)
			if !ok {
				continue
			}
			if made := s.returnedBy(call, i); made != nil {
				if c := s.closedAtEnd(made, nil, l, depth+1); c != nil {
					return c
				}
			}
		}
	}
	return nil
}

// returnedBy returns the local variable of a function of the package that each of its
// returns gives as the result of an index, nil aside, or nil.
func (s *subject) returnedBy(call *ast.CallExpr, i int) *types.Var {
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	if f == nil || f.Pkg() != s.eng.Types {
		return nil
	}
	var v *types.Var
	several := false
	for fd := range s.decls() {
		if s.eng.Info.Defs[fd.Name] != types.Object(f.Origin()) {
			continue
		}
		contains(fd.Body, func(n ast.Node) bool {
			ret, ok := n.(*ast.ReturnStmt)
			if !ok || i < len(ret.Results) && s.eng.Info.Types[ret.Results[i]].IsNil() {
				return false
			}
			var w *types.Var
			if i < len(ret.Results) {
				w = s.varOf(ret.Results[i])
			}
			several = several || w == nil || w.IsField() || v != nil && v != w
			v = w
			return several
		})
	}
	if several {
		return nil
	}
	return v
}

// endsByItself reports whether a function closes a channel, and nothing else, when a
// loop at its end has done its work or an operation in it has failed. What anybody else
// decides, by a context, a channel or a variable, is not taken for an end of its own:
// that may end the receiver as well.
func (s *subject) endsByItself(body *ast.BlockStmt, closing *ast.CallExpr) bool {
	if body == nil || s.endsOthers(body, closing) {
		return false
	}
	deferred := false
	for i, stmt := range body.List {
		d, ok := stmt.(*ast.DeferStmt)
		deferred = deferred || ok && d.Call == closing
		switch stmt := stmt.(type) {
		case *ast.ForStmt:
			atEnd := deferred && i == len(body.List)-1 || i+1 < len(body.List) && isCall(body.List[i+1], closing)
			if atEnd && s.isDone(stmt) || s.fails(stmt.Body, closing, deferred) {
				return true
			}
		case *ast.RangeStmt:
			atEnd := deferred && i == len(body.List)-1 || i+1 < len(body.List) && isCall(body.List[i+1], closing)
			if atEnd && !s.waitsForClose(stmt) || s.fails(stmt.Body, closing, deferred) {
				return true
			}
		}
	}
	return false
}

func isCall(stmt ast.Stmt, call *ast.CallExpr) bool {
	e, ok := stmt.(*ast.ExprStmt)
	return ok && ast.Unparen(e.X) == ast.Expr(call)
}

// isDone reports whether the condition of a loop tells that its own work is done: it
// counts, or reads all of its input.
func (s *subject) isDone(loop *ast.ForStmt) bool {
	if loop.Cond == nil {
		return false
	}
	if call, ok := ast.Unparen(loop.Cond).(*ast.CallExpr); ok {
		f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
		return f != nil && f.FullName() == "(*bufio.Scanner).Scan"
	}
	_, compares := ast.Unparen(loop.Cond).(*ast.BinaryExpr)
	return compares && loop.Init != nil && loop.Post != nil && !s.doesWork(loop.Cond)
}

// waitsForClose reports whether a range ends when somebody else wants it to: it goes over
// a channel or calls a function.
func (s *subject) waitsForClose(loop *ast.RangeStmt) bool {
	switch s.eng.Info.TypeOf(loop.X).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map, *types.Basic:
		return false
	}
	return true
}

// fails reports whether a turn of a loop returns when an operation in it has failed, and
// tells nobody about it.
func (s *subject) fails(turn *ast.BlockStmt, closing *ast.CallExpr, deferred bool) bool {
	return slices.ContainsFunc(turn.List, func(stmt ast.Stmt) bool {
		branch, ok := stmt.(*ast.IfStmt)
		if !ok || !s.isError(branch.Cond) || len(branch.Body.List) == 0 {
			return false
		}
		last := len(branch.Body.List) - 1
		if _, ok := branch.Body.List[last].(*ast.ReturnStmt); !ok {
			return false
		}
		closes := deferred
		for _, before := range branch.Body.List[:last] {
			switch {
			case isCall(before, closing):
				closes = true
			case !s.logs(before):
				return false
			}
		}
		return closes
	})
}

// isError reports whether a condition is that a local variable holds an error.
func (s *subject) isError(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ || !s.eng.Info.Types[b.Y].IsNil() {
		return false
	}
	v := s.varOf(b.X)
	return v != nil && !v.IsField() && v.Parent() != v.Pkg().Scope() && api.IsError(v.Type())
}

// logs reports whether a statement is a call that changes nothing for anybody.
func (s *subject) logs(stmt ast.Stmt) bool {
	e, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(e.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	return f != nil && isInert(f)
}

// endsOthers reports whether a function may end others besides the one that receives: it
// closes another channel or cancels a context, or defers something.
func (s *subject) endsOthers(body *ast.BlockStmt, closing *ast.CallExpr) bool {
	return contains(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return n.Call != closing
		case *ast.CallExpr:
			b, ok := typeutil.Callee(s.eng.Info, n).(*types.Builtin)
			return ok && b.Name() == "close" && n != closing || s.mayCancel(n)
		}
		return false
	})
}

// mayCancel reports whether a call is of a function value that takes and gives nothing,
// as the cancel function of a context.
func (s *subject) mayCancel(call *ast.CallExpr) bool {
	if _, ok := typeutil.Callee(s.eng.Info, call).(*types.Var); !ok {
		return false
	}
	sig, ok := s.eng.Info.TypeOf(call.Fun).Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0 && sig.Results().Len() == 0
}
