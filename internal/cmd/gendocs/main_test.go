package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
)

// TestGenerated fails if a committed page is not what the checks' documentation
// says.
func TestGenerated(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	files, err := generate(root, suite())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run %s", name, command)
		}
	}
	leftOver, err := leftOverPages(root, files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range leftOver {
		t.Errorf("%s belongs to no check: run %s", name, command)
	}
}

const doc = `// Package one is a check.
//
// # Analyzer one
//
// one: report what is wrong
//
// It says:
//
//	x := 1
//
// And:
//
//   - first
//   - second
package one
`

func newCheck() *analysis.Analyzer {
	a := check.New(check.Meta{Name: "one", Doc: doc, Patterns: []string{"workerpool"}}, func(*check.Pass) error { return nil })
	a.Flags.Int("depth", 3, "how deep to look")
	return a
}

func TestPage(t *testing.T) {
	got := string(page(newCheck()))
	for _, want := range []string{
		"# one\n\nReport what is wrong.\n\nIt says:\n\n\tx := 1\n",
		"\n  - first\n  - second\n",
		"- [patterns/workerpool](../../patterns/workerpool/workerpool.go): Package workerpool ",
		"`-one=false` switches it off",
		"- `-one.depth` (default `3`): how deep to look\n",
		"\t//concurlint:ignore one REASON\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestTable(t *testing.T) {
	table := begin + "\n| check | reports | pattern |\n|---|---|---|\n" +
		"| [one](docs/checks/one.md) | what is wrong | [workerpool](patterns/workerpool/workerpool.go) |\n" + end
	tests := []struct {
		name, readme, want string
		fails              bool
	}{
		{"empty", "a\n" + begin + end + "\nb\n", "a\n" + table + "\nb\n", false},
		{"stale", "a\n" + begin + "\nold\n" + end + "\nb\n", "a\n" + table + "\nb\n", false},
		{"no markers", "a\n", "", false},
		{"no end", "a\n" + begin + "\n", "", true},
		{"no begin", "a\n" + end + "\n", "", true},
	}
	for _, test := range tests {
		got, ok, err := withTable([]byte(test.readme), []*analysis.Analyzer{newCheck()})
		if string(got) != test.want || ok != (test.want != "") || (err != nil) != test.fails {
			t.Errorf("%s: got %q, %t, %v", test.name, got, ok, err)
		}
	}
}
