package format

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Terminal prints findings for somebody who watches: the line with a caret
// below, and under it the lines of the story.
type Terminal struct {
	Color   bool
	Width   int // columns
	Context int // lines around a place
}

// The colours are those of the 16 that every scheme defines.
const (
	reset   = "\x1b[0m"
	bold    = "\x1b[1m"
	dim     = "\x1b[2m"
	boldRed = "\x1b[1;31m"
	cyan    = "\x1b[36m"
)

// Write prints the findings of the report. Failures are not printed: they
// belong on standard error.
func (t *Terminal) Write(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	p := &printer{Terminal: t, w: out, r: r}
	for i, f := range r.Findings {
		if i > 0 {
			fmt.Fprintln(out)
		}
		p.finding(f)
	}
	return out.Flush()
}

// A printer prints one report.
type printer struct {
	*Terminal
	w      io.Writer
	r      *Report
	gutter int // digits of the line numbers of the finding
}

func (p *printer) paint(color, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return color + s + reset
}

func (p *printer) finding(f Finding) {
	message, suffix := visible(f.Message), ""
	if i := strings.LastIndex(message, " ("+f.Check); i > 0 {
		message, suffix = message[:i], message[i:]
	}
	fmt.Fprintf(p.w, "%s: %s%s\n", p.paint(bold, p.r.posn(f.At)), p.paint(boldRed, message), p.paint(dim, suffix))
	last := max(f.At.EndLine, f.At.Line)
	for _, n := range f.Story {
		last = max(last, n.At.Line)
	}
	p.gutter = len(strconv.Itoa(last + p.Context))
	p.place(f.At, "", boldRed)
	if len(f.Story) > 0 {
		p.margin("")
		fmt.Fprintln(p.w)
	}
	file := f.At.File
	for i, n := range f.Story {
		if n.At.File != file {
			p.margin("")
			fmt.Fprintf(p.w, "%s\n", p.paint(dim, "in "+p.r.posn(n.At)))
			file = n.At.File
		}
		p.place(n.At, fmt.Sprintf("%d. %s", i+1, visible(n.Message)), cyan)
	}
}

// margin starts a line with a line number, or none.
func (p *printer) margin(number string) {
	fmt.Fprint(p.w, p.paint(dim, fmt.Sprintf(" %*s │ ", p.gutter, number)))
}

// place prints the line of a place, a caret below it, and a text beside that or,
// where there is no room, below.
func (p *printer) place(at Place, text, color string) {
	for i := at.Line - p.Context; i < at.Line; i++ {
		p.line(at.File, i)
	}
	line, ok := p.r.Sources.Line(at.File, at.Line)
	if !ok {
		if text != "" {
			p.margin("")
			fmt.Fprintf(p.w, "%s: %s\n", p.r.posn(at), p.paint(color, text))
		}
		return
	}
	start, end := mark(line, at, at.Line)
	room := max(40, cmp.Or(p.Width, 100)-p.gutter-4)
	shown, from, to := clip(line, start, end, room)
	p.margin(strconv.Itoa(at.Line))
	fmt.Fprintln(p.w, shown)
	caret := "^" + strings.Repeat("~", max(0, to-from-1))
	p.margin("")
	fmt.Fprint(p.w, strings.Repeat(" ", from), p.paint(color, caret))
	switch {
	case text == "":
	case to+1+utf8.RuneCountInString(text) <= room:
		fmt.Fprint(p.w, " ", p.paint(color, text))
	default:
		indent := min(from, room/2)
		for _, line := range wrap(text, room-indent) {
			fmt.Fprintln(p.w)
			p.margin("")
			fmt.Fprint(p.w, strings.Repeat(" ", indent), p.paint(color, line))
		}
	}
	fmt.Fprintln(p.w)
	for i := at.Line + 1; i <= at.Line+p.Context; i++ {
		p.line(at.File, i)
	}
}

// wrap breaks a text into lines between words.
func wrap(text string, columns int) []string {
	var lines []string
	line, width := "", 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if line != "" && width+1+n > columns {
			lines = append(lines, line)
			line, width = "", 0
		}
		if line != "" {
			line, width = line+" ", width+1
		}
		line, width = line+word, width+n
	}
	return append(lines, line)
}

// line prints a line without a mark, if there is one.
func (p *printer) line(file string, n int) {
	if text, ok := p.r.Sources.Line(file, n); ok {
		shown, _, _ := clip(text, 0, 0, max(40, cmp.Or(p.Width, 100)-p.gutter-4))
		p.margin(strconv.Itoa(n))
		fmt.Fprintln(p.w, p.paint(dim, shown))
	}
}

// clip returns a line as it is shown in that many columns, and where in it the
// bytes from start to end stand. Tabs are four columns, and a line that is too
// long is cut to what is around the mark.
func clip(line string, start, end, columns int) (shown string, from, to int) {
	var cells []string
	for i, r := range line {
		switch {
		case i == start:
			from = len(cells)
		case i == end:
			to = len(cells)
		}
		if r == '\t' {
			for range 4 - len(cells)%4 {
				cells = append(cells, " ")
			}
			continue
		}
		for _, c := range visible(line[i : i+max(1, runeSize(line[i:]))]) {
			cells = append(cells, string(c))
		}
	}
	if start >= len(line) {
		from = len(cells)
	}
	if end >= len(line) {
		to = len(cells)
	}
	to = max(to, from+1)
	if len(cells) <= columns {
		return strings.TrimRight(strings.Join(cells, ""), " "), from, to
	}
	first := 0
	if from > columns/2 {
		first = min(from-columns/4, len(cells)-columns/4)
	}
	last := min(len(cells), first+columns-2)
	shown = strings.Join(cells[first:last], "")
	if first > 0 {
		shown = "…" + shown
		first--
	}
	if last < len(cells) {
		shown += "…"
	}
	return shown, from - first, min(to-first, columns)
}

func runeSize(s string) int {
	_, size := utf8.DecodeRuneInString(s)
	return size
}
