package format

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/concurlint/concurlint/internal/trace"
)

// An excerpt is the part of a file that a finding is about, as the page shows it.
type excerpt struct {
	Path  string
	Other bool // not the file of the finding
	Lines []sourceLine
}

// A sourceLine is a line, or a gap between lines.
type sourceLine struct {
	Number  int // 0 for a gap
	Anchor  string
	Pieces  []piece
	Lanes   []int // the colours of the goroutines that do something here
	Notes   []noteText
	Finding bool // the finding is here
}

// A piece is a part of a line that looks alike.
type piece struct {
	Text  string
	Class string // of the token
	Mark  string // "", "here" or "step"
}

// A noteText is a sentence below a line.
type noteText struct {
	Number int // in the story; 0 for the finding itself
	Text   string
}

const (
	around   = 2    // lines around a marked one
	maxLines = 90   // of an excerpt
	maxBytes = 1000 // of a line
)

// excerpts returns what to show of the sources for a finding: the lines of its
// story and of its trace, and some around them. The prefix makes anchors unique.
func (r *Report) excerpts(f *Finding, prefix string) (list []excerpt, anchor func(Place) string) {
	marks := newMarks(f)
	files := slices.SortedFunc(maps.Keys(marks), func(a, b string) int {
		return cmp.Or(cmp.Compare(marks[a].order, marks[b].order), cmp.Compare(a, b))
	})
	for i, file := range files {
		e := excerpt{Path: visible(r.path(file)), Other: file != f.At.File}
		m := marks[file]
		m.prefix = fmt.Sprintf("%s-%d", prefix, i)
		if _, ok := r.Sources.Line(file, 1); ok {
			e.Lines = r.lines(file, f, m)
			list = append(list, e)
		}
	}
	return list, func(p Place) string {
		if m := marks[p.File]; m != nil && m.shown[p.Line] {
			return m.anchor(p.Line)
		}
		return ""
	}
}

// marks are the lines of a file that a finding is about.
type marks struct {
	order  int
	prefix string
	at     map[int][]noteAt
	lanes  map[int][]int
	shown  map[int]bool
}

type noteAt struct {
	Place
	noteText
	silent bool // nothing is said of it
}

// verdict says in a few words what happens at the place of the finding; its
// message stands above.
func (f *Finding) verdict() string {
	for _, s := range f.Steps {
		switch {
		case s.Here && s.Kind == trace.Stuck:
			return "stuck here forever"
		case s.Here && s.Kind == trace.Panic:
			return "panics here"
		}
	}
	return "reported here"
}

func (m *marks) anchor(line int) string { return fmt.Sprintf("%s-%d", m.prefix, line) }

func newMarks(f *Finding) map[string]*marks {
	all := make(map[string]*marks)
	of := func(p Place) *marks {
		if all[p.File] == nil {
			all[p.File] = &marks{order: len(all), at: make(map[int][]noteAt), lanes: make(map[int][]int), shown: make(map[int]bool)}
		}
		return all[p.File]
	}
	add := func(p Place, n noteText, silent bool) {
		if p.File != "" {
			m := of(p)
			m.at[p.Line] = append(m.at[p.Line], noteAt{p, n, silent})
		}
	}
	add(f.At, noteText{Text: f.verdict()}, false)
	for i, n := range f.Story {
		add(n.At, noteText{Number: i + 1, Text: visible(n.Message)}, false)
	}
	for _, s := range f.Steps {
		add(s.At, noteText{}, true)
		if s.At.File != "" {
			if m, lane := of(s.At), s.Goroutine%colors; !slices.Contains(m.lanes[s.At.Line], lane) {
				m.lanes[s.At.Line] = append(m.lanes[s.At.Line], lane)
			}
		}
	}
	return all
}

