package report

import (
	"bytes"
	"cmp"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Fix is a set of edits in one file, named after what it does.
type Fix struct {
	Message string
	Edits   []Edit

	refused string // why an Editor could not build the fix
}

// An Edit replaces the source between Pos and End by New. End is Pos for an
// insertion.
type Edit struct {
	Pos, End token.Pos
	New      string
}

// suggestedFix returns the fix in the form that drivers understand, or why it
// is not offered.
//
// Drivers apply fixes without asking and editors insert the text as it is, so
// a fix that could leave the file broken or badly formatted is worse than none.
func suggestedFix(pass *analysis.Pass, fix Fix) (analysis.SuggestedFix, string) {
	var none analysis.SuggestedFix
	if _, why := fix.Apply(pass); why != "" {
		return none, why
	}
	out := analysis.SuggestedFix{Message: oneLine(fix.Message)}
	for _, edit := range fix.Edits {
		out.TextEdits = append(out.TextEdits, analysis.TextEdit{
			Pos: edit.Pos, End: max(edit.Pos, edit.End), NewText: []byte(edit.New),
		})
	}
	return out, ""
}

// Apply returns the text of the fix's file with its edits made, or why the fix
// is not to be offered.
func (fix *Fix) Apply(pass *analysis.Pass) (after []byte, why string) {
	if fix.refused != "" {
		return nil, fix.refused
	}
	if fix.Message == "" || len(fix.Edits) == 0 {
		return nil, "no edits or no message"
	}
	i := fileIndex(pass.Files, fix.Edits[0].Pos)
	if i < 0 {
		return nil, "edit outside the package's files"
	}
	file := pass.Files[i]
	if isGenerated(pass.Fset, file) || hasOtherSource(pass.Fset, file) {
		return nil, "file is generated"
	}
	src, err := readSource(pass, file)
	if err != nil {
		return nil, err.Error()
	}
	after, why = src.apply(fix.Edits)
	if why == "" {
		why = compareFixed(src.content, after)
	}
	return after, why
}

// Join returns a fix that does what both do, with the message of the first.
func (fix *Fix) Join(other *Fix) *Fix {
	joined := *fix
	joined.Edits = slices.Concat(fix.Edits, other.Edits)
	joined.refused = cmp.Or(fix.refused, other.refused)
	return &joined
}

// InOrder returns the edits in the order in which they stand in the file.
func (fix *Fix) InOrder() []Edit {
	edits := slices.Clone(fix.Edits)
	slices.SortStableFunc(edits, func(x, y Edit) int {
		return cmp.Or(cmp.Compare(x.Pos, y.Pos), cmp.Compare(max(x.Pos, x.End), max(y.Pos, y.End)))
	})
	return edits
}

// A source is the text of a file whose syntax is known.
type source struct {
	file    *ast.File
	tokFile *token.File
	content []byte
	eol     string // what ends a line in this file
}

// readSource reads the text of the file as the driver sees it, which may not
// be what is on disk.
func readSource(pass *analysis.Pass, file *ast.File) (*source, error) {
	tokFile := pass.Fset.File(file.FileStart)
	if tokFile == nil {
		return nil, errors.New("source not readable")
	}
	readFile := pass.ReadFile
	if readFile == nil {
		readFile = os.ReadFile // the driver has no other text, as Bazel's nogo
	}
	content, err := readFile(tokFile.Name())
	if err != nil {
		return nil, errors.New("source not readable")
	}
	if len(content) != tokFile.Size() {
		return nil, errors.New("source changed while it was analysed")
	}
	eol := "\n"
	if i := bytes.IndexByte(content, '\n'); i > 0 && content[i-1] == '\r' {
		eol = "\r\n"
	}
	return &source{file, tokFile, content, eol}, nil
}

// offset returns the offset of a position of the file.
func (s *source) offset(pos token.Pos) int { return int(pos) - s.tokFile.Base() }

// pos returns the position of an offset.
func (s *source) pos(offset int) token.Pos { return token.Pos(s.tokFile.Base() + offset) }

// apply returns the file's text with the edits made, or why they cannot be.
func (s *source) apply(edits []Edit) (after []byte, why string) {
	done := 0
	for _, e := range (&Fix{Edits: edits}).InOrder() {
		start, end := s.offset(e.Pos), s.offset(max(e.Pos, e.End))
		if start < 0 || end > len(s.content) {
			return nil, "edits in more than one file"
		}
		if start < done {
			return nil, "edits overlap"
		}
		after = append(after, s.content[done:start]...)
		after = append(after, e.New...)
		done = end
	}
	return append(after, s.content[done:]...), ""
}

// compareFixed compares a file's text before and after a fix, and returns what
// is wrong with the fix.
func compareFixed(before, after []byte) string {
	// gofmt ends lines with \n only; that alone makes no file badly formatted.
	before = bytes.ReplaceAll(before, []byte("\r\n"), []byte("\n"))
	after = bytes.ReplaceAll(after, []byte("\r\n"), []byte("\n"))
	if bytes.Equal(before, after) {
		return "no change"
	}
	wanted, err := format.Source(after)
	if err != nil {
		return "result does not parse"
	}
	if commentLost(before, after) {
		return "comment lost"
	}
	if bytes.Equal(wanted, after) {
		return ""
	}
	// What gofmt would change must be what it would have changed before.
	wantedBefore, err := format.Source(before)
	if err != nil {
		return "source does not parse"
	}
	if !subset(changedLines(after, wanted), changedLines(before, wantedBefore)) ||
		!subset(changedLines(wanted, after), changedLines(wantedBefore, before)) {
		return "result not gofmt-clean"
	}
	return ""
}

// changedLines counts the lines of x that are not in y.
func changedLines(x, y []byte) map[string]int {
	lines := make(map[string]int)
	for line := range bytes.SplitSeq(x, []byte("\n")) {
		lines[string(line)]++
	}
	for line := range bytes.SplitSeq(y, []byte("\n")) {
		lines[string(line)]--
	}
	return lines
}

// subset reports whether x has no line more often than y.
func subset(x, y map[string]int) bool {
	for line, n := range x {
		if n > max(0, y[line]) {
			return false
		}
	}
	return true
}

// commentLost reports whether a comment of before is not in after. Comments
// may move, and block comments may be indented differently.
func commentLost(before, after []byte) bool {
	return !subset(comments(before), comments(after))
}

func comments(src []byte) map[string]int {
	file, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	texts := make(map[string]int)
	for _, group := range file.Comments {
		for _, comment := range group.List {
			texts[strings.Join(strings.Fields(comment.Text), " ")]++
		}
	}
	return texts
}
