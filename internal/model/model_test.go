package model_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/model"
)

// channel returns the place of the only channel that is made on a line with
// the given comment.
func channel(t *testing.T, p *irtest.Package, m *model.Model, mark string) model.Loc {
	t.Helper()
	for _, inst := range m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				if mk, ok := instr.(*ssa.MakeChan); ok && p.Mark(mk.Pos()) == mark {
					return m.PointsTo(inst, mk)[0]
				}
			}
		}
	}
	t.Fatalf("no channel %s", mark)
	return model.Loc{}
}

var kinds = []string{"send", "receive", "close", "method"}

// uses lists the operations on a place as kind@thread.
func uses(m *model.Model, l model.Loc) string {
	var out []string
	for _, op := range m.OpsOn(l) {
		thread := [...]string{"main", "go", "callback"}[op.Inst.Thread.Kind]
		out = append(out, kinds[op.Kind]+"@"+thread)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// TestCalls: what is done to the channel ch of f is found wherever f's calls
// lead, and in the right kind of thread.
func TestCalls(t *testing.T) {
	tests := []struct{ name, decls, body, want string }{
		{"call", "func g(c chan int) { close(c) }", "g(ch)", "close@main"},
		{"go", "func g(c chan int) { c <- 1 }", "go g(ch)", "send@go"},
		{"defer", "func g(c chan int) { close(c) }", "defer g(ch)", "close@main"},
		{"literal", "", "func() { <-ch }()", "receive@main"},
		{"closure in a variable", "", "g := func() { ch <- 1 }; go g()", "send@go"},
		{"closure in a field", "type s struct{ run func() }", "x := s{func() { ch <- 1 }}; y := &x; y.run()", "send@main"},
		{"closures in a slice", "", "for _, g := range []func(){func() { ch <- 1 }, func() { close(ch) }} { go g() }", "close@go send@go"},
		{"closures in a map", "", "m := map[int]func(){1: func() { ch <- 1 }}; m[1]()", "send@main"},
		{"closure through a channel", "", "c := make(chan func(), 1); c <- func() { ch <- 1 }; (<-c)()", "send@main"},
		{"closure that is returned", "func g(c chan int) func() { return func() { close(c) } }", "defer g(ch)()", "close@main"},
		{"method value", "type s struct{ c chan int }\nfunc (x *s) run() { x.c <- 1 }", "g := (&s{ch}).run; go g()", "send@go"},
		{"method expression", "type s struct{ c chan int }\nfunc (x s) run() { close(x.c) }", "s.run(s{ch})", "close@main"},
		{"promoted method", "type e struct{ c chan int }\nfunc (x e) run() { close(x.c) }\ntype s struct{ e }", "s{e{ch}}.run()", "close@main"},
		{"interface", "type i interface{ run() }\ntype s struct{ c chan int }\nfunc (x *s) run() { x.c <- 1 }", "var x i = &s{ch}; x.run()", "send@main"},
		{"generic", "func g[T any](c chan T, v T) { c <- v }", "g(ch, 1)", "send@main"},
		{"generic over channels", "func g[C ~chan T, T any](c C) { close(c) }", "g(ch)", "close@main"},
		{"WaitGroup.Go", "", "var wg sync.WaitGroup; wg.Go(func() { ch <- 1 })", "send@go"},
		{"errgroup", "", "var g errgroup.Group; g.Go(func() error { ch <- 1; return nil })", "send@go"},
		{"errgroup's TryGo", "", "var g errgroup.Group; g.TryGo(func() error { ch <- 1; return nil })", "send@go"},
		{"Once", "", "new(sync.Once).Do(func() { close(ch) })", "close@main"},
		{"AfterFunc", "", "time.AfterFunc(1, func() { close(ch) })", "close@go"},
		{"known callback", "", "sort.Slice([]int{}, func(i, j int) bool { ch <- 1; return true })", "send@main"},
		{"unknown callback", "func g(func())", "g(func() { ch <- 1 })", "send@callback"},
		{"recursion", "func g(c chan int, n int) { if n > 0 { g(c, n-1) }; c <- n }", "g(ch, 1)", "send@main"},
		{"mutual recursion", "func a(c chan int) { b(c) }\nfunc b(c chan int) { c <- 1; a(c) }", "a(ch)", "send@main"},
		{"recursive goroutines", "func g(c chan int) { go g(c); c <- 1 }", "g(ch)", "send@go send@main"},
		{"select", "", "select { case ch <- 1: case <-ch: }", "receive@main send@main"},
		{"array", "", "var a [2]chan int; a[0] = ch; close(a[1])", "close@main"},
		{"append and copy", "", "a := append([]chan int(nil), ch); b := make([]chan int, 1); copy(b, a); close(b[0])", "close@main"},
		{"two results", "func g(c chan int) (int, chan int) { return 1, c }", "_, c := g(ch); close(c)", "close@main"},
		{"named result", "func g(c chan int) (r chan int) { r = c; return }", "close(g(ch))", "close@main"},
		{"assertion", "", "var x any = ch; if c, ok := x.(chan int); ok { close(c) }", "close@main"},
		{"another channel", "", "c := make(chan int); close(c)", ""},
		{"range over function", "func g(yield func(int) bool) { yield(1) }", "for range g { ch <- 1 }", "send@main"},
		{"pointer to pointer", "", "p := &ch; q := &p; close(**q)", "close@main"},
		{"go with a builtin", "", "go close(ch)", "close@main"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, test.decls+"\nfunc f() {\nch := make(chan int) // made\n"+test.body+"\n}\n", "f")
			if m.GaveUp != "" {
				t.Fatal(m.GaveUp)
			}
			if got := uses(m, channel(t, p, m, "made")); got != test.want {
				t.Errorf("uses: %q, want %q", got, test.want)
			}
		})
	}
}

