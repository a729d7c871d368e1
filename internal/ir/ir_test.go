package ir_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/irtest"
)

// calls returns the calls in a function whose line ends with a comment.
func calls(p *irtest.Package, fn *ssa.Function) map[string]ssa.CallInstruction {
	m := make(map[string]ssa.CallInstruction)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				m[p.Mark(call.Pos())] = call
			}
		}
	}
	return m
}

func TestStaticCallee(t *testing.T) {
	p := irtest.Load(t, `
type T struct{}
func (T) value() { g() }
func (*T) pointer() { g() }
type E struct{ T }
type G[X any] struct{ x X }
func (*G[X]) method() { g() }
type I interface{ value() }
func g() {}
func generic[X any](x X) { g() }
func noBody()
func f(t T, e *E, gi *G[int], i I, v func()) {
	g()                        // g
	t.value()                  // T.value
	t.pointer()                // T.pointer
	generic(1)                 // generic
	generic[[]string](nil)     // generic, too
	gi.method()                // G.method
	i.value()                  // interface
	v()                        // function value
	noBody()                   // no body
	strings.ToUpper("")        // other package
	func() { g() }()           // literal
	(*T).pointer(&t)           // method expression
	e.value()                  // promoted
}`)
	prog := p.ProgramOfAll(t)
	want := map[string]string{
		"g": "g", "T.value": "T.value", "T.pointer": "T.pointer", "generic": "generic", "generic, too": "generic",
		"G.method": "G.method", "interface": "", "function value": "", "no body": "", "other package": "",
		"literal": "f$1", "method expression": "pointer$thunk", "promoted": "T.value",
	}
	found := calls(p, irtest.Func(t, prog, "f"))
	for mark, name := range want {
		call := found[mark]
		if call == nil {
			t.Errorf("%s: no call", mark)
			continue
		}
		got := ""
		if callee := prog.StaticCallee(call); callee != nil {
			got = irtest.FuncName(callee)
		}
		if got != name {
			t.Errorf("%s: enters %q, want %q", mark, got, name)
		}
	}
	if prog.Callee(nil) != nil {
		t.Error("a callee of nothing")
	}
	if n := len(prog.Callers(irtest.Func(t, prog, "generic"))); n != 2 {
		t.Errorf("%d callers of generic", n)
	}
	if fn := prog.FuncOf(ir.Object(found["G.method"].Common())); fn == nil || irtest.FuncName(fn) != "G.method" {
		t.Errorf("the method of G is %v", fn)
	}
}

// TestWrappers: the wrappers that a builder makes for method values and
// promoted methods have a body to look into.
func TestWrappers(t *testing.T) {
	p := irtest.Load(t, `
type T struct{}
func (T) m() {}
type E struct{ T }
func f(t T, e E) { a, b, c := t.m, e.m, E.m; a(); b(); c(e) }`)
	prog := p.ProgramOfAll(t)
	n := 0
	for _, b := range irtest.Func(t, prog, "f").Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(nil) {
				if fn, ok := (*op).(*ssa.Function); ok && fn.Synthetic != "" {
					n++
					if callee := prog.Callee(fn); callee == nil || len(callee.Blocks) == 0 {
						t.Errorf("%s has no body", fn)
					}
				}
			}
		}
	}
	if n == 0 {
		t.Error("no wrappers")
	}
}

const endings = `
type logger struct{}
func (logger) Fatalf(string) {}
func exits() { os.Exit(1) }
func exitsDeep() { exits() }
func maybe(b bool) { if b { panic(b) } }
func both(b bool) { if b { panic(b) } else { os.Exit(1) } }
func forever() { for {} }
func blocks() { select {} }
func mutualA() { mutualB() }
func mutualB() { mutualA() }
func recovers() { defer func() { recover() }(); panic(1) }
func recoversNamed() { defer cleanUp(); panic(1) }
func cleanUp() { recover() }
func nested() { defer func() { func() { recover() }() }(); panic(1) }
func goes() { go os.Exit(1) }
func defers() { defer exits() }
func generic[T any](x T) { panic(x) }
func f(l logger, t *testing.T) {
	for range 0 {
		exits()
		exitsDeep()
		maybe(true)
		both(true)
		forever()
		blocks()
		mutualA()
		recovers()
		recoversNamed()
		nested()
		goes()
		defers()
		generic(1)
		log.Fatal(1)
		log.Println(1)
		l.Fatalf("")
		t.FailNow()
		t.Error()
		runtime.Goexit()
	}
}`