// lines returns the lines to show of a file.
func (r *Report) lines(file string, f *Finding, m *marks) []sourceLine {
	show := make(map[int]bool)
	count := r.Sources.Count(file)
	marked := slices.Sorted(maps.Keys(m.at))
	for _, line := range marked {
		// The last lines can be too many only if the marks are very many.
		for i := max(1, line-around); i <= min(line+around, count) && len(show) < maxLines; i++ {
			show[i] = true
		}
		if head := r.Sources.functionLine(file, line); head > 0 && len(show) < maxLines {
			show[head] = true // to know where we are
		}
	}
	for i := max(1, f.At.Line-around); file == f.At.File && i <= min(f.At.Line+around, count); i++ {
		show[i] = true
	}
	var lines []sourceLine
	previous := 0
	for _, n := range slices.Sorted(maps.Keys(show)) {
		if n == previous+2 { // a gap takes as much room as the line
			lines = append(lines, r.line(file, n-1, f, m))
		} else if n > previous+1 && previous > 0 {
			lines = append(lines, sourceLine{})
		}
		lines = append(lines, r.line(file, n, f, m))
		previous = n
	}
	return lines
}

// line returns a line with its marks.
func (r *Report) line(file string, n int, f *Finding, m *marks) sourceLine {
	m.shown[n] = true
	text, _ := r.Sources.Line(file, n)
	out := sourceLine{Number: n, Anchor: m.anchor(n), Lanes: m.lanes[n]}
	slices.Sort(out.Lanes)
	kinds := make([]string, len(text)) // marks by byte
	first := 0
	for _, at := range m.at[n] {
		here := file == f.At.File && at.Place == f.At
		start, end := mark(text, at.Place, n)
		for i := start; i < min(end, len(text)); i++ {
			if here {
				kinds[i] = "here"
			} else if kinds[i] == "" {
				kinds[i] = "step"
			}
		}
		if here {
			out.Finding, first = true, start
		}
		if !at.silent {
			out.Notes = append(out.Notes, at.noteText)
		}
	}
	out.Pieces = pieces(text, kinds, r.Sources.tokens(file, n), first)
	return out
}

// pieces splits a line where tokens or marks begin and end. Of a line that is
// too long it keeps what is around the byte first.
func pieces(text string, kinds []string, tokens []tokenRange, first int) []piece {
	from, to := 0, len(text)
	if len(text) > maxBytes {
		from = max(0, first-maxBytes/4)
		to = min(len(text), from+maxBytes)
		for from > 0 && !utf8.RuneStart(text[from]) {
			from--
		}
		for to < len(text) && !utf8.RuneStart(text[to]) {
			to++
		}
	}
	classes := make([]string, len(text))
	for _, t := range tokens {
		for i := t.start; i < min(t.end, len(text)); i++ {
			classes[i] = t.class
		}
	}
	var list []piece
	if from > 0 {
		list = append(list, piece{Text: "…"})
	}
	for i := from; i < to; {
		j := i + 1
		for j < to && (kinds[j] == kinds[i] && classes[j] == classes[i] || !utf8.RuneStart(text[j])) {
			j++
		}
		list = append(list, piece{Text: visible(text[i:j]), Class: classes[i], Mark: kinds[i]})
		i = j
	}
	if to < len(text) {
		list = append(list, piece{Text: "…"})
	}
	return list
}

// A tokenRange is a part of a line with the class that it is shown in.
type tokenRange struct {
	start, end int
	class      string
}

// tokens returns the tokens of a line that have a colour.
func (s *Sources) tokens(file string, line int) []tokenRange {
	f := s.file(file)
	if f.tokens == nil {
		f.tokens = scan(f.text)
	}
	return f.tokens[line]
}

// comment is the class of comments.
const comment = "c"

// scan finds the keywords, comments, strings and numbers of a file, by line.
func scan(text []byte) map[int][]tokenRange {
	byLine := make(map[int][]tokenRange)
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return byLine
		}
		class := ""
		switch {
		case tok == token.COMMENT:
			class = comment
		case tok.IsKeyword():
			class = "k"
		case tok == token.STRING || tok == token.CHAR:
			class = "s"
		case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
			class = "n"
		default:
			continue
		}
		if lit == "" {
			lit = tok.String()
		}
		at := fset.PositionFor(pos, false)
		line, start := at.Line, at.Column-1
		for part := range strings.SplitSeq(lit, "\n") {
			byLine[line] = append(byLine[line], tokenRange{start, start + len(part), class})
			line, start = line+1, 0
		}
	}
}
