package order_test

import (
	"slices"
	"testing"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/order"
)

// at returns the operation on the line with a comment.
func at(t *testing.T, p *irtest.Package, m *model.Model, mark string) *model.Op {
	t.Helper()
	for _, op := range m.Ops() {
		if p.Mark(op.Pos()) == mark && op.Call != api.CtxDone {
			return op
		}
	}
	t.Fatalf("no operation %s", mark)
	return nil
}

var waits = []struct {
	name, body string
	want       bool
}{
	{"WaitGroup", `wg.Add(1); go func() { defer wg.Done()
			x <- 1 // last
		}()
		wg.Wait() // wait`, true},
	{"WaitGroup.Go", `wg.Go(func() {
			x <- 1 // last
		})
		wg.Wait() // wait`, true},
	{"another WaitGroup", `var other sync.WaitGroup; go func() { defer other.Done()
			x <- 1 // last
		}()
		wg.Wait() // wait`, false},
	{"Done first", `wg.Add(1); go func() { wg.Done()
			x <- 1 // last
		}()
		wg.Wait() // wait`, false},
	{"Add of minus one", `wg.Add(1); go func() {
			x <- 1 // last
			wg.Add(-1)
		}()
		wg.Wait() // wait`, true},
	{"errgroup", `g.Go(func() error {
			x <- 1 // last
			return nil })
		g.Wait() // wait`, true},
	{"another errgroup", `var h errgroup.Group; h.Go(func() error {
			x <- 1 // last
			return nil })
		g.Wait() // wait`, false},
	{"close", `go func() { defer close(c)
			x <- 1 // last
		}()
		<-c // wait`, true},
	{"send", `go func() {
			x <- 1 // last
			c <- 1
		}()
		<-c // wait`, true},
	{"send first", `go func() { c <- 1
			x <- 1 // last
		}()
		<-c // wait`, false},
	{"another channel", `d := make(chan int); go func() {
			x <- 1 // last
			d <- 1
		}()
		<-c // wait`, false},
	{"unbuffered send", `go func() {
			x <- 1 // last
			<-c
		}()
		c <- 1 // wait`, true},
	{"buffered send", `go func() {
			x <- 1 // last
			<-b
		}()
		b <- 1 // wait`, false},
	{"transitive", `wg.Add(1); go func() { defer wg.Done()
			x <- 1 // last
		}(); go func() { wg.Wait(); close(c) }()
		<-c // wait`, true},
	{"not transitive", `wg.Add(1); go func() { defer wg.Done()
			x <- 1 // last
		}(); go func() { close(c) }()
		<-c // wait`, false},
	{"unknown channel", `go func() {
			x <- 1 // last
			close(in)
		}()
		<-in // wait`, true},
	{"no wait", `go func() {
			x <- 1 // last
		}()
		close(c) // wait`, false},
	{"Cond", `n := 1; cond := sync.NewCond(new(sync.Mutex)); go func() {
			x <- 1 // last
			n = 0
			cond.Signal()
		}()
		for n > 0 {
			cond.Wait() // wait
		}`, true},
	{"a flag for which only the other one wakes", `busy := true; cond := sync.NewCond(new(sync.Mutex)); go func() {
			x <- 1 // last
			busy = false
			cond.Signal()
		}()
		for busy {
			cond.Wait() // wait
		}
		busy = true
		cond.Signal()`, true},
	{"a flag that both set and wake for", `busy := false; cond := sync.NewCond(new(sync.Mutex)); go func() {
			x <- 1 // last
			busy = false
			cond.Signal()
		}()
		for busy {
			cond.Wait() // wait
		}
		busy = true
		busy = false
		cond.Signal()`, false},
	{"the same, the other way round", `var s struct{ free bool }; cond := sync.NewCond(new(sync.Mutex)); go func() {
			x <- 1 // last
			s.free = true
			cond.Signal()
		}()
		for !s.free {
			cond.Wait() // wait
		}
		s.free = false
		s.free = true
		cond.Broadcast()`, false},
	{"a context of the caller's", `ctx, cancel := context.WithCancel(outer); go func() {
			x <- 1 // last
			cancel()
		}()
		<-ctx.Done() // wait`, false},
	{"a context of its own", `ctx, cancel := context.WithCancel(context.Background()); go func() {
			x <- 1 // last
			cancel()
		}()
		<-ctx.Done() // wait`, true},
	{"go Wait", `wg.Add(1); go func() { defer wg.Done()
			x <- 1 // last
		}()
		go wg.Wait() // wait`, false},
}

