package analyzers_test

import (
	"fmt"
	"go/version"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/irtest"
)

// oldest and newest are the versions of the language that docs/drivers.md says can be
// analysed.
const (
	oldest = 18
	newest = 26
)

// features are what the language has gained, each in a function that leaks a goroutine
// with it. The first number is the version 1.n that has it first.
var features = []struct {
	since      int
	name, text string
}{
	{18, "type parameters", `
func leak[T any, C ~chan T](v T) C {
	ch := make(C)
	go func() { ch <- v }() // leak
	return nil
}
func use() { leak[int, chan int](1) }`},
	{18, "any and comparable", `
func leak[K comparable](m map[K]any) {
	ch := make(chan any)
	for k := range m {
		go func(k K) { ch <- m[k] }(k) // leak
		break
	}
}`},
	{20, "slice to array", `
func leak(s []chan int) {
	ch := make(chan int)
	go func() { ch <- len([1]chan int(s)) }() // leak
}`},
	{21, "min, max and clear", `
func leak(m map[string]int, n int) {
	ch := make(chan int, min(0, max(0, 0)))
	clear(m)
	go func() { ch <- 1 }() // leak
}`},
	{22, "range over an integer", `
func leak() {
	ch := make(chan int)
	for i := range 2 {
		go func() { ch <- i }() // leak
	}
	<-ch
}`},
	{23, "range over a function", `
func each(yield func(int) bool) { _ = yield(1) && yield(2) }
func leak() {
	ch := make(chan int)
	for i := range each {
		go func() { ch <- i }() // leak
	}
	<-ch
}`},
	{23, "generic alias", `
type pipe[T any] = chan T
func leak() {
	var ch pipe[int] = make(pipe[int])
	go func() { ch <- 1 }() // leak
}`},
	{26, "new of an expression", `
func leak() {
	ch := new(make(chan int))
	go func() { *ch <- 1 }() // leak
}`},
	{18, "self-referential constraint", ` // of Go 1.26, which the type checker allows in all
type sender[S sender[S]] interface{ send(chan S) }
type number int
func (n number) send(c chan number) { c <- n }
func leak[S sender[S]](s S) {
	ch := make(chan S)
	go func() { ch <- s }() // leak
}
func use() { leak[number](1) }`},
}

// TestLanguageVersions: what a version of the language has added is understood in it
// and in all later ones: the mistake in each text is found, and nothing else.
func TestLanguageVersions(t *testing.T) {
	deps, err := irtest.LoadImports("sync")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		text := "package p\n" + f.text + "\n"
		want := []int{1 + strings.Count(text[:strings.Index(text, "// leak")], "\n")}
		for n := oldest; n <= newest; n++ {
			v := fmt.Sprintf("go1.%d", n)
			got, err := leaks(t, text, v, deps)
			switch {
			case n < f.since && err == nil:
				t.Errorf("%s: type-checks as %s", f.name, v)
			case n >= f.since && err != nil:
				t.Errorf("%s: %s: %v", f.name, v, err)
			case n >= f.since && !slices.Equal(got, want):
				t.Errorf("%s: %s: findings in lines %v, want %v", f.name, v, got, want)
			}
		}
	}
}

// TestLoopVariables: before Go 1.22 all turns of a loop shared its variables, and the
// version of a file counts, not that of the module.
func TestLoopVariables(t *testing.T) {
	deps, err := irtest.LoadImports("sync")
	if err != nil {
		t.Fatal(err)
	}
	const text = `package p

import "sync"

func f() {
	chans := []chan int{make(chan int), make(chan int)}
	var wg sync.WaitGroup
	for _, c := range chans {
		wg.Add(1)
		go func() {
			defer wg.Done()
			close(c) // twice the last one, if c is one variable
		}()
	}
	wg.Wait()
}
`
	for n := oldest; n <= newest; n++ {
		for _, file := range []string{"", "go1.21", "go1.22", "go1.26"} {
			module := fmt.Sprintf("go1.%d", n)
			if file != "" && version.Compare(file, module) < 0 && n < 21 {
				continue // not allowed to go back
			}
			text, effective := text, module
			if file != "" {
				text, effective = "//go:build "+file+"\n\n"+text, file
			}
			got, err := leaks(t, text, module, deps)
			if err != nil {
				t.Errorf("%s in %s: %v", file, module, err)
			}
			if wrong := version.Compare(effective, "go1.22") < 0; wrong != (len(got) == 1) {
				t.Errorf("file %q in module %s: findings in lines %v", file, module, got)
			}
		}
	}
}

// leaks returns the lines in which something is found in a file of some version, or an
// error if it does not type-check.
func leaks(t *testing.T, text, version string, deps irtest.Importer) ([]int, error) {
	t.Helper()
	pkg, err := typeChecked(unit{name: version, files: map[string]string{"f.go": text}, version: version}, deps)
	if err != nil {
		return nil, err
	}
	demandCalm(t, pkg)
	graph, err := checker.Analyze(analyzers.All(), []*gopackages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			lines = append(lines, pkg.Fset.Position(d.Pos).Line)
		}
	}
	slices.Sort(lines)
	return lines, nil
}
