package engine_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/irtest"
)

// newEngine runs the engine on a package as a driver does.
func newEngine(t testing.TB, p *irtest.Package) *engine.Package {
	t.Helper()
	return runEngine(t, passOf(p))
}

func passOf(p *irtest.Package) *analysis.Pass {
	return &analysis.Pass{
		Analyzer:  engine.Analyzer,
		Fset:      p.Fset,
		Files:     p.Files,
		Pkg:       p.Types,
		TypesInfo: p.Info,
		ReadFile:  os.ReadFile,
		ResultOf:  map[*analysis.Analyzer]any{inspect.Analyzer: inspector.New(p.Files)},

		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	}
}

func runEngine(t testing.TB, pass *analysis.Pass) *engine.Package {
	t.Helper()
	result, err := engine.Analyzer.Run(pass)
	if err != nil {
		t.Fatal(err)
	}
	return result.(*engine.Package)
}

// TestRoots: the roots make or start something, or are handed it by those that
// do; their order is that of the source.
func TestRoots(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "func f() {}", ""},
		{"makes", "func f() { _ = make(chan int) }", "f"},
		{"starts", "func f() { go func() {}() }", "f"},
		{"only sends", "func f(c chan int) { c <- 1 }", ""},
		{"WaitGroup", "func f(wg *sync.WaitGroup) { wg.Wait() }", "f"},
		{"a caller that is handed nothing", "func g() { f() }\nfunc f() { go func() {}() }", "f"},
		{"a caller that is handed a channel", "func g() { f() }\nfunc f() chan int { return make(chan int) }", "g f"},
		{"callers of callers", "func a() { b() }\nfunc b() chan int { return c() }\nfunc c() chan int { return d() }\nfunc d() chan int { return make(chan int) }", "b c d"},
		{"a struct with a channel", "type t struct{ c chan int }\nfunc g() { f() }\nfunc f() *t { return &t{make(chan int)} }", "g f"},
		{"a function parameter", "func g() { f(nil) }\nfunc f(h func()) { go h() }", "g f"},
		{"a literal", "func f() { func() { go func() {}() }() }", "f"},
		{"a method", "type t struct{}\nfunc (t) m() { go func() {}() }", "t.m"},
	}
	for _, test := range tests {
		eng := newEngine(t, irtest.Load(t, test.text))
		var got []string
		for _, root := range eng.Roots() {
			got = append(got, irtest.FuncName(root))
			if eng.Decl(root) == nil {
				t.Errorf("%s: %s has no declaration", test.name, root)
			}
			if m := eng.Model(root); m == nil || m != eng.Model(root) || m.Joins == nil {
				t.Errorf("%s: %s has no model, or two", test.name, root)
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: roots %q, want %q", test.name, s, test.want)
		}
	}
}

// TestTooLarge: a model beyond its limits is none, or a partial one, and is
// counted.
func TestTooLarge(t *testing.T) {
	eng := newEngine(t, irtest.Load(t, "func g(c chan int) { c <- 1 }\nfunc f() {\nc := make(chan int)\n"+strings.Repeat("g(c)\n", 500)+"}\n"+
		"func h() {\nvar s []chan int\n"+strings.Repeat("s = append(s, make(chan int))\n", 300)+"for range 2 {\n"+strings.Repeat("s = append(s, s...)\n", 300)+"}\n}"))
	for _, root := range eng.Roots() {
		if eng.Model(root) != nil || (eng.Partial(root) != nil) != (root.Name() == "f") {
			t.Errorf("a model of %s", root)
		}
	}
	if c := eng.Counts(); len(c) != 2 || c["calls left out in f"] != 1 || c["too many values in h"] != 1 {
		t.Errorf("counts: %v", c)
	}
}

// TestBroken: an engine that cannot work finds nothing, and says why.
func TestBroken(t *testing.T) {
	pass := passOf(irtest.Load(t, "func f(c <-chan int) { for v := range c { println(v) }; _ = make(chan int) }"))
	info := *pass.TypesInfo
	info.Types = make(map[ast.Expr]types.TypeAndValue)
	pass.TypesInfo = &info
	eng := runEngine(t, pass)
	if eng.Program() != nil || eng.Roots() != nil || len(eng.Counts()) != 1 {
		t.Errorf("roots: %v, counts: %v", eng.Roots(), eng.Counts())
	}
	pass.TypesInfo = nil
	eng = runEngine(t, pass)
	if eng.Gate == nil || eng.Gate.Mask != 0 || len(eng.Counts()) != 1 {
		t.Errorf("gate: %v, counts: %v", eng.Gate, eng.Counts())
	}
}

func TestSelectedElsewhere(t *testing.T) {
	pass := passOf(irtest.Load(t, "func f() {}"))
	pass.IgnoredFiles = []string{"other.go", "asm.s", "gone.go", "broken.go"}
	pass.ReadFile = func(name string) ([]byte, error) {
		switch name {
		case "other.go":
			return []byte("package p\nfunc g(t *T) { close(t.done); free(nothing) } // t.comment\nvar s = \"t.text\""), nil
		case "asm.s":
			return []byte("MOVQ x.asm"), nil
		case "broken.go":
			return []byte("\xff\x00 t. broken \"`"), nil
		}
		return nil, errors.New("no such file")
	}
	eng := runEngine(t, pass)
	for name, want := range map[string]bool{"done": true, "broken": true, "free": false, "nothing": false, "comment": false, "text": false, "asm": false} {
		if got := eng.SelectedElsewhere(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestTooLong: a function with very many branches costs the package its SSA, and that
// is counted.
func TestTooLong(t *testing.T) {
	for n, want := range map[int]int{1000: 0, 6000: 1} {
		var b strings.Builder
		b.WriteString("func f(n int) {\n\tch := make(chan int)\n\tswitch n {\n")
		for i := range n {
			fmt.Fprintf(&b, "\tcase %d:\n\t\tch <- %d\n", i, i)
		}
		eng := newEngine(t, irtest.Load(t, b.String()+"\t}\n}\n"))
		if built := eng.Program() != nil; built != (want == 0) || eng.Counts()["a function with too many branches in f"] != want {
			t.Errorf("%d cases: SSA %t, counts %v", n, built, eng.Counts())
		}
	}
}
