// Package progen writes random concurrent Go functions, runs them, and says how
// each run ended. Its test compares that with what concurlint says about them.
//
// A function is made in three steps. [Generate] draws a few idioms (producer and
// consumer, workers with a WaitGroup, a semaphore, locks, ...), which are right by
// themselves and share some of their channels; then it spoils the result by a few
// edits at random: a statement goes, comes twice, moves, hides behind a condition or
// in a goroutine, a return comes before it. So there are functions that are right,
// functions that hang on every run, and many in between, which is where a checker
// goes wrong.
//
// Whatever is drawn ends unless it is stuck: there are no timers, loops are counted
// or end when a channel is closed or a context cancelled, and the number of values
// that are ever sent is bounded.
//
// A function has two texts with the same lines. [Program.Text] is for the checks.
// [Program.Traced] is for running: before each statement it calls the [harness],
// which delays the goroutine at random. [Build] makes one executable of many
// functions, and [Binary.Run] runs each of them many times and returns the different
// ways in which that ended: where goroutines were left blocked, which of them the
// runtime's goroutine leak profile names, and which panic there was.
//
// The same seed gives the same function, on every machine.
package progen

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// A Program is a random function and what it needs.
type Program struct {
	Seed uint64
	Name string // of the function

	body  []*node
	decls []*node // helper functions
}

// Generate returns the function for a seed.
func Generate(seed uint64) *Program {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 1)), name: fmt.Sprintf("F%d", seed)}
	g.build()
	for range g.rand.IntN(4) {
		g.spoil()
	}
	return &Program{Seed: seed, Name: g.name, body: g.declared(), decls: g.decls}
}

// generator holds a function in the making.
type generator struct {
	rand  *rand.Rand
	name  string
	next  int // numbers the variables
	vars  []*node
	chans []string // channels that later idioms may use as well
	body  []*node
	decls []*node
}

// declared returns the body with the declarations of those variables that it uses.
func (g *generator) declared() []*node {
	var b strings.Builder
	for _, n := range slices.Concat(g.decls, g.body) {
		n.render(&b, 0, "")
	}
	text := b.String()
	var out []*node
	for _, v := range g.vars {
		used := 0
		for _, name := range strings.Split(v.names, " ") {
			if regexp.MustCompile(`\b` + name + `\b`).MatchString(text) {
				used++
			}
		}
		if used == 0 {
			continue
		}
		out = append(out, v)
		if strings.Contains(v.head, "WithCancel") || strings.Contains(v.head, "WithContext") || strings.HasSuffix(v.head, "false") {
			for _, name := range strings.Split(v.names, " ") {
				out = append(out, line("_ = "+name))
			}
		}
	}
	return append(out, g.body...)
}

// Marks in the text of nodes, which differ between the two texts of a program.
const (
	markAt     = "«at»"    // a statement follows
	markBegin  = "«begin»" // the first statement of a goroutine
	markParam  = "«p»"
	markArg    = "«a»"
	markResult = "«r»"
)

var forChecks = strings.NewReplacer(markAt, "", markBegin, "", markParam, "", markArg, "")

// Text returns the source of the program for the checks, formatted.
func (p *Program) Text() string { return forChecks.Replace(p.marked("p")) }

// Traced returns the source of the program for running, as a file of package main.
// Each statement is on the line on which it is in Text.
func (p *Program) Traced() string {
	var out []string
	for i, text := range strings.Split(p.marked(`main; import "`+harnessPath+`"`), "\n") {
		text = strings.ReplaceAll(text, markAt, fmt.Sprintf("run.At(%d); ", i+1))
		out = append(out, text)
	}
	return strings.NewReplacer(markBegin, " defer run.Caught();", markParam, "run *harness.Run, ", markArg, "run, ").
		Replace(strings.Join(out, "\n"))
}

// harnessPath is the import path of package harness.
const harnessPath = "github.com/concurlint/concurlint/internal/progen/harness"

// imports are what a program may import, by the name that it uses.
var imports = []struct{ name, path string }{
	{"context", "context"}, {"rand", "math/rand/v2"}, {"sync", "sync"}, {"errgroup", "golang.org/x/sync/errgroup"},
}

// marked returns the text of the program with marks, and with a package clause, which
// may have an import beside it: so all other lines are the same.
func (p *Program) marked(pkg string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "func %s(%sb0, b1 bool, n int, ask func() bool) {\n", p.Name, markParam)
	for _, n := range p.body {
		n.render(&b, 1, "")
	}
	b.WriteString(markAt + "}\n")
	for _, n := range p.decls {
		b.WriteString("\n")
		n.render(&b, 0, "")
	}
	var paths []string // those of the standard library come first
	for _, i := range imports {
		if strings.Contains(b.String(), i.name+".") {
			text := fmt.Sprintf("\t%q\n", i.path)
			if len(paths) > 0 && strings.Contains(i.path, ".") {
				text = "\n" + text
			}
			paths = append(paths, text)
		}
	}
	head := "package " + pkg + "\n\n"
	if len(paths) > 0 {
		head += "import (\n" + strings.Join(paths, "") + ")\n\n"
	}
	return head + b.String()
}

// Site returns the line by which an operation on a line is known: cases count as
// their select statement.
func (p *Program) Site(at int) int {
	lines := strings.Split(p.Text(), "\n")
	if at < 1 || at > len(lines) {
		return at
	}
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, "\t")) }
	own := lines[at-1]
	if trimmed := strings.TrimSpace(own); !strings.HasPrefix(trimmed, "case ") && trimmed != "default:" {
		return at
	}
	for i := at - 1; i > 0; i-- {
		if text := lines[i-1]; indent(text) == indent(own) && strings.HasSuffix(text, "select {") {
			return i
		}
	}
	return at
}

// IsFormatted reports whether gofmt leaves the text of the program as it is.
func (p *Program) IsFormatted() bool {
	text, err := format.Source([]byte(p.Text()))
	return err == nil && string(text) == p.Text()
}
