package report

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// A Directive is a comment that asks for silence:
//
//	//concurlint:ignore check[,check] reason    on the line or on the line above
//	//lint:ignore check[,check] reason          the same, as in staticcheck
//	//lint:file-ignore check[,check] reason     for the file
//	//nolint, //nolint:concurlint               as in golangci-lint: for the line, or, on a
//	                                            line of its own, for the syntax that follows
//
// Only the first form is ours, so only it is judged: see Problem.
type Directive struct {
	Pos, End token.Pos // the comment
	Form     Form
	Names    []string // what is to be silent; empty in //nolint for everything
	Reason   string

	// Problem says why the directive has no effect; it is empty where the
	// directive is well-formed. Whether its checks exist is not looked at.
	Problem string

	// From and To are the first and the last line that the directive covers.
	From, To int
}

// A Form is a way to write a directive.
type Form int

const (
	Ignore         Form = iota // //concurlint:ignore
	LintIgnore                 // //lint:ignore
	LintFileIgnore             // //lint:file-ignore
	NoLint                     // //nolint
)

// toEndOfFile is a line number beyond every file's last.
const toEndOfFile = 1 << 30

// ParseDirective parses the text of a comment, with its slashes. It returns
// false for a comment that is not a directive. The directive's positions and
// lines are left to the caller.
func ParseDirective(text string) (Directive, bool) {
	if rest, ok := strings.CutPrefix(text, "//concurlint:"); ok {
		return parseOwn(rest), true
	}
	if rest, ok := strings.CutPrefix(text, "//lint:ignore"); ok && endsWord(rest) {
		return parseNamesAndReason(LintIgnore, rest), true
	}
	if rest, ok := strings.CutPrefix(text, "//lint:file-ignore"); ok && endsWord(rest) {
		return parseNamesAndReason(LintFileIgnore, rest), true
	}
	if rest, ok := strings.CutPrefix(text, "//"); ok {
		rest = strings.TrimLeft(rest, "/ ")
		if strings.HasPrefix(rest, "concurlint:ignore ") {
			return Directive{Problem: "directive starts with a space: write //concurlint:ignore"}, true
		}
		if names, ok := strings.CutPrefix(rest, "nolint"); ok && (endsWord(names) || names[0] == ':') {
			return parseNoLint(names), true
		}
	}
	return Directive{}, false
}

// endsWord reports whether s, which follows a keyword, does not continue it.
func endsWord(s string) bool { return s == "" || s[0] == ' ' || s[0] == '\t' }

// parseOwn parses what follows "//concurlint:".
func parseOwn(s string) Directive {
	rest, ok := strings.CutPrefix(s, "ignore")
	if !ok || !endsWord(rest) {
		verb, _, _ := strings.Cut(s, " ")
		return Directive{Problem: "unknown directive //concurlint:" + verb + ": only //concurlint:ignore exists"}
	}
	return parseNamesAndReason(Ignore, rest)
}

// parseNamesAndReason parses " check[,check] reason". A further comment behind
// the reason does not belong to it.
func parseNamesAndReason(form Form, s string) Directive {
	d := Directive{Form: form}
	s, _, _ = strings.Cut(s, " // ")
	words := strings.Fields(s)
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		for name := range strings.SplitSeq(word, ",") {
			if name != "" {
				d.Names = append(d.Names, name)
			}
		}
		if !strings.HasSuffix(word, ",") {
			break // after a comma and a space the list goes on
		}
	}
	d.Reason = strings.Join(words, " ")
	switch {
	case len(d.Names) == 0:
		d.Problem = "directive names no check: write //concurlint:ignore CHECK REASON"
	case d.Reason == "":
		d.Problem = "directive gives no reason and has no effect: write //concurlint:ignore " +
			strings.Join(d.Names, ",") + " REASON"
	}
	return d
}

// parseNoLint parses what follows "nolint", by golangci-lint's rules.
func parseNoLint(s string) Directive {
	d := Directive{Form: NoLint}
	list, ok := strings.CutPrefix(s, ":")
	if !ok {
		return d
	}
	list, _, _ = strings.Cut(list, "//")
	for name := range strings.SplitSeq(list, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "all" || strings.HasPrefix(name, "all ") {
			return Directive{Form: NoLint}
		}
		d.Names = append(d.Names, name)
	}
	return d
}

