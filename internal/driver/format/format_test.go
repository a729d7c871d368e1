package format_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/internal/driver/format"
	"github.com/concurlint/concurlint/internal/trace"
)

// hostile are texts that mean something to one of the formats.
var hostile = []string{
	"", " ", "a b", "it's \"quoted\" `so`", "<script>alert(1)</script>", "</style></script><!--", "{{.}}", "]]>",
	"two\nlines\r\n::error ::x", "100%25,:", "[link](1) {0}", "\x00\x1b[31m\x7f\u202e\u2028", "\xff\xfe", "漢字 🙂 é",
	strings.Repeat("long ", 3000),
}

// reports returns reports on each hostile text, everywhere in them, on files that
// exist and on files that do not.
func reports(t *testing.T) map[string]*format.Report {
	t.Helper()
	dir := t.TempDir()
	all := make(map[string]*format.Report)
	for i, text := range hostile {
		file := filepath.Join(dir, fmt.Sprint(i)+strings.NewReplacer("/", "_", "\x00", "_").Replace(text[:min(len(text), 60)])+".go")
		source := "package p\n\nfunc f() { /* " + text + " */ g() }\n// " + text
		if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
			t.Logf("no file for %q: %v", text, err)
		}
		at := func(line, column, endLine, endColumn int) format.Place {
			return format.Place{File: file, Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
		}
		f := format.Finding{
			Check: "check", Message: text + " (check)", Package: text, Function: text, Fingerprint: "f",
			At:    at(3, 1, 3, 5),
			Story: []format.Note{{At: at(3, 12, 3, 12), Message: text}, {At: at(4, 2, 9, 1), Message: text}, {At: at(1000, 1000, 1, 1), Message: text}, {Message: text}},
			Lanes: []format.Note{{At: at(3, 1, 3, 1), Message: text}, {Message: text}},
			Fix:   &format.Fix{Message: text, Edits: []format.Edit{{File: file, Start: 3, End: 5, New: text}, {File: file, Start: -1, End: 1 << 30}}},
		}
		for _, kind := range []trace.Kind{trace.Start, trace.Pass, trace.Do, trace.When, trace.Gap, trace.Return, trace.Stuck, trace.Panic} {
			f.Steps = append(f.Steps, format.Step{At: at(3, 1, 3, 2), Step: trace.Step{Kind: kind, Goroutine: 1, To: 0, Text: text}},
				format.Step{At: at(-5, -5, -5, -5), Step: trace.Step{Kind: kind, Goroutine: 0, To: 1, Text: text, Here: kind == trace.Stuck}})
		}
		all[fmt.Sprintf("%.20q", text)] = &format.Report{
			Tool: format.Tool{Name: "tool", Version: text, URL: "https://example.com/", Checks: []format.Check{
				{Name: "check", Summary: text, Text: text, Markdown: text, URL: "javascript:alert(1)"}}},
			Dir: dir, Root: dir, Findings: []format.Finding{f, {Check: "unknown", Message: text}},
			Failures: []string{text}, Packages: 1, Time: time.Unix(0, 0),
			Stats:   &format.Stats{Findings: map[string]int{text: 1}, GaveUp: []format.GaveUp{{Part: text, Reason: text, Times: 1}}, Stale: []string{text}},
			Sources: format.NewSources(nil),
		}
	}
	return all
}

