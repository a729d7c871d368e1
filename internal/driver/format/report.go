// Package format writes reports: what a run of the stand-alone command has
// found, for a person or for another program.
//
// A [Report] is plain data, the same for all formats; a [Format] writes it.
// Each format has a file of its own:
//
//	text.go      a line per finding, as go vet prints it
//	terminal.go  the lines of the source with carets, in colour
//	json.go      all that is known, for scripts
//	sarif.go     SARIF 2.1.0, for code scanning services and editors
//	github.go    annotations of a GitHub workflow
//	html.go      one page with pictures (excerpt.go, diagram.go, page.*)
//
// Nothing in a report is trusted: file names, source text and messages may
// contain anything, and each format escapes them in its own way.
package format

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/internal/trace"
)

// A Report is the outcome of a run.
type Report struct {
	Tool Tool

	// Dir is the directory that people see paths relative to, and Root the one
	// that other programs do: the top of the repository. Both are absolute.
	Dir, Root string

	Findings []Finding // sorted by position
	Failures []string  // what could not be analysed, a line each
	Packages int       // the packages that were asked for and can be loaded
	Time     time.Time // when the run started
	Elapsed  time.Duration

	// Baseline says that findings that a baseline knows are left out.
	Baseline bool

	// Stats are nil unless they were asked for.
	Stats *Stats

	// Sources are the files that the findings lie in.
	Sources *Sources
}

// A Tool is the program that made the report.
type Tool struct {
	Name, Version, URL string
	Checks             []Check
}

// A Check is a check of the tool.
type Check struct {
	Name    string
	Summary string // one line
	Text    string // plain text
	// Markdown is the same as Text.
	Markdown string
	URL      string
}

// A Finding is one mistake.
type Finding struct {
	Check    string
	Message  string
	Package  string // import path
	Function string // the enclosing one, "" outside of functions

	// Fingerprint identifies the finding in later runs, in which its lines may
	// have moved.
	Fingerprint string

	At    Place
	Story []Note
	Lanes []Note // the goroutines of the trace
	Steps []Step // the run that leads there; empty where none is known
	Fix   *Fix
}

// A Note is a sentence on a place.
type Note struct {
	At      Place
	Message string
}

// A Step is a step of a trace. The kind is never [trace.Lane].
type Step struct {
	At Place
	trace.Step
}

// A Fix is a change that repairs the mistake.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File       string // absolute path
	Start, End int
	New        string
}

// A Place is a range in a source file. Lines and columns count from 1, columns
// in bytes. The end is that of the last line and the column behind it.
type Place struct {
	File               string // absolute path; empty if the place is unknown
	Line, Column       int
	EndLine, EndColumn int
}

// Stats tell how a run went, for people who introduce the tool.
type Stats struct {
	Findings map[string]int // per check, none included
	Packages int
	Failures int
	GaveUp   []GaveUp
	// Known is the number of findings that the baseline knows, and Stale are
	// its entries for which there is no finding any more.
	Known   int
	Stale   []string
	Elapsed time.Duration
}

// A GaveUp says how often the analysis gave up for one reason.
type GaveUp struct {
	Part     string // the check, or the part of the engine
	Reason   string
	Times    int
	Packages int
}

// A Format writes a report.
type Format interface {
	Write(w io.Writer, r *Report) error
}

// Options are what a format may need to know besides the report.
type Options struct {
	Terminal bool // text goes to a terminal
	Color    bool // which shows colours
	Width    int  // columns of the terminal
	Context  int  // lines around a place in text, negative for none
}

// Names returns the names of the formats.
func Names() []string { return []string{"text", "json", "sarif", "github", "html"} }

// New returns the format of that name.
func New(name string, o Options) (Format, error) {
	switch name {
	case "text":
		if o.Terminal {
			return &Terminal{Color: o.Color, Width: o.Width, Context: max(0, o.Context)}, nil
		}
		return &Text{Context: o.Context}, nil
	case "json":
		return jsonFormat{}, nil
	case "sarif":
		return sarifFormat{}, nil
	case "github":
		return githubFormat{}, nil
	case "html":
		return htmlFormat{}, nil
	}
	return nil, fmt.Errorf("no format %q; there are %s", name, strings.Join(Names(), ", "))
}

// shown returns the path of a place as people see it.
func (r *Report) shown(p Place) string { return Short(r.Dir, p.File) }

// path returns the path of a place for other programs: relative to the root,
// with slashes, or absolute if it lies elsewhere.
func (r *Report) path(file string) string {
	if rel, ok := Below(r.Root, file); ok {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// Below returns the path relative to a directory, and reports whether it lies
// in it.
func Below(dir, file string) (rel string, ok bool) {
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return rel, true
}

// Short returns the path relative to a directory, if that is shorter.
func Short(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// check returns what is known of a check.
func (t *Tool) check(name string) Check {
	if i := t.index(name); i >= 0 {
		return t.Checks[i]
	}
	return Check{Name: name}
}

func (t *Tool) index(name string) int {
	return slices.IndexFunc(t.Checks, func(c Check) bool { return c.Name == name })
}
