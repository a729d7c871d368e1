package report

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// An Editor builds a fix in one file, from syntax:
//
//	e := pass.Edit(add.Pos())
//	e.MoveBefore(add, goStmt)
//	finding.Fix = e.Fix("Call Add before the goroutine starts")
//
// Statements are given as gofmt would write them at the left margin; the
// editor indents them. An edit that cannot be made without harm (a comment
// lost, a label separated from its statement, a name taken) is refused, and
// then the whole fix is: Fix is all or nothing, so no result needs a test.
type Editor struct {
	pass    *analysis.Pass
	src     *source
	edits   []Edit
	refused string

	broken  map[*ast.BlockStmt]bool // one-line bodies that were broken into lines
	imports map[string]string       // import path → qualifier, of imports added
}

// NewEditor returns an editor of the pass's file that contains pos.
func NewEditor(pass *analysis.Pass, pos token.Pos) *Editor {
	e := &Editor{
		pass:    pass,
		broken:  make(map[*ast.BlockStmt]bool),
		imports: make(map[string]string),
	}
	i := fileIndex(pass.Files, pos)
	if i < 0 {
		e.refuse("edit outside the package's files")
		return e
	}
	src, err := readSource(pass, pass.Files[i])
	if err != nil {
		e.refuse(err.Error())
		return e
	}
	e.src = src
	return e
}

// Fix returns the fix that consists of all edits. It is never nil; a fix with
// a refused edit is dropped, and counted, when its finding is reported.
func (e *Editor) Fix(message string) *Fix {
	return &Fix{Message: message, Edits: e.edits, refused: e.refused}
}

// Refused says why the fix will not be offered, or is empty.
func (e *Editor) Refused() string { return e.refused }

// refuse gives the fix up. The first reason stands.
func (e *Editor) refuse(why string) {
	if e.refused == "" {
		e.refused = why
	}
}

// has reports whether the editor can work on the nodes. A node of another file
// or without positions ends the fix.
func (e *Editor) has(nodes ...ast.Node) bool {
	for _, n := range nodes {
		if e.refused != "" {
			return false
		}
		if n == nil || !n.Pos().IsValid() || n.Pos() < e.src.file.FileStart || n.End() > e.src.file.FileEnd {
			e.refuse("edit outside the file")
			return false
		}
	}
	return e.refused == ""
}

// edit replaces the text between two offsets.
func (e *Editor) edit(start, end int, text string) {
	e.edits = append(e.edits, Edit{e.src.pos(start), e.src.pos(end), text})
}

// Text returns the source text of a node.
func (e *Editor) Text(n ast.Node) string {
	if !e.has(n) {
		return ""
	}
	return string(e.src.content[e.src.offset(n.Pos()):e.src.offset(n.End())])
}

// Replace replaces the text of a node, usually an expression.
func (e *Editor) Replace(n ast.Node, text string) {
	if e.has(n) {
		e.edit(e.src.offset(n.Pos()), e.src.offset(n.End()), text)
	}
}

// Insert inserts text at a position, as it is.
func (e *Editor) Insert(pos token.Pos, text string) {
	if e.refused != "" {
		return
	}
	if pos < e.src.file.FileStart || pos > e.src.file.FileEnd {
		e.refuse("edit outside the file")
		return
	}
	e.edit(e.src.offset(pos), e.src.offset(pos), text)
}

// InsertBefore inserts a statement before stmt: above the comment that leads
// stmt and above its label.
func (e *Editor) InsertBefore(stmt ast.Stmt, text string) {
	p, ok := e.place(stmt)
	if !ok {
		return
	}
	if inner, ok := e.breakLine(p.list); ok {
		e.insertAt(p.top().Pos(), indented(text, inner, e.src.eol)[len(inner):]+e.src.eol+inner)
		return
	}
	if !e.src.startsLine(p.top().Pos()) {
		e.refuse("statement shares its line")
		return
	}
	at := e.src.leadStart(p.top().Pos())
	e.edit(at, at, indented(text, e.src.stmtIndent(stmt), e.src.eol)+e.src.eol)
}

// InsertAfter inserts a statement after stmt, below the comment at the end of
// stmt's last line.
func (e *Editor) InsertAfter(stmt ast.Stmt, text string) {
	p, ok := e.place(stmt)
	if !ok {
		return
	}
	if inner, ok := e.breakLine(p.list); ok {
		e.insertAt(p.top().End(), e.src.eol+indented(text, inner, e.src.eol))
		return
	}
	at, ok := e.src.lineAfter(p.top().End())
	if !ok {
		e.refuse("statement shares its line")
		return
	}
	e.edit(at, at, indented(text, e.src.stmtIndent(stmt), e.src.eol)+e.src.eol)
}

