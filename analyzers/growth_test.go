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

	// linear: there is one run of a function, or as many for each. Elsewhere goroutines
	// and branches have more orders and ways with each one more, and what there is of
	// them is explored until the budget is used up.
	linear  bool
	largest int
}

// The budgets of the explorer, and the longest run, by which it can exceed them. See
// docs/limits.md.
const (
	packageBudget  = 1_000_000
	functionBudget = 50_000
	longestRun     = 6_000
	modelLimit     = 250 // instances
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
	}, packageBudget, true, 256},
	{"goroutines", func(n int) string {
		return "func f() (sum int) {\n\tc := make(chan int)\n" +
			repeat(n, func(i int) string { return fmt.Sprintf("\tgo func() { c <- %d }()\n", i) }) +
			repeat(n, func(i int) string { return "\tsum += <-c\n" }) + "\treturn sum\n}\n"
	}, functionBudget, false, 4096},
	{"channels", func(n int) string {
		return "func f() (sum int) {\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("\tc%[1]d := make(chan int, 1)\n\tc%[1]d <- %[1]d\n\tsum += <-c%[1]d\n\tclose(c%[1]d)\n", i)
			}) + "\treturn sum\n}\n"
	}, functionBudget, true, 4096},
	{"branches", func(n int) string {
		return "func f(b []bool) {\n\tc := make(chan int)\n\tgo func() { for range c {} }()\n" +
			repeat(n, func(i int) string { return fmt.Sprintf("\tif b[%d] {\n\t\tc <- %d\n\t}\n", i, i) }) + "\tclose(c)\n}\n"
	}, functionBudget, false, 4096},
	{"calls", func(n int) string {
		return "func f0(c chan int) { c <- 0 }\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("func f%d(c chan int) { f%d(c); f0(c) }\n", i+1, i)
			}) +
			fmt.Sprintf("func f() {\n\tc := make(chan int)\n\tgo func() { for range c {} }()\n\tf%d(c)\n\tclose(c)\n}\n", n)
	}, functionBudget, true, 4096},
}

// An effort is what the analysis of a package took, in units that do not depend on the
// machine.
type effort struct {
	steps     int    // instructions that the explorer executed
	roots     int    // functions with a model
	instances int    // calls in the models
	bytes     uint64 // that all analyzers allocated, the type checker aside
}

// analysed runs all analyzers on a package.
func analysed(t *testing.T, text string, deps irtest.Importer) effort {
	t.Helper()
	pkg, err := typeChecked(unit{name: "growth", files: map[string]string{"f.go": clean(text)}}, deps)
	if err != nil {
		t.Fatal(err)
	}
	return effortOf(t, pkg)
}

func effortOf(t testing.TB, pkg *gopackages.Package) effort {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	graph, err := checker.Analyze(append(analyzers.All(), engine.Analyzer), []*gopackages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	e := effort{bytes: after.TotalAlloc - before.TotalAlloc}
	for act := range graph.All() {
		if eng, ok := act.Result.(*engine.Package); ok {
			e.steps = eng.Explored().Steps
			e.roots = len(eng.Roots())
			for _, root := range eng.Roots() {
				if m := eng.Partial(root); m != nil {
					e.instances += len(m.Instances)
				}
			}
		}
	}
	return e
}

// What the analysis of a package may allocate, in bytes: what its budgets allow, and
// what grows with the package. It is large enough for all dimensions, and too small for
// whatever grows with the square of one.
const (
	bytesAtMost  = 100 << 20
	bytesPerUnit = 200 << 10
)

// TestGrowth: the analysis of a package takes effort in proportion to its size, and no
// more than its budgets allow, whatever makes it large.
func TestGrowth(t *testing.T) {
	deps, err := irtest.LoadImports("sync")
	if err != nil {
		t.Fatal(err)
	}
	largest := 4096
	if testing.Short() {
		largest = 64
	}
	for _, d := range dimensions {
		t.Run(d.name, func(t *testing.T) {
			previous, flat := 0, false
			for n := 1; n <= min(largest, d.largest); n *= 4 {
				e := analysed(t, d.text(n), deps)
				t.Logf("%4d: %+v", n, e)
				if e.steps > d.limit+longestRun {
					t.Errorf("%d times as large, the explorer takes %d steps", n, e.steps)
				}
				if e.bytes > bytesAtMost+uint64(n)*bytesPerUnit {
					t.Errorf("%d times as large, the analysis allocates %d bytes", n, e.bytes)
				}
				if most := modelLimit * max(1, e.roots); e.instances > most {
					t.Errorf("%d times as large, the models have %d instances, of %d roots", n, e.instances, e.roots)
				}
				if d.linear && n > 1 && e.steps > 4*previous+longestRun {
					t.Errorf("%d times as large, the explorer takes %d steps, after %d", n, e.steps, previous)
				}
				previous = e.steps
				flat = flat || e.steps >= d.limit
			}
			if !d.linear && !flat {
				t.Errorf("the budget is not used up: %d steps at the end", previous)
			}
		})
	}
}

// BenchmarkGrowth analyses packages of growing size, with all checks; the type checker is
// not part of it.
//
//	go test ./analyzers -run '^$' -bench Growth -count 6 | benchstat -col /n -
func BenchmarkGrowth(b *testing.B) {
	deps, err := irtest.LoadImports("sync")
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range dimensions {
		for _, n := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("%s/n=%d", d.name, n), func(b *testing.B) {
				b.ReportAllocs()
				steps := 0
				for b.Loop() {
					b.StopTimer()
					pkg, err := typeChecked(unit{name: "growth", files: map[string]string{"f.go": clean(d.text(n))}}, deps)
					if err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					steps += effortOf(b, pkg).steps
				}
				b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
			})
		}
	}
}
