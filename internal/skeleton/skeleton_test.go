package skeleton_test

import (
	"bytes"
	"encoding/gob"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/skeleton"
)

func slice(p *irtest.Package) *skeleton.Fact {
	s := skeleton.Slicer{Fset: p.Fset, Pkg: p.Types, Info: p.Info, Files: p.Files, Fact: func(*types.Package) *skeleton.Fact { return nil }}
	return s.Slice()
}

var breaks = regexp.MustCompile(`/\*\+\d+\*/\n|\n`)

// said returns what a fact says of a function, on one line.
func said(f *skeleton.Fact, name string) string {
	fn, _ := f.Lookup(name)
	switch {
	case fn == nil:
		return "nothing"
	case !fn.Known():
		return "anything"
	}
	return breaks.ReplaceAllString(fn.Text, "")
}

// TestSlice: what remains of a function, one construct at a time.
func TestSlice(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain data", "func F(n int) string { return strconv.Itoa(n) }", "nothing"},
		{"only prints", "func F(c chan int) { fmt.Println(len(c)) }", "nothing"},
		{"send", "func F(c chan<- string, s string) { c <- s + s }", `(c chan<- string,s string){c<-(s + s)}`},
		{"receive", "func F(c chan float64) { x := <-c; fmt.Println(x) }", `(c chan float64){_=(<-c)}`},
		{"close", "func F(c chan int) { close(c) }", "(c chan int){close(c)}"},
		{"hands on", "func F(c chan int) <-chan int { return c }", "(c chan int)(<-chan int){return c}"},
		{"a field", "type T struct{ c chan int; n int }\nfunc (t *T) F() chan int { return t.c }", ""},
		{"group", "func F(wg *sync.WaitGroup) { defer wg.Done(); fmt.Println() }", "(wg *p_sync.WaitGroup){defer wg.Done()}"},
		{"lock", "type F struct { mu sync.Mutex; m map[string]int }\nfunc (f *F) F(k string) { f.mu.Lock(); f.m[k]++; f.mu.Unlock() }", ""},
		{"goroutine", "func F(f func()) { go f() }", "(f func()){go f()}"},
		{"literal", "func F(c chan int) { go func() { defer close(c); fmt.Println() }() }", "(c chan int){go func(){defer close(c)}()}"},
		{"generator", `func F(r io.Reader) <-chan byte {
			out := make(chan byte)
			go func() { defer close(out); for { b := make([]byte, 1); if _, err := r.Read(b); err != nil { return }; out <- b[0] } }()
			return out
		}`, "(r p_io.Reader)(<-chan byte){out:=make(chan byte);go func(){defer close(out);for ;; {{_,err:=r.Read(_u[[]byte]());if (err != nil) {return }};out<-_u[byte]()}}();return out}"},
		{"select", "func F(ctx context.Context, c chan int) error { select { case c <- 1: return nil; case <-ctx.Done(): return ctx.Err() } }",
			"(ctx p_context.Context,c chan int)(error){select {case c<-1:return nil;case <-ctx.Done():return ctx.Err()};panic(0)}"},
		{"a local type", "func F(c chan int) { type box struct { c chan int }; b := box{c}; close(b.c) }", "anything"},
		{"a local type of a known name", "type box struct { d chan int }\nfunc F(c chan int) { type box struct { c chan int }; var b [2]box; b[0].c = c; close(b[1].c) }", "anything"},
		{"free condition", "func F(c chan int) { if os.Getenv(\"A\") == \"b\" { c <- 1 } }", `(c chan int){if (_u[string]() == "b") {c<-1}}`},
		{"error", "func F(c chan int) error { if err := os.Chdir(\"/\"); err != nil { return fmt.Errorf(\"no: %w\", err) }; close(c); return nil }",
			"(c chan int)(error){{err:=_u[error]();if (err != nil) {return _err()}};close(c);return nil}"},
		{"dead code", "func F(c chan int) { n := 0; for i := range 3 { n += i }; fmt.Println(n); c <- 1 }", "(c chan int){c<-1}"},
		{"exit", "func F() { os.Exit(1) }", "(){panic(0)}"},
		{"keeps", "var all []chan int\nfunc F(c chan int) { all = append(all, c) }", `(c chan int){_keep(append(_u[[]chan int](),c))}`},
		{"callback", "func F(c chan int, xs []int) { slices.SortFunc(xs, func(a, b int) int { c <- a; return 0 }) }",
			"(c chan int,xs []int){for _u[bool](){func(a int,b int)(int){c<-a;return 0}(_u[int](),_u[int]())};_keep(func(a int,b int)(int){c<-a;return 0})}"},
		{"generic", "func F[T any](in <-chan T, f func(T)) { for v := range in { f(v) } }", "[T any](in <-chan T,f func(T)){for v:=range in {f(v)}}"},
		{"switch", "func F(c chan int, k int) { switch k { case 1: c <- 1; case 2, 3: close(c); default: } }", "(c chan int,k int){switch k {case 1:c<-1;case 2,3:close(c);default:}}"},
		{"unexported callee", "func f(c chan int) { c <- 1 }\nfunc F(c chan int) { f(c) }", "(c chan int){f(c)}"},
		{"callee of no effect", "func f(n int) { fmt.Println(n) }\nfunc F(c chan int) { f(1); c <- 1 }", "(c chan int){c<-1}"},
		{"plain state decides", "type q struct{ m map[string]bool }\nfunc F(q *q, c chan int) { if q.m[\"a\"] { close(c) } }", "anything"},
		{"a flag decides", "type Q struct{ c chan int; done bool }\nfunc F(q *Q) { if q.done { return }; q.done = true; close(q.c) }", "(q *Q){if q.done {return };q.done=true;close(q.c)}"},
		{"a counter decides", "type Q struct{ c chan int; n int32 }\nfunc F(q *Q) { if atomic.AddInt32(&q.n, -1) == 0 { close(q.c) } }", "(q *Q){if (p_atomic_bf2fq2.AddInt32(&q.n,int32(-1)) == int32(0)) {close(q.c)}}"},
		{"a counter elsewhere decides", "var n int32\nfunc F(c chan int) { if atomic.AddInt32(&n, -1) == 0 { close(c) } }", "anything"},
		{"which type it has", "func F(v any, c chan int) { switch v.(type) { case int: close(c) } }", "anything"},
		{"assembly", "func F(c chan int)", "anything"},
		{"a method expression", "func F(wg *sync.WaitGroup) { f := (*sync.WaitGroup).Done; f(wg) }", "anything"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := irtest.Load(t, test.text)
			f := slice(p)
			switch test.name {
			case "a field":
				if got, want := said(f, "T.F"), "(t *T)(chan int){return t.c}"; got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
			case "lock":
				if got, want := said(f, "F.F"), "(f *F,k string){f.mu.Lock();f.mu.Unlock()}"; got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
			default:
				if got := said(f, "F"); got != test.want {
					t.Errorf("%s\nwant %s", got, test.want)
				}
			}
		})
	}
}

