package machine_test

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
)

// start begins a run of the function f of a text, with the default choices but
// for those that pick says.
func start(t *testing.T, text string, pick func(machine.Choice) int) (*irtest.Package, *machine.Machine) {
	t.Helper()
	p := irtest.Load(t, text)
	prog := p.ProgramOfAll(t)
	return p, machine.New(machine.NewProgram(prog), irtest.Func(t, prog, "f"), pick)
}

func first(machine.Choice) int { return 0 }

// finish lets goroutines go on, the one that was started last first or last,
// until none can. It returns why the run was cut, if it was.
func finish(m *machine.Machine, lastFirst bool) (cut machine.Cut) {
	defer func() {
		if r := recover(); r != nil {
			cut = r.(machine.Cut)
		}
	}()
	for {
		var next *machine.Goroutine
		best := machine.Blocked
		for _, g := range m.Goroutines {
			if r := m.Ready(g); r > best || lastFirst && r == best && r > machine.Blocked {
				next, best = g, r
			}
		}
		if next == nil {
			return ""
		}
		m.Step(next)
	}
}

// states tells where the goroutines stand.
func states(p *irtest.Package, m *machine.Machine) string {
	var out []string
	for _, g := range m.Goroutines {
		switch {
		case g.Done:
			out = append(out, "done")
		case g.Busy:
			out = append(out, "busy")
		case g.Pending != nil:
			out = append(out, p.Mark(g.Pending.Pos))
		default:
			out = append(out, "?")
		}
	}
	return strings.Join(out, " ")
}

// TestRun: where a run leaves the goroutines, in the order of their start.
func TestRun(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"nothing", `func f() {}`, "done"},
		{"a receive", `func f() {
			c := make(chan int)
			<-c // receive
		}`, "receive"},
		{"a meeting", `func f() {
			c := make(chan int)
			go func() { c <- 1 }()
			<-c
		}`, "done done"},
		{"one is left", `func f() {
			c := make(chan int)
			for range 2 {
				go func() {
					c <- 1 // send
				}()
			}
			<-c
		}`, "done done send"},
		{"a loop without end", `func f() {
			for {
				println()
			}
		}`, "busy"},
		{"a loop that pauses", `func f() {
			for {
				time.Sleep(1)
			}
		}`, "busy"},
		{"a goroutine in a loop without end", `func f(next func() bool) {
			c := make(chan int)
			go func() { for next() { } }()
			<-c // receive
		}`, "receive done"},
		{"a known number of turns", `func f() {
			c := make(chan int, 10)
			for range 10 {
				c <- 1
			}
			c <- 2 // send
		}`, "send"},
		{"Goexit", `func f() {
			c := make(chan int)
			go func() {
				defer close(c)
				runtime.Goexit()
			}()
			<-c
		}`, "done done"},
		{"recover", `func f() {
			defer func() { recover() }()
			panic(1)
		}`, "done"},
		{"a select", `func f() {
			a, b := make(chan int), make(chan int)
			select { // select
			case <-a:
			case b <- 1:
			}
		}`, "select"},
		{"an unknown channel", `func f(in chan int) {
			<-in
			in <- 1
			close(in)
		}`, "done"},
		{"a timer", `func f() {
			<-time.After(1)
		}`, "done"},
	}
	for _, test := range tests {
		for _, lastFirst := range []bool{false, true} {
			p, m := start(t, test.text, first)
			if cut := finish(m, lastFirst); cut != "" {
				t.Errorf("%s: cut: %s", test.name, cut)
			}
			got := states(p, m)
			if lastFirst && test.name == "one is left" {
				got = strings.Replace(got, "send done", "done send", 1)
			}
			if got != test.want {
				t.Errorf("%s: %s, want %s", test.name, got, test.want)
			}
		}
	}
}

// TestEnds: how a run ends that does not go on to the end.
func TestEnds(t *testing.T) {
	tests := []struct{ name, text, cut, crash string }{
		{"exit", `func f() { os.Exit(1) }`, "process exits", ""},
		{"log.Fatal", `func f() { log.Fatal(1) }`, "process exits", ""},
		{"panic", `func f() { panic(1) }`, "panic", ""},
		{"panic in a goroutine", `func f() { go func() { panic(1) }(); select {} }`, "panic", ""},
		{"nil", `func f() { var p *int; *p = 1 }`, "nil dereference", ""},
		{"nil function", `func f() { var h func(); h() }`, "nil dereference", ""},
		{"index", `func f() { s := make([]chan int, 2); i := 2; close(s[i]) }`, "index out of range", ""},
		{"close twice", `func f() { c := make(chan int); close(c); close(c) }`, "panic", "close of closed channel"},
		{"send", `func f() { c := make(chan int); close(c); c <- 1 }`, "panic", "send on closed channel"},
		{"close nil", `func f() { var c chan int; close(c) }`, "panic", "close of nil channel"},
		{"counter", `func f() { var wg sync.WaitGroup; wg.Done() }`, "panic", "negative WaitGroup counter"},
		{"recovered close", `func f() { defer func() { recover() }(); c := make(chan int); close(c); close(c) }`, "panic", ""},
	}
	for _, test := range tests {
		_, m := start(t, test.text, first)
		if cut := finish(m, false); string(cut) != test.cut {
			t.Errorf("%s: cut: %q, want %q", test.name, cut, test.cut)
		}
		got := ""
		if m.Crash != nil {
			got = m.Crash.Kind
			if !m.Crash.Pos.IsValid() || m.Crash.G == nil {
				t.Errorf("%s: the crash is nowhere", test.name)
			}
		}
		if got != test.crash {
			t.Errorf("%s: crash %q, want %q", test.name, got, test.crash)
		}
	}
}