func TestNeverReturns(t *testing.T) {
	p := irtest.Load(t, endings)
	prog := p.ProgramOfAll(t)
	want := strings.Fields(`exits() exitsDeep() both(true) forever() blocks() generic(1) log.Fatal(1) l.Fatalf("") t.FailNow() nested() runtime.Goexit()`)
	var got []string
	for mark, call := range calls(p, irtest.Func(t, prog, "f")) {
		if prog.NeverReturns(call) {
			got = append(got, mark)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("these never return: %v\nwant: %v", got, want)
	}
	for name, want := range map[string]bool{"exits": false, "maybe": true, "recovers": true, "mutualA": true, "forever": false} {
		if got := prog.CanReturn(irtest.Func(t, prog, name)); got != want {
			t.Errorf("CanReturn(%s) = %t", name, got)
		}
	}
	for name, want := range map[string]bool{"recovers": true, "recoversNamed": true, "nested": false, "defers": false} {
		if got := prog.MayRecover(irtest.Func(t, prog, name)); got != want {
			t.Errorf("MayRecover(%s) = %t", name, got)
		}
	}
}

func TestRunsOnce(t *testing.T) {
	const text = `
func init() { set() }
func main() { run(); for range 3 { inLoop() }; twice(); twice(); go spawned(); defer deferred(); func() { inLiteral() }(); Exported() }
func set() {}
func run() { deeper() }
func deeper() {}
func inLoop() {}
func twice() {}
func spawned() {}
func deferred() {}
func inLiteral() {}
func Exported() {}
func recursive() { recursive() }
func uncalled() {}
type t struct{}
func (t) main() {}
`
	for _, pkg := range []string{"main", "p"} {
		prog := irtest.Load(t, "package "+pkg+text).ProgramOfAll(t)
		want := "init#1 set"
		if pkg == "main" {
			want = "init#1 main set run deeper Exported"
		}
		var got []string
		for _, fn := range prog.Funcs {
			if fn.Synthetic == "" && prog.RunsOnce(fn) {
				got = append(got, fn.Name())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("package %s: %v, want %s", pkg, got, want)
		}
	}
}

// TestYield: the call in each function is one of an iterator, with the given
// argument to pass values to, or of something else.
func TestYield(t *testing.T) {
	const text = `package p
import ("context"; "iter")
type source[T any] = func(ctx context.Context, yield func(T) bool) error
type yes bool
func y(int) bool { return true }
func seq0(f iter.Seq[int]) { f(y) }
func seqPair0(f iter.Seq2[int, string]) { f(func(int, string) bool { return true }) }
func loop0(f iter.Seq[int]) { for range f {} }
func source1(ctx context.Context, f source[int]) { f(ctx, y) }
func error0(f func(func(int) bool) error) { f(y) }
func named0(f func(func(int) yes)) { f(func(int) yes { return true }) }
func noneDeclared() { walk(y) }
func walk(yield func(int) bool) { yield(1) }
func noneMethod(f interface{ All(func(int) bool) }) { f.All(y) }
func noneRegistered(f func(string, func(int) bool)) { f("", y) }
func noneNoResult(f func(func(int))) { f(func(int) {}) }
func noneOtherResult(f func(func(int) bool) int) { f(y) }
func noneFirst(f func(func(int) bool, context.Context)) { f(y, nil) }
func noneVariadic(f func(...func(int) bool)) { f(y) }
func nonePlain(f func()) { f() }
`
	prog := irtest.Load(t, text).ProgramOfAll(t)
	for _, fn := range prog.Funcs {
		name := irtest.FuncName(fn)
		digit := strings.IndexAny(name, "01")
		if digit < 0 && !strings.HasPrefix(name, "none") || fn.Parent() != nil {
			continue
		}
		want := -1
		if digit >= 0 {
			want = int(name[digit] - '0')
		}
		for instr := range ir.Instrs(fn) {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if got := ir.Yield(call.Common()); got != want {
					t.Errorf("%s: argument %d, want %d", name, got, want)
				}
			}
		}
	}
}

// TestStripped: functions that are not relevant have no body, and what they
// declare stays.
func TestStripped(t *testing.T) {
	p := irtest.Load(t, `
var x = func() int { return y() }()
func y() int { return 1 }
func init() { println(x) }
func _() { println(x) }
func kept() { stripped() }
func stripped() { println() }
type t struct{}
func (t) stripped() { println() }
`)
	body := p.Decl(t, "stripped").Body
	prog, err := ir.Build(p.Fset, p.Types, p.Info, p.Files, func(fd *ast.FuncDecl) bool { return fd.Name.Name == "kept" }, ir.NoFacts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, fn := range prog.Funcs {
		if fn.Synthetic == "" {
			got = append(got, fn.Name())
		}
	}
	if strings.Join(got, " ") != "init$1 kept" {
		t.Errorf("functions with bodies: %v", got)
	}
	for _, call := range calls(p, irtest.Func(t, prog, "kept")) {
		if prog.StaticCallee(call) != nil || prog.NeverReturns(call) {
			t.Error("a body that was stripped is entered")
		}
	}
	if p.Decl(t, "stripped").Body != body {
		t.Error("the files themselves have changed")
	}
}

// TestBroken: types that do not fit make the builder panic, which Build does
// not.
func TestBroken(t *testing.T) {
	p := irtest.Load(t, "func f(c <-chan int) { for v := range c { println(v) } }")
	info := *p.Info
	info.Types = make(map[ast.Expr]types.TypeAndValue)
	prog, err := ir.Build(p.Fset, p.Types, &info, p.Files, func(*ast.FuncDecl) bool { return true }, ir.NoFacts)
	if err == nil || prog != nil {
		t.Errorf("a program: %v, error: %v", prog, err)
	}
}

func TestLoops(t *testing.T) {
	tests := []struct {
		body string
		want string // per loop, inner ones first: depth, latches, exits
	}{
		{"g()", ""},
		{"for {}", "1/1/0"},
		{"for n > 0 { g() }", "1/1/1"},
		{"for range n { g() }", "1/1/1"},
		{"for { if b { break }; g() }", "1/1/1"},
		{"for { if b { continue }; g() }", "1/2/0"},
		{"for n > 0 { for range s { g() } }", "2/1/1 1/1/1"},
		{"for { for { if b { return }; g() } }", "1/1/1"},
		{"outer: for n > 0 { for range s { if b { continue outer }; g() } }", "2/1/2 1/2/1"},
		{"a: g(); if b { goto a }", "1/1/1"},
		{"for n > 0 { g() }; for n > 0 { g() }", "1/1/1 1/1/1"},
	}
	for _, test := range tests {
		p := irtest.Load(t, "func g() {}\nfunc f(n int, b bool, s []int) {\n"+test.body+"\n}")
		prog := p.ProgramOfAll(t)
		fn := irtest.Func(t, prog, "f")
		forest := prog.Loops(fn)
		var got []string
		for _, l := range forest.Loops {
			depth := 0
			for o := l; o != nil; o = o.Parent {
				depth++
				if !o.Contains(l.Header) {
					t.Errorf("%s: a loop outside of its parent", test.body)
				}
			}
			got = append(got, fmt.Sprintf("%d/%d/%d", depth, len(l.Latches()), len(l.Exits())))
			if forest.Innermost(l.Header) == nil {
				t.Errorf("%s: a header in no loop", test.body)
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: %s, want %s", test.body, s, test.want)
		}
		if prog.Loops(fn) != forest {
			t.Error("loops are found twice")
		}
	}
}

func TestTurns(t *testing.T) {
	tests := []struct {
		loop string
		want int64
	}{
		{"for range 3", 3},
		{"for i := range 3", 3},
		{"for i := 0; i < 3; i++", 3},
		{"for i := 1; i < 3; i++", 2},
		{"for i := 5; i < 3; i++", 1},
		{"for i := range [4]int{}", 4},
		{"for range n", 1},
		{"for i := 0; i < n; i++", 1},
		{"for i := n; i < 3; i++", 1},
		{"for i := 0.5; i < 3; i++", 1},
		{"for uint64(n) < 1<<64-1", 1},
		{"for", 1},
		{"for range s", 1},
		{"for range m", 1},
		{"for range 9223372036854775807", 9223372036854775807},
		{"for i := -9223372036854775807; i < 9223372036854775807; i++", 1},
	}
	for _, test := range tests {
		p := irtest.Load(t, "func g() {}\nfunc f(n int, s []int, m map[int]int) {\n"+test.loop+" {\ng()\n}\n}")
		prog := p.ProgramOfAll(t)
		loops := prog.Loops(irtest.Func(t, prog, "f")).Loops
		if len(loops) != 1 {
			t.Fatalf("%s: %d loops", test.loop, len(loops))
		}
		if got := loops[0].Turns(); got != test.want {
			t.Errorf("%s: %d turns, want %d", test.loop, got, test.want)
		}
	}
}

func TestReachesDominates(t *testing.T) {
	p := irtest.Load(t, `
func g(int) {}
func f(b bool, n int) {
	g(1)
	if b {
		g(2)
		return
	} else {
		g(3)
	}
	for range n {
		g(4)
		g(5)
	}
	g(6)
}`)
	prog := p.ProgramOfAll(t)
	at := calls(p, irtest.Func(t, prog, "f"))
	tests := []struct {
		a, b               int
		reaches, dominates bool
	}{
		{1, 2, true, true}, {2, 1, false, false}, {1, 6, true, true}, {2, 3, false, false}, {2, 6, false, false},
		{3, 6, true, true}, {4, 5, true, true}, {5, 4, true, false}, {4, 4, true, false}, {4, 6, true, false},
		{1, 1, false, false}, {3, 4, true, true}, {6, 4, false, false},
	}
	for _, test := range tests {
		a, b := at[fmt.Sprintf("g(%d)", test.a)], at[fmt.Sprintf("g(%d)", test.b)]
		if got := ir.Reaches(a, b); got != test.reaches {
			t.Errorf("Reaches(%d, %d) = %t", test.a, test.b, got)
		}
		if got := ir.Dominates(a, b); got != test.dominates {
			t.Errorf("Dominates(%d, %d) = %t", test.a, test.b, got)
		}
	}
}

func TestFieldVar(t *testing.T) {
	p := irtest.Load(t, `
type s[T any] struct { a int; b T }
func f(x *s[string], y s[int]) { _ = x.b; _ = y.b; println(x.b, y.b) }
func c[T s[int] | s[string]](x T) { println(x) }`)
	prog := p.ProgramOfAll(t)
	var fields []*types.Var
	for _, fn := range prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if v, ok := instr.(ssa.Value); ok {
					if f := ir.FieldVar(v); f != nil {
						fields = append(fields, f)
					}
				}
			}
		}
	}
	if len(fields) < 2 {
		t.Fatalf("%d fields", len(fields))
	}
	for _, f := range fields {
		if f != fields[0] || f.Name() != "b" {
			t.Errorf("the field of an instance is %v", f)
		}
	}
}

// TestOrder: two builds list the functions alike, in the order of the source.
func TestOrder(t *testing.T) {
	names := func() string {
		p := irtest.Load(t, "type b struct{}\nfunc (b) z() {}\nfunc y() { func() {}() }\ntype a struct{}\nfunc (a) z() {}\nfunc x() {}", "package p\nfunc a2() {}")
		var out []string
		for _, fn := range p.ProgramOfAll(t).Funcs {
			out = append(out, irtest.FuncName(fn))
		}
		return strings.Join(out, " ")
	}
	first := names()
	if want := "init b.z y y$1 a.z x a2"; first != want {
		t.Errorf("%s, want %s", first, want)
	}
	for range 5 {
		if again := names(); again != first {
			t.Errorf("%s, then %s", first, again)
		}
	}
}
