package explore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
)

// surveyOf explores the named functions of a text, in order.
func surveyOf(t *testing.T, text string, total int, end explore.End, names ...string) (*irtest.Package, *explore.Survey) {
	t.Helper()
	p := irtest.Load(t, text)
	prog := p.ProgramOfAll(t)
	var roots []explore.Root
	for _, name := range names {
		roots = append(roots, explore.Root{Scenario: machine.Scenario{Fn: irtest.Func(t, prog, name)}, Budget: budget, End: end})
	}
	return p, explore.Package(machine.NewProgram(prog), roots, total)
}

const plenty = 1_000_000

// TestPackageSimplest: one place is reported once, by the root with the fewest
// deviations, or the first of those.
func TestPackageSimplest(t *testing.T) {
	text := `
func helper(c chan int) {
	c <- 1 // stuck
}
func far(a, b bool) {
	if a {
		if b {
			helper(make(chan int))
		}
	}
}
func near() { helper(make(chan int)) }
func also() { helper(make(chan int)) }
`
	for _, names := range [][]string{{"far", "near", "also"}, {"near", "also", "far"}, {"also", "near", "far"}} {
		_, s := surveyOf(t, text, plenty, explore.EndsNothing, names...)
		want := names[0]
		if want == "far" {
			want = names[1]
		}
		if len(s.Problems) != 1 || s.Problems[0].Root.Name() != want {
			t.Errorf("%v: %d problems, want the one of %s", names, len(s.Problems), want)
		}
	}
}

// TestPackageBudget: when the steps of the package are used up, the roots that
// are left are not explored, and that is counted.
func TestPackageBudget(t *testing.T) {
	text := `
func a() { c := make(chan int); c <- 1 }
func b() { c := make(chan int); c <- 1 }
`
	for _, total := range []int{0, 1} {
		_, s := surveyOf(t, text, total, explore.EndsNothing, "a", "b")
		if len(s.Problems) != total || s.Counts["package budget exhausted in b"] != 1 || s.Counts["package budget exhausted in a"] != 1-total {
			t.Errorf("a total of %d: %d problems, counts %v", total, len(s.Problems), s.Counts)
		}
	}
	_, s := surveyOf(t, text, plenty, explore.EndsNothing, "a", "b")
	if len(s.Problems) != 2 || s.Steps == 0 || len(s.Counts) != 0 {
		t.Errorf("%d problems, %d steps, counts %v", len(s.Problems), s.Steps, s.Counts)
	}
}

// TestPackageCounts: what was given up is counted, by reason and function.
func TestPackageCounts(t *testing.T) {
	tests := []struct{ name, text, count string }{
		{"a cut", `func f() { c := make(chan int); os.Exit(1); c <- 1 }`, "runs cut: process exits"},
		{"a sentinel", `var eof = errors.New("eof")
			func f(err error) { c := make(chan int); if err == eof { c <- 1 } }`, "doubtful: equates unknown values"},
		{"four conditions", `func f(a, b, c, d bool) { x := make(chan int); if a { if b { if c { if d { x <- 1 } } } } }`, "doubtful: too many assumptions"},
		{"two long loops", `func f() {
			c := make(chan int)
			go func() {
				for range 1000 { c <- 1 }
				for range 2000 { c <- 1 }
			}()
			for range 9 { <-c }
		}`, "doubtful: counts of several long loops"},
		{"a nil channel", `func f(ok bool) { var c chan int; if !ok { c = make(chan int, 1) }; if ok { c <- 1 } }`, "excused: a channel that is nil on some way only"},
	}
	for _, test := range tests {
		_, s := surveyOf(t, test.text, plenty, explore.EndsNothing, "f")
		if len(s.Problems) != 0 || s.Counts[test.count+" in f"] == 0 {
			t.Errorf("%s: %d problems, counts %v", test.name, len(s.Problems), s.Counts)
		}
	}
}

// TestAssumptions: three conditions may be needed to get there, not four.
func TestAssumptions(t *testing.T) {
	for n := 0; n <= 5; n++ {
		text := "func f(a0, a1, a2, a3, a4, a5 bool) {\n c := make(chan int)\n"
		for i := range n {
			text += fmt.Sprintf("if a%d {\n", i)
		}
		_, s := surveyOf(t, text+"c <- 1\n"+strings.Repeat("}", n+1), plenty, explore.EndsNothing, "f")
		if want := n <= 3; (len(s.Problems) == 1) != want {
			t.Errorf("%d conditions: %d problems", n, len(s.Problems))
		}
	}
}

// TestEnds: what may be left over when main or a test returns.
func TestEnds(t *testing.T) {
	const all, test = "always a problem", "only in a function that does not end the process or a test"
	tests := []struct{ name, body, want string }{
		{"a server that waits for more", `jobs := make(chan int); go func() { for range jobs {} }(); jobs <- 1`, test},
		{"a server that waits in a select", `jobs, stop := make(chan int), make(chan int); go func() { for { select { case <-jobs: case <-stop: return } } }()`, test},
		{"a producer of more", `ids := make(chan int); go func() { for { ids <- 1 } }(); <-ids`, test},
		{"a result that nobody wants", `c := make(chan int); go func() { c <- 1 }()`, test},
		{"a result of a goroutine that is not in main", `c := make(chan int); start(c)`, all},
		{"main itself", `c := make(chan int); c <- 1`, all},
		{"main that waits", `var wg sync.WaitGroup; wg.Add(1); wg.Wait()`, all},
		{"two that wait for each other", `a, b := make(chan int), make(chan int); go func() { a <- 1; <-b }(); go func() { b <- 1; <-a }()`, all},
		{"a lock", `var mu sync.Mutex; mu.Lock(); go mu.Lock()`, all},
		{"a server that main waits for", `jobs := make(chan int); var wg sync.WaitGroup; wg.Go(func() { for range jobs {} }); wg.Wait()`, all},
	}
	for _, row := range tests {
		for _, end := range []explore.End{explore.EndsNothing, explore.EndsTest, explore.EndsProcess} {
			_, s := surveyOf(t, "func start(c chan int) { go func() { c <- 1 }() }\nfunc f() {\n"+row.body+"\n}", plenty, end, "f")
			want := row.want == all || end == explore.EndsNothing
			if (len(s.Problems) > 0) != want {
				t.Errorf("%s is %s; ends with %d: %d problems, counts %v", row.name, row.want, end, len(s.Problems), s.Counts)
			}
			if !want && s.Counts["excused: ends with the process or test in f"] == 0 {
				t.Errorf("%s: not excused: %v", row.name, s.Counts)
			}
		}
	}
}

func isPanic(reason string) bool { return strings.HasPrefix(reason, "panic in the explorer") }

// TestPanicInTheExplorer: a root that makes the machine panic costs that root
// alone.
func TestPanicInTheExplorer(t *testing.T) {
	p := irtest.Load(t, "func a() { c := make(chan int); c <- 1 }")
	prog := p.ProgramOfAll(t)
	roots := []explore.Root{{Scenario: machine.Scenario{Fn: &ssa.Function{}}, Budget: budget}, {Scenario: machine.Scenario{Fn: irtest.Func(t, prog, "a")}, Budget: budget}}
	s := explore.Package(machine.NewProgram(prog), roots, plenty)
	if len(s.Problems) != 1 || !slices.ContainsFunc(slices.Collect(maps.Keys(s.Counts)), isPanic) {
		t.Errorf("%d problems, counts %v", len(s.Problems), s.Counts)
	}
}