// TestChoices: what is asked for, and how often. Each letter is a choice: Branch,
// Count, Case, Peer, Element, Result.
func TestChoices(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"nothing is unknown", `if len("ab") == 2 { c <- 1 }`, ""},
		{"a condition", `if ok { c <- 1 }`, "B"},
		{"a condition twice", `if ok { c <- 1 }; if ok { c <- 1 }`, "B"},
		{"its opposite", `if ok { c <- 1 }; if !ok { c <- 1 }`, "B"},
		{"an error and no error", `if err != nil { c <- 1 }; if err == nil { c <- 1 }`, "B"},
		{"a nil on the left", `if err != nil { c <- 1 }; if nil == err { c <- 1 }`, "B"},
		{"two conditions", `if ok { c <- 1 }; if err != nil { c <- 1 }`, "BB"},
		{"less and greater", `if n < m { c <- 1 }; if m > n { c <- 1 }; if n >= m { c <- 1 }`, "B"},
		{"a length", `for range s { c <- 1 }`, "N"},
		{"a length twice", `for range s { c <- 1 }; for range s { c <- 1 }`, "N"},
		{"a number", `for range n { c <- 1 }; for i := 0; i < n; i++ { c <- 1 }`, "N"},
		{"a number and one more", `for range n { c <- 1 }; for range n + 1 { c <- 1 }`, "N"},
		{"a number and a conversion", `for range n { c <- 1 }; for range int64(n) { c <- 1 }`, "N"},
		{"a capacity", `d := make(chan int, n); for range n { d <- 1 }`, "N"},
		{"a select", `select { case <-in: case in <- 1: }`, "S"},
		{"a select with one way to go on", `select { case c <- 1: case <-make(chan int): }`, ""},
		{"a call is not made twice", `for range 2 { if get() { c <- 1 } }`, "BB"},
		{"a field", `if p.ok { c <- 1 }; if p.ok { c <- 1 }`, "B"},
		{"a global", `if global { c <- 1 }; if global { c <- 1 }`, "B"},
		{"a copy", `q := *p; if q.ok { c <- 1 }; if p.ok { c <- 1 }`, "B"},
		{"an acquire", `semaphore.NewWeighted(1).Acquire(ctx, 1)`, "R"},
		{"an acquire that ends only one way", `semaphore.NewWeighted(1).Acquire(context.Background(), 1)`, ""},
		{"a context", `if ctx.Err() != nil { c <- 1 }; if ctx.Err() != nil { c <- 1 }`, "RR"},
	}
	letters := map[machine.ChoiceKind]string{machine.ChooseBranch: "B", machine.ChooseCount: "N", machine.ChooseCase: "S",
		machine.ChoosePeer: "P", machine.ChooseElement: "E", machine.ChooseResult: "R"}
	for _, test := range tests {
		text := `var global bool
type object struct{ ok bool }
func get() bool
func f(ok bool, err error, n, m int, s []int, in chan int, p *object, ctx context.Context) {
	c := make(chan int, 100)
` + test.body + "\n}"
		got := ""
		_, m := start(t, text, func(c machine.Choice) int {
			got += letters[c.Kind]
			return 0
		})
		if cut := finish(m, false); cut != "" {
			t.Errorf("%s: cut: %s", test.name, cut)
		}
		if got != test.want {
			t.Errorf("%s: choices %q, want %q", test.name, got, test.want)
		}
		if len(m.Choices) != len(got) {
			t.Errorf("%s: %d choices are noted", test.name, len(m.Choices))
		}
	}
}

// TestPicks: a pick that does not exist is the default, and the choices say what
// was picked.
func TestPicks(t *testing.T) {
	for _, pick := range []int{-1, 0, 1, 2, 100} {
		_, m := start(t, `func f(ok bool) { c := make(chan int, 1); if ok { c <- 1 } }`, func(machine.Choice) int { return pick })
		finish(m, false)
		want := 0
		if pick == 1 {
			want = 1
		}
		if len(m.Choices) != 1 || m.Choices[0].Pick != want || m.Choices[0].Then != (want == 1) {
			t.Errorf("pick %d: %+v", pick, m.Choices)
		}
	}
}

