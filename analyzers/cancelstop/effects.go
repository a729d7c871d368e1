package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

// effects are what a piece of a loop's turn does.
type effects struct {
	calls bool // calls code that may do anything: wait, assign fields, end the process
	acts  bool // may change what the other cases of a select depend on
	waits bool // may wait or sleep
}

// effectsOf looks at nodes of the control-flow graph, except for those that are
// the communications of selects, of which control has only come back to the
// head: there, operands are evaluated.
func (s *subject) effectsOf(l *loop, nodes []ast.Node, selects ...*ast.SelectStmt) effects {
	var e effects
	for _, n := range nodes {
		comm := slices.ContainsFunc(selects, func(sel *ast.SelectStmt) bool { return isCommOf(n, sel) })
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false // a call of it counts
			case *ast.CallExpr:
				s.addCall(&e, n)
			case *ast.UnaryExpr:
				if n.Op == token.ARROW && !comm {
					e.waits, e.acts = true, true
				}
			case *ast.SendStmt:
				if !comm {
					e.waits, e.acts = true, true
				}
			case *ast.GoStmt, *ast.DeferStmt:
				e.acts = true
			case *ast.IncDecStmt:
				e.acts = e.acts || s.outlives(n.X, l)
			case *ast.AssignStmt:
				for _, lhs := range n.Lhs {
					e.acts = e.acts || !comm && s.outlives(lhs, l)
				}
			}
			return true
		})
	}
	return e
}

// isCommOf reports whether a node is a communication of a select.
func isCommOf(n ast.Node, sel *ast.SelectStmt) bool {
	for _, clause := range sel.Body.List {
		if comm := clause.(*ast.CommClause).Comm; comm != nil && comm == n {
			return true
		}
	}
	return false
}

// outlives reports whether what is assigned to is still there in the next turn.
func (s *subject) outlives(lhs ast.Expr, l *loop) bool {
	id, ok := ast.Unparen(lhs).(*ast.Ident)
	if !ok {
		return true
	}
	obj := s.eng.Info.ObjectOf(id)
	return id.Name != "_" && (obj == nil || !l.encloses(obj.Pos()))
}

// addCall adds what a call does.
func (s *subject) addCall(e *effects, call *ast.CallExpr) {
	if s.eng.Info.Types[call.Fun].IsType() {
		return // a conversion
	}
	switch callee := typeutil.Callee(s.eng.Info, call).(type) {
	case *types.Builtin:
		switch callee.Name() {
		case "close", "delete", "clear", "copy":
			e.acts = true
		}
	case *types.Func:
		switch api.Of(callee) {
		case api.CtxDone, api.CtxErr, api.CtxValue, api.CtxDeadline, api.CtxCause:
			return
		case api.Sleep:
			e.waits = true
			return
		}
		if !isInert(callee) {
			e.calls, e.acts, e.waits = true, true, true
		}
	default:
		e.calls, e.acts, e.waits = true, true, true
	}
}

// inert are packages whose functions neither wait nor change anything that a
// goroutine waits for, formatting and logging in the first place.
var inert = map[string]bool{
	"fmt": true, "log": true, "log/slog": true, "errors": true, "strconv": true, "strings": true,
	"time": true, "math": true, "unicode": true,
}

// isInert reports whether calls of a function change nothing for the loop that
// makes them.
func isInert(f *types.Func) bool {
	return f.Pkg() != nil && inert[f.Pkg().Path()] && api.MakerOf(f) != api.TimerStop && api.Of(f) == api.None
}
