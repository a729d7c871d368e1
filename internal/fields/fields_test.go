package fields_test

import (
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/model"
)

// variable returns the field or package-level variable with a name.
func variable(t *testing.T, p *irtest.Package, name string) *types.Var {
	t.Helper()
	for id, obj := range p.Info.Defs {
		v, ok := obj.(*types.Var)
		if ok && id.Name == name && (v.IsField() || v.Parent() == p.Types.Scope()) {
			return v
		}
	}
	t.Fatalf("no variable %s", name)
	return nil
}

// describe lists what is done to a variable, in which functions.
func describe(v *fields.Var) string {
	var out []string
	for _, u := range v.Uses {
		kind := [...]string{"send", "receive", "close", "method"}[u.Kind]
		out = append(out, kind+"@"+irtest.FuncName(u.Fn))
	}
	slices.Sort(out)
	if len(v.Made) > 0 {
		out = append(out, "made")
	}
	if v.Leaks {
		out = append(out, "leaks")
	}
	return strings.Join(slices.Compact(out), " ")
}

// TestUses looks at c, a field of T or a package-level variable.
func TestUses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"methods", "func (t *T) put() { t.c <- 1 }\nfunc (t *T) get() { <-t.c }\nfunc (t *T) end() { close(t.c) }", "close@T.end receive@T.get send@T.put"},
		{"constructor", "func make1() *T { return &T{c: make(chan int)} }\nfunc (t *T) end() { close(t.c) }", "close@T.end made"},
		{"range and select", "func (t *T) a() { for range t.c {} }\nfunc (t *T) b() { select { case t.c <- 1: default: } }", "receive@T.a send@T.b"},
		{"closure", "func (t *T) a() { go func() { close(t.c) }() }", "close@T.a$1"},
		// The captured variable might be assigned something else.
		{"captured variable", "func (t *T) a() { c := t.c; go func() { close(c) }() }", "close@T.a$1 made leaks"},
		{"helper", "func (t *T) a() { end(t.c) }\nfunc end(c chan int) { close(c) }", "close@end"},
		{"accessor that is not exported", "func (t *T) get() chan int { return t.c }\nfunc f(t *T) { close(t.get()) }", "close@f"},
		{"accessor that is exported", "func (t *T) Get() chan int { return t.c }", "leaks"},
		{"accessor to receive from", "func (t *T) Get() <-chan int { return t.c }", ""},
		{"unknown function", "func g(chan int)\nfunc (t *T) a() { g(t.c) }", "leaks"},
		{"known function that keeps nothing", "func (t *T) a() { fmt.Println(len(t.c)) }", ""},
		{"another field", "func (t *T) a() { t.d = t.c }", "leaks"},
		{"sent", "func (t *T) a(x chan chan int) { x <- t.c }", "leaks"},
		{"appended", "func (t *T) a(x []chan int) { x = append(x, t.c); _ = x }", "leaks"},
		{"interface", "func (t *T) a() (x any) { x = t.c; return }", "leaks"},
		{"given", "func make1(c chan int) *T { return &T{c: c} }", "made leaks"},
		{"pointer to it", "func (t *T) a() { p := &t.c; close(*p) }", "close@T.a"},
		{"captured pointer to it", "func (t *T) a() { p := &t.c; go func() { close(*p) }() }", "close@T.a$1"},
		{"pointer that is returned", "func (t *T) at() *chan int { return &t.c }\nfunc f(t *T) { close(*t.at()) }", "close@f"},
		{"comparison", "func (t *T) a() bool { return t.c == nil }", ""},
		{"unused", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := irtest.Load(t, "type T struct { c, d chan int }\n"+test.text, "package p\n")
			if got := describe(fields.New(p.ProgramOfAll(t)).Of(variable(t, p, "c"))); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	p := irtest.Load(t, "type T[E any] struct { c chan E; wg sync.WaitGroup; D chan E }\nfunc (t *T[E]) put(e E) { t.wg.Add(1); t.c <- e; close(t.D) }",
		"package p\nfunc (t *T[E]) end() { t.wg.Wait(); close(t.c) }\nvar global = make(chan int)\nfunc g() { <-global }\nfunc h() { global <- 1 }\n")
	x := fields.New(p.ProgramOfAll(t))
	for name, want := range map[string]string{
		"c":      "close@T.end send@T.put",
		"wg":     "method@T.end method@T.put",
		"D":      "close@T.put leaks",
		"global": "receive@g send@h made",
	} {
		v := variable(t, p, name)
		if got := describe(x.Of(v)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if x.Of(v) != x.Of(v) {
			t.Errorf("%s is looked up twice", name)
		}
	}
	closes := func(u fields.Use) bool { return u.Kind == model.Close }
	if !x.Of(variable(t, p, "c")).Has(closes) || x.Of(variable(t, p, "global")).Has(closes) {
		t.Error("Has does not tell closes apart")
	}
}