// Suppresses reports whether the directive covers a finding of the check at pos.
func (d *Directive) Suppresses(check string, fset *token.FileSet, pos token.Pos) bool {
	if d.Problem != "" {
		return false
	}
	file := fset.File(pos)
	if file == nil || file != fset.File(d.Pos) {
		return false
	}
	line := file.PositionFor(pos, false).Line
	return d.From <= line && line <= d.To && d.names(check)
}

// names reports whether the directive is about the check.
func (d *Directive) names(check string) bool {
	switch d.Form {
	case Ignore:
		return slices.Contains(d.Names, check)
	case NoLint:
		return len(d.Names) == 0 || slices.Contains(d.Names, "concurlint") || slices.Contains(d.Names, check)
	}
	return slices.ContainsFunc(d.Names, func(pattern string) bool {
		ok, err := path.Match(pattern, check)
		return ok && err == nil
	})
}

// ReadDirectives returns the directives of the files, in order.
//
// Lines are those of the file itself, not those that line directives claim.
func ReadDirectives(fset *token.FileSet, files []*ast.File) []Directive {
	var all []Directive
	for _, file := range files {
		tokFile := fset.File(file.FileStart)
		if tokFile == nil {
			continue
		}
		var found []Directive
		for _, group := range file.Comments {
			for _, comment := range group.List {
				d, ok := ParseDirective(comment.Text)
				if !ok {
					continue
				}
				d.Pos, d.End = comment.Pos(), comment.End()
				found = append(found, d)
			}
		}
		if len(found) > 0 {
			cover(tokFile, file, found)
			all = append(all, found...)
		}
	}
	return all
}

// cover computes the lines that the file's directives cover.
func cover(tokFile *token.File, file *ast.File, directives []Directive) {
	layout := readLayout(tokFile, file)
	for i := range directives {
		d := &directives[i]
		at := tokFile.PositionFor(d.Pos, false)
		d.From, d.To = at.Line, at.Line
		switch first, ok := layout.firstCode[at.Line]; {
		case d.Form == LintFileIgnore:
			d.From, d.To = 1, toEndOfFile
		case ok && first < d.Pos:
			if d.Form == NoLint && at.Line == tokFile.PositionFor(file.Package, false).Line {
				d.From, d.To = 1, toEndOfFile
			}
		default:
			// On a line of its own: what follows the comment group, so that
			// directives can be stacked and stand in a doc comment.
			group := groupOf(file, d.Pos)
			start := tokFile.PositionFor(group.Pos(), false)
			next := tokFile.PositionFor(group.End(), false).Line + 1
			d.To = next
			if d.Form == NoLint {
				d.To = max(next, layout.lastLine[lineColumn{next, start.Column}])
			}
		}
	}
}

// groupOf returns the comment group of the file that contains the position of
// a comment.
func groupOf(file *ast.File, pos token.Pos) *ast.CommentGroup {
	i := slices.IndexFunc(file.Comments, func(g *ast.CommentGroup) bool {
		return g.Pos() <= pos && pos < g.End()
	})
	return file.Comments[i]
}

// A layout says where on its lines a file has code.
type layout struct {
	firstCode map[int]token.Pos  // line → where its first code starts
	lastLine  map[lineColumn]int // start of syntax → last line of the largest that starts there
}

type lineColumn struct{ line, column int }

func readLayout(tokFile *token.File, file *ast.File) layout {
	l := layout{make(map[int]token.Pos), make(map[lineColumn]int)}
	note := func(pos token.Pos) token.Position {
		at := tokFile.PositionFor(pos, false)
		if first, ok := l.firstCode[at.Line]; !ok || pos < first {
			l.firstCode[at.Line] = pos
		}
		return at
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.CommentGroup, *ast.Comment:
			return false
		}
		if !n.Pos().IsValid() || n.End() <= n.Pos() {
			return true // nothing in the text, such as a missing result list
		}
		// The last character of each node stands for the closing tokens,
		// which are no nodes themselves.
		start, last := note(n.Pos()), note(n.End()-1)
		key := lineColumn{start.Line, start.Column}
		l.lastLine[key] = max(l.lastLine[key], last.Line)
		return true
	})
	return l
}
