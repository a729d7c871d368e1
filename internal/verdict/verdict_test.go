package verdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/verdict"
)

// before declares what the bodies of the tests use.
const before = "func f(next func() bool, in chan int) {\n var wg sync.WaitGroup\n var mu sync.Mutex\n c, d, e := make(chan int), make(chan int), make(chan int)\n"

// stuckIn returns the first run of a body in which a goroutine is stuck, or nil.
func stuckIn(t *testing.T, body string) (*irtest.Package, *explore.Finding) {
	t.Helper()
	p := irtest.Load(t, before+body+"\n}")
	prog := p.ProgramOfAll(t)
	budget := explore.Budget{Steps: 20_000, Deviations: 4, Preempts: 2}
	r := explore.Explore(machine.NewProgram(prog), irtest.Func(t, prog, "f"), budget)
	if len(r.Findings) == 0 {
		return p, nil
	}
	return p, r.Findings[0]
}

// TestJudge: which goroutines are stuck when none can go on.
func TestJudge(t *testing.T) {
	tests := []struct{ name, body, stuck string }{
		{"nobody", `go func() { c <- 1 }()
			<-c`, ""},
		{"a receiver", `<-c // a`, "a"},
		{"an empty select is meant", `go func() { select {} }()`, ""},
		{"nobody waits for an empty select", `go func() { c <- 1; select {} }()
			<-c
			<-d // a`, "a"},
		{"a busy goroutine has the channel", `go func() { for { if next() { select { case <-c: default: } } } }()
			d = c
			go func() { d <- 1 }()`, ""},
		{"a busy goroutine has another channel", `go func() { for { if next() { <-d } } }()
			c <- 1 // a`, "a"},
		{"who is helped helps others", `go func() { for { if next() { select { case c <- 1: default: } } } }()
			go func() { <-c; d <- 1 }()
			go func() { <-d; e <- 1 }()
			<-e`, ""},
		{"a busy goroutine holds the lock", `go func() { mu.Lock(); for { if next() { break } }; mu.Unlock() }()
			go func() { mu.Lock(); mu.Unlock() }()`, ""},
		{"a busy goroutine could unlock, but does not hold it", `go func() { for { if next() { mu.Lock(); mu.Unlock() } } }()
			mu.Lock()
			mu.Lock() // a`, "a"},
		{"a busy goroutine has the group", `wg.Add(1)
			go func() { for { if next() { wg.Done() } } }()
			wg.Wait()`, ""},
		{"a busy goroutine leaves its loop too late", `go func() { defer wg.Done(); for { select { case <-time.After(1): case <-c: return } } }()
			wg.Add(1)
			wg.Wait() // a
			close(c)`, "a"},
		{"a busy goroutine is let out by another one", `go func() { defer wg.Done(); for { select { case <-time.After(1): case <-c: return } } }()
			go func() { for { if next() { close(c); return } } }()
			wg.Add(1)
			wg.Wait()`, ""},
		{"a busy goroutine is let out by itself", `go func() { defer wg.Done(); for { select { case <-time.After(1): if next() { close(c) }; case <-c: return } } }()
			wg.Add(1)
			wg.Wait()`, ""},
		{"a busy goroutine is let out by who waits for nobody", `go func() { defer wg.Done(); for { select { case <-time.After(1): case <-c: return } } }()
			go func() { in <- 1; close(c) }()
			wg.Add(1)
			wg.Wait()`, ""},
		{"a busy goroutine is to turn for ever", `go func() { defer wg.Done(); for { <-time.After(1) } }()
			wg.Add(1)
			wg.Wait()`, ""},
		{"a busy goroutine keeps the lock", `go func() { mu.Lock(); defer mu.Unlock(); for { select { case <-time.After(1): case <-c: return } } }()
			<-time.After(1)
			mu.Lock() // a
			close(c)`, "a"},
		{"a busy goroutine does another thing", `go func() { for { select { case <-time.After(1): mu.Lock(); mu.Unlock(); case <-c: return } } }()
			d <- 1 // a
			println(c)`, "a"},
		{"the outside has the channel", `go func() { c <- 1 }()
			in <- 1
			println(c)
			h := func(any) {}
			h(c)
			<-c`, ""},
		{"a callback of a timer that was stopped", `time.AfterFunc(1, func() { c <- 1 }).Stop()`, ""},
		{"a group of two that wait", `go func() {
				c <- 1 // a
			}()
			go func() {
				d <- 1 // b
			}()`, "a b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, f := stuckIn(t, test.body)
			got := ""
			if f != nil {
				got = marks(p, f.Stuck)
			}
			if got != test.stuck {
				t.Errorf("stuck: %s, want %s", got, test.stuck)
			}
		})
	}
}

// TestKnots: which of the stuck goroutines are the reason, and which only wait
// for those.
func TestKnots(t *testing.T) {
	tests := []struct {
		name, body string
		stuck      string   // the marks of all that are stuck
		knots      []string // the marks of each knot
	}{
		{"alone", `c <- 1 // a`, "a", []string{"a"}},
		{"one waits for the other", `
			wg.Add(1)
			go func() {
				defer wg.Done()
				c <- 1 // a
			}()
			wg.Wait() // b`, "a b", []string{"a"}},
		{"each waits for the other", `
			wg.Add(1)
			go func() {
				defer wg.Done()
				c <- 1 // a
			}()
			wg.Wait() // b
			<-c`, "a b", []string{"a b"}},
		{"a chain", `
			go func() {
				c <- 1 // a
				close(d)
			}()
			go func() {
				<-d // b
				close(e)
			}()
			<-e // c`, "a b c", []string{"a"}},
		{"a ring", `
			go func() {
				<-c // a
				close(d)
			}()
			go func() {
				<-d // b
				close(e)
			}()
			<-e // c
			close(c)`, "a b c", []string{"a b c"}},
		{"two by themselves", `
			go func() {
				c <- 1 // a
			}()
			go func() {
				d <- 1 // b
			}()`, "a b", []string{"a", "b"}},
		{"who waits for the holder of a lock", `
			go func() {
				mu.Lock() // a
				mu.Unlock()
			}()
			mu.Lock()
			c <- 1 // b
			mu.Unlock()`, "a b", []string{"b"}},
		{"a lock twice", `
			mu.Lock()
			go func() {
				mu.Lock() // a
			}()
			mu.Lock() // b`, "a b", []string{"b"}},
		{"a Cond whose signaller is stuck", `
			cond := sync.NewCond(&mu)
			go func() {
				c <- 1 // a
				cond.Broadcast()
			}()
			mu.Lock()
			cond.Wait() // b`, "a b", []string{"a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, f := stuckIn(t, test.body)
			if f == nil {
				t.Fatal("nothing found")
			}
			if got := marks(p, f.Stuck); got != test.stuck {
				t.Errorf("stuck: %s, want %s", got, test.stuck)
			}
			var knots []string
			for _, k := range f.Knots {
				knots = append(knots, marks(p, k))
			}
			slices.Sort(knots)
			if !slices.Equal(knots, test.knots) {
				t.Errorf("knots %q, want %q", knots, test.knots)
			}
		})
	}
}

// marks returns the comments at the operations of goroutines, sorted.
func marks(p *irtest.Package, stuck []verdict.Stuck) string {
	var out []string
	for _, s := range stuck {
		out = append(out, p.Mark(s.Pos()))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