// write writes a report in a format.
func write(t *testing.T, name string, o format.Options, r *format.Report) string {
	t.Helper()
	f, err := format.New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHostileText: a finding is a line and a story line is one, and nothing but
// text is in them.
func TestHostileText(t *testing.T) {
	for name, r := range reports(t) {
		out := write(t, "text", format.Options{Context: -1}, r)
		if n := strings.Count(out, "\n"); n != 2+len(r.Findings[0].Story) {
			t.Errorf("%s: %d lines", name, n)
		}
		for _, o := range []format.Options{{Context: 2}, {Terminal: true, Width: 60, Context: 1}} {
			if out := write(t, "text", o, r); strings.ContainsAny(out, "\x00\x1b\x7f\r\u202e\u2028") {
				t.Errorf("%s: control characters in %q", name, out)
			}
		}
	}
}

// TestHostileJSON: what is text stays the same text.
func TestHostileJSON(t *testing.T) {
	for name, r := range reports(t) {
		var v struct {
			Version  int
			Findings []struct{ Message, Package, File string }
		}
		if err := json.Unmarshal([]byte(write(t, "json", format.Options{}, r)), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if want := strings.ToValidUTF8(r.Findings[0].Package, "\ufffd"); v.Findings[0].Package != want && !strings.Contains(want, "\ufffd") {
			t.Errorf("%s: %q became %q", name, want, v.Findings[0].Package)
		}
		if v.Version != 1 || filepath.IsAbs(v.Findings[0].File) {
			t.Errorf("%s: version %d, file %q", name, v.Version, v.Findings[0].File)
		}
		var any map[string]any
		if err := json.Unmarshal([]byte(write(t, "sarif", format.Options{}, r)), &any); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// TestHostileGitHub: each line is a command of ours, and nothing ends it early.
func TestHostileGitHub(t *testing.T) {
	for name, r := range reports(t) {
		for line := range strings.Lines(write(t, "github", format.Options{}, r)) {
			properties, data, ok := strings.Cut(strings.TrimPrefix(line, "::error "), "::")
			if !ok || !strings.HasPrefix(line, "::error ") || strings.Contains(data, "\r") {
				t.Errorf("%s: %q", name, line)
			}
			for property := range strings.SplitSeq(properties, ",") {
				if key, _, ok := strings.Cut(property, "="); !ok || !strings.Contains(" file line endLine col endColumn title ", " "+key+" ") {
					t.Errorf("%s: property %q", name, property)
				}
			}
		}
	}
}

// TestHostileHTML: the page has its own elements and no others, and no link leads
// to a script.
func TestHostileHTML(t *testing.T) {
	plain := reports(t)[`" "`]
	want := strings.Count(write(t, "html", format.Options{}, plain), "<script")
	for name, r := range reports(t) {
		out := write(t, "html", format.Options{}, r)
		if got := strings.Count(out, "<script"); got != want || want != 1 {
			t.Errorf("%s: %d scripts", name, got)
		}
		for _, no := range []string{"<!--", "javascript:", "\x00", "\x1b", "\u202e"} {
			if strings.Contains(out, no) {
				t.Errorf("%s: the page contains %q", name, no)
			}
		}
		if !strings.HasSuffix(out, "</html>\n") {
			t.Errorf("%s: ends with %q", name, out[len(out)-20:])
		}
		if strings.Contains(name, "long") && len(out) > 2<<20 /* the text is in it about a hundred times */ {
			t.Errorf("%d bytes for two findings", len(out))
		}
	}
}

// TestWriteErrors: a format tells that its output cannot be written.
func TestWriteErrors(t *testing.T) {
	r := reports(t)[`"a b"`]
	for _, name := range format.Names() {
		for _, o := range []format.Options{{}, {Terminal: true}} {
			f, err := format.New(name, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Write(full{}, r); !errors.Is(err, errFull) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := format.New("xml", format.Options{}); err == nil {
		t.Error("there is a format xml")
	}
}

var errFull = errors.New("no space left on device")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestFunction: the function around a line, with its receiver.
func TestFunction(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	text := "package a\n\nvar x = 1\n\nfunc f() {\n}\n\nfunc (T) m() { /*\n*/ }\n\nfunc (t *G[A, B]) n() {\n\tgo func() {\n\t}()\n}\nfunc broken( {\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), file, nil, 0); err == nil {
		t.Error("the file is not broken")
	}
	s := format.NewSources(map[string]string{"/elsewhere.go": file})
	for line, want := range map[int]string{3: "", 5: "f", 6: "f", 7: "", 8: "T.m", 9: "T.m", 12: "G.n"} {
		for _, name := range []string{file, "/elsewhere.go"} {
			if got := s.Function(name, line); got != want {
				t.Errorf("line %d is in %q, want %q", line, got, want)
			}
		}
	}
	if got := s.Function("/nowhere.go", 1); got != "" {
		t.Errorf("a file that does not exist has a function %q", got)
	}
	if code, _ := s.Code(file, 8); code != "func (T) m() { " {
		t.Errorf("the code of line 8 is %q", code)
	}
}
