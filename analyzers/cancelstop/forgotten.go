package cancelstop

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// This file finds the cancel functions in fields that nobody calls. What go vet's
// lostcancel reports of a variable, it does not of a field.

// neverCancelled reports a context that nothing ends: it is derived from one that has no
// end, and its cancel function goes into an unexported field that the package never reads.
func (s *subject) neverCancelled(assign *ast.AssignStmt, stack []ast.Node) {
	if len(assign.Rhs) != 1 || len(assign.Lhs) != 2 || s.inTest(assign.Pos()) {
		return
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	if api.Of(f) != api.CtxDerive || f.Name() != "WithCancel" && f.Name() != "WithCancelCause" || !s.isRoot(call.Args[0]) {
		return
	}
	ctx, cancel := assign.Lhs[0], assign.Lhs[1]
	if isBlank(ctx) || isBlank(cancel) || s.isUnread(ctx, assign, stack) {
		return
	}
	field, set := s.keptIn(cancel, assign)
	if field == nil || isShared(field) || s.eng.SelectedElsewhere(field.Name()) || s.isRead(field) {
		return
	}
	name := field.Name()
	if sel, ok := ast.Unparen(cancel).(*ast.SelectorExpr); ok {
		name = syntax.Text(sel)
	}
	s.pass.Report(report.Finding{
		Pos: cancel.Pos(), End: cancel.End(),
		Message: fmt.Sprintf("nothing calls %s: the context of %s is never done, and what it was to stop goes on", name, syntax.Text(call.Fun)),
		Advice:  "call it where the object is closed",
		Story: []report.Step{
			step(call, "the context is derived here from one that never ends"),
			step(set, "its cancel function is kept here, in a field that nothing reads"),
		},
	})
}

// isRoot reports whether an expression is context.Background() or context.TODO().
func (s *subject) isRoot(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, _ := typeutil.Callee(s.eng.Info, call).(*types.Func)
	return api.Of(f) == api.CtxRoot
}

// isRead reports whether a field may be read: whether something else is done with it
// than to set it and to compare it with nil.
func (s *subject) isRead(field *types.Var) bool {
	return slices.ContainsFunc(s.mentionsOf(field), func(p place) bool {
		switch n := p.parent().(type) {
		case *ast.Field, *ast.BinaryExpr:
			return false
		case *ast.AssignStmt:
			return !slices.ContainsFunc(n.Lhs, p.is)
		case *ast.KeyValueExpr:
			return !p.is(n.Key)
		}
		return true
	})
}