// TestRecursiveClosure: a function that a helper is given, and that hands the helper
// a closure of its own in which it calls itself, does not go on for ever.
func TestRecursiveClosure(t *testing.T) {
	p, m := irtest.Model(t, `
func guard(f func()) { f() }
func f() {
	ch := make(chan int) // made
	var work func()
	work = func() {
		guard(func() {
			go func() { work() }()
			ch <- 1
		})
	}
	guard(work)
}`, "f")
	if m.Cut || len(m.Instances) > 30 {
		t.Errorf("%d instances, cut: %t", len(m.Instances), m.Cut)
	}
	if got, want := uses(m, channel(t, p, m, "made")), "send@main"; got != want {
		t.Errorf("uses: %q, want %q", got, want)
	}
}

// TestInstances: each call of a helper is one of its own.
func TestInstances(t *testing.T) {
	p, m := irtest.Model(t, `
func end(c chan int) { close(c) }
func f() {
	a := make(chan int) // a
	b := make(chan int) // b
	end(a)
	go end(b)
}`, "f")
	if a, b := uses(m, channel(t, p, m, "a")), uses(m, channel(t, p, m, "b")); a != "close@main" || b != "close@go" {
		t.Errorf("a: %s, b: %s", a, b)
	}
}

func TestEscapes(t *testing.T) {
	tests := []struct{ name, decls, body, want string }{
		{"stays", "", "close(ch)", ""},
		{"known function that keeps nothing", "", "fmt.Println(ch)", ""},
		{"returned", "", "return ch", "returned"},
		{"returned to receive from", "", "var c <-chan int = ch; return c", "returned"},
		{"unknown function", "func g(chan int)", "g(ch)", "away"},
		{"unknown function that receives", "func g(<-chan int)", "g(ch)", "away recvonly"},
		{"global", "var c chan int", "c = ch", "via c"},
		{"field of a global", "var s struct{ c chan int }", "s.c = ch", "via c"},
		{"field of a parameter", "", "x.c = ch", "via c"},
		{"slice of a parameter", "", "x.all = append(x.all, ch)", "away, via all"},
		{"map of a parameter", "", "x.m[1] = ch", "away"},
		{"field of what is returned", "", "return &T{c: ch}", "via c"},
		{"closure that is returned", "", "return func() { close(ch) }", ""},
		{"closure for an unknown function", "func g(func())", "g(func() { close(ch) })", ""},
		{"sent over an unknown channel", "", "x.chans <- ch", "away"},
		{"sync.Map", "", "new(sync.Map).Store(1, ch)", "away"},
		{"signal", "", "c := make(chan os.Signal); _ = c; signal.Notify(c); _ = ch", ""},
		{"interface of an unknown type", "", "x.i.Take(ch)", "away"},
		{"panic", "", "panic(ch)", ""},
	}
	const decls = `
type I interface{ Take(chan int) }
type T struct { c chan int; all []chan int; m map[int]chan int; chans chan chan int; i I }
`
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, decls+test.decls+"\nfunc f(x *T) any {\nch := make(chan int) // made\n"+test.body+"\nreturn nil\n}\n", "f")
			l := channel(t, p, m, "made")
			var got []string
			for _, e := range l.Obj.Escapes {
				s := "away"
				switch {
				case e.Via != nil:
					s = "via " + e.Via.Name()
				case e.Returned:
					s = "returned"
				}
				if e.RecvOnly {
					s += " recvonly"
				}
				got = append(got, s)
			}
			slices.Sort(got)
			if s := strings.Join(slices.Compact(got), ", "); s != test.want {
				t.Errorf("escapes: %q, want %q", s, test.want)
			}
			if l.Escaped() != (test.want != "") || !l.Own() {
				t.Errorf("escaped: %t, own: %t", l.Escaped(), l.Own())
			}
		})
	}
}

