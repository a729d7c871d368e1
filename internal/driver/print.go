package driver

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/internal/driver/gocmd"
)

// A finding is a diagnostic with its positions as they are shown.
type finding struct {
	gocmd.Finding
	at    span
	story []span // one per Related
}

// A span is the place of a diagnostic.
type span struct {
	posn      string // as shown: "file:line:column"
	file      string // as reported
	line, end int    // first and last line
}

// newSpan returns the span between two positions. The path is shown relative
// to dir if that is shorter.
func newSpan(dir, posn, end string) span {
	file, line, column, ok := gocmd.SplitPosn(posn)
	if !ok {
		return span{posn: posn}
	}
	s := span{file: file, line: line, end: line}
	s.posn = fmt.Sprintf("%s:%d:%d", shortPath(dir, file), line, column)
	if _, last, _, ok := gocmd.SplitPosn(end); ok {
		s.end = last
	}
	return s
}

// shortPath returns the path relative to dir, if that is shorter.
func shortPath(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// workDir returns the absolute path of the directory to run in.
func workDir(dir string) (string, error) {
	if dir == "" {
		return os.Getwd()
	}
	return filepath.Abs(dir)
}

// newFinding returns the finding with its positions.
func newFinding(dir string, f gocmd.Finding) finding {
	n := finding{Finding: f, at: newSpan(dir, f.Posn, f.End)}
	for _, r := range f.Related {
		n.story = append(n.story, newSpan(dir, r.Posn, r.End))
	}
	return n
}

// sortFindings sorts by position and message and removes what is there twice,
// as for a file that belongs to a package and to its test variant.
func sortFindings(list []gocmd.Finding) []gocmd.Finding {
	slices.SortFunc(list, func(a, b gocmd.Finding) int {
		return cmp.Or(gocmd.ComparePosn(a.Posn, b.Posn),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Unit, b.Unit))
	})
	return slices.CompactFunc(list, func(a, b gocmd.Finding) bool {
		return a.Posn == b.Posn && a.Message == b.Message
	})
}

// report prints the results: findings or the patch to standard output, what
// could not be analysed and debug output to standard error.
func (c *command) report(o *options, r *results) error {
	out := bufio.NewWriter(c.stdout)
	switch {
	case o.diff:
		dir, err := workDir(o.dir)
		if err != nil {
			return err
		}
		writePatch(out, dir, r.patch)
	case o.json:
		if err := writeJSON(out, r.findings); err != nil {
			return err
		}
	default:
		w := textWriter{w: out, context: o.context}
		for _, f := range r.findings {
			w.finding(f)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	debug := textWriter{w: c.stderr, context: -1}
	for _, f := range r.debug {
		debug.finding(f)
	}
	for _, f := range r.failures {
		c.complain(f.Message)
	}
	return nil
}

// A textWriter prints findings as go vet does, but for the story, whose lines
// start with a tab so that a line without one is a finding.
type textWriter struct {
	w       io.Writer
	context int                 // lines around a finding, negative for none
	files   map[string][]string // lines of files that were read
}

func (w *textWriter) finding(f finding) {
	fmt.Fprintf(w.w, "%s: %s\n", f.at.posn, f.Message)
	w.source(f.at, "")
	for i, step := range f.Related {
		fmt.Fprintf(w.w, "\t%s: %s\n", f.story[i].posn, step.Message)
		w.source(f.story[i], "\t")
	}
}

// source prints the lines of the span with their surroundings.
func (w *textWriter) source(s span, indent string) {
	if w.context < 0 || s.file == "" {
		return
	}
	lines, ok := w.files[s.file]
	if !ok {
		data, _ := os.ReadFile(s.file) // if it is gone, so be it
		lines = strings.Split(string(data), "\n")
		if w.files == nil {
			w.files = make(map[string][]string)
		}
		w.files[s.file] = lines
	}
	for i := max(1, s.line-w.context); i <= min(s.end+w.context, len(lines)); i++ {
		fmt.Fprintf(w.w, "%s%d\t%s\n", indent, i, lines[i-1])
	}
}

// writeJSON prints the findings as one JSON object of the form that go vet
// prints per package: from package to analyzer to diagnostics.
func writeJSON(w io.Writer, findings []finding) error {
	tree := make(map[string]map[string][]json.RawMessage)
	for _, f := range findings {
		if tree[f.Unit] == nil {
			tree[f.Unit] = make(map[string][]json.RawMessage)
		}
		tree[f.Unit][f.Analyzer] = append(tree[f.Unit][f.Analyzer], f.JSON)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(tree)
}