// TestLines: a skeleton's lines are those of the source.
func TestLines(t *testing.T) {
	p := irtest.Load(t, "func F(c chan int) {"+strings.Repeat("\n", 3)+"c <- 1"+strings.Repeat("\n", 40)+"c <- 2\n}")
	fn, _ := slice(p).Lookup("F")
	want := "(c chan int){\n\n\nc<-1;/*+39*/\nc<-2}"
	if fn.Text != want {
		t.Errorf("%q\nwant %q", fn.Text, want)
	}
}

// TestDeterminism: the fact has the same bytes for any order of the files.
func TestDeterminism(t *testing.T) {
	texts := []string{
		"package p\nimport \"sync\"\ntype T struct{ mu sync.Mutex; c chan int }\nfunc (t *T) A() { t.mu.Lock(); b(t.c) }",
		"package p\nimport \"context\"\nfunc b(c chan int) { c <- 1 }\nfunc C(ctx context.Context, c chan int) { <-ctx.Done(); b(c) }",
		"package p\nimport \"math/rand\"\nfunc D(r *rand.Rand, c chan *rand.Rand) { c <- r }\nfunc E(f func()) { go f() }",
		"package p\nimport \"math/rand/v2\"\nfunc F(r *rand.Rand, c chan *rand.Rand) { c <- r }",
	}
	encode := func(texts []string) []byte {
		p, err := irtest.Check(texts...)
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(slice(p)); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	want := encode(texts)
	for range 3 {
		texts = append(texts[1:], texts[0])
		if got := encode(texts); !bytes.Equal(got, want) {
			t.Errorf("other bytes for another order of files")
		}
	}
	if !bytes.Contains(want, []byte("T.A")) {
		t.Error("T.A is missing")
	}
}

// link returns the SSA form of what a package would be told of the functions of p.
func link(t *testing.T, p *irtest.Package, fact *skeleton.Fact, names ...string) (*skeleton.Linker, []*ssa.Function) {
	t.Helper()
	home := types.NewPackage("home", "home")
	home.SetImports(append(slices.Clone(p.Types.Imports()), p.Types))
	l := skeleton.NewLinker(p.Fset, ssa.NewProgram(p.Fset, ssa.SanityCheckFunctions), home, func(q *types.Package) *skeleton.Fact {
		if q == p.Types {
			return fact
		}
		return nil
	})
	var funcs []*types.Func
	for _, name := range names {
		recv, method, isMethod := strings.Cut(name, ".")
		obj := p.Types.Scope().Lookup(recv)
		if isMethod {
			m, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), false, p.Types, method)
			obj = m
		}
		funcs = append(funcs, obj.(*types.Func))
	}
	l.Link(funcs)
	var out []*ssa.Function
	for _, f := range funcs {
		out = append(out, l.Body(f))
	}
	return l, out
}

