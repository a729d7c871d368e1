package cancelstop

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/internal/api"
)

// A loop is a for statement, with or without range, and the function around it.
type loop struct {
	stmt  ast.Stmt // *ast.ForStmt or *ast.RangeStmt
	body  *ast.BlockStmt
	fn    ast.Node   // *ast.FuncDecl or *ast.FuncLit
	outer []ast.Node // what encloses the loop, the outermost first
	graph *cfg.CFG   // of the function

	// ticks is set for a range over the channel of a Ticker or Timer, which is
	// never closed: the loop does not end by itself.
	ticks bool
}

// loopAround returns the innermost loop around the end of a stack, within the
// function literal or declaration there, or nil.
func (s *subject) loopAround(stack []ast.Node) *loop {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		case *ast.ForStmt, *ast.RangeStmt:
			return s.newLoop(n.(ast.Stmt), stack[:i])
		}
	}
	return nil
}

// newLoop describes a loop. It is nil for a loop with a select without cases in
// it, which control does not leave.
func (s *subject) newLoop(stmt ast.Stmt, outer []ast.Node) *loop {
	l := &loop{stmt: stmt, outer: outer, fn: funcAround(outer)}
	switch stmt := stmt.(type) {
	case *ast.ForStmt:
		l.body = stmt.Body
	case *ast.RangeStmt:
		l.body = stmt.Body
		l.ticks = s.timerOf(stmt.X) != nil
	}
	body := bodyOf(l.fn)
	if body == nil || contains(l.body, isEmptySelect) {
		return nil
	}
	if l.graph = s.graphs[body]; l.graph == nil {
		l.graph = cfg.New(body, s.mayReturn)
		s.graphs[body] = l.graph
	}
	return l
}

// funcAround returns the function literal or declaration at the end of a stack.
func funcAround(stack []ast.Node) ast.Node {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return n
		}
	}
	return nil
}

func bodyOf(fn ast.Node) *ast.BlockStmt {
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		return fn.Body
	case *ast.FuncLit:
		return fn.Body
	}
	return nil
}

func isEmptySelect(n ast.Node) bool {
	sel, ok := n.(*ast.SelectStmt)
	return ok && len(sel.Body.List) == 0
}

// contains reports whether a node, outside of the function literals in it,
// contains one that is wanted.
func contains(in ast.Node, wanted func(ast.Node) bool) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		if _, isLit := n.(*ast.FuncLit); isLit && n != in || found {
			return false
		}
		found = n != nil && wanted(n)
		return !found
	})
	return found
}

// mayReturn reports whether a call may return to its caller.
func (s *subject) mayReturn(call *ast.CallExpr) bool {
	switch callee := typeutil.Callee(s.eng.Info, call).(type) {
	case *types.Builtin:
		return callee.Name() != "panic"
	case *types.Func:
		if api.NoReturn(callee) {
			return false
		}
		if prog := s.eng.Program(); prog != nil {
			if fn := prog.FuncOf(callee.Origin()); fn != nil {
				return prog.CanReturn(fn)
			}
		}
	}
	return true
}

// has reports whether a block of the function's graph belongs to the loop.
func (l *loop) has(b *cfg.Block) bool {
	switch {
	case b.Stmt == nil:
		return false
	case b.Stmt == l.stmt:
		return b.Kind != cfg.KindForDone && b.Kind != cfg.KindRangeDone
	}
	return l.body.Pos() <= b.Stmt.Pos() && b.Stmt.End() <= l.body.End()
}

// encloses reports whether a position is in the loop.
func (l *loop) encloses(pos token.Pos) bool { return l.stmt.Pos() <= pos && pos < l.stmt.End() }

// endless reports whether only what is in its body can end the loop: it has no
// condition, or goes over ticks.
func (l *loop) endless() bool {
	if stmt, ok := l.stmt.(*ast.ForStmt); ok {
		return stmt.Cond == nil
	}
	return l.ticks
}

// A course is where control may go from a place in a loop.
type course struct {
	back   bool       // to where it was followed to
	leaves bool       // the loop
	nodes  []ast.Node // what is executed on the way, within the loop
}

// follow follows control from a block to a node of the loop, which ends the
// turn, and out of the loop. The nodes in front of it in its block are passed
// on the way.
func (l *loop) follow(from *cfg.Block, to ast.Node) course { return l.followUnder(from, to, false) }

// followUnder is follow where the condition of the loop, if holds is set, is known to
// hold as in the turn before.
func (l *loop) followUnder(from *cfg.Block, to ast.Node, holds bool) course {
	var c course
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block)
	visit = func(b *cfg.Block) {
		if seen[b] {
			return
		}
		seen[b] = true
		if !l.has(b) {
			c.leaves = true
			return
		}
		for _, n := range b.Nodes {
			if n == to {
				c.back = true
				return
			}
			c.nodes = append(c.nodes, n)
		}
		if waitsForCase(b) {
			return
		}
		if b.Return() != nil || len(b.Succs) == 0 {
			c.leaves = true
			return
		}
		for _, next := range b.Succs {
			if l.ticks && b.Stmt == l.stmt && next.Kind == cfg.KindRangeDone {
				continue // the channel of a Ticker or Timer is never closed
			}
			if holds && next.Kind == cfg.KindForDone && next.Stmt == l.stmt && l.asks(b) {
				continue
			}
			visit(next)
		}
	}
	visit(from)
	return c
}

// asks reports whether a block ends with the condition of the loop, or a part of it.
func (l *loop) asks(b *cfg.Block) bool {
	stmt, ok := l.stmt.(*ast.ForStmt)
	if !ok || stmt.Cond == nil || len(b.Nodes) == 0 || len(b.Succs) != 2 {
		return false
	}
	last := b.Nodes[len(b.Nodes)-1]
	return stmt.Cond.Pos() <= last.Pos() && last.End() <= stmt.Cond.End()
}

// waitsForCase reports whether a block is the one in which a select without a
// default case has gone through its cases, and waits for one of them.
func waitsForCase(b *cfg.Block) bool {
	return b.Kind == cfg.KindSelectAfterCase && len(b.Nodes) == 0 && len(b.Succs) == 0
}

// block returns the block of the graph of the given kind for a statement, if
// control reaches it.
func (l *loop) block(kind cfg.BlockKind, stmt ast.Stmt) *cfg.Block {
	for _, b := range l.graph.Blocks {
		if b.Kind == kind && b.Stmt == stmt && b.Live {
			return b
		}
	}
	return nil
}

// leaves reports whether control leaves the loop anywhere.
func (l *loop) leaves() bool {
	kind := cfg.KindForBody
	if _, ok := l.stmt.(*ast.RangeStmt); ok {
		kind = cfg.KindRangeLoop
	} else if l.block(cfg.KindForLoop, l.stmt) != nil {
		kind = cfg.KindForLoop
	}
	head := l.block(kind, l.stmt)
	return head == nil || l.follow(head, nil).leaves
}
