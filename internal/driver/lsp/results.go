package lsp

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.lsp.dev/uri"

	"github.com/concurlint/concurlint/internal/driver/gocmd"
	"github.com/concurlint/concurlint/internal/driver/lsp/protocol"
)

// A result is what was found in a file.
type result struct {
	content  string // that was analysed
	findings []finding
}

// A finding is a diagnostic and how to repair what it says.
type finding struct {
	protocol.Diagnostic
	check string // name of the analyzer
	fix   *fix   // or nil
}

// A fix is a change of the file that a finding is in.
type fix struct {
	title string
	edits []protocol.TextEdit
}

// fixes is the part of a tool's diagnostic about fixes.
type fixes struct {
	SuggestedFixes []struct {
		Message string `json:"message"`
		Edits   []struct {
			Filename string `json:"filename"`
			Start    int    `json:"start"` // in bytes
			End      int    `json:"end"`
			New      string `json:"new"`
		} `json:"edits"`
	} `json:"suggested_fixes"`
}

// A reader reads files, each once, so that positions and the content that is kept
// for comparison are of one state of a file.
type reader map[string]*text

// read returns the text of a file, or nil.
func (r reader) read(name string) *text {
	t, ok := r[name]
	if !ok {
		if data, err := os.ReadFile(name); err == nil {
			t = newText(string(data))
		}
		r[name] = t
	}
	return t
}

// converter makes results of what the tool printed.
type converter struct {
	cfg   Config
	can   abilities
	files reader
}

// convert returns the results by file name. A finding that is in a file of a
// package and of its test variant is reported for both, and taken once.
func (c *converter) convert(found []gocmd.Finding) map[string]*result {
	found = slices.Clone(found)
	slices.SortFunc(found, func(a, b gocmd.Finding) int {
		return cmp.Or(gocmd.ComparePosn(a.Posn, b.Posn), cmp.Compare(a.Analyzer, b.Analyzer), cmp.Compare(a.Message, b.Message))
	})
	found = slices.CompactFunc(found, func(a, b gocmd.Finding) bool {
		return a.Posn == b.Posn && a.Analyzer == b.Analyzer && a.Message == b.Message
	})
	results := make(map[string]*result)
	for _, f := range found {
		name, _, _, ok := gocmd.SplitPosn(f.Posn)
		t := c.files.read(name)
		if !ok || t == nil || c.cfg.Ignore != "" && f.Category == c.cfg.Ignore {
			continue
		}
		if results[name] == nil {
			results[name] = &result{content: t.content}
		}
		results[name].findings = append(results[name].findings, finding{
			Diagnostic: c.diagnostic(f), check: f.Analyzer, fix: c.fix(name, f.JSON),
		})
	}
	return results
}

// diagnostic returns a finding as far as the client understands it.
func (c *converter) diagnostic(f gocmd.Finding) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range:    c.rangeOf(f.Posn, f.End),
		Severity: protocol.SeverityWarning,
		Code:     cmp.Or(f.Category, f.Analyzer),
		Source:   c.cfg.Name,
		Message:  f.Message,
	}
	if a := c.cfg.analyzer(f.Analyzer); c.can.links && a != nil && a.URL != "" {
		d.CodeDescription = &protocol.CodeDescription{Href: uri.URI(a.URL)}
	}
	if c.can.related {
		for _, r := range f.Related {
			if name, _, _, ok := gocmd.SplitPosn(r.Posn); ok {
				d.RelatedInformation = append(d.RelatedInformation, protocol.Related{
					Location: protocol.Location{URI: uri.File(name), Range: c.rangeOf(r.Posn, r.End)},
					Message:  r.Message,
				})
			}
		}
	}
	return d
}

// rangeOf returns the range between two positions of a file, the second of which
// may be missing.
func (c *converter) rangeOf(posn, end string) protocol.Range {
	name, line, column, _ := gocmd.SplitPosn(posn)
	t := c.files.read(name)
	if t == nil {
		t = newText("")
	}
	r := protocol.Range{Start: t.at(line, column), End: t.at(line, column)}
	if last, line, column, ok := gocmd.SplitPosn(end); ok && last == name {
		if p := t.at(line, column); before(r.Start, p) {
			r.End = p
		}
	}
	return r
}

// fix returns the first fix of a diagnostic, which is the one that go vet -fix
// applies. The checks offer one at most, with all its edits in one file.
func (c *converter) fix(name string, raw json.RawMessage) *fix {
	var all fixes
	if err := json.Unmarshal(raw, &all); err != nil || len(all.SuggestedFixes) == 0 {
		return nil
	}
	first, t := all.SuggestedFixes[0], c.files.read(name)
	f := &fix{title: first.Message}
	for _, e := range first.Edits {
		if e.Filename != name || e.Start > e.End || e.End > len(t.content) {
			return nil
		}
		f.edits = append(f.edits, protocol.TextEdit{
			Range:   protocol.Range{Start: t.offset(e.Start), End: t.offset(e.End)},
			NewText: e.New,
		})
	}
	if len(f.edits) == 0 {
		return nil
	}
	return f
}

// replace puts new results in the place of those in the files that match, and
// publishes the difference. The caller holds the lock, so that what the client is
// told last is what holds.
func (s *server) replace(ctx context.Context, match func(file string) bool, results map[string]*result) {
	for _, name := range slices.Sorted(maps.Keys(s.results)) {
		if match(name) && results[name] == nil {
			delete(s.results, name)
			s.publish(ctx, name, nil)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(results)) {
		if match(name) {
			s.results[name] = results[name]
			s.publish(ctx, name, results[name])
		}
	}
}

// publish tells the client what the findings in a file are. The caller holds the
// lock.
func (s *server) publish(ctx context.Context, name string, r *result) {
	params := &protocol.PublishDiagnosticsParams{URI: uri.File(name), Diagnostics: []protocol.Diagnostic{}}
	if r != nil {
		for _, f := range r.findings {
			params.Diagnostics = append(params.Diagnostics, f.Diagnostic)
		}
	}
	if d := s.docs[name]; d != nil {
		params.URI = d.uri
		if s.can.versions && r != nil && d.is(r.content) {
			params.Version = &d.version
		}
	}
	if err := s.client.PublishDiagnostics(ctx, params); err != nil {
		s.log.Printf("publishing diagnostics: %v", err)
	}
}

// is reports whether the document is known to have that text.
func (d *document) is(content string) bool { return !d.unknown && d.text == content }

// inDirs returns a function that reports whether a file is in one of the folders.
func inDirs(dirs []string) func(file string) bool {
	return func(file string) bool { return slices.Contains(dirs, filepath.Dir(file)) }
}
