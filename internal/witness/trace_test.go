package witness_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/trace"
	"github.com/concurlint/concurlint/internal/witness"
)

// traced returns the trace of the first problem of a text: a line per step, with
// the lanes first.
func traced(t *testing.T, text string) string {
	t.Helper()
	p, eng := load(t, text)
	problems := eng.Explored().Problems
	if len(problems) == 0 {
		t.Fatal("no problem")
	}
	teller := witness.New(eng, problems[0])
	var f report.Finding
	if problems[0].Crash != nil {
		f = teller.Crash()
	} else {
		_, stuck := witness.Of(problems[0])
		f = teller.Stuck(stuck)
	}
	first := p.Fset.Position(p.Types.Scope().Lookup("f").Pos()).Line // of the text
	var b strings.Builder
	for _, s := range f.Trace {
		fmt.Fprintf(&b, "%d %s", s.Goroutine, s.Kind)
		if s.Kind == trace.Start || s.Kind == trace.Pass {
			fmt.Fprintf(&b, " %d", s.To)
		}
		fmt.Fprintf(&b, ": %s, %d", s.Text, p.Fset.Position(s.Pos).Line-first+1)
		if s.Here {
			b.WriteString(" !")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestTraces: who does what, in the order in which it happens. Lines count from
// the one in which f is declared, but for those in the names of goroutines, which
// are those of the file.
func TestTraces(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"early return", `func f(fetch func() error) error {
	results := make(chan int)
	go func() {
		results <- 1
	}()
	if err := fetch(); err != nil {
		return err
	}
	<-results
	return nil
}`, `
0 goroutine: f, 1
1 goroutine: goroutine, line 4, 3
0 start 1: go func, 3
0 when: err != nil, 6
0 return: returns, 7
1 stuck: send on results, 4 !
`},
		{"handed over, and then nobody is there", `func f(do func(int) error) {
	jobs := make(chan int)
	go worker(jobs, do)
	jobs <- 1
	jobs <- 2
}

func worker(jobs chan int, do func(int) error) {
	for j := range jobs {
		if do(j) != nil {
			return
		}
	}
}`, `
0 goroutine: f, 1
1 goroutine: worker, 3
0 start 1: go worker, 3
0 pass 1: send on jobs, 4
1 when: do(j) != nil, 10
1 return: returns, 11
0 stuck: send on jobs, 5 !
`},
		{"deadlock", `func f() {
	var a, b sync.Mutex
	done := make(chan bool)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		done <- true
	}()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	<-done
}`, `
0 goroutine: f, 1
1 goroutine: goroutine, line 6, 4
0 start 1: go func, 4
0 do: b.Lock, 11
1 do: a.Lock, 5
0 stuck: a.Lock, 12
1 stuck: b.Lock, 6 !
`},
		{"counters and deferred calls", `func f(fail bool) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
	}()
	go func() {
		if fail {
			return
		}
		wg.Done()
	}()
	wg.Wait()
}`, `
0 goroutine: f, 1
1 goroutine: goroutine, line 6, 4
2 goroutine: goroutine, line 9, 7
0 do: wg.Add, 3
0 start 1: go func, 4
0 start 2: go func, 7
1 do: wg.Done, 5
2 when: fail, 8
1 return: returns, 6
2 return: returns, 9
0 stuck: wg.Wait, 13 !
`},
		{"panic", `func f() {
	var c chan int
	close(c)
}`, `
0 goroutine: f, 1
0 panic: close of nil channel, 3 !
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := traced(t, test.text); got != strings.TrimPrefix(test.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, test.want)
			}
		})
	}
}

// TestTraceBounds: a run of many goroutines and steps is cut to what can be taken
// in, and the goroutine that the finding is about is part of it.
func TestTraceBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("func f() {\n\tc := make(chan int)\n")
	for range 12 {
		b.WriteString("\tgo func() { for range 8 { <-c } }()\n")
	}
	b.WriteString("\tfor range 4 {\n")
	for range 24 {
		b.WriteString("\t\tc <- 1\n")
	}
	b.WriteString("\t}\n\tc <- 1\n}")
	p, eng := load(t, b.String())
	for _, problem := range eng.Explored().Problems {
		_, stuck := witness.Of(problem)
		f := witness.New(eng, problem).Stuck(stuck)
		lanes, steps, gaps, here := 0, 0, 0, 0
		for _, s := range f.Trace {
			switch {
			case s.Kind == trace.Lane:
				lanes++
			case s.Kind == trace.Gap:
				gaps++
			case s.Here:
				here++
				steps++
			default:
				steps++
			}
			if s.Goroutine >= lanes {
				t.Errorf("goroutine %d is not declared", s.Goroutine)
			}
			if !s.Pos.IsValid() {
				t.Errorf("%s has no place", s.Text)
			}
		}
		if lanes > 6 || steps > 30 || gaps > 1 || here != 1 {
			t.Errorf("line %d: %d lanes, %d steps, %d gaps, %d of the finding", p.Fset.Position(f.Pos).Line, lanes, steps, gaps, here)
		}
	}
	if len(eng.Explored().Problems) == 0 {
		t.Error("no problem")
	}
}

// TestTraceAt: checks that do not explore get the trace of the run in which their
// operation is stuck, and no other.
func TestTraceAt(t *testing.T) {
	p, eng := load(t, `func f(xs []int) {
	out := make(chan int)
	go func() {
		for _, x := range xs {
			out <- x
		}
	}()
	for x := range out { // stuck
		println(x)
	}
}`)
	file := p.Fset.File(p.Files[0].Pos())
	found := 0
	for line := 1; line <= file.LineCount(); line++ {
		start := file.LineStart(line)
		if steps := witness.TraceAt(eng, start+1); steps != nil { // behind the tab
			found++
			if last := steps[len(steps)-1]; last.Kind != trace.Stuck || last.Text != "range over out" {
				t.Errorf("the trace ends with %+v", last.Step)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d lines have a trace", found)
	}
}
