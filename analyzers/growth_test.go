package analyzers_test

import (
	"fmt"
	"runtime"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/irtest"
)

// A dimension is a way in which a package can be large: text returns one that is n times
// as large as the smallest.
type dimension struct {
	name  string
	text  func(n int) string
	limit int // instructions that the explorer executes at most
}

// The budgets of the explorer, and the longest run, by which it can exceed them. See
// docs/limits.md.
const (
	packageBudget  = 1_000_000
	functionBudget = 50_000
	longestRun     = 6_000
)

var dimensions = []dimension{
	{"functions", func(n int) string {
		return repeat(n, func(i int) string {
			return fmt.Sprintf(`
func f%[1]d(all []int) (sum int) {
	in, out := make(chan int), make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range in {
				out <- v * %[1]d
			}
		}()
	}
	go func() {
		defer close(in)
		for _, v := range all {
			in <- v
		}
	}()
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		sum += v
	}
	return sum
}
`, i)
		})
	}, packageBudget},
	{"goroutines", func(n int) string {
		return "func f() (sum int) {\n\tc := make(chan int)\n" +
			repeat(n, func(i int) string { return fmt.Sprintf("\tgo func() { c <- %d }()\n", i) }) +
			repeat(n, func(i int) string { return "\tsum += <-c\n" }) + "\treturn sum\n}\n"
	}, functionBudget},
	{"channels", func(n int) string {
		return "func f() (sum int) {\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("\tc%[1]d := make(chan int, 1)\n\tc%[1]d <- %[1]d\n\tsum += <-c%[1]d\n\tclose(c%[1]d)\n", i)
			}) + "\treturn sum\n}\n"
	}, functionBudget},
	{"branches", func(n int) string {
		return "func f(b []bool) {\n\tc := make(chan int)\n\tgo func() { for range c {} }()\n" +
			repeat(n, func(i int) string { return fmt.Sprintf("\tif b[%d] {\n\t\tc <- %d\n\t}\n", i, i) }) + "\tclose(c)\n}\n"
	}, functionBudget},
	{"calls", func(n int) string {
		return "func f0(c chan int) { c <- 0 }\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("func f%d(c chan int) { f%d(c); f0(c) }\n", i+1, i)
			}) +
			fmt.Sprintf("func f() {\n\tc := make(chan int)\n\tgo func() { for range c {} }()\n\tf%d(c)\n\tclose(c)\n}\n", n)
	}, functionBudget},
}

// An effort is what the analysis of a package took, in units that do not depend on the
// machine.
type effort struct {
	steps     int    // instructions that the explorer executed
	instances int    // calls in the models
	bytes     uint64 // that all analyzers allocated, the type checker aside
}

// analysed runs all analyzers on a package.
func analysed(t testing.TB, text string, deps irtest.Importer) effort {
	t.Helper()
	pkg, err := typeChecked(unit{"growth", map[string]string{"f.go": clean(text)}}, deps)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	graph, err := checker.Analyze(append(analyzers.All(), engineProbe), []*gopackages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	e := effort{bytes: after.TotalAlloc - before.TotalAlloc}
	for act := range graph.All() {
		if eng, ok := act.Result.(*engine.Package); ok {
			e.steps = eng.Explored().Steps
			for _, root := range eng.Roots() {
				if m := eng.Partial(root); m != nil {
					e.instances += len(m.Instances)
				}
			}
		}
	}
	return e
}

func TestGrowth(t *testing.T) {
	deps, err := irtest.LoadImports("sync")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dimensions {
		t.Run(d.name, func(t *testing.T) {
			for n := 1; n <= 4096; n *= 2 {
				t.Logf("%4d %+v", n, analysed(t, d.text(n), deps))
			}
		})
	}
}
