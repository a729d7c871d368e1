package analyzers_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/syntax"
)

// repeat joins n texts.
func repeat(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// hard are programs that are unlike what people write, and large or deep in
// one respect.
var hard = map[string]func() string{
	"variables assigned to each other": func() string {
		return "func run(...any) {}\n\nfunc f(in chan string, open func(string) *int) {\n\tfor name := range in {\n\t\ta, b := open(name), open(name)\n" +
			"\t\tif name == \"\" {\n\t\t\ta, b = b, a\n\t\t}\n\t\ta = a\n\t\tgo func() { run(a, b) }()\n\t\trun(b)\n\t}\n}\n"
	},
	"a switch of 10,000 cases": func() string {
		return "func f(n int) int {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n\tswitch n {\n" +
			repeat(10_000, func(i int) string { return fmt.Sprintf("\tcase %d:\n\t\tch <- %d\n", i, i) }) +
			"\t}\n\treturn n\n}\n"
	},
	"1,000 branches": func() string {
		return "func f(b []bool) {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n" +
			repeat(1000, func(i int) string { return fmt.Sprintf("\tif b[%d] {\n\t\tch <- %d\n\t}\n", i, i) }) + "\tclose(ch)\n}\n"
	},
	"1,000 goroutines": func() string {
		return "func f() {\n\tch := make(chan int)\n\tvar wg sync.WaitGroup\n" +
			repeat(1000, func(i int) string {
				return fmt.Sprintf("\twg.Add(1)\n\tgo func() { defer wg.Done(); ch <- %d }()\n", i)
			}) + "\tgo func() { wg.Wait(); close(ch) }()\n\tfor range ch {}\n}\n"
	},
	"300 goroutines and channels": func() string {
		return "func f() {\n" +
			repeat(300, func(i int) string {
				return fmt.Sprintf("\tc%[1]d := make(chan int)\n\tgo func() { for range c%[1]d {} }()\n\tc%[1]d <- 1\n", i)
			}) + "}\n"
	},
	"200 nested closures": func() string {
		return "func f() {\n\tch := make(chan int)\n" + strings.Repeat("go func() {\n", 200) + "ch <- 1\n" +
			strings.Repeat("}()\n", 200) + "\t<-ch\n}\n"
	},
	"200 nested closures that are called": func() string {
		return "func f() {\n\tch := make(chan int)\n" + strings.Repeat("func() {\n", 200) + "ch <- 1\n" +
			strings.Repeat("}()\n", 200) + "\t<-ch\n}\n"
	},
	"a tree of 2^20 calls": func() string {
		return "func f() {\n\tch := make(chan int, 1)\n\tf0(ch)\n\t<-ch\n}\n" + repeat(20, func(i int) string {
			return fmt.Sprintf("func f%d(ch chan int) { f%[2]d(ch); f%[2]d(ch) }\n", i, i+1)
		}) + "func f20(ch chan int) { ch <- 1 }\n"
	},
	"a chain of 1,000 calls": func() string {
		return "func f() {\n\tch := make(chan int, 1)\n\tf0(ch)\n\t<-ch\n}\n" + repeat(1000, func(i int) string {
			return fmt.Sprintf("func f%d(ch chan int) { f%[2]d(ch) }\n", i, i+1)
		}) + "func f1000(ch chan int) { ch <- 1 }\n"
	},
	"100 functions that all call each other": func() string {
		calls := repeat(100, func(i int) string { return fmt.Sprintf("\tf%d(ch, n-1)\n", i) })
		return "func f() {\n\tch := make(chan int, 1)\n\tf0(ch, 1)\n}\n" + repeat(100, func(i int) string {
			return fmt.Sprintf("func f%d(ch chan int, n int) {\n\tch <- n\n%s}\n", i, calls)
		})
	},
	"100 nested loops": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n" +
			repeat(100, func(i int) string { return fmt.Sprintf("for i%[1]d := 0; i%[1]d < n; i%[1]d++ {\n", i) }) +
			"ch <- 1\n" + strings.Repeat("}\n", 100) + "\tclose(ch)\n}\n"
	},
	"100 nested selects": func() string {
		return "func f(a, b chan int) {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n" +
			strings.Repeat("select {\ncase <-a:\ncase <-b:\n", 100) + "ch <- 1\n" + strings.Repeat("}\n", 100) + "}\n"
	},
	"300 selects in a row": func() string {
		return "func f(a, b chan int) {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n" +
			strings.Repeat("select {\ncase <-a:\ncase <-b:\ndefault:\n}\n", 300) + "ch <- 1\n}\n"
	},
	"a select of 1,000 cases": func() string {
		return "func f(a [1000]chan int) {\n\tch := make(chan int)\n\tgo func() { ch <- 1 }()\n\tfor {\n\tselect {\n" +
			repeat(1000, func(i int) string { return fmt.Sprintf("\tcase <-a[%d]:\n", i) }) + "\tcase <-ch:\n\t\treturn\n\t}\n\t}\n}\n"
	},
	"1,000 deferred calls": func() string {
		return "func f(b []bool) {\n\tch := make(chan int, 1)\n" + repeat(1000, func(i int) string {
			return fmt.Sprintf("\tif b[%d] {\n\t\tdefer func() { ch <- 1 }()\n\t}\n", i)
		}) + "\tdefer close(ch)\n\tgo func() { for range ch {} }()\n}\n"
	},
	"a struct of 1,000 channels": func() string {
		return "type s struct {\n" + repeat(1000, func(i int) string { return fmt.Sprintf("\tc%d chan int\n", i) }) + "}\n" +
			"func f() *s {\n\tx := &s{}\n" + repeat(1000, func(i int) string {
			return fmt.Sprintf("\tx.c%[1]d = make(chan int)\n\tgo func() { for range x.c%[1]d {} }()\n", i)
		}) + "\ty := *x\n\tz := y\n\treturn &z\n}\n"
	},
	"1,000 assignments of a captured variable": func() string {
		return "func f(b []bool, chans []chan int) {\n\tch := make(chan int)\n" + repeat(1000, func(i int) string {
			return fmt.Sprintf("\tif b[%[1]d] {\n\t\tch = chans[%[1]d]\n\t\tgo func() { ch <- %[1]d }()\n\t}\n", i)
		}) + "}\n"
	},
	"5,000 assignments in one block": func() string {
		return "func f(chans []chan int) {\n\tvar ch chan int\n" + repeat(5000, func(i int) string {
			return fmt.Sprintf("\tch = chans[%[1]d]\n\tch <- %[1]d\n", i)
		}) + "\tgo func() { close(ch) }()\n}\n"
	},
	"a literal of 5,000 functions": func() string {
		return "func f() {\n\tch := make(chan int)\n\tfs := []func(){\n" +
			repeat(5000, func(i int) string { return fmt.Sprintf("\t\tfunc() { ch <- %d },\n", i) }) +
			"\t}\n\tfor _, g := range fs {\n\t\tgo g()\n\t}\n\tfor range fs {\n\t\t<-ch\n\t}\n}\n"
	},
	"a chain of 5,000 append calls": func() string {
		return "func f() {\n\tvar s []chan int\n" + strings.Repeat("\ts = append(s, make(chan int))\n", 5000) +
			"\tfor _, c := range s {\n\t\tgo func() { c <- 1 }()\n\t}\n}\n"
	},
	"recursive types": func() string {
		return `type fn func(fn) fn
type m map[string]m
type s []s
type c chan c
type p *p
type a struct { next *a; all []a; m map[*a]a; ch chan a; f func(a) a }
type i interface { m(i) i }
func f(x fn, y m, z s, w c, q p, r a) (fn, c) {
	ch := make(c)
	go func() { ch <- ch; ch <- w; r.ch <- *r.next.next.next.next.next }()
	for d := range ch { for e := range d { close(e) } }
	go x(x(x))
	go r.next.f(r.all[0])
	return x, ch
}
`
	},
	"constraints": func() string {
		return `type ch[T any] interface { ~chan T }
type rw[T any] interface { ~chan T | ~<-chan T }
type fun[T any] interface { ~func(T) | ~func(T) bool }
type self[T any] interface { *T; Do(chan<- T) }
type list[T any] struct { next *list[T]; c chan T; wg sync.WaitGroup }
func send[C ch[T], T any](c C, v T) { c <- v; close(c) }
func recv[C rw[T], T any](c C) (out []T) { for v := range c { out = append(out, v) }; return }
func run[F fun[T], T any](f F, c chan F) { c <- f }
func run2[F ~func(T), T any](f F, v T) { go f(v) }
func do[T any, P self[T]](n int) { c := make(chan T); for range n { var v T; go P(&v).Do(c) }; <-c }
func deep[T any](n int, v T) { c := make(chan T); go func() { c <- v }(); if n > 0 { deep(n-1, v) }; <-c }
func (l *list[T]) push(v T) { l.wg.Add(1); go func() { defer l.wg.Done(); l.c <- v }(); l.next.push(v) }
func keys[M ~map[K]V, K comparable, V chan int | chan string](m M) { for _, v := range m { go func() { _ = v }() } }
func f() {
	c := make(chan int)
	go send(c, 1)
	recv(c)
	run2(func(int) {}, 1)
	deep(3, "x")
	(&list[string]{c: make(chan string)}).push("")
	keys(map[string]chan int{"": c})
}
`
	},
	"constants": func() string {
		return `const big = 1 << 500
const huge = big << 11
func f() {
	ch := make(chan int, big >> 498)
	var wg sync.WaitGroup
	wg.Add(big >> 498)
	wg.Add(-1 << 62)
	var u uint64 = 1<<64 - 1
	for i := uint64(0); i < 1<<64-1; i++ { go func() { ch <- int(i & u) }() }
	for i := 9223372036854775807; i > -9223372036854775808; i-- { <-ch }
	for i := range 9223372036854775807 { go func() { defer wg.Done(); ch <- i }() }
	for i := 0.0; i < 1e300; i++ { ch <- 1 }
	switch u { case 1<<64 - 1: close(ch) }
	wg.Wait()
}
`
	},
	"control flow": func() string {
		return `func f(n int) {
	ch := make(chan int)
	var none chan int
	defer func() { recover() }()
	defer close(ch)
	go func() { for { } }()
	go func() { select {} }()
	go func() { goto a; b: ch <- 1; a: if n > 0 { goto b } }()
outer:
	for {
		select {
		case ch <- 1: continue outer
		case none <- <-ch: break outer
		case v, ok := <-ch: if ok { goto end }; _ = v
		default: panic(n)
		}
	}
	func(yield func(int) bool) {}(nil)
	for i := range func(yield func(int) bool) { go yield(1); _ = yield(2) && yield(3) } { if i > n { return }; defer func() { ch <- i }() }
	for range func(yield func() bool) { for yield() {} } { break outer2 }
end:
	close(none)
	nil_ := (func())(nil)
	go nil_()
	close(<-make(chan chan int))
	func() { defer func() { panic(recover()) }(); panic(1) }()
}
`
	},
}

