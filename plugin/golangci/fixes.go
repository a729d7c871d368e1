package golangci

import (
	"bytes"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// fixes are the edits of a package's fixes that were accepted so far.
//
// golangci-lint gathers the edits of all fixes of a linter in a file. If two of
// them overlap, it applies none and drops the issues nevertheless: the run ends
// with "0 issues" and an unchanged file. So a fix that would conflict with an
// earlier one is left out. Its issue stays, and the next --fix applies it.
type fixes struct{ edits []analysis.TextEdit }

// choose returns the fix that the diagnostic keeps: the first one, if it can be
// applied beside those that were chosen before.
func (f *fixes) choose(fset *token.FileSet, d analysis.Diagnostic) []analysis.SuggestedFix {
	if len(d.SuggestedFixes) == 0 {
		return nil
	}
	fix := d.SuggestedFixes[0]
	file := fset.File(d.Pos)
	for _, edit := range fix.TextEdits {
		if file == nil || fset.File(edit.Pos) != file {
			return nil // golangci-lint would drop this edit, and apply the others
		}
		if slices.ContainsFunc(f.edits, func(other analysis.TextEdit) bool { return conflict(edit, other) }) {
			return nil
		}
	}
	f.edits = append(f.edits, fix.TextEdits...)
	return []analysis.SuggestedFix{fix}
}

// conflict reports whether two edits of different fixes exclude each other, as
// they do if they overlap. Equal ones do not: both fixes want the same, such as an
// import, and it is done once.
//
// Of insertions at one place, golangci-lint and go vet -fix make both, in the order
// of the fixes. That is right for statements in lines of their own. It is not for
// two that each make a group of the same lone import.
func conflict(x, y analysis.TextEdit) bool {
	xEnd, yEnd := end(x), end(y)
	switch {
	case x.Pos == y.Pos && xEnd == yEnd && bytes.Equal(x.NewText, y.NewText):
		return false
	case x.Pos == xEnd && xEnd == y.Pos && y.Pos == yEnd:
		return !isLines(x.NewText) || !isLines(y.NewText)
	}
	return x.Pos < yEnd && y.Pos < xEnd
}

// isLines reports whether the text consists of whole lines.
func isLines(text []byte) bool { return bytes.HasSuffix(text, []byte("\n")) }

// end returns the end of an edit, which an insertion need not have.
func end(e analysis.TextEdit) token.Pos {
	if e.End.IsValid() {
		return e.End
	}
	return e.Pos
}
