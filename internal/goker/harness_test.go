package goker_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/goker"
)

func TestTruth(t *testing.T) {
	for collection, want := range map[string]map[string]int{
		"goroot":  {"kernel": 63, "common pattern": 6, "simple leak": 13},
		"gobench": {"blocking": 68, "nonblocking": 35},
		"goat":    {"blocking": 68},
	} {
		entries, err := goker.Truth(collection)
		if err != nil {
			t.Fatal(err)
		}
		kinds, names := make(map[string]int), make(map[string]bool)
		for _, e := range entries {
			kinds[e.Kind()]++
			if names[e.Name()] {
				t.Errorf("%s: two entries have the name %s", collection, e.Name())
			}
			names[e.Name()] = true
			if len(e.Lines) == 0 || e.Class == "" || len(e.Sum) != 16 {
				t.Errorf("%s: %s lacks something", collection, e.Kernel)
			}
		}
		for kind, n := range want {
			if kinds[kind] != n {
				t.Errorf("%s: %d entries of kind %s, not %d", collection, kinds[kind], kind, n)
			}
		}
		if len(kinds) != len(want) {
			t.Errorf("%s: kinds %v", collection, kinds)
		}
	}
}

func TestSift(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "a.go"), "package a\n\nvar\tx int // one\n")
	sum := goker.Sum([]byte("package a\n\nvar x  int // one\n"))
	valid, others := goker.Sift(dir, []goker.Entry{
		{Kernel: "go/same", File: "a.go", Sum: sum},
		{Kernel: "go/moved", File: "a.go", Sum: goker.Sum([]byte("\npackage a\n\nvar x int // one\n"))},
		{Kernel: "go/gone", File: "b.go", Sum: sum},
	})
	if len(valid) != 1 || valid[0].Kernel != "go/same" {
		t.Errorf("valid: %v", valid)
	}
	if len(others) != 2 || !strings.HasPrefix(others[0], "moved: a.go has changed") || !strings.HasPrefix(others[1], "gone: there is no b.go") {
		t.Errorf("others: %q", others)
	}
}

func TestJudge(t *testing.T) {
	first := goker.Entry{Kernel: "go/First", File: "simple.go", Class: "x", Lines: []int{10}, AlsoOK: []int{8, 20}}
	second := goker.Entry{Kernel: "go/Second", File: "simple.go", Class: "y", Lines: []int{20}}
	second.ExtraBugs = append(second.ExtraBugs, struct {
		Line   int
		AlsoOK []int `json:"also_ok"`
	}{25, []int{26}})
	parts := []goker.Part{goker.NewPart(first, 7, 8, 9, 10), goker.NewPart(second, 19, 20, 21, 22)}
	tests := []struct {
		name         string
		file         string
		line         int
		right, wrong []int // by part
	}{
		{"on a line", "simple.go", 10, []int{1, 0}, []int{0, 0}},
		{"on a line of both", "simple.go", 20, []int{1, 1}, []int{0, 0}},
		{"on no line", "simple.go", 9, []int{0, 0}, []int{1, 0}},
		{"on no line of the second", "simple.go", 22, []int{0, 0}, []int{0, 1}},
		{"in code of neither", "simple.go", 40, []int{0, 0}, []int{1, 0}},
		{"an extra bug", "simple.go", 26, []int{0, 0}, []int{0, 0}},
		{"another file", "main.go", 10, []int{0, 0}, []int{1, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// The story is on a right line; it must not count.
			f := goker.Finding{Check: "c", File: test.file, Line: test.line, Story: []string{"simple.go:10: made here"}}
			for i, r := range goker.Judge("simple.go", parts, []goker.Finding{f}) {
				if len(r.Right) != test.right[i] || len(r.Wrong) != test.wrong[i] || r.Found() != (test.right[i] > 0) {
					t.Errorf("%s: right %v, wrong %v", r.Name(), r.Right, r.Wrong)
				}
			}
		})
	}
}

