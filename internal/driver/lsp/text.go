package lsp

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// A text is the content of a file with its lines, to find positions of the
// protocol in: those count lines and, in a line, units of UTF-16, from zero,
// while Go counts bytes.
type text struct {
	content string
	lines   []int // offset of the start of each line
}

func newText(content string) *text {
	t := &text{content: content, lines: []int{0}}
	for i := range len(content) {
		if content[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// at returns the position of a line and a column in bytes, both counted from one.
// What is beyond the end of a line or of the file becomes that end.
func (t *text) at(line, column int) protocol.Position {
	line = min(max(line, 1), len(t.lines)) - 1
	end := len(t.content)
	if line+1 < len(t.lines) {
		end = t.lines[line+1] - 1
	}
	offset := min(t.lines[line]+max(column, 1)-1, end)
	return protocol.Position{Line: uint32(line), Character: units(t.content[t.lines[line]:offset])}
}

// offset returns the position of a byte of the content.
func (t *text) offset(offset int) protocol.Position {
	offset = min(max(offset, 0), len(t.content))
	line := strings.Count(t.content[:offset], "\n")
	return protocol.Position{Line: uint32(line), Character: units(t.content[t.lines[line]:offset])}
}

// units returns the number of units of UTF-16 that a string takes.
func units(s string) uint32 {
	n := 0
	for _, r := range s {
		if r == utf8.RuneError {
			n++ // editors show each byte that is not UTF-8 as one such character
			continue
		}
		n += utf16.RuneLen(r)
	}
	return uint32(n)
}

// before reports whether position p comes before q.
func before(p, q protocol.Position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// touch reports whether two ranges have a position in common, ends included, as
// the position of a cursor is a range without extent.
func touch(a, b protocol.Range) bool {
	return !before(a.End, b.Start) && !before(b.End, a.Start)
}