func TestReturnedRecvOnly(t *testing.T) {
	p, m := irtest.Model(t, "func f() <-chan int {\nch := make(chan int) // made\nreturn ch\n}", "f")
	e := channel(t, p, m, "made").Obj.Escapes
	if len(e) != 1 || !e[0].Returned || !e[0].RecvOnly {
		t.Errorf("%+v", e)
	}
}

// TestReaching: a captured variable that only its function assigns is what it
// was assigned last.
func TestReaching(t *testing.T) {
	tests := []struct{ name, body, a, b string }{
		{"one after the other", "c := a; go func() { close(c) }(); c2 := b; _ = c2", "close@go", ""},
		{"assigned again", "c := a; c = b; func() { close(c) }()", "", "close@main"},
		{"read in between", "c := a; close(c); c = b; func() { c <- 1 }()", "close@main", "send@main"},
		{"two branches", "c := a; if x { c = b }; func() { close(c) }()", "close@main", "close@main"},
		{"both branches", "var c chan int; if x { c = a } else { c = b }; func() { close(c) }()", "close@main", "close@main"},
		{"assigned while it runs", "c := a; go func() { close(c) }(); c = b", "close@go", "close@go"},
		{"assigned in the closure", "c := a; g := func() { c = b }; g(); func() { close(c) }()", "close@main", "close@main"},
		{"a variable per turn", "for range 2 { c := a; go func() { close(c) }() }", "close@go", ""},
		{"in a loop", "c := a; for range 2 { func() { c <- 1 }(); c = b }", "send@main", "send@main"},
		{"in a nested closure", "c := a; c = b; func() { func() { close(c) }() }()", "", "close@main"},
		{"assigned after one of two", "c := a; func() { close(c) }(); c = b; func() { c <- 1 }()", "close@main", "close@main send@main"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, "func f(x bool) {\na := make(chan int) // a\nb := make(chan int) // b\n"+test.body+"\n}", "f")
			a, b := uses(m, channel(t, p, m, "a")), uses(m, channel(t, p, m, "b"))
			if a != test.a || b != test.b {
				t.Errorf("a: %q, want %q; b: %q, want %q", a, test.a, b, test.b)
			}
		})
	}
}

// TestContexts: the context that WithContext derives is not its parent of the
// same name.
func TestContexts(t *testing.T) {
	_, m := irtest.Model(t, `
func f(ctx context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { <-ctx.Done(); return nil })
	g.Wait()
}`, "f")
	for _, op := range m.Ops() {
		if op.Kind != model.Receive {
			continue
		}
		if len(op.On) != 1 || op.On[0].Obj.Kind != model.DoneChan {
			t.Fatalf("receives from %v", op.On)
		}
		parent := op.On[0].Obj.Parent
		contexts := m.PointsTo(parent.Inst, parent.Value)
		if len(contexts) != 1 || contexts[0].Obj.Kind != model.Context {
			t.Errorf("Done of %v", contexts)
		}
		return
	}
	t.Error("no receive")
}

func TestThreads(t *testing.T) {
	p, m := irtest.Model(t, `
func f() {
	ch := make(chan int) // outside
	go func() { ch <- 0; go func() { ch <- 1 }() }() // once
	for range 3 {
		in := make(chan int) // inside
		go func() { ch <- 2; in <- 2 }() // several
	}
}`, "f")
	if len(m.Threads) != 4 {
		t.Fatalf("%d threads", len(m.Threads))
	}
	outside, inside := channel(t, p, m, "outside").Obj, channel(t, p, m, "inside").Obj
	for _, th := range m.Threads[1:] {
		several := p.Mark(th.Site.Pos()) == "several"
		if m.Several(th) != several || m.Shared(th, outside) != several {
			t.Errorf("thread %d: several %t, shared %t", th.ID, m.Several(th), m.Shared(th, outside))
		}
		if several && m.Shared(th, inside) {
			t.Error("each turn has its own channel")
		}
		if !m.Threads[0].Ancestor(th) || th.Ancestor(m.Threads[0]) {
			t.Errorf("thread %d does not descend from the first", th.ID)
		}
	}
	if n := m.Root.Depth(); n != 0 || !m.HasEffect(m.Root) {
		t.Error("the root is not the root")
	}
}