// TestWaitsFor asks whether the operation at // wait may return only after the
// thread of the one at // last has performed that.
func TestWaitsFor(t *testing.T) {
	for _, test := range waits {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, `
func f(outer context.Context, in chan int) {
	var wg sync.WaitGroup
	var g errgroup.Group
	x, c, b := make(chan int, 1), make(chan int), make(chan int, 1)
`+test.body+"\n}", "f")
			wait, last := at(t, p, m, "wait"), at(t, p, m, "last")
			if got := order.New(m).WaitsFor(wait, last.Inst.Thread, last); got != test.want {
				t.Errorf("waits: %t", got)
			}
		})
	}
}

func TestTask(t *testing.T) {
	_, m := irtest.Model(t, `func f() { var wg sync.WaitGroup; var g errgroup.Group
	wg.Go(func() {}); g.Go(func() error { return nil }); go func() {}() }`, "f")
	j := order.New(m)
	var got []api.Op
	for _, th := range m.Threads[1:] {
		op := api.None
		if task := j.Task(th); task != nil {
			op = task.Call
		}
		got = append(got, op)
	}
	slices.Sort(got)
	if !slices.Equal(got, []api.Op{api.None, api.WGGo, api.EGGo}) {
		t.Errorf("tasks %v", got)
	}
}

// TestOvertakes asks whether the operation at // first may come before the one
// at // last.
func TestOvertakes(t *testing.T) {
	tests := []struct {
		name, body string
		want       bool
	}{
		{"nothing orders them", `go func() {
			c <- 1 // last
		}()
		close(c) // first`, true},
		{"awaited", `wg.Add(1); go func() { defer wg.Done()
			c <- 1 // last
		}(); wg.Wait()
		close(c) // first`, false},
		{"awaited on one way", `wg.Add(1); go func() { defer wg.Done()
			c <- 1 // last
		}(); if b { wg.Wait() }
		close(c) // first`, true},
		{"before the start", `
		close(c) // first
		go func() {
			c <- 1 // last
		}()`, false},
		{"the starter's own", `
		c <- 1 // last
		go func() {
			close(c) // first
		}()`, false},
		{"siblings", `go func() {
			c <- 1 // last
		}(); go func() {
			close(c) // first
		}()`, true},
		{"siblings in order", `wg.Add(1); go func() { defer wg.Done()
			c <- 1 // last
		}(); go func() { wg.Wait()
			close(c) // first
		}()`, false},
		{"siblings ordered by their starter", `wg.Add(1); go func() { defer wg.Done()
			c <- 1 // last
		}(); wg.Wait(); go func() {
			close(c) // first
		}()`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, "func f(b bool) {\nvar wg sync.WaitGroup\nc := make(chan int, 1)\n"+test.body+"\n}", "f")
			q := order.Question{First: at(t, p, m, "first"), Last: at(t, p, m, "last")}
			if got := order.New(m).Overtakes(q); got != test.want {
				t.Errorf("overtakes: %t", got)
			}
		})
	}
}

// TestFree asks whether the goroutine of // first gets there without waiting
// for what the other one does after // from.
func TestFree(t *testing.T) {
	tests := []struct {
		name, inner, after string
		want               bool
	}{
		{"nothing", "", "", true},
		{"a wait for what follows", "<-ready", "close(ready)", false},
		{"a wait for something else", "<-time.After(1)", "close(ready)", true},
		{"a wait on one way", "if x { <-ready }", "close(ready)", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, m := irtest.Model(t, `func f(x bool) {
	var wg sync.WaitGroup
	ready, c := make(chan int), make(chan int, 1)
	go func() {
		`+test.inner+`
		c <- 1 // first
	}()
	wg.Add(1) // from
	`+test.after+`
	wg.Wait()
}
var _ = time.Now`, "f")
			from := at(t, p, m, "from")
			if got := order.New(m).Free(at(t, p, m, "first"), from.Inst.Thread, from); got != test.want {
				t.Errorf("free: %t", got)
			}
		})
	}
}

func TestAfter(t *testing.T) {
	p, m := irtest.Model(t, `func f(b bool, c chan int) {
	if b {
		c <- 1 // one
		return
	}
	c <- 2 // two
	c <- 3 // three
}`, "f")
	j := order.New(m)
	for _, test := range []struct {
		a, b string
		want bool
	}{{"two", "three", true}, {"three", "two", false}, {"one", "three", false}, {"two", "two", false}} {
		if got := j.After(m.Threads[0], at(t, p, m, test.a), at(t, p, m, test.b)); got != test.want {
			t.Errorf("%s after %s: %t", test.b, test.a, got)
		}
	}
}
