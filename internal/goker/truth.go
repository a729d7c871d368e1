package goker

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// An Entry is a program, or a part of one, with a known bug. The files in
// testdata hold one as JSON in each line, with some more fields for the reader:
// why, what the bug is; dyn, how and where it was seen at run time; static, how
// hard it is to find without running; pattern, the concurrency pattern it is
// about; readme_type, how the collection classifies it; goker_kernel, the GoKer
// kernel that a kernel of Goroot was made of.
type Entry struct {
	Kernel string // the collection's name of it, such as blocking/cockroach/10214
	File   string // where it is, relative to the collection's folder
	Sum    string // what Sum returns for the file that the lines are of
	Class  string // the kind of bug

	// Lines are those that a report of this bug stands on ideally: the
	// operation that blocks or fails, or the one that is to blame.
	Lines []int

	// AlsoOK are other lines that take part in the bug.
	AlsoOK []int `json:"also_ok"`

	// ExtraBugs are further bugs of the file. To report them is not wrong, but
	// does not count either.
	ExtraBugs []struct {
		Line   int
		AlsoOK []int `json:"also_ok"`
	} `json:"extra_bugs"`
}

// Name returns the entry's name in one word: for kernels that of the project and
// the number, as in cockroach10214, and that of the function for others.
func (e Entry) Name() string {
	dir, base := path.Split(e.Kernel)
	if project := path.Base(dir); strings.Count(e.Kernel, "/") == 2 {
		return project + base
	}
	return base
}

// Kind returns the part of its collection that the entry belongs to.
func (e Entry) Kind() string {
	if kind, _, ok := strings.Cut(e.Kernel, "/"); ok && kind != "go" {
		return kind
	}
	switch e.File {
	case "commonpatterns.go":
		return "common pattern"
	case "simple.go":
		return "simple leak"
	}
	return "kernel"
}

// has reports whether a report of the entry's bug may stand on the line.
func (e Entry) has(line int) bool {
	return slices.Contains(e.Lines, line) || slices.Contains(e.AlsoOK, line)
}

// hasExtra reports whether a report of another bug may.
func (e Entry) hasExtra(line int) bool {
	for _, bug := range e.ExtraBugs {
		if bug.Line == line || slices.Contains(bug.AlsoOK, line) {
			return true
		}
	}
	return false
}

//go:embed testdata/*.jsonl
var truth embed.FS

// Truth returns the entries of a collection: "goroot", "gobench" or "goat".
func Truth(collection string) ([]Entry, error) {
	data, err := truth.ReadFile("testdata/" + collection + ".jsonl")
	if err != nil {
		return nil, err
	}
	var entries []Entry
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var e Entry
		switch err := d.Decode(&e); err {
		case nil:
			entries = append(entries, e)
		case io.EOF:
			return entries, nil
		default:
			return nil, fmt.Errorf("%s, after %d entries: %w", collection, len(entries), err)
		}
	}
}

// Sum identifies the text of a file. White space within lines does not matter,
// so that a run of gofmt, which moves no line in these files, is no change.
func Sum(text []byte) string {
	var lines []string
	for line := range strings.SplitSeq(string(text), "\n") {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return fmt.Sprintf("%x", sum[:8])
}

// Sift returns the entries whose file below dir is the one that their lines are
// of, and says of each other one why it is not.
func Sift(dir string, entries []Entry) (valid []Entry, others []string) {
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.File)))
		switch {
		case os.IsNotExist(err):
			others = append(others, fmt.Sprintf("%s: there is no %s", e.Name(), e.File))
		case err != nil:
			others = append(others, fmt.Sprintf("%s: %v", e.Name(), err))
		case Sum(text) != e.Sum:
			others = append(others, fmt.Sprintf("%s: %s has changed since its lines were noted", e.Name(), e.File))
		default:
			valid = append(valid, e)
		}
	}
	return valid, others
}
