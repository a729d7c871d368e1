package report

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"
)

// This file answers questions on the lines of a source, by offset.

// lineStart returns the offset at which the line of an offset starts.
func (s *source) lineStart(offset int) int {
	return bytes.LastIndexByte(s.content[:offset], '\n') + 1
}

// nextLine returns the offset at which the next line starts, or the length of
// the text.
func (s *source) nextLine(offset int) int {
	if i := bytes.IndexByte(s.content[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(s.content)
}

// previousLine returns the offset at which the line before the one that starts
// at offset starts.
func (s *source) previousLine(offset int) int {
	return s.lineStart(max(0, offset-1))
}

// blankLine reports whether the line that starts at offset is empty.
func (s *source) blankLine(offset int) bool {
	line := s.content[offset:s.nextLine(offset)]
	return len(line) > 0 && len(bytes.TrimSpace(line)) == 0
}

// indent returns the white space at the start of the position's line.
func (s *source) indent(pos token.Pos) string {
	line := s.content[s.lineStart(s.offset(pos)):]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// stmtIndent returns the indentation of the statements next to stmt. A label
// stands one tab further left than they do.
func (s *source) stmtIndent(stmt ast.Stmt) string {
	inner := stmt
	for {
		label, ok := inner.(*ast.LabeledStmt)
		if !ok {
			break
		}
		inner = label.Stmt
	}
	if inner != stmt && !(inner.End() > inner.Pos() && s.startsLine(inner.Pos())) {
		return s.indent(stmt.Pos()) + "\t"
	}
	return s.indent(inner.Pos())
}

// startsLine reports whether nothing but white space precedes the position on
// its line.
func (s *source) startsLine(pos token.Pos) bool {
	offset := s.offset(pos)
	return len(bytes.TrimSpace(s.content[s.lineStart(offset):offset])) == 0
}

// lineAfter returns the offset of the line after the position's, if nothing
// but a comment follows the position on its line.
func (s *source) lineAfter(pos token.Pos) (int, bool) {
	offset := s.offset(pos)
	next := s.nextLine(offset)
	rest := bytes.TrimSpace(s.content[offset:next])
	rest = bytes.TrimSpace(bytes.TrimPrefix(rest, []byte(";")))
	switch {
	case len(rest) == 0, bytes.HasPrefix(rest, []byte("//")):
		return next, true
	case bytes.HasPrefix(rest, []byte("/*")):
		// A comment that ends on the line, with nothing behind it.
		return next, bytes.Index(rest, []byte("*/")) == len(rest)-len("*/")
	}
	return 0, false
}

// leadStart returns the offset of the line at which the comment that leads the
// code at pos starts; without comment, of pos's own line.
func (s *source) leadStart(pos token.Pos) int {
	start := s.lineStart(s.offset(pos))
	for _, group := range s.file.Comments {
		if group.End() < pos && s.startsLine(group.Pos()) && s.nextLine(s.offset(group.End())) == start {
			return s.lineStart(s.offset(group.Pos()))
		}
	}
	return start
}

// hasComment reports whether a comment starts between two offsets.
func (s *source) hasComment(start, end int) bool {
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			if at := s.offset(c.Pos()); start <= at && at < end {
				return true
			}
		}
	}
	return false
}

// hasLongToken reports whether between two offsets a comment or, in the node,
// a string extends over several lines, so that indenting would change it.
func (s *source) hasLongToken(start, end int, n ast.Node) bool {
	long := false
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			if at := s.offset(c.Pos()); start <= at && at < end && strings.Contains(c.Text, "\n") {
				long = true
			}
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && strings.Contains(lit.Value, "\n") {
			long = true
		}
		return true
	})
	return long
}