// TestLink: a skeleton gets a body, with those that it calls, and positions in the
// source's lines that are told from those of the package itself.
func TestLink(t *testing.T) {
	p := irtest.Load(t, `type T struct { mu sync.Mutex; quit chan struct{} }
func (t *T) Close() { t.mu.Lock(); defer t.mu.Unlock(); stop(t.quit) }
func stop(c chan struct{}) {
	close(c)
}
func Gen[V any](vs []V) <-chan V { out := make(chan V); go func() { for _, v := range vs { out <- v } }(); return out }
`)
	l, fns := link(t, p, slice(p), "T.Close", "Gen")
	for i, fn := range fns {
		if fn == nil || len(fn.Blocks) == 0 {
			t.Fatalf("function %d has no body", i)
		}
	}
	if l.Dropped != 0 {
		t.Errorf("%d dropped", l.Dropped)
	}
	var closes *ssa.Call
	for _, fn := range l.Bodies() {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "close" {
						closes = c
					}
				}
			}
		}
	}
	if closes == nil {
		t.Fatal("no close: stop was not linked")
	}
	at := p.Fset.Position(closes.Pos())
	if !skeleton.IsForeign(p.Fset, closes.Pos()) || at.Filename != "f0.go" {
		t.Errorf("position %s, foreign %t", at, skeleton.IsForeign(p.Fset, closes.Pos()))
	}
	if skeleton.IsForeign(p.Fset, p.Files[0].Pos()) {
		t.Error("the source itself is foreign")
	}
}

// TestLinkDrops: text that makes no sense where it is used is one function without a
// body, and harms no other.
func TestLinkDrops(t *testing.T) {
	p := irtest.Load(t, "func A(c chan int) { close(c) }\nfunc B(c chan int) { close(c) }\nfunc C(c chan int) { close(c) }")
	fact := slice(p)
	a, _ := fact.Lookup("A")
	a.Text = "(c chan int){close(c.x)}"
	c, _ := fact.Lookup("C")
	c.Text = "(c chan int){var x unknown; close(c)}"
	l, fns := link(t, p, fact, "A", "B", "C")
	if fns[0] != nil || fns[1] == nil || fns[2] != nil || l.Dropped != 2 {
		t.Errorf("bodies %v, %d dropped; want that of B, and 2", fns, l.Dropped)
	}
	b, _ := fact.Lookup("B")
	b.Text = "(c chan int){ if {}"
	l, fns = link(t, p, fact, "A", "B")
	if fns[0] != nil || fns[1] != nil || l.Dropped != 2 {
		t.Errorf("bodies %v, %d dropped of a file that does not parse", fns, l.Dropped)
	}
}

// TestKnown: silence means nothing only where there is a fact.
func TestKnown(t *testing.T) {
	p := irtest.Load(t, "func A(c chan int) { close(c) }\nfunc B(n int) {}\nfunc C(c chan int)\ntype I interface{ M() }")
	fact := slice(p)
	lookup := func(name string) *types.Func { return p.Types.Scope().Lookup(name).(*types.Func) }
	for _, test := range []struct {
		name        string
		fact        *skeleton.Fact
		body, known bool
	}{
		{"A", fact, true, true},
		{"B", fact, false, true},
		{"C", fact, true, false},
		{"A", nil, false, false},
		{"B", nil, false, false},
	} {
		fn, known := skeleton.Known(test.fact, lookup(test.name))
		if (fn != nil) != test.body || known != test.known {
			t.Errorf("%s: %v, %t", test.name, fn, known)
		}
	}
	m := p.Types.Scope().Lookup("I").Type().Underlying().(*types.Interface).Method(0)
	if fn, known := skeleton.Known(fact, m); fn != nil || known {
		t.Error("a method of an interface is known")
	}
}