// InsertFirst inserts a statement as the first one of a block, or of a case or
// communication clause. A body on one line, func() { f() }, is broken into
// lines.
func (e *Editor) InsertFirst(in ast.Node, text string) {
	l, ok := listOf(in)
	if !ok {
		e.refuse("not a list of statements")
		return
	}
	if !e.has(in) {
		return
	}
	if inner, ok := e.breakLine(l); ok {
		text = indented(text, inner, e.src.eol)
		if len(l.stmts) > 0 {
			e.insertAt(l.stmts[0].Pos(), text[len(inner):]+e.src.eol+inner)
			return
		}
		e.edit(e.src.offset(l.open), e.src.offset(l.close), e.src.eol+text+e.src.eol+strings.TrimSuffix(inner, "\t"))
		return
	}
	at, ok := e.src.lineAfter(l.open)
	if !ok {
		e.refuse("statement shares its line")
		return
	}
	e.edit(at, at, indented(text, e.src.indent(l.margin)+"\t", e.src.eol)+e.src.eol)
}

// insertAt inserts text at a position of the file.
func (e *Editor) insertAt(pos token.Pos, text string) {
	e.edit(e.src.offset(pos), e.src.offset(pos), text)
}

// Delete deletes a statement with its line. It is refused where a comment
// would be lost or a label would lose its statement. A comment on the line
// above stays.
func (e *Editor) Delete(stmt ast.Stmt) {
	p, ok := e.place(stmt)
	if !ok {
		return
	}
	if p.top() != stmt {
		e.refuse("statement is labelled")
		return
	}
	if start, end, ok := e.inOneLine(p); ok {
		e.edit(start, end, "")
		return
	}
	start, end, ok := e.lines(p, false)
	if !ok {
		return
	}
	if e.src.hasComment(start, end) {
		e.refuse("comment lost")
		return
	}
	e.edit(start, end, "")
}

// MoveBefore moves a statement, with the comments that lead and follow it, to
// the place before another statement, as InsertBefore has it.
func (e *Editor) MoveBefore(stmt, before ast.Stmt) {
	if text, ok := e.cut(stmt); ok {
		e.InsertBefore(before, text)
	}
}

// MoveAfter is like MoveBefore, but moves the statement behind the other.
func (e *Editor) MoveAfter(stmt, after ast.Stmt) {
	if text, ok := e.cut(stmt); ok {
		e.InsertAfter(after, text)
	}
}

// cut deletes a statement and returns its text with its comments, at the left
// margin.
func (e *Editor) cut(stmt ast.Stmt) (string, bool) {
	p, ok := e.place(stmt)
	if !ok {
		return "", false
	}
	if p.top() != stmt {
		e.refuse("statement is labelled")
		return "", false
	}
	if start, end, ok := e.inOneLine(p); ok {
		text := e.Text(stmt)
		e.edit(start, end, "")
		return text, true
	}
	start, end, ok := e.lines(p, true)
	if !ok {
		return "", false
	}
	if e.src.hasLongToken(start, end, stmt) {
		e.refuse("statement has a text of several lines")
		return "", false
	}
	e.edit(start, end, "")
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(e.src.content[start:end])), "\n") {
		line = strings.TrimSuffix(line, "\r")
		lines = append(lines, strings.TrimPrefix(line, e.src.indent(stmt.Pos())))
	}
	return strings.Join(lines, "\n"), true
}

// inOneLine returns the range to delete for a statement of a one-line body.
func (e *Editor) inOneLine(p place) (start, end int, ok bool) {
	if !e.isOneLine(p.list) {
		return 0, 0, false
	}
	from, to := p.list.open, p.list.close
	switch stmts := p.list.stmts; {
	case p.i+1 < len(stmts):
		from, to = stmts[p.i].Pos(), stmts[p.i+1].Pos()
	case p.i > 0:
		from, to = stmts[p.i-1].End(), stmts[p.i].End()
	}
	return e.src.offset(from), e.src.offset(to), true
}

