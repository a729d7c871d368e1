package mutate

import (
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/irtest"
)

const header = `package p

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

var (
	_ context.Context
	_ sync.Mutex
	_ errgroup.Group
	_ semaphore.Weighted
)

func work() {}

`

// mutants returns what becomes of declarations, and their text as it was given to
// the generator.
func mutants(t *testing.T, decls string) (all []Mutant, src string) {
	t.Helper()
	src = header + decls
	p, err := irtest.Check(src)
	if err != nil {
		t.Fatalf("%v\n%s", err, decls)
	}
	pkg := Package{Fset: p.Fset, Files: p.Files, Types: p.Types, Info: p.Info}
	return pkg.Mutants(p.Files[0], src), src
}

// oneLine returns declarations, without the header, in a form that does not depend on
// how they are laid out: "a; if b { c }; d".
func oneLine(src string) string {
	text := strings.ReplaceAll(strings.TrimPrefix(src, header), "\n", "; ")
	for {
		before := text
		text = strings.Join(strings.Fields(text), " ")
		text = strings.NewReplacer("{ ;", "{", "{;", "{", " ;", ";", "; }", " }", ": ;", ":", "; ;", ";", "{}", "{ }").Replace(text)
		text = strings.TrimSuffix(text, ";")
		if text == before {
			return text
		}
	}
}

