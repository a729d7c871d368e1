package driver

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/concurlint/concurlint/internal/driver/baseline"
	"github.com/concurlint/concurlint/internal/driver/format"
	"github.com/concurlint/concurlint/internal/driver/gocmd"
	"github.com/concurlint/concurlint/internal/trace"
)

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

// newFinding makes a finding of a tool's diagnostic.
func newFinding(d gocmd.Finding) format.Finding {
	f := format.Finding{Check: d.Analyzer, Message: d.Message, Package: gocmd.RequestedPath(d.Unit), At: newPlace(d.Posn, d.End)}
	for _, r := range d.Related {
		at := newPlace(r.Posn, r.End)
		switch step, ok := trace.Decode(r.Message); {
		case !ok:
			f.Story = append(f.Story, format.Note{At: at, Message: r.Message})
		case step.Kind == trace.Lane:
			f.Lanes = append(f.Lanes, format.Note{At: at, Message: step.Text})
		default:
			f.Steps = append(f.Steps, format.Step{At: at, Step: step})
		}
	}
	if !traceFits(f) {
		f.Lanes, f.Steps = nil, nil
	}
	if len(d.SuggestedFixes) > 0 { // the go command applies the first one
		fix := d.SuggestedFixes[0]
		f.Fix = &format.Fix{Message: fix.Message}
		for _, e := range fix.Edits {
			f.Fix.Edits = append(f.Fix.Edits, format.Edit{File: e.Filename, Start: e.Start, End: e.End, New: e.New})
		}
	}
	return f
}

// traceFits reports whether all goroutines of a trace are declared.
func traceFits(f format.Finding) bool {
	for _, s := range f.Steps {
		if s.Goroutine < 0 || s.Goroutine >= len(f.Lanes) || s.To < 0 || s.To >= len(f.Lanes) {
			return false
		}
	}
	return true
}

// newPlace returns the range between two positions of a tool.
func newPlace(posn, end string) format.Place {
	file, line, column, ok := gocmd.SplitPosn(posn)
	if !ok {
		return format.Place{}
	}
	p := format.Place{File: file, Line: line, Column: column, EndLine: line, EndColumn: column}
	if f, last, column, ok := gocmd.SplitPosn(end); ok && f == file && last >= line {
		p.EndLine, p.EndColumn = last, column
	}
	return p
}

// modules finds the modules that files belong to.
type modules map[string]module // by directory

type module struct{ dir, path string }

// of returns the module of a directory: the innermost go.mod in it or above. If
// there is none, the module is the directory that is given.
func (m modules) of(dir, otherwise string) module {
	if known, ok := m[dir]; ok {
		return known
	}
	found := module{dir: otherwise}
	if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
		found = module{dir, modfile.ModulePath(data)}
	} else if up := filepath.Dir(dir); up != dir {
		found = m.of(up, otherwise)
	}
	m[dir] = found
	return found
}

// identify gives the findings what later runs recognise them by, and returns it
// in the form of a baseline.
func identify(r *format.Report) []baseline.Entry {
	found := make(modules)
	entries := make([]baseline.Entry, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Function = r.Sources.Function(f.At.File, f.At.Line)
		mod := found.of(filepath.Dir(f.At.File), r.Dir)
		file := f.At.File
		if rel, ok := format.Below(mod.dir, file); ok {
			file = rel
		}
		code, ok := r.Sources.Code(f.At.File, f.At.Line)
		if !ok {
			code = f.Message
		}
		entries[i] = baseline.Entry{
			Check: f.Check, Module: mod.path, File: filepath.ToSlash(file), Function: f.Function, Code: code, Package: f.Package,
		}
	}
	baseline.Identify(entries)
	for i, e := range entries {
		r.Findings[i].Fingerprint = e.Fingerprint
	}
	return entries
}
