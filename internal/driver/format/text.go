package format

import (
	"bufio"
	"fmt"
	"io"

	"github.com/concurlint/concurlint/internal/printable"
)

// Text prints findings as go vet does, but for the story, whose lines start
// with a tab so that a line without one is a finding.
type Text struct {
	Context int // lines around a place, negative for none
}

// Write prints the findings of the report. Failures are not printed: they
// belong on standard error.
func (t *Text) Write(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(out, "%s: %s\n", r.posn(f.At), visible(f.Message))
		t.source(out, r, f.At, "")
		for _, n := range f.Story {
			fmt.Fprintf(out, "\t%s: %s\n", r.posn(n.At), visible(n.Message))
			t.source(out, r, n.At, "\t")
		}
	}
	return out.Flush()
}

// source prints the lines of the place with their surroundings.
func (t *Text) source(w io.Writer, r *Report, p Place, indent string) {
	if t.Context < 0 || p.File == "" {
		return
	}
	for i := max(1, p.Line-t.Context); i <= min(p.EndLine+t.Context, r.Sources.Count(p.File)); i++ {
		line, _ := r.Sources.Line(p.File, i)
		fmt.Fprintf(w, "%s%d\t%s\n", indent, i, visible(line))
	}
}

// posn returns a place as people see it, on one line: "file:line:column".
func (r *Report) posn(p Place) string {
	if p.File == "" {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", visible(r.shown(p)), p.Line, p.Column)
}

// visible writes characters that are no text, but could break the line or
// command a terminal, as Go escapes.
func visible(s string) string { return printable.Text(s) }
