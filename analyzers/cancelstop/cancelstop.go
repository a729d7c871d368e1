package cancelstop

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/report"
)

//go:embed doc.go
var doc string

// Analyzer is the cancelstop check.
var Analyzer = check.New(check.Meta{
	Name:     "cancelstop",
	Doc:      doc,
	Advice:   "leave the loop in the case that is for its end, with return or a label, and pass on the context that is cancelled",
	Patterns: []string{"pipeline", "workerpool"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each place where a goroutine is meant to be stopped and asks
// whether that stops it:
//
//   - the cases of selects in loops, for one that is always ready once a context
//     is done or a channel closed, and from which control only comes back to the
//     select (done.go), for one that goes on with the zero values of a closed channel
//     (zero.go), and for a default case that does nothing (spin.go)
//   - the loops over the ticks of a Ticker or Timer, and the receives from one
//     behind Stop, for those that only the next tick would end (ticker.go, once.go)
//   - the calls that derive a context, for those whose context nobody gets
//     (discard.go)
//
// All of them are questions about control within one function, which its syntax
// answers, and about the uses of a variable, which are looked up in the package.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Recv | gate.Context) {
		return nil // nothing waits, and nothing can be cancelled
	}
	s := &subject{pass: pass, eng: eng, graphs: make(map[*ast.BlockStmt]*cfg.CFG)}
	for fd, stack := range s.decls() {
		mask := eng.Gate.Funcs[fd]
		ast.PreorderStack(fd, stack, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectStmt:
				s.selectInLoop(n, stack)
			case *ast.RangeStmt, *ast.ForStmt:
				if mask.Has(gate.Recv) {
					s.ticksForever(n.(ast.Stmt), stack)
				}
			case *ast.BlockStmt:
				s.receivesAfterStop(n.List, stack)
			case *ast.CommClause:
				s.receivesAfterStop(n.Body, stack)
			case *ast.CaseClause:
				s.receivesAfterStop(n.Body, stack)
			case *ast.ExprStmt:
				if mask.Has(gate.Recv) {
					s.waitsOnce(n, stack)
				}
			case *ast.AssignStmt:
				s.discards(n, stack)
				s.neverCancelled(n, stack)
			}
			return true
		})
	}
	return nil
}

// A subject is the package that is looked at, with what is known of it.
type subject struct {
	pass *check.Pass
	eng  *engine.Package

	graphs   map[*ast.BlockStmt]*cfg.CFG
	places   map[*types.Var][]place  // see uses
	derivers map[*types.Func]deriver // see deriverOf

}

// decls goes through the function declarations of the package, each with the
// file that it is in.
func (s *subject) decls() func(yield func(*ast.FuncDecl, []ast.Node) bool) {
	return func(yield func(*ast.FuncDecl, []ast.Node) bool) {
		for _, file := range s.eng.Syntax.Files {
			for _, decl := range file.Decls {
				fd, ok := decl.(*ast.FuncDecl)
				if ok && fd.Body != nil && !yield(fd, []ast.Node{file}) {
					return
				}
			}
		}
	}
}

// inTest reports whether a position is in a test file. What a test leaves
// behind ends with it, and tests spin and discard on purpose.
func (s *subject) inTest(pos token.Pos) bool {
	return strings.HasSuffix(s.eng.Fset.Position(pos).Filename, "_test.go")
}

// line names the line of a position in a message that stands at from.
func (s *subject) line(pos, from token.Pos) string { return s.eng.Syntax.LineOf(pos, from) }

// step returns a step of a story that is about a node.
func step(n ast.Node, format string, args ...any) report.Step {
	return report.Step{Pos: n.Pos(), End: headEnd(n), Message: fmt.Sprintf(format, args...)}
}

// headEnd returns where the first line of a statement ends: before the body.
func headEnd(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.For + token.Pos(len("for"))
	case *ast.RangeStmt:
		return n.X.End()
	case *ast.SelectStmt:
		return n.Select + token.Pos(len("select"))
	case *ast.CommClause:
		return n.Colon
	}
	return n.End()
}
