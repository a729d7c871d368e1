package explore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
)

// programs are small functions f with something wrong in each, that need a few
// choices to get there.
var programs = []struct{ name, text string }{
	{"early return", `func f(fetch func() error) error {
	c := make(chan int)
	go func() { c <- 1 }()
	if err := fetch(); err != nil {
		return err
	}
	<-c
	return nil
}`},
	{"lock order", `func f() {
	var a, b sync.Mutex
	go func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() }()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
}`},
	{"fan in", `func f(xs []int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() { defer wg.Done(); out <- x }()
	}
	wg.Wait()
	close(out)
}`},
	{"first result", `func f(xs []int, ctx context.Context) int {
	out := make(chan int)
	for _, x := range xs {
		go func() { out <- x }()
	}
	select {
	case x := <-out:
		return x
	case <-ctx.Done():
		return 0
	}
}`},
	{"readers and a writer", `func f() {
	var mu sync.RWMutex
	for range 2 {
		go func() { mu.RLock(); mu.RLock(); mu.RUnlock(); mu.RUnlock() }()
	}
	mu.Lock()
	mu.Unlock()
}`},
	{"double close", `func f(errs []error) {
	done := make(chan int)
	for _, err := range errs {
		go func() {
			if err != nil {
				close(done)
			}
		}()
	}
}`},
	{"signal before wait", `func f() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go func() { mu.Lock(); c.Signal(); mu.Unlock() }()
	mu.Lock()
	c.Wait()
	mu.Unlock()
}`},
	{"maps", `func f() {
	m := map[string]chan int{"a": make(chan int), "b": make(chan int), "c": make(chan int)}
	for _, c := range m {
		go func() { c <- 1 }()
	}
	select {
	case <-m["a"]:
	case <-m["b"]:
	case <-m["c"]:
	}
}`},
}

// TestDeterministic: exploring a program again, and a program that is built
// again, gives the same in every detail.
func TestDeterministic(t *testing.T) {
	for _, program := range programs {
		p, first := one(t, program.text, budget)
		if len(first.Findings) == 0 {
			t.Errorf("%s: nothing found", program.name)
		}
		for range 3 {
			q, again := one(t, program.text, budget)
			if a, b := summary(p, first), summary(q, again); a != b {
				t.Errorf("%s:\n%s%s", program.name, a, b)
			}
		}
		prog := p.ProgramOfAll(t)
		mp := machine.NewProgram(prog)
		for range 2 { // what the runs share makes no difference
			again := explore.Explore(mp, irtest.Func(t, prog, "f"), budget)
			if a, b := summary(p, first), summary(p, again); a != b {
				t.Errorf("%s, with the program shared:\n%s%s", program.name, a, b)
			}
		}
	}
}

// maxRun is more than the steps of one run, after which the budget is asked
// for.
const maxRun = 6_001

// TestBudgets: whatever the budget, there is no panic, it is kept, and a larger
// one finds what a smaller one does, at the same run.
func TestBudgets(t *testing.T) {
	for _, program := range programs {
		var before string
		for _, steps := range []int{0, 1, 2, 10, 30, 100, 1000, 10_000} {
			p, r := one(t, program.text, explore.Budget{Steps: steps, Deviations: 6, Preempts: 2})
			if r.Steps >= steps+maxRun || steps == 0 && r.Runs > 0 {
				t.Errorf("%s: %d runs, %d steps of %d", program.name, r.Runs, r.Steps, steps)
			}
			if !r.Exhausted && r.Steps >= steps && steps < 10 {
				t.Errorf("%s: a budget of %d is not exhausted", program.name, steps)
			}
			_, found, _ := strings.Cut(summary(p, r), "\n")
			if !strings.HasPrefix(found, before) {
				t.Errorf("%s: %d steps find\n%sbut less found\n%s", program.name, steps, found, before)
			}
			before = found
		}
		for deviations := range 4 {
			for preempts := range 3 {
				_, r := one(t, program.text, explore.Budget{Steps: 50_000, Deviations: deviations, Preempts: preempts})
				for _, f := range r.Findings {
					if len(f.Deviations) > deviations {
						t.Errorf("%s: %d deviations of %d", program.name, len(f.Deviations), deviations)
					}
					if n := count(f, machine.ChoosePreempt); n > preempts {
						t.Errorf("%s: %d switches of %d", program.name, n, preempts)
					}
				}
			}
		}
	}
}

// count counts the deviations of a kind.
func count(f *explore.Finding, kind machine.ChoiceKind) int {
	n := 0
	for _, c := range f.Deviations {
		if c.Kind == kind {
			n++
		}
	}
	return n
}