func TestCallsUnknown(t *testing.T) {
	for body, want := range map[string]bool{
		"fmt.Println(x)": false, "g(x)": true, "h()": true, "_ = x": false, "close(x)": false, "x2 := x; func() { g(x2) }()": true,
	} {
		_, m := irtest.Model(t, "func g(chan int)\nvar h func()\nfunc f(x chan int) { _ = fmt.Sprint(); "+body+" }", "f")
		if got := m.CallsUnknown(m.Threads[0]); got != want {
			t.Errorf("%s: %t", body, got)
		}
	}
}

// TestLimits: in what is too large calls are left out, or it is given up, with
// a reason and no panic.
func TestLimits(t *testing.T) {
	// lines returns n lines with N and M for the line's number and the next.
	lines := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.NewReplacer("N", strconv.Itoa(i), "M", strconv.Itoa(i+1)).Replace(line))
		}
		return b.String()
	}
	tests := []struct {
		name, text, want string
		cut              bool
	}{
		{"few calls", "func g(c chan int) { c <- 1 }\nfunc f(c chan int) {\n" + lines(20, "g(c)\n") + "}", "", false},
		{"many calls", "func g(c chan int) { c <- 1 }\nfunc f(c chan int) {\n" + lines(500, "g(c)\n") + "}", "", true},
		{"a tree of calls", lines(12, "func fN(c chan int) { fM(c); fM(c); fM(c) }\n") +
			"func f12(c chan int) { c <- 1 }\nfunc f(c chan int) { f0(c) }", "", true},
		{"many values", "func f() {\nvar s []chan int\n" + lines(300, "s = append(s, make(chan int))\n") +
			"for range 2 { " + lines(300, "s = append(s, s...)\n") + "}\n}", "too many values", false},
		{"many branches", "func f(b []bool, cs []chan int) {\nvar c chan int\n" + lines(4000, "if b[N] { c = cs[N] }\nc <- N\n") +
			"go func() { c <- 1 }()\n}", "too many branches", false},
		{"a chain of calls", lines(100, "func fN(c chan int) { fM(c) }\n") + "func f100(c chan int) { c <- 1 }\nfunc f(c chan int) { f0(c) }", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, m := irtest.Model(t, test.text, "f")
			if m.GaveUp != test.want || m.Cut != test.cut {
				t.Errorf("gave up for %q, want %q; calls left out: %t", m.GaveUp, test.want, m.Cut)
			}
			if len(m.Instances) > 1000 {
				t.Errorf("%d instances", len(m.Instances))
			}
		})
	}
}

// TestDepth: a call too deep to follow is unknown.
func TestDepth(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "func f%d(c chan int) { f%d(c) }\n", i, i+1)
	}
	p, m := irtest.Model(t, b.String()+"func f20(c chan int) { close(c) }\nfunc f() {\nch := make(chan int) // made\nf0(ch)\n}", "f")
	if l := channel(t, p, m, "made"); !l.Escaped() || len(m.OpsOn(l)) != 0 {
		t.Errorf("escaped: %t, uses: %s", l.Escaped(), uses(m, l))
	}
}

// TestDeterminism: two models of one text are alike, operation by operation.
func TestDeterminism(t *testing.T) {
	const text = `
type i interface{ run(chan int) }
type x struct{ c chan int }
func (v *x) run(c chan int) { v.c <- 1; c <- 1 }
type y struct{ m map[string]chan int }
func (v y) run(c chan int) { for _, d := range v.m { d <- 1 }; close(c) }
func unknown(...func())
func f(in chan int, all []chan int) {
	ch := make(chan int)
	var wg sync.WaitGroup
	for _, r := range []i{&x{ch}, y{map[string]chan int{"": ch}}} {
		wg.Add(1)
		go func() { defer wg.Done(); r.run(in) }()
	}
	fs := map[int]func(){1: func() { ch <- 1 }, 2: func() { <-ch }}
	for _, g := range fs { go g() }
	unknown(func() { close(ch) }, func() { in <- <-all[0] })
	wg.Wait()
	select { case <-ch: case in <- 1: }
}`
	dump := func() string {
		p, m := irtest.Model(t, text, "f")
		var b strings.Builder
		for _, op := range m.Ops() {
			fmt.Fprintf(&b, "%d %s %d %v", op.Inst.ID, kinds[op.Kind], op.Call, p.Fset.Position(op.Pos()))
			for _, l := range op.On {
				fmt.Fprintf(&b, " %d%s", l.Obj.ID, l.Path)
			}
			b.WriteByte('\n')
		}
		for _, th := range m.Threads {
			fmt.Fprintf(&b, "%d %d %s\n", th.ID, th.Kind, th.Root.Fn)
		}
		return b.String()
	}
	first := dump()
	for range 10 {
		if again := dump(); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}
