package lsp

import (
	"testing"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

func TestText(t *testing.T) {
	tests := []struct {
		name, content string
		line, column  int // in bytes, from one
		offset        int
		want          protocol.Position
	}{
		{"start", "ab\ncd", 1, 1, 0, position(0, 0)},
		{"second line", "ab\ncd", 2, 2, 4, position(1, 1)},
		{"end of line", "ab\ncd", 1, 3, 2, position(0, 2)},
		{"end of file", "ab\ncd", 2, 3, 5, position(1, 2)},
		{"end of file after a newline", "ab\n", 2, 1, 3, position(1, 0)},
		{"empty", "", 1, 1, 0, position(0, 0)},
		{"two bytes, one unit", "é=x", 1, 4, 3, position(0, 2)},
		{"three bytes, one unit", "世=x", 1, 5, 4, position(0, 2)},
		{"four bytes, two units", "😀=x", 1, 6, 5, position(0, 3)},
		{"on the second line", "😀\n😀=x", 2, 6, 10, position(1, 3)},
		{"not UTF-8", "\xff\xfe=x", 1, 4, 3, position(0, 3)},
		{"carriage return", "ab\r\ncd", 2, 2, 5, position(1, 1)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := newText(test.content)
			if got := text.at(test.line, test.column); got != test.want {
				t.Errorf("at(%d, %d) = %v, want %v", test.line, test.column, got, test.want)
			}
			if got := text.offset(test.offset); got != test.want {
				t.Errorf("offset(%d) = %v, want %v", test.offset, got, test.want)
			}
		})
	}
}

// TestTextBeyond asks for positions that are not in the text, as when a file was
// cut short.
func TestTextBeyond(t *testing.T) {
	text := newText("ab\ncd")
	for _, test := range []struct {
		line, column int
		want         protocol.Position
	}{
		{1, 99, position(0, 2)},
		{99, 1, position(1, 0)},
		{99, 99, position(1, 2)},
		{0, 0, position(0, 0)},
		{-1, -1, position(0, 0)},
	} {
		if got := text.at(test.line, test.column); got != test.want {
			t.Errorf("at(%d, %d) = %v, want %v", test.line, test.column, got, test.want)
		}
	}
	if got, want := text.offset(99), position(1, 2); got != want {
		t.Errorf("offset(99) = %v, want %v", got, want)
	}
	if got, want := text.offset(-1), position(0, 0); got != want {
		t.Errorf("offset(-1) = %v, want %v", got, want)
	}
}

func position(line, character uint32) protocol.Position {
	return protocol.Position{Line: line, Character: character}
}

func TestTouch(t *testing.T) {
	r := func(a, b, c, d uint32) protocol.Range {
		return protocol.Range{Start: position(a, b), End: position(c, d)}
	}
	for _, test := range []struct {
		a, b protocol.Range
		want bool
	}{
		{r(1, 2, 1, 5), r(1, 3, 1, 3), true},
		{r(1, 2, 1, 5), r(1, 2, 1, 2), true},
		{r(1, 2, 1, 5), r(1, 5, 1, 5), true}, // the cursor stands behind it
		{r(1, 2, 1, 5), r(1, 6, 1, 6), false},
		{r(1, 2, 1, 5), r(0, 0, 1, 1), false},
		{r(1, 2, 1, 5), r(0, 0, 9, 0), true},
		{r(1, 2, 3, 0), r(2, 9, 2, 9), true},
	} {
		if got := touch(test.a, test.b); got != test.want {
			t.Errorf("touch(%v, %v) = %t", test.a, test.b, got)
		}
		if got := touch(test.b, test.a); got != test.want {
			t.Errorf("touch(%v, %v) = %t", test.b, test.a, got)
		}
	}
}