// TestFingerprint: the order of independent operations makes no difference to
// the state, that of dependent ones does.
func TestFingerprint(t *testing.T) {
	tests := []struct {
		name, body string
		same       bool
	}{
		{"nothing in common", `go func() { c <- 1 }(); go func() { d <- 1 }()`, true},
		{"one channel", `go func() { c <- 1 }(); go func() { c <- 2 }()`, false},
		{"one lock", `go func() { mu.Lock(); mu.Unlock() }(); go func() { mu.Lock(); mu.Unlock() }()`, false},
		{"one variable", `x := 0; h := func(n int) { c <- n; x = n }; go h(1); go h(2); d <- x`, false},
	}
	for _, test := range tests {
		text := "func f() {\n var mu sync.Mutex\n mu.Lock(); mu.Unlock()\n c, d := make(chan int, 2), make(chan int, 2)\n" + test.body + "\n}"
		_, a := start(t, text, first)
		_, b := start(t, text, first)
		finish(a, false)
		finishRootFirst(b)
		if same := a.Fingerprint() == b.Fingerprint(); same != test.same {
			t.Errorf("%s: the same state: %t", test.name, same)
		}
	}
}

// finishRootFirst lets the root go on first, and then the other goroutines, the
// last one first.
func finishRootFirst(m *machine.Machine) {
	for m.Ready(m.Goroutines[0]) == machine.Ready {
		m.Step(m.Goroutines[0])
	}
	finish(m, true)
}

// TestLimits: a run ends however long the program would run.
func TestLimits(t *testing.T) {
	tests := []struct{ name, text string }{
		{"steps", `func f(c chan int) { for range 40 { for range 40 { for range 40 { c <- 1 } } } }`},
		{"goroutines", `func f(c chan int) { for range 40 { go func() { c <- 1 }() } }`},
		{"recursion", `func f(c chan int) { c <- 1; f(c) }`},
		{"spawning", `func f(c chan int) { c <- 1; go f(c) }`},
		{"two functions", `func f(c chan int) { c <- 1; g(c) }
			func g(c chan int) { c <- 1; f(c); f(c) }`},
		{"defers", `func f(c chan int) { for { defer func() { c <- 1 }() } }`},
		{"callbacks", `func f(c chan int) { var h func(); h = func() { c <- 1; h(); h() }; h() }`},
		{"iterators", `func f(c chan int) { for x := range seq { for y := range seq { c <- x + y } } }
			func seq(yield func(int) bool) { for { if !yield(1) { return } } }`},
		{"elements", `func f(c chan int) { s := []chan int{c}; for { s = append(s, s...); s[0] <- 1 } }`},
		{"a large array", `func f(c chan int) { var a [1000000]chan int; for i := range a { a[i] = c }; a[5] <- 1 }`},
		{"Cleanup of Cleanup", `func f(t *testing.T) { c := make(chan int, 9); t.Cleanup(func() { c <- 1; t.Cleanup(func() { c <- 2 }) }) }`},
		{"panics", `func f(c chan int) { defer f(c); c <- 1; panic(1) }`},
	}
	for _, test := range tests {
		for pick := range 3 {
			_, m := start(t, test.text, func(c machine.Choice) int { return pick % c.N })
			finish(m, pick == 1)
			if m.Steps > 6_001 {
				t.Errorf("%s: %d steps", test.name, m.Steps)
			}
			if len(m.Goroutines) > 24 || len(m.Choices) > 400 {
				t.Errorf("%s: %d goroutines, %d choices", test.name, len(m.Goroutines), len(m.Choices))
			}
		}
	}
}

// TestGenericShapes: operations on values of type parameters, in a function
// that is explored without its type arguments, make no trouble.
func TestGenericShapes(t *testing.T) {
	for _, text := range []string{
		`func f[S interface{ ~[]E }, E any](s S, n int) { c := make(chan int); t := make(S, n); _ = t; c <- 1 }`,
		`func f[C interface{ ~chan int }](c, d C) { select { case v := <-c: println(v); case v, ok := <-d: println(v, ok); case c <- 1: } }`,
		`func f[C interface{ ~chan int }](d C) { c := make(C); close(d); select { case v := <-c: println(v); case v, ok := <-d: println(v, ok) } }`,
		`func f[M interface{ ~map[K]V }, K comparable, V any](m M, k K) { n := make(M); n[k] = m[k]; for k, v := range n { n[k] = v }; delete(n, k); clear(n); go println(len(n)) }`,
		`func f[T any](x T) { c := make(chan T); var p *T = &x; var a [3]T; a[1] = *p; s := a[:]; s = append(s, x); c <- s[0] }`,
		`func f[P interface { *T; Lock() }, T any](x T) { var p P = &x; p.Lock(); p.Lock() }`,
		`func f[B interface{ ~[]byte | ~string }](b B) { c := make(chan byte); for i := range len(b) { c <- b[i] } }`,
		`func f[F interface{ ~func() }](g F) { go g(); defer g(); g() }`,
		`func f[S ~[]chan int](s S) { for _, c := range s { c <- 1 }; t := s[1:]; u := append(t, s...); copy(u, t); close(u[0]) }`,
	} {
		for pick := range 3 {
			_, m := start(t, text, func(c machine.Choice) int { return pick % c.N })
			finish(m, pick == 1)
		}
	}
}
