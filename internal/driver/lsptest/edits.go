package lsptest

import (
	"slices"
	"unicode/utf16"

	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// ApplyEdits returns the text after edits, whose positions count units of UTF-16.
func ApplyEdits(text string, edits []protocol.TextEdit) string {
	all := utf16.Encode([]rune(text))
	offset := func(p protocol.Position) int {
		i := 0
		for line := uint32(0); line < p.Line; line++ {
			i += slices.Index(all[i:], '\n') + 1
		}
		return i + int(p.Character)
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b protocol.TextEdit) int {
		return offset(a.Range.Start) - offset(b.Range.Start)
	})
	var out []uint16
	done := 0
	for _, edit := range sorted {
		out = append(out, all[done:offset(edit.Range.Start)]...)
		out = append(out, utf16.Encode([]rune(edit.NewText))...)
		done = offset(edit.Range.End)
	}
	return string(utf16.Decode(append(out, all[done:]...)))
}
