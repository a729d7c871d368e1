package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestMain lets the test binary act as a concurlint that says what a file of the
// environment says.
func TestMain(m *testing.M) {
	if file := os.Getenv("CORPUS_TEST_REPORT"); file != "" && len(os.Args) > 1 && os.Args[1] == "-format=json" {
		os.Exit(fakeConcurlint(file))
	}
	os.Exit(m.Run())
}

func fakeConcurlint(file string) int {
	data, err := os.ReadFile(file)
	for _, arg := range os.Args {
		if out, ok := strings.CutPrefix(arg, "-o="); ok && err == nil {
			err = os.WriteFile(out, data, 0o666)
		}
	}
	fmt.Fprint(os.Stderr, os.Getenv("CORPUS_TEST_DEBUG"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 1 // findings
}

// reportOf returns the report of a concurlint in a folder with a finding at a line.
func reportOf(t *testing.T, root string, line int, message string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	text := fmt.Sprintf(`{"root": %q, "packages": 2, "failures": [], "findings": [{"check": "goleak", "message": %q,
		"fingerprint": "f1", "file": "a/a.go", "line": %d, "column": 2,
		"story": [{"message": "made\nhere", "file": "a/a.go", "line": 1, "column": 1}],
		"fix": {"message": "Make room", "edits": [{"file": "a/a.go", "start": 3, "end": 4, "new": "x\n"}]}}],
		"stats": {"findings": {"goleak": 1, "wgadd": 0}, "gaveUp": [{"part": "explorer", "reason": "runs cut: steps", "times": %d, "packages": 1}]}}`,
		root, message, line, line)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestRun goes through what a change of a check goes through: results are accepted,
// stay as they are, and change.
func TestRun(t *testing.T) {
	dir, accepted := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "a.go": "package m\n\nvar V int\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(report, debug string, flags ...string) (bool, string) {
		t.Helper()
		t.Setenv("CORPUS_TEST_REPORT", report)
		t.Setenv("CORPUS_TEST_DEBUG", debug)
		o, err := parse(append(flags, "-tool="+exe, "-accepted="+accepted, dir))
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		same, err := corpora(&out, o)
		if err != nil {
			t.Fatal(err)
		}
		return same, out.String()
	}
	demand := func(name string, same, want bool, out string, texts ...string) {
		t.Helper()
		if same != want {
			t.Errorf("%s: same is %t", name, same)
		}
		for _, text := range texts {
			if !strings.Contains(out, text) {
				t.Errorf("%s: no %q in\n%s", name, text, out)
			}
		}
	}
	blocks := reportOf(t, dir, 7, "send blocks")
	same, out := run(blocks, "")
	demand("nothing accepted", same, true, out, "no results have been accepted", "a/a.go:7:2: goleak: send blocks", "3 lines", "1        333.3333")
	same, out = run(blocks, "", "-accept")
	demand("accepted", same, true, out)
	if _, err := os.Stat(filepath.Join(accepted, "example.com+m.txt")); err != nil {
		t.Error(err)
	}
	same, out = run(blocks, "")
	demand("the same", same, true, out, "no difference")
	same, out = run(reportOf(t, dir, 9, "send blocks"), "")
	// The folder is not known to be at a commit, so a line proves nothing.
	demand("moved", same, true, out, "no difference", "+2")
	same, out = run(blocks, "a.go:1:1: concurlint debug: engine: panic in gate: index out of range goroutine 1\n")
	demand("a panic", same, false, out, "PANIC: a.go:1:1: concurlint debug: engine: panic in gate")
	same, out = run(blocks, "", "-platform=plan9/arm")
	demand("another platform", same, true, out, "plan9/arm", "no results have been accepted")
}

func TestFormat(t *testing.T) {
	r := &result{
		Corpus: "std", Code: "go1.26.8", Platform: "linux/amd64 cgo", Packages: 3,
		GaveUp:   []gaveUp{{Reason: "explorer: runs cut: steps", Times: 2, Packages: 1}},
		Failures: []string{"p: why: not"},
		Findings: []finding{
			{Text: "a/a.go:1:2: goleak: blocks", Story: []string{"a/a.go:3:4: here", `fix: a/a.go:#1,#2: "x\n"`}, ID: "f1"},
			{Text: "a/b.go:1:2: wgadd: late", ID: "f2"},
		},
	}
	got, err := parseResult(formatResult(r))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, r) {
		t.Errorf("got %+v\nwant %+v", got, r)
	}
	for _, text := range []string{"corpus", "corpus: x\nfoo: bar\n", "packages: many\n", "gave up: x\n", "corpus: x\n\n\tstory\n"} {
		if _, err := parseResult(text); err == nil {
			t.Errorf("%q is no result", text)
		}
	}
}

func TestCompare(t *testing.T) {
	at := func(text, id string) finding { return finding{Text: text, ID: id} }
	of := func(code string, list ...finding) *result { return &result{Code: code, Findings: list} }
	tests := []struct {
		name                string
		old, new            *result
		gone, fresh, change int
	}{
		{"same", of("go1", at("a:1: x", "1")), of("go1", at("a:1: x", "1")), 0, 0, 0},
		{"new", of("go1"), of("go1", at("a:1: x", "1")), 0, 1, 0},
		{"gone", of("go1", at("a:1: x", "1")), of("go1"), 1, 0, 0},
		{"told otherwise", of("go1", at("a:1: x", "1")), of("go1", at("a:1: y", "1")), 0, 0, 1},
		{"another commit", of("c1", at("a:1: x", "1")), of("c2", at("a:5: x", "1")), 0, 0, 0},
		{"another commit and new", of("c1", at("a:1: x", "1")), of("c2", at("a:5: x", "2")), 1, 1, 0},
		{"local changes", of("", at("a:1: x", "1")), of("", at("a:5: x", "1")), 0, 0, 0},
	}
	for _, test := range tests {
		d := compare(test.old, test.new)
		if len(d.gone) != test.gone || len(d.fresh) != test.fresh || len(d.changed) != test.change {
			t.Errorf("%s: %+v", test.name, d)
		}
	}
	if d := compare(&result{Failures: []string{"p: x", "q: y"}}, &result{Failures: []string{"q: y", "r: z"}}); len(d.failures) != 2 {
		t.Errorf("failures: %+v", d)
	}
}

func TestIncomparable(t *testing.T) {
	old := &result{Code: "go1.26.8", Platform: "linux/amd64"}
	for _, test := range []struct {
		new  result
		want string
	}{
		{result{Code: "go1.26.8", Platform: "linux/amd64"}, ""},
		{result{Code: "go1.27.0", Platform: "linux/amd64"}, "GOTOOLCHAIN=go1.26.8"},
		{result{Code: "go1.26.8", Platform: "linux/arm64"}, "linux/arm64"},
	} {
		if got := incomparable(old, &test.new); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%v: %q, want %q", test.new, got, test.want)
		}
	}
}

// TestPanics: what is a panic of the analysis, and what one of the program.
func TestPanics(t *testing.T) {
	for text, want := range map[string]bool{
		"a.go:1:1: concurlint debug: engine: explorer: runs cut: panic ×3, goleak: paths ×1":                    false,
		"  explorer: excused: a panic that depends on data  3 times  in 1 package":                              false,
		"a.go:1:1: concurlint debug: engine: panic in the model of f: nil goroutine 1 [running]: ×1":            true,
		"a.go:1:1: concurlint debug: engine: panic while linking: x ×1":                                         true,
		"a.go:1:1: concurlint debug: wgadd: panic: index out of range":                                          true,
		"concurlint: example.com/p: panic: told to panic":                                                       true,
		"concurlint: example.com/p: runtime: goroutine stack exceeds 1000000000-byte limit: fatal error: stack": true,
	} {
		if got := len(panics(text+"\n")) > 0; got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestParse(t *testing.T) {
	for _, args := range [][]string{nil, {"-platform=linux", "std"}, {"-nosuch", "std"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%q is no command line", args)
		}
	}
}
