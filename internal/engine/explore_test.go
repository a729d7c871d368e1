package engine_test

import (
	"slices"
	"strings"
	"testing"

	explorer "github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
)

// problems returns the marks of what the explorer finds in files, with the
// function by which.
func problems(t *testing.T, s *explorer.Survey, p *irtest.Package) []string {
	t.Helper()
	var out []string
	for _, problem := range s.Problems {
		for _, pos := range problem.Sites() {
			out = append(out, p.Mark(pos)+" by "+irtest.FuncName(problem.Root))
		}
	}
	slices.Sort(out)
	return out
}

// TestExplored: which functions are explored, and by themselves or from their
// callers.
func TestExplored(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", `func f(n int) int { return n }`, ""},
		{"a function that only sends", `func f(c chan int) { c <- 1; c <- 2 }`, ""},
		{"a function that makes a channel", `func f() {
			c := make(chan int)
			c <- 1 // send
		}`, "send by f"},
		{"a literal outside of functions", `var f = func() {
			c := make(chan int)
			c <- 1 // send
		}`, "send by init$1"},
		{"a method", `type t struct{ c chan int }
		func (x *t) f() {
			x.c = make(chan int)
			d := make(chan int)
			d <- 1 // send
		}`, "send by t.f"},
		{"a caller of what makes a channel", `func make1() chan int { return make(chan int) }
		func f() {
			c := make1()
			c <- 1 // send
		}`, "send by f"},
		{"a caller's caller", `type t struct{ c chan int }
		func make1() *t { return &t{make(chan int)} }
		func make2() *t { return make1() }
		func f() {
			x := make2()
			x.c <- 1 // send
		}`, "send by f"},
		{"the function itself before its caller", `func f() {
			c := make(chan int)
			c <- 1 // send
		}
		func g() { f() }`, "send by f"},
		{"a WaitGroup", `func f() {
			var wg sync.WaitGroup
			wg.Add(1)
			wg.Wait() // wait
		}`, "wait by f"},
		{"a lock in a struct", `type t struct{ mu sync.Mutex }
		func f() {
			var x t
			x.mu.Lock()
			x.mu.Lock() // lock
		}`, "lock by f"},
		{"a lock of the receiver", `type t struct{ mu sync.Mutex }
		func (x *t) f() {
			x.mu.Lock()
			x.mu.Lock() // lock
		}`, "lock by t.f"},
		{"a generic function", `func f[T any](v T) {
			c := make(chan T)
			c <- v // send
		}`, "send by f"},
		{"a generic function before its caller", `func send[T any](v T) {
			c := make(chan T)
			c <- v // send
		}
		func f() { send(1) }`, "send by send"},
	}
	for _, test := range tests {
		p := irtest.Load(t, test.text)
		eng := newEngine(t, p)
		if got := strings.Join(problems(t, eng.Explored(), p), ", "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if eng.Explored() != eng.Explored() {
			t.Errorf("%s: explored twice", test.name)
		}
	}
}

// TestExploredCounts: what the explorer gives up is among the engine's counts,
// once.
func TestExploredCounts(t *testing.T) {
	eng := newEngine(t, irtest.Load(t, `func f() { c := make(chan int); os.Exit(1); c <- 1 }`))
	if n := len(eng.Counts()); n != 0 {
		t.Errorf("%d counts before the exploration", n)
	}
	for range 2 {
		eng.Explored()
		if c := eng.Counts(); len(c) != 1 || c["explorer: runs cut: process exits in f"] != 1 {
			t.Errorf("counts: %v", c)
		}
	}
}

// TestMain and init end the process, tests end a test; what they leave behind is
// no leak.
func TestExploredEnds(t *testing.T) {
	const server = ` {
	jobs := make(chan int)
	go func() {
		for range jobs { // range
		}
	}()
	jobs <- 1
}
`
	tests := []struct{ name, text, want string }{
		{"a function", "package p\nfunc f()" + server, "range"},
		{"main", "package main\nfunc main()" + server, ""},
		{"main of another package", "package p\nfunc main()" + server, "range"},
		{"a method main", "package main\ntype t struct{}\nfunc (t) main()" + server, "range"},
		{"a function of package main", "package main\nfunc run()" + server + "func main() { run() }", "range"},
		{"init", "package p\nfunc init()" + server, ""},
		{"a test's name in another file", "package p\nimport \"testing\"\nfunc TestX(t *testing.T)" + server, "range"},
	}
	for _, test := range tests {
		p := irtest.Load(t, test.text)
		got := ""
		for _, problem := range newEngine(t, p).Explored().Problems {
			got = p.Mark(problem.Sites()[0])
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestManyRoots: in a package with many roots each gets fewer steps, but those
// suffice for what is simple; the whole package is bounded.
func TestManyRoots(t *testing.T) {
	var b strings.Builder
	const n = 200
	for i := range n {
		name := strings.Repeat("x", i+1)
		b.WriteString("func f" + name + "(err error, xs []int) {\nc := make(chan int)\nfor _, x := range xs { go func() { c <- x }() }\nif err != nil { return }\nfor range xs { <-c }\n}\n")
	}
	p := irtest.Load(t, b.String())
	s := newEngine(t, p).Explored()
	if s.Steps > maxSteps {
		t.Errorf("%d steps", s.Steps)
	}
	if len(s.Problems) < n/2 {
		t.Errorf("%d problems in %d functions", len(s.Problems), n)
	}
}
