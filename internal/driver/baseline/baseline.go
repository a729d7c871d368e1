// Package baseline remembers the findings that a code base has today, so that
// only new ones are reported tomorrow.
//
// A finding is recognised by its fingerprint, which holds as long as the code of
// its line stays: it is made of the check, the module, the file, the enclosing
// function, and the text of the line. Neither the number of the line is part of
// it, so that code may move, nor the message, which may change with the version
// of the tool. Findings that are equal in all of that are counted.
package baseline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// An Entry is a finding as a baseline knows it. The fingerprint is what counts;
// the rest tells a person what it is.
type Entry struct {
	Check    string `json:"check"`
	File     string `json:"file"`               // relative to the module, with slashes
	Function string `json:"function,omitempty"` // the enclosing one
	Code     string `json:"code"`               // the line, with single spaces
	Package  string `json:"package"`

	// Occurrence numbers the findings that are equal in all of this, from 1.
	Occurrence  int    `json:"occurrence,omitempty"`
	Fingerprint string `json:"fingerprint"`

	Module string `json:"-"` // its path
}

// Identify sets the occurrences and fingerprints of the findings of a run, which
// are in the order of their positions.
func Identify(entries []Entry) {
	type key struct{ check, module, file, function, code string }
	seen := make(map[key]int)
	for i := range entries {
		e := &entries[i]
		e.Code = strings.Join(strings.Fields(e.Code), " ")
		k := key{e.Check, e.Module, e.File, e.Function, e.Code}
		seen[k]++
		if seen[k] > 1 {
			e.Occurrence = seen[k]
		}
		h := sha256.New()
		for _, part := range []string{e.Check, e.Module, e.File, e.Function, e.Code} {
			fmt.Fprintf(h, "%d:%s,", len(part), part)
		}
		fmt.Fprintf(h, "%d", seen[k])
		e.Fingerprint = fmt.Sprintf("%x", h.Sum(nil)[:12])
	}
}

// A Baseline is the content of a file.
type Baseline struct {
	entries []Entry
	known   map[string]bool // fingerprints
}

// version is that of the file's format. What goes into a fingerprint is part of
// it.
const version = 1

type file struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// Read reads a baseline. The error is one line and names the file.
func Read(name string) (*Baseline, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("baseline %s does not exist; -write-baseline makes one", name)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %v", err)
	}
	var f file
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s is no baseline: %v", name, err)
	}
	switch {
	case dec.More():
		return nil, fmt.Errorf("%s is no baseline: something follows the object in it", name)
	case f.Version == 0:
		return nil, fmt.Errorf("%s is no baseline: it has no version", name)
	case f.Version != version:
		return nil, fmt.Errorf("%s is a baseline of version %d; this program knows version %d", name, f.Version, version)
	}
	b := &Baseline{entries: f.Findings, known: make(map[string]bool)}
	for i, e := range f.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("%s is no baseline: finding %d has no fingerprint", name, i+1)
		}
		b.known[e.Fingerprint] = true
	}
	return b, nil
}

// Knows reports whether a finding is in the baseline.
func (b *Baseline) Knows(e Entry) bool { return b.known[e.Fingerprint] }

// Stale returns the entries for which there is no finding any more, of those
// that the run has looked for.
func (b *Baseline) Stale(found []Entry, looked func(Entry) bool) []Entry {
	here := make(map[string]bool)
	for _, e := range found {
		here[e.Fingerprint] = true
	}
	var stale []Entry
	for _, e := range b.entries {
		if !here[e.Fingerprint] && looked(e) {
			stale = append(stale, e)
		}
	}
	return stale
}

// Write writes findings as a baseline, sorted and with a line for each, so that
// its changes are easy to review.
func Write(w io.Writer, entries []Entry) error {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Occurrence, b.Occurrence), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\t\"version\": %d,\n\t\"findings\": [", version)
	for i, e := range entries {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n\t\t")
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return err
		}
		out.Truncate(out.Len() - 1) // the line break
	}
	if len(entries) > 0 {
		out.WriteString("\n\t")
	}
	out.WriteString("]\n}\n")
	_, err := w.Write(out.Bytes())
	return err
}