// TestOrder: findings come in the order of their deviations, and each says
// something new.
func TestOrder(t *testing.T) {
	for _, program := range programs {
		_, r := one(t, program.text, budget)
		last := 0
		for _, f := range r.Findings {
			if len(f.Deviations) < last {
				t.Errorf("%s: %d deviations after %d", program.name, len(f.Deviations), last)
			}
			last = len(f.Deviations)
			if (f.Crash != nil) == (len(f.Stuck) > 0) || f.Run > r.Runs || f.Steps > r.Steps || f.Machine == nil {
				t.Errorf("%s: %+v", program.name, f)
			}
			if f.Crash == nil && len(f.Knots) == 0 {
				t.Errorf("%s: goroutines are stuck for no reason", program.name)
			}
		}
	}
}

// TestDeviations: how many choices other than the default a problem needs.
func TestDeviations(t *testing.T) {
	tests := []struct {
		name, body string
		want       int // deviations of the first finding; -1: there is none
	}{
		{"always", `c <- 1`, 0},
		{"on the way that is not taken by default", `if ok { c <- 1 }`, 1},
		{"on the default way", `if !ok { c <- 1 }`, 0},
		{"an error", `if err != nil { c <- 1 }`, 1},
		{"no error", `if err == nil { c <- 1 }`, 0},
		{"two conditions", `if ok { if err != nil { c <- 1 } }`, 2},
		{"one condition twice", `if ok { if ok { c <- 1 } }`, 1},
		{"an error asked for twice", `if err != nil { if err != nil { c <- 1 } }`, 1},
		{"a condition and its opposite", `if err != nil { if err == nil { c <- 1 } }`, -1},
		{"a number and its bound", `if n > 3 { if n <= 3 { c <- 1 } }`, -1},
		{"a number and another bound", `if n > 3 { if n < 5 { c <- 1 } }`, 2},
		{"an interval that is empty", `if n > 3 { if n < 4 { c <- 1 } }`, -1},
		{"an interval of one number", `if n > 3 { if n < 5 { if n == 4 { c <- 1 } } }`, 2},
		{"the same length", `if len(s) > 0 { if len(s) == 0 { c <- 1 } }`, -1},
		{"no turn of a loop", `d := c; for range s { d = make(chan int, 1) }; d <- 1`, 1},
		{"at least one turn", `d := c; for range n { d = make(chan int, 1) }; d <- 1`, -1},
		{"not a turn less than known", `if n == 3 { for range n - 3 { c <- 1 } }`, -1},
		{"a loop after its condition", `if len(s) > 0 { for range s { return }; c <- 1 }`, -1},
		{"equal strings", `if name == "a" { if name == "b" { c <- 1 } }`, -1},
		{"a string of a switch", `switch name { case "a": case "b": c <- 1 }`, 1},
		{"a type that cannot be two", `if _, ok := x.(int); ok { if _, ok := x.(string); ok { c <- 1 } }`, -1},
		{"a type asked for twice", `if _, ok := x.(int); ok { if _, ok := x.(int); !ok { c <- 1 } }`, -1},
		{"and", `if ok && err != nil { c <- 1 }`, 2},
		{"or", `if ok || err != nil { return }; c <- 1`, 0},
		{"a getter asked twice", `if b.Len() > 0 { if b.Len() == 0 { c <- 1 } }`, -1},
		{"a field asked twice", `if p.ok { if !p.ok { c <- 1 } }`, -1},
		{"a field that is set in between", `if p.ok { p.ok = false; if !p.ok { c <- 1 } }`, 1},
		{"a variable that is known", `n = 3; if n != 3 { c <- 1 }`, -1},
		{"arithmetic", `if n == 2 { if n + 1 != 3 { c <- 1 } }`, -1},
		{"a switch to another goroutine", `done := make(chan int); go close(done); select { case <-done: c <- 1; default: }`, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "func f(ok bool, err error, n int, s []int, name string, x any, b *bytes.Buffer, p *struct{ ok bool }) {\n c := make(chan int)\n" + test.body + "\n}"
			_, r := one(t, text, budget)
			got := -1
			if len(r.Findings) > 0 {
				got = len(r.Findings[0].Deviations)
			}
			if got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestSlicing: branches in which nothing matters are not told apart, and do not
// multiply the runs; those in which something does are.
func TestSlicing(t *testing.T) {
	tests := []struct {
		name, body string
		want       int // runs
	}{
		{"nothing", ``, 1},
		{"an assignment", `if ok { k = 2 }`, 1},
		{"ten of them", strings.Repeat("if ok { k++ }\nif err != nil { k-- }\n", 5), 1},
		{"a loop", `for i := range s { k += i }`, 1},
		{"a loop in a branch", `if ok { for i := range s { if i > 3 { k += i } } }`, 1},
		{"a call of an unseen function", `if ok { fmt.Println(k) }`, 1},
		{"a call of a function in which nothing matters", `if ok { k = add(k, 1) }`, 1},
		{"a switch", `switch k { case 1: k = 2; case 2: k = 3 }`, 1},
		{"a return", `if ok { return }`, 2},
		{"a send", `if ok { c <- 1 }`, 2},
		{"a boolean", `if ok { flag = true }; if flag { c <- 1 }`, 2},
		{"a channel", `if ok { d = c }; d <- 1`, 2},
		{"a function", `if ok { h = func() { c <- 1 } }; h()`, 2},
		{"a call of a function that sends", `if ok { send(c) }`, 2},
		{"a panic", `if ok { panic(1) }`, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := `func add(a, b int) int { if a > b { return a }; return a + b }
func send(c chan int) { c <- 1 }
func f(ok bool, err error, k int, s []int) {
	flag, c, h := false, make(chan int, 3), func() {}
	d := make(chan int, 1)
` + test.body + `
	if flag { close(d) }
	h()
	c <- k
}`
			if _, r := one(t, text, budget); r.Runs != test.want {
				t.Errorf("%d runs, want %d", r.Runs, test.want)
			}
		})
	}
}

// TestCuts: a run that goes beyond a limit is given up, and counted; what is
// found before is kept.
func TestCuts(t *testing.T) {
	tests := []struct {
		name, body, cut string
		found           bool
	}{
		{"process exits", `os.Exit(1); c <- 1`, "process exits", false},
		{"panic", `panic(1)`, "panic", false},
		{"nil dereference", `var p *int; c <- *p`, "nil dereference", false},
		{"index", `s := []int{}; c <- s[0]`, "index out of range", false},
		{"goroutines", strings.Repeat("go func() { c <- 1 }()\n", 30), "goroutines", false},
		{"recursion", `var g func(int); g = func(n int) { go g(n); if n > 0 { g(n - 1); g(n + 1) } }; g(9)`, "", false},
		{"one way ends", `if err != nil { panic(err) }; c <- 1`, "panic", true},
		{"the other way ends", `if err == nil { panic(err) }; c <- 1`, "panic", true},
		{"a deep call", `h1(c)` + "\n}\n" + deep(30) + "func last() {", "depth", false},
		{"elements", `var s []chan int; for range 39 { s = append(s, c, c) }; s[0] <- 1`, "elements", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, r := one(t, "func f(err error) {\n c := make(chan int)\n"+test.body+"\n}", budget)
			if test.cut != "" && r.Cuts[test.cut] == 0 {
				t.Errorf("cuts: %v", r.Cuts)
			}
			if found := len(r.Findings) > 0; found != test.found {
				t.Errorf("found: %t", found)
			}
		})
	}
}

// deep returns functions h1 to hn, each of which calls the next one.
func deep(n int) string {
	var b strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "func h%d(c chan int) { h%d(c) }\n", i, i+1)
	}
	fmt.Fprintf(&b, "func h%d(c chan int) { c <- 1 }\n", n)
	return b.String()
}

// TestBusy: a goroutine in a loop that may turn for ever keeps alive whom it
// can help, and nobody else.
func TestBusy(t *testing.T) {
	feature{name: "loops", text: `
func goodLoopHelps(next func() bool) {
	c := make(chan int)
	go func() {
		for {
			if next() {
				c <- 1
			}
		}
	}()
	for {
		<-c
	}
}
func goodSpins() {
	c := make(chan int)
	var n atomic.Int32
	go func() {
		for n.Load() == 0 {
		}
		<-c
	}()
	c <- 1
}
func badSpinsBeside() {
	c := make(chan int)
	go func() {
		for {
			time.Sleep(1)
		}
	}()
	c <- 1 // stuck
}
func goodManyTurns() {
	c := make(chan int)
	go func() {
		for i := range 1000 {
			c <- i
		}
	}()
	for range 1000 {
		<-c
	}
}
func badOneTurnLess() {
	c := make(chan int)
	go func() {
		for i := range 10 {
			c <- i // stuck
		}
	}()
	for range 9 {
		<-c
	}
}
func goodOneTurnMore() {
	c := make(chan int, 1)
	go func() {
		for i := range 10 {
			c <- i
		}
	}()
	for range 9 {
		<-c
	}
}
`}.check(t)
}
