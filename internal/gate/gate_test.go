package gate_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/irtest"
)

func TestMask(t *testing.T) {
	tests := []struct {
		text string
		want gate.Mask
	}{
		{"func f() {}", 0},
		{"func f(x []int) { for range x {} }", 0},
		{"func f() { go func() {}() }", gate.Go},
		{"func f() { _ = make(chan int) }", gate.MakeChan},
		{"type c chan int\nfunc f() { _ = make(c) }", gate.MakeChan},
		{"func f() { _ = make([]chan int, 1) }", 0},
		{"func g() (c chan<- int) { return }\nfunc f() { g() <- 1 }", gate.Send},
		{"func g() <-chan int { return nil }\nfunc f() { <-g() }", gate.Recv},
		{"func g() <-chan int { return nil }\nfunc f() { for range g() {} }", gate.Recv},
		{"func f() { select {} }", gate.Recv},
		{"func f() { close((chan int)(nil)) }", gate.Close},
		{"func close(int) {}\nfunc f() { close(1) }", 0},
		{"func f(c chan int) { _ = c }", gate.Mention},
		{"func f() { var wg sync.WaitGroup; wg.Wait() }", gate.Mention | gate.WaitGroup},
		{"func f() { new(sync.WaitGroup).Go(func() {}) }", gate.WaitGroup | gate.Go},
		{"func f() { new(errgroup.Group).Go(nil) }", gate.Group | gate.Go},
		{"func f() { new(errgroup.Group).Wait() }", gate.Group},
		{"func f() { semaphore.NewWeighted(1) }", gate.Mention},
		{"func f() { context.Background() }", gate.Context},
		{"func f(ctx context.Context) { _ = ctx }", gate.Context},
		{"func f() { new(sync.Mutex).Lock() }", gate.Lock | gate.Mutex},
		{"func f(mu *sync.Mutex) { mu.Lock() }", gate.Lock | gate.Mutex},
		{"func f(mu *sync.Mutex) { _ = mu.Unlock }", gate.Lock | gate.Mutex},
		{"func f(mu *sync.Mutex) { _ = mu }", gate.Lock},
		{"type c[T any] interface{ ~chan T }\nfunc f[C c[T], T any](x C) { var _ = x }", 0},
		{"func f() { func() { go func() {}() }() }", gate.Go},
		{"type t struct{ c chan int }\nfunc f(x t) { _ = x.c }", gate.Mention},
		{"type t struct{ sync.WaitGroup }\nfunc f(x *t) { _ = any(x) }", gate.Mention},
		{"type e struct{ *errgroup.Group }\ntype t struct{ e }\nfunc f() { _ = any(new(t)) }", gate.Mention},
		{"type t struct{ wg sync.WaitGroup }\nfunc f(x *t) { _ = any(x) }", 0},
	}
	for _, test := range tests {
		p := irtest.Load(t, test.text)
		if got := p.Gate().Funcs[p.Decl(t, "f")]; got != test.want {
			t.Errorf("%s: mask %b, want %b", test.text, got, test.want)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{
		"package p",
		"package p\nvar x = func() int { return 1 }()",
		"package p\nfunc assembly()",
		"package p\nfunc f() { g() }\nfunc g() { f() }",
	} {
		r := irtest.Load(t, text).Gate()
		if r.Mask != 0 || len(r.Funcs) != 0 {
			t.Errorf("%s: mask %b, %d functions", text, r.Mask, len(r.Funcs))
		}
	}
}

// TestRelevant: callers up to the roots, and all that these call, are relevant;
// contexts alone make nothing relevant.
func TestRelevant(t *testing.T) {
	p := irtest.Load(t, `
func top() { middle(); sibling() }
func middle() { bottom() }
func bottom() { go func() {}() }
func sibling() { leaf() }
func leaf() {}
func unrelated() { lonely(); leaf() }
func lonely() { lonely() }
func locked(mu *sync.Mutex) { mu.Lock() }
func asked(ctx context.Context) error { return ctx.Err() }
type t struct{}
func (t) method() { viaValue() }
func viaValue() {}
func value() { f := t.method; f(t{}); <-(chan int)(nil) }
func generic[T any]() { go func() {}() }
func instance() { generic[int]() }
func handsOver() { takes(bottom) }
func takes(f func()) { f() }
`, `package p
func otherFile() { top() }
`)
	var got []string
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && p.Gate().Relevant(fd) {
				got = append(got, fd.Name.Name)
			}
		}
	}
	want := "top middle bottom sibling leaf locked method viaValue value generic instance handsOver takes otherFile"
	if !slices.Equal(got, strings.Fields(want)) {
		t.Errorf("relevant: %v\nwant:     [%s]", got, want)
	}
}
