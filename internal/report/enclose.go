package report

import (
	"go/ast"
	"slices"
	"strings"
)

// Enclose puts a statement into another one, with a comment at the end of its line:
// head comes before it, behind directly after it, and tail on lines of their own.
//
//	e.Enclose(send, "select {\ncase ", ":", "default:\n}")
func (e *Editor) Enclose(stmt ast.Stmt, head, behind, tail string) {
	p, ok := e.place(stmt)
	if !ok {
		return
	}
	if p.top() != stmt {
		e.refuse("statement is labelled")
		return
	}
	indent, ok := e.breakLine(p.list)
	if !ok {
		if !e.src.startsLine(stmt.Pos()) {
			e.refuse("statement shares its line")
			return
		}
		indent = e.src.stmtIndent(stmt)
	}
	e.insertAt(stmt.Pos(), indented(head, indent, e.src.eol)[len(indent):])
	e.insertAt(stmt.End(), behind)
	e.InsertAfter(stmt, tail)
}

// MoveBeforeAs is like MoveBefore for a statement of one line, whose text becomes another
// one on the way. Its comments stay with it.
func (e *Editor) MoveBeforeAs(stmt, before ast.Stmt, text string) {
	old := e.Text(stmt)
	moved, ok := e.cut(stmt)
	if !ok {
		return
	}
	lines := strings.Split(moved, "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, old) })
	if i < 0 {
		e.refuse("statement of several lines")
		return
	}
	lines[i] = text + strings.TrimPrefix(lines[i], old)
	e.InsertBefore(before, strings.Join(lines, "\n"))
}
