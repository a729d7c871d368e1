package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/model"
)

// A tracer records what paths do, by numbering the words that it sees: a state
// is the number of a word. A letter repeated is written once, so that loops
// come to an end.
type tracer struct {
	words []string
	index map[string]flow.State
	ends  map[string]bool
}

func newTracer() *tracer {
	return &tracer{words: []string{""}, index: map[string]flow.State{"": 0}, ends: make(map[string]bool)}
}

func (tr *tracer) add(s flow.State, letter string) flow.State {
	word := tr.words[s]
	if strings.HasSuffix(word, letter) || len(word) > 12 {
		return s
	}
	word += letter
	n, ok := tr.index[word]
	if !ok {
		n = flow.State(len(tr.words))
		tr.words = append(tr.words, word)
		tr.index[word] = n
	}
	return n
}

// letter of an operation: what is sent, x for a close and r for a receive.
func letter(op *model.Op) string {
	switch instr := op.Instr.(type) {
	case *ssa.Send:
		if c, ok := instr.X.(*ssa.Const); ok {
			return c.Value.ExactString()
		}
		return "s"
	}
	return [...]string{"s", "r", "x", "m"}[op.Kind]
}

// trace returns the words of all paths of a thread, and whether all were seen.
func trace(m *model.Model, thread *model.Thread) (words string, complete bool) {
	tr := newTracer()
	complete = flow.Walk(m, thread, 0, flow.Visitor{
		Op: func(s flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			return tr.add(s, letter(op)), true
		},
		Start: func(s flow.State, _ *model.Thread, _ *flow.Path) (flow.State, bool) { return tr.add(s, "g"), true },
		End:   func(s flow.State, _ *flow.Path) { tr.ends[tr.words[s]] = true },
	})
	var out []string
	for w := range tr.ends {
		if w == "" {
			w = "-"
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return strings.Join(out, " "), complete
}

var paths = []struct{ name, decls, body, want string }{
	{"a sequence", "", "c <- 1; <-c; close(c)", "1rx"},
	{"two branches", "", "if b { c <- 1 }; c <- 2", "12 2"},
	{"correlated conditions", "", "if b { c <- 1 }; c <- 2; if b { c <- 3 }", "123 2"},
	{"a condition and its negation", "", "if b { c <- 1 }; if !b { c <- 2 }", "1 2"},
	{"conditions that have nothing in common", "", "if b { c <- 1 }; if d { c <- 2 }", "- 1 12 2"},
	{"a comparison and its opposite", "", "if n < 1 { c <- 1 }; if n >= 1 { c <- 2 }", "1 2"},
	{"a comparison, turned around", "", "if n < 1 { c <- 1 }; if 1 > n { c <- 2 }", "- 12"},
	{"constants exclude each other", "", "if n == 1 { c <- 1 }; if n == 2 { c <- 2 }; if n == 1 { c <- 3 }; if n == 2 { c <- 4 }", "- 13 24"},
	{"a field", "", "if t.on { c <- 1 }; if t.on { c <- 2 }", "- 12"},
	{"a field that is assigned", "", "if t.on { c <- 1 }; t.on = false; if t.on { c <- 2 }", "- 1"},
	{"a flag", "", "ok := false; if b { ok = true; c <- 1 }; if ok { c <- 2 }", "- 12"},
	{"nil", "", "var p *T; if b { p = t2(); c <- 1 }; if p != nil { c <- 2 }", "- 1 12"},
	{"a constant condition", "", "if false { c <- 1 }; c <- 2", "2"},
	{"a parameter of a helper", "func g(c chan int, on bool) { if on { c <- 2 } }", "if b { c <- 1 }; g(c, b)", "- 12"},
	{"a captured variable", "", "if b { c <- 1 }; func() { if b { c <- 2 } }()", "- 12"},
	{"a switch", "", "switch n { case 1: c <- 1; case 2: c <- 2; default: c <- 3 }", "1 2 3"},
	{"a switch with fallthrough", "", "switch n { case 1: c <- 1; fallthrough; case 2: c <- 2 }", "- 12 2"},
	{"an early return", "", "if b { return }; c <- 1", "- 1"},
	{"deferred calls, last in first out", "", "defer func() { c <- 1 }(); defer func() { c <- 2 }(); c <- 3", "321"},
	{"defer close", "", "defer close(c); if b { return }; c <- 1", "1x x"},
	{"a deferred call after an early return", "", "if b { return }; defer close(c); c <- 1", "- 1x"},
	{"defer in a helper", "func g(c chan int) { defer close(c); c <- 1 }", "g(c); c <- 2", "1x2"},
	{"defer in a loop", "", "for range n { defer func() { c <- 1 }() }; c <- 2", "21"},
	{"defer in a deferred call", "", "defer func() { defer func() { c <- 1 }(); c <- 2 }()", "21"},
	{"a counting loop is entered", "", "for i := 0; i < n; i++ { c <- 1 }; c <- 2", "12"},
	{"a range over an integer is entered", "", "for range n { c <- 1 }; c <- 2", "12"},
	{"a range over a slice is entered", "", "for range s { c <- 1 }; c <- 2", "12"},
	{"a range over a map is entered", "", "for range m { c <- 1 }; c <- 2", "12"},
	{"a loop comes to an end after a call in its test", "func g(c chan int) int { c <- 1; return 1 }", "for i := 0; i < g(c); i++ {}; c <- 3", "13"},
	{"a loop comes to an end after a call in its body", "func g(c chan int) { c <- 1 }", "for range n { g(c) }; c <- 2", "12"},
	{"another loop may not be", "", "for more() { c <- 1 }; c <- 2", "12 2"},
	{"break", "", "for range n { if more() { break }; c <- 1 }; c <- 2", "12 2"},
	{"labelled continue", "", "a: for range n { for range n { c <- 1; continue a } }; c <- 2", "12"},
	{"goto", "", "c <- 1; goto end; end: c <- 2", "12"},
	{"an endless loop", "", "for { c <- 1 }", ""},
	{"a select", "", "select { case c <- 1: c <- 1; case <-d2: c <- 2 }", "r2 s1"},
	{"a select with a default", "", "select { case <-d2: default: c <- 2 }", "2 r"},
	{"an empty select", "", "c <- 1; select {}", ""},
	{"a select in a loop", "", "for { select { case <-d2: return; case c <- 1: } }", "r sr"},
	{"a panic", "", "if b { c <- 1; panic(1) }; c <- 2", "2"},
	{"the end of the process", "", "if b { c <- 1; os.Exit(1) }; c <- 2", "2"},
	{"a helper that never returns", "func g() { panic(1) }", "if b { c <- 1; g() }; c <- 2", "2"},
	{"a goroutine", "", "go func() { c <- 1 }(); c <- 2", "g2"},
	{"an error that a helper returns", "func g(c chan int) error { if more() { return errors.New(\"\") }; c <- 1; return nil }",
		"if err := g(c); err != nil { c <- 2 } else { c <- 3 }", "13 2"},
	{"an error of a type", "type e struct{}\nfunc (*e) Error() string { return \"\" }\nfunc g(c chan int) error { if more() { return &e{} }; c <- 1; return nil }",
		"if g(c) == nil { c <- 3 }", "- 13"},
	{"an error formatted", "func g(c chan int) (int, error) { c <- 1; if more() { c <- 2; return 0, fmt.Errorf(\"\") }; return 0, nil }",
		"if _, err := g(c); err != nil { c <- 3 }", "1 123"},
	{"a bool that a helper returns", "func g(c chan int) bool { if more() { c <- 1; return true }; return false }", "if g(c) { c <- 2 }", "- 12"},
	{"a named result", "func g(c chan int) (ok bool) { if more() { c <- 1; ok = true }; return }", "if g(c) { c <- 2 }", "- 12"},
	{"two helpers", "func g(c chan int) { h(c); h(c) }\nfunc h(c chan int) { c <- 1; <-c }", "g(c); c <- 2", "1r1r2"},
	{"recursion", "func g(c chan int, n int) { if n > 0 { g(c, n-1) }; c <- 1 }", "g(c, n); c <- 2", "12"},
	{"range over a function", "func seq(yield func(int) bool) { yield(1) }", "for range seq { if b { return }; c <- 1 }; c <- 2", "- 12"},
	{"a nil channel", "", "e := make(chan int); if e != nil { c <- 1 }", "1"},
}

func TestPaths(t *testing.T) {
	for _, test := range paths {
		t.Run(test.name, func(t *testing.T) {
			_, m := irtest.Model(t, `
type T struct{ on bool }
func t2() *T
func more() bool
`+test.decls+"\nfunc f(b, d bool, n int, s []int, m map[int]int, t *T, d2 chan int) {\nc := make(chan int)\n"+test.body+"\n}\n", "f")
			got, complete := trace(m, m.Threads[0])
			if got != test.want || !complete {
				t.Errorf("paths: %q, want %q; complete: %t", got, test.want, complete)
			}
		})
	}
}

// TestBudget: a walk that does not see everything says so, in the model's
// budget as well as in its own.
func TestBudget(t *testing.T) {
	var body strings.Builder
	for i := range 20 {
		fmt.Fprintf(&body, "if s[%d] { c <- %[1]d }\n", i)
	}
	_, m := irtest.Model(t, "func f(s [20]bool, c chan int) {\n"+body.String()+"for i := range s { if s[i] { c <- 1 } }\n}", "f")
	// With a state per path, paths never meet.
	distinct := func() bool {
		n := flow.State(1)
		return flow.Walk(m, m.Threads[0], 0, flow.Visitor{
			Op: func(flow.State, *model.Op, *flow.Path) (flow.State, bool) { n++; return n, true },
		})
	}
	if distinct() {
		t.Error("a million paths in one budget")
	}
	for range 20 {
		distinct()
	}
	if flow.Walk(m, m.Threads[0], 0, flow.Visitor{}) {
		t.Error("the model's budget has no end")
	}
}

// TestGiveUp: a visitor's false ends the path and no other.
func TestGiveUp(t *testing.T) {
	_, m := irtest.Model(t, "func f(b bool, c chan int) {\nif b { c <- 1 } else { c <- 2 }\nc <- 3\n}", "f")
	var seen []string
	complete := flow.Walk(m, m.Threads[0], 0, flow.Visitor{
		Op: func(s flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			seen = append(seen, letter(op))
			return s, letter(op) != "1"
		},
	})
	slices.Sort(seen)
	if strings.Join(seen, "") != "123" || !complete {
		t.Errorf("saw %v, complete: %t", seen, complete)
	}
	ends := 0
	flow.Walk(m, m.Threads[0], 0, flow.Visitor{
		Branch: func(_ flow.State, d flow.Decision) bool { return d.Then },
		End: func(_ flow.State, p *flow.Path) {
			ends++
			if d := p.Decisions(); len(d) != 1 || !d[0].Then {
				t.Errorf("decisions %v", d)
			}
		},
	})
	if ends != 1 {
		t.Errorf("%d ends", ends)
	}
}

// TestUnknown: the visitor is told of calls, of unknown code and of channels
// that are made.
func TestUnknown(t *testing.T) {
	_, m := irtest.Model(t, "func g()\nfunc h() { g() }\nfunc f() { c := make(chan int); defer h(); g(); c <- 1 }", "f")
	var told []string
	flow.Walk(m, m.Threads[0], 0, flow.Visitor{
		Make: func(s flow.State, _ *model.Instance, _ ssa.Value) flow.State { told = append(told, "make"); return s },
		Call: func(s flow.State, _ *model.Instance, site ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
			told = append(told, "call "+site.Common().StaticCallee().Name())
			return s, true
		},
		Unknown: func(s flow.State, _ *model.Instance, site ssa.CallInstruction, _ *flow.Path) (flow.State, bool) {
			told = append(told, "unknown "+site.Common().StaticCallee().Name())
			return s, true
		},
	})
	if got := strings.Join(told, ", "); got != "make, call g, unknown g, call h" {
		t.Error(got)
	}
}