func TestTable(t *testing.T) {
	f := goker.Finding{Check: "goleak", File: "a.go", Line: 3, Message: "stuck"}
	score := goker.Score{
		{Entry: goker.Entry{Kernel: "blocking/etcd/2", Class: "send"}, Wrong: []goker.Finding{f}},
		{Entry: goker.Entry{Kernel: "blocking/etcd/1", Class: "send"}, Right: []goker.Finding{f, f}},
	}
	var b strings.Builder
	score.Table(&b)
	var got []string
	for line := range strings.Lines(b.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			got = append(got, line)
		}
	}
	want := []string{
		"entries found missed wrong", "2 1 1 1 send", "2 1 1 1 blocking", "2 1 1 1 all",
		"found by goleak: etcd1", "missed: send: etcd2", "wrong, in etcd2: a.go:3: stuck",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAnnotate(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "main.go"), strings.Join([]string{
		"<-a //@ blocks",
		"<-b // waits //@ blocks(g1), fn",
		"<-c //@ releases, fp",
		"<-d // blocks",
		"<-e //@ analysis(false)",
		"<-f //@ analysis(true)",
		"//@ goro(main, true, _root)",
	}, "\n"))
	entries := []goker.Entry{{File: "main.go", Lines: []int{2, 4}}}
	if err := goker.Annotate(dir, entries); err != nil {
		t.Fatal(err)
	}
	if want := []int{2, 4, 1, 5}; !slices.Equal(entries[0].Lines, want) {
		t.Errorf("lines %v, not %v", entries[0].Lines, want)
	}
}

// program has one of each thing that a rewriting has to look after.
const program = `package main

import (
	"fmt"
	"sync"
)

import "io"

type Pool struct {
	sync.Mutex
	inner
	size int
}

type inner struct{ next *Pool }

type grower interface{ grow(by int) }

func (p *Pool) grow(by int) { p.size += by; p.Mutex.Lock(); p.inner.next = p }

func (p *Pool) Close() error { return nil }

var _ io.Closer = (*Pool)(nil)

func Start(x any) (sum int) {
	pool := &Pool{size: 1}
loop:
	for i := range 3 {
		switch v := x.(type) {
		case grower:
			v.grow(i)
		case int:
			sum += v
			break loop
		}
	}
	defer pool.Unlock()
	return sum
}

func main() {
	fmt.Println(Start(helper))
}

func TestStart() { main() }

const helper = 1
`

// rewrite applies a rewriting to the program and returns the lines of the result
// without trailing blanks.
func rewrite(t *testing.T, f func(pkg *packages.Package, dir string) ([]string, error)) []string {
	name := filepath.Join(t.TempDir(), "main.go")
	writeFile(t, name, program)
	l, err := goker.NewLoader("go1.26", name)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := l.Load("p", name)
	if err != nil {
		t.Fatal(err)
	}
	files, err := f(pkg, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load("p", files...); err != nil {
		t.Errorf("the new version does not type-check: %v", err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	if want := strings.Count(program, "\n") + 1; len(lines) != want {
		t.Fatalf("%d lines, not %d:\n%s", len(lines), want, text)
	}
	return lines
}

func TestWithoutDriver(t *testing.T) {
	text := program
	for _, part := range []struct{ old, new string }{
		{"package main", "package kernel"},
		{"\t\"fmt\"", ""},
		{"func main() {\n\tfmt.Println(Start(helper))\n}", "\n\n"},
		{"func TestStart() { main() }", ""},
	} {
		text = strings.Replace(text, part.old, part.new, 1)
	}
	if got := rewrite(t, goker.WithoutDriver); !slices.Equal(got, strings.Split(text, "\n")) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestRenaming(t *testing.T) {
	got := rewrite(t, goker.Renamed)
	text := strings.Join(got, "\n")
	for _, name := range []string{"Pool", "inner", "size", "grow", "Start", "sum", "pool", "loop", "helper"} {
		if strings.Contains(text, name) {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range []string{"sync.Mutex", ".Mutex.Lock()", ") Close() error", "Unlock()", "func main()", "package main"} {
		if !strings.Contains(text, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestExtracted(t *testing.T) {
	got := strings.Join(rewrite(t, func(pkg *packages.Package, dir string) ([]string, error) {
		return goker.Extracted(pkg, "Start", dir)
	}), "\n")
	if !strings.HasPrefix(got, "package scrambled\n") {
		t.Error("the package has its old name")
	}
	for _, gone := range []string{`"fmt"`, `"io"`, "main", "Test", "helper", "Closer"} {
		if strings.Contains(got, gone) {
			t.Errorf("%s is still there", gone)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