func TestOperators(t *testing.T) {
	tests := []struct {
		op   string
		src  string
		want []string // one for each mutant of this operator
	}{
		{"remove close", "func f(c chan int) { c <- 1; close(c) }", []string{"func f(c chan int) { c <- 1 }"}},
		{"remove close", "func f(c chan int) { defer close(c); c <- 1 }", []string{"func f(c chan int) { c <- 1 }"}},
		{"remove close", "func close(c chan int) {}; func f(c chan int) { close(c) }", nil},
		{"remove close", "func f(c chan int) { for range 2 { if c != nil { close(c) } } }", []string{"func f(c chan int) { for range 2 { if c != nil { } } }"}},
		{"remove close", "func f() { c := make(chan int); close(c) }", nil}, // c would not be used

		{"remove Done", "func f(wg *sync.WaitGroup) { defer wg.Done(); work() }", []string{"func f(wg *sync.WaitGroup) { work() }"}},
		{"remove Done", "type t struct{}; func (t) Done() {}; func f(wg t) { wg.Done() }", nil},
		{"remove Done", "type t struct{ sync.WaitGroup }; func f(x *t) { x.Done() }", []string{"type t struct{ sync.WaitGroup }; func f(x *t) { }"}},
		{"remove Release", "func f(s *semaphore.Weighted) { defer func() { s.Release(1) }(); work() }", []string{"func f(s *semaphore.Weighted) { defer func() { }(); work() }"}},
		{"remove Unlock", "func f(mu *sync.RWMutex) { mu.RLock(); mu.RUnlock(); mu.Lock(); mu.Unlock() }", []string{
			"func f(mu *sync.RWMutex) { mu.RLock(); mu.Lock(); mu.Unlock() }",
			"func f(mu *sync.RWMutex) { mu.RLock(); mu.RUnlock(); mu.Lock() }",
		}},
		{"remove wake", "func f(c *sync.Cond) { c.Broadcast() }", []string{"func f(c *sync.Cond) { }"}},
		{"remove cancel", "func f(ctx context.Context) context.Context { ctx, stop := context.WithCancel(ctx); defer stop(); work(); _ = stop; return ctx }", []string{
			"func f(ctx context.Context) context.Context { ctx, stop := context.WithCancel(ctx); work(); _ = stop; return ctx }",
		}},
		{"remove Wait", "func f(wg *sync.WaitGroup) { go work(); wg.Wait() }", []string{"func f(wg *sync.WaitGroup) { go work() }"}},
		{"remove Wait", "func f(g *errgroup.Group) error { err := g.Wait(); return err }", []string{"func f(g *errgroup.Group) error { err := error(nil); return err }"}},
		{"remove Wait", "func f(g *errgroup.Group) { g.Wait() }", []string{"func f(g *errgroup.Group) { }"}},

		// A helper is what it does.
		{"remove Wait", "type t struct{ wg sync.WaitGroup }; func (x *t) stop() { x.wg.Wait() }; func f(x *t) { defer x.stop(); work() }", []string{
			"type t struct{ wg sync.WaitGroup }; func (x *t) stop() { }; func f(x *t) { defer x.stop(); work() }",
			"type t struct{ wg sync.WaitGroup }; func (x *t) stop() { x.wg.Wait() }; func f(x *t) { work() }",
		}},
		{"remove Release", "func end[T any](c chan T) { close(c) }; func f(c chan int) { end(c) }", []string{"func end[T any](c chan T) { close(c) }; func f(c chan int) { }"}},
		{"remove Release", "type t struct { mu sync.Mutex; n int }; func (x *t) inc() { x.mu.Lock(); defer x.mu.Unlock(); x.n++ }; func f(x *t) { x.inc() }", nil},
		{"remove Wait", "func run(wg *sync.WaitGroup, do func()) { wg.Go(do); wg.Wait() }; func f(wg *sync.WaitGroup) { run(wg, work) }", []string{
			"func run(wg *sync.WaitGroup, do func()) { wg.Go(do) }; func f(wg *sync.WaitGroup) { run(wg, work) }",
		}},

		{"remove send", "func f(c chan int, v int) { c <- v; select { case c <- v: default: } }", []string{"func f(c chan int, v int) { _ = v; select { case c <- v: default: } }"}},
		{"remove receive", "func f(c chan int) { <-c; v := <-c; _ = v }", []string{"func f(c chan int) { v := <-c; _ = v }"}},
		{"remove drain", "func f(c chan int) { for range c { }; for range c { work() } }", []string{"func f(c chan int) { for range c { work() } }"}},
		{"remove drain", "func f(c []int) { for range c { } }", nil},

		{"remove ctx case", "func f(ctx context.Context, c chan int) { select { case <-c: case <-ctx.Done(): return } }", []string{
			"func f(ctx context.Context, c chan int) { select { case <-c: } }",
		}},
		{"remove ctx case", "func f(ctx context.Context, c chan int) { done := ctx.Done(); select { case _, ok := <-done: _ = ok; case <-c: } ; _ = done }", []string{
			"func f(ctx context.Context, c chan int) { done := ctx.Done(); select { case <-c: }; _ = done }",
		}},
		{"remove ctx case", "func f(ctx context.Context, c, done chan int) { select { case <-c: case <-done: }; select { case <-ctx.Done(): } }", nil},

		{"double close", "func f(c chan int) { defer close(c); work() }", []string{"func f(c chan int) { defer close(c); defer close(c); work() }"}},

		{"early close", "func f(c chan int) { defer close(c); c <- 1 }", []string{"func f(c chan int) { close(c); c <- 1 }"}},
		{"early close", "func f(c chan int) { c <- 1; close(c) }", nil},
		{"early Done", "func f(wg *sync.WaitGroup) { defer wg.Done(); work() }", []string{"func f(wg *sync.WaitGroup) { wg.Done(); work() }"}},

		{"undefer close", "func f(c chan int, ok bool) { defer close(c); if ok { return }; c <- 1 }", []string{"func f(c chan int, ok bool) { if ok { return }; c <- 1; close(c) }"}},
		{"undefer Unlock", "func f(mu *sync.Mutex, ok bool) int { mu.Lock(); defer mu.Unlock(); if ok { return 1 }; return 2 }", []string{
			"func f(mu *sync.Mutex, ok bool) int { mu.Lock(); if ok { return 1 }; mu.Unlock(); return 2 }",
		}},
		{"undefer Unlock", "func f(mu *sync.Mutex) { mu.Lock(); defer mu.Unlock(); func() { return }() }", nil}, // no return between
		{"undefer Unlock", "func g() int { return 1 }; func f(mu *sync.Mutex, ok bool) int { mu.Lock(); defer mu.Unlock(); if ok { return 1 }; return g() }", nil},
		{"undefer Release", "func f(s *semaphore.Weighted, ok bool) { func() { defer s.Release(1); if ok { return }; work() }() }", []string{
			"func f(s *semaphore.Weighted, ok bool) { func() { if ok { return }; work(); s.Release(1) }() }",
		}},

		{"Wait before loop", "func f(wg *sync.WaitGroup, c chan int) { for range c { work() }; wg.Wait() }", []string{
			"func f(wg *sync.WaitGroup, c chan int) { wg.Wait(); for range c { work() }; wg.Wait() }",
		}},
		{"Wait before loop", "func f(wg *sync.WaitGroup, c chan int) { wg.Wait(); for range c { work() }; go func() { wg.Wait() }() }", nil},
		{"Wait without go", "func f(wg *sync.WaitGroup, c chan int) { go func() { wg.Wait(); close(c) }(); go func() { close(c) }() }", []string{
			"func f(wg *sync.WaitGroup, c chan int) { func() { wg.Wait(); close(c) }(); go func() { close(c) }() }",
		}},
		{"close before Wait", "func f(wg *sync.WaitGroup, c chan int) { wg.Wait(); close(c) }", []string{"func f(wg *sync.WaitGroup, c chan int) { close(c); wg.Wait() }"}},

		{"Add in goroutine", "func f(wg *sync.WaitGroup) { wg.Go(func() { work() }) }", []string{
			"func f(wg *sync.WaitGroup) { go func() { wg.Add(1); defer wg.Done(); work() }() }",
		}},
		{"Add in goroutine", "func f(wg *sync.WaitGroup) { wg.Go(work) }", []string{
			"func f(wg *sync.WaitGroup) { go func() { wg.Add(1); defer wg.Done(); work() }() }",
		}},
		{"Add in goroutine", "func f(wg *sync.WaitGroup) { wg.Add(1); go func() { defer wg.Done(); work() }() }", []string{
			"func f(wg *sync.WaitGroup) { go func() { wg.Add(1); defer wg.Done(); work() }() }",
		}},
		{"Add in goroutine", "func f(wg *sync.WaitGroup) { wg.Add(3); for range 3 { go func() { wg.Done() }() } }", []string{
			"func f(wg *sync.WaitGroup) { for range 3 { go func() { wg.Add(1); wg.Done() }() } }",
		}},
		{"Add in goroutine", "func f(wg *sync.WaitGroup) { wg.Add(1); go func() { work() }() }", nil},
		{"Add in goroutine", "func f(g *errgroup.Group) { g.Go(func() error { return nil }) }", nil},

		{"unbuffer", "func f(n int) (chan int, []int) { return make(chan int, n), make([]int, n) }", []string{
			"func f(n int) (chan int, []int) { return make(chan int), make([]int, n) }",
		}},

		{"discard context", "func f(ctx context.Context) context.Context { g, ctx := errgroup.WithContext(ctx); g.Wait(); return ctx }", []string{
			"func f(ctx context.Context) context.Context { g, _ := errgroup.WithContext(ctx); g.Wait(); return ctx }",
		}},
		{"discard context", "func f(up context.Context) context.Context { g, ctx := errgroup.WithContext(up); g.Wait(); return ctx }", nil},
	}
	tried, seen := make(map[string]bool), make(map[string]bool)
	for _, test := range tests {
		tried[test.op] = true
		all, src := mutants(t, test.src)
		var got []string
		for _, m := range all {
			seen[m.Op] = true
			if m.Op == test.op {
				got = append(got, oneLine(m.Apply(src)))
			}
		}
		var want []string
		for _, text := range test.want {
			want = append(want, oneLine(text))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s of\n\t%s\nis\n\t%s\nand should be\n\t%s", test.op, oneLine(src), strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
	for op := range seen {
		if !tried[op] {
			t.Errorf("%s has no test", op)
		}
	}
}

// TestNames: mutants are counted for each function and operator, and their
// positions are those of the source.
func TestNames(t *testing.T) {
	all, src := mutants(t, `type crew[T any] struct{ c chan T }

func (c *crew[T]) end(d chan T) {
	close(c.c)
	close(d)
}

var stop = func(c chan int) { defer close(c) }
`)
	var got []string
	for _, m := range all {
		if m.Op == "remove close" {
			got = append(got, m.String()+": "+m.What)
		}
		if line := strings.Split(src, "\n")[m.Pos.Line-1]; !strings.Contains(line, "close") {
			t.Errorf("%s is at %s", m, line)
		}
	}
	want := []string{
		"(*crew).end: remove close 1: close(c.c) removed",
		"(*crew).end: remove close 2: close(d) removed",
		"stop: remove close 1: defer close(c) removed",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestSame: the mutants do not depend on chance.
func TestSame(t *testing.T) {
	const decls = "func f(wg *sync.WaitGroup, c chan int) { wg.Go(func() { defer close(c); c <- 1 }); for range c { work() }; wg.Wait() }"
	first, _ := mutants(t, decls)
	for range 3 {
		again, _ := mutants(t, decls)
		if !slices.EqualFunc(first, again, func(a, b Mutant) bool { return a.String() == b.String() && slices.Equal(a.Edits, b.Edits) }) {
			t.Errorf("%v, then %v", first, again)
		}
	}
}