// lines returns the range of the lines that a statement fills, and of a blank
// line next to them that gofmt or a reader would not want to stay.
func (e *Editor) lines(p place, withLead bool) (start, end int, ok bool) {
	stmt := p.top()
	end, ok = e.src.lineAfter(stmt.End())
	if !ok || !e.src.startsLine(stmt.Pos()) {
		e.refuse("statement shares its line")
		return 0, 0, false
	}
	start = e.src.lineStart(e.src.offset(stmt.Pos()))
	if withLead {
		start = e.src.leadStart(stmt.Pos())
	}
	var (
		first       = start <= e.src.nextLine(e.src.offset(p.list.open))
		last        = p.i == len(p.list.stmts)-1
		blankBefore = e.src.blankLine(e.src.previousLine(start))
		blankAfter  = e.src.blankLine(end)
	)
	switch {
	case blankAfter && (first || blankBefore):
		end = e.src.nextLine(end)
	case blankBefore && last:
		start = e.src.previousLine(start)
	}
	return start, end, true
}

// isOneLine reports whether the list is a body on one line, such as
// func() { f() }, which is the only one that gofmt leaves so.
func (e *Editor) isOneLine(l stmtList) bool {
	return l.block != nil && !bytes.ContainsRune(e.src.content[e.src.offset(l.open):e.src.offset(l.close)], '\n')
}

// breakLine breaks a body on one line into lines, and returns the indentation
// of its statements. It returns false for a body of several lines.
//
//	func() { f(); g() }
//	        -  --  -
func (e *Editor) breakLine(l stmtList) (inner string, ok bool) {
	if !e.isOneLine(l) {
		return "", false
	}
	outer := e.src.indent(l.open)
	inner = outer + "\t"
	if e.broken[l.block] {
		return inner, true
	}
	start, end := e.src.offset(l.open), e.src.offset(l.close)
	if e.src.hasComment(start, end) {
		e.refuse("comment in a body on one line")
	}
	for other := range e.broken {
		if e.src.lineStart(e.src.offset(other.Lbrace)) == e.src.lineStart(start) {
			e.refuse("two bodies on one line")
		}
	}
	e.broken[l.block] = true
	for _, stmt := range l.stmts {
		e.edit(start, e.src.offset(stmt.Pos()), e.src.eol+inner)
		start = e.src.offset(stmt.End())
	}
	if len(l.stmts) > 0 {
		e.edit(start, end, e.src.eol+outer)
	}
	return inner, true
}

// indented indents the lines of a text.
func indented(text, indent, eol string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + line
		}
	}
	return strings.Join(lines, eol)
}

// A stmtList is a list of statements and what encloses it.
type stmtList struct {
	stmts       []ast.Stmt
	open, close token.Pos      // behind the opening brace or the colon; the closing brace
	margin      token.Pos      // a place on a line with the indentation of what encloses the list
	block       *ast.BlockStmt // nil for a clause
}

// listOf returns the list of statements that a node holds. The clauses of a
// switch or select form a block too, but no such list.
func listOf(n ast.Node) (stmtList, bool) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		if n != nil && n.Rbrace.IsValid() && !holdsClauses(n) {
			return stmtList{n.List, n.Lbrace + 1, n.Rbrace, n.Rbrace, n}, true
		}
	case *ast.CaseClause:
		return stmtList{n.Body, n.Colon + 1, n.End(), n.Pos(), nil}, true
	case *ast.CommClause:
		return stmtList{n.Body, n.Colon + 1, n.End(), n.Pos(), nil}, true
	}
	return stmtList{}, false
}

func holdsClauses(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch b.List[0].(type) {
	case *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// A place is where a statement stands in a list.
type place struct {
	list stmtList
	i    int
}

// top returns the statement in the list: the one that was looked for, or the
// label in front of it.
func (p place) top() ast.Stmt { return p.list.stmts[p.i] }

// place finds the list that a statement stands in. It refuses the fix for a
// statement that is part of another one, such as that of a select case.
func (e *Editor) place(stmt ast.Stmt) (place, bool) {
	if !e.has(stmt) {
		return place{}, false
	}
	var found place
	ok := false
	ast.Inspect(e.src.file, func(n ast.Node) bool {
		if ok || n == nil || n.Pos() > stmt.Pos() || n.End() < stmt.End() {
			return false
		}
		l, isList := listOf(n)
		for i := 0; isList && i < len(l.stmts); i++ {
			if unlabelled(l.stmts[i], stmt) {
				found, ok = place{l, i}, true
			}
		}
		return true
	})
	if !ok {
		e.refuse("statement is part of another")
	}
	return found, ok
}

// unlabelled reports whether s is the statement, or labels in front of it.
func unlabelled(s, stmt ast.Stmt) bool {
	for s != stmt {
		label, ok := s.(*ast.LabeledStmt)
		if !ok {
			return false
		}
		s = label.Stmt
	}
	return true
}