// A unit is a package to analyse.
type unit struct {
	name    string
	files   map[string]string
	version string // of the language; the newest if empty
}

// typeChecked returns the package of a unit, or an error where it does not
// type-check.
func typeChecked(u unit, deps irtest.Importer) (*gopackages.Package, error) {
	pkg := &gopackages.Package{
		ID: u.name, PkgPath: "p", Fset: token.NewFileSet(), TypesInfo: syntax.NewInfo(),
		TypesSizes: types.SizesFor("gc", "amd64"), Imports: make(map[string]*gopackages.Package),
	}
	names := make([]string, 0, len(u.files))
	for name := range u.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := parser.ParseFile(pkg.Fset, name, u.files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pkg.GoFiles = append(pkg.GoFiles, name)
		pkg.CompiledGoFiles = pkg.GoFiles
		pkg.Syntax = append(pkg.Syntax, f)
	}
	var failed error
	conf := types.Config{Importer: deps, GoVersion: u.version, Sizes: pkg.TypesSizes, Error: func(err error) {
		if failed == nil && !irtest.Harmless(err) {
			failed = err
		}
	}}
	pkg.Types, _ = conf.Check("p", pkg.Fset, pkg.Syntax, pkg.TypesInfo)
	pkg.Name = pkg.Types.Name()
	return pkg, failed
}

// demandCalm analyses packages and fails the test for errors and panics. It returns the
// engines.
func demandCalm(t *testing.T, pkgs ...*gopackages.Package) (engines []*engine.Package) {
	t.Helper()
	graph, err := checker.Analyze(append(analyzers.All(), engine.Analyzer), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for act := range graph.All() {
		if act.Err != nil {
			t.Errorf("%v: %v", act, act.Err)
			continue
		}
		switch r := act.Result.(type) {
		case *check.Result:
			if r.Panic != "" {
				t.Errorf("%s of %s: %s", act.Analyzer, act.Package.ID, r.Panic)
			}
		case *engine.Package:
			engines = append(engines, r)
			for reason := range r.Counts() {
				if strings.HasPrefix(strings.TrimPrefix(reason, "explorer: "), "panic ") || strings.Contains(reason, "building SSA") {
					t.Errorf("%s: %s", act.Package.ID, reason)
				}
			}
		}
	}
	return engines
}
