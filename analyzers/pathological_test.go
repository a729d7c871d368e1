package analyzers_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/internal/irtest"
)

// pathological are more inputs like hard: what a generator of code, or of trouble,
// could write.
var pathological = map[string]func() string{
	"10,000 lines of sends": func() string {
		return "func f() {\n\tch := make(chan int, 1)\n\tgo func() { for range ch {} }()\n" +
			strings.Repeat("\tch <- 1\n", 10_000) + "\tclose(ch)\n}\n"
	},
	"10,000 lines of calls": func() string {
		return "func g(ch chan int) { ch <- 1 }\nfunc f() {\n\tch := make(chan int, 1)\n\tgo func() { for range ch {} }()\n" +
			strings.Repeat("\tg(ch)\n", 10_000) + "\tclose(ch)\n}\n"
	},
	"3,000 channels": func() string {
		return "func f() {\n" + repeat(3000, func(i int) string { return fmt.Sprintf("\tc%d := make(chan int)\n", i) }) +
			repeat(3000, func(i int) string { return fmt.Sprintf("\tgo func() { c%d <- 1 }()\n", i) }) +
			repeat(3000, func(i int) string { return fmt.Sprintf("\t<-c%d\n", i) }) + "}\n"
	},
	"3,000 functions that leak": func() string {
		return repeat(3000, func(i int) string {
			return fmt.Sprintf("func f%d() {\n\tch := make(chan int)\n\tgo func() { ch <- 1 }()\n}\n", i)
		})
	},
	"1,000 functions that leak and can be fixed": func() string {
		return repeat(1000, func(i int) string {
			return fmt.Sprintf("func f%d(stop bool) int {\n\tch := make(chan int)\n\tgo func() { ch <- 1 }()\n\tif stop {\n\t\treturn 0\n\t}\n\treturn <-ch\n}\n", i)
		})
	},
	"60 conditions before a send": func() string {
		return "func f(b []bool) {\n\tch := make(chan int)\n\tgo func() {\n" +
			repeat(60, func(i int) string { return fmt.Sprintf("\t\tif b[%d] {\n\t\t\tprintln()\n\t\t}\n", i) }) +
			"\t\tch <- 1\n\t}()\n\tif b[60] {\n\t\treturn\n\t}\n\t<-ch\n}\n"
	},
	"60 switches before a send": func() string {
		return "func f(b []int) {\n\tch := make(chan int)\n\tgo func() {\n" +
			repeat(60, func(i int) string {
				return fmt.Sprintf("\t\tswitch b[%d] {\n\t\tcase 1:\n\t\t\tprintln()\n\t\tcase 2:\n\t\t\tprintln()\n\t\t}\n", i)
			}) + "\t\tch <- 1\n\t}()\n\tif b[60] > 0 {\n\t\treturn\n\t}\n\t<-ch\n}\n"
	},
	"an else-if chain of 1,000": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() {\n\t\tif n < 0 {\n\t\t}" +
			repeat(2000, func(i int) string {
				return fmt.Sprintf(" else if n == %d {\n\t\t\tch <- %d\n\t\t\treturn\n\t\t}", i, i)
			}) +
			"\n\t}()\n\tif n > 7 {\n\t\treturn\n\t}\n\t<-ch\n}\n"
	},
	"functions that call each other in a circle of 500": func() string {
		return "func f() {\n\tch := make(chan int)\n\tgo f0(ch, 10)\n\t<-ch\n}\n" + repeat(500, func(i int) string {
			return fmt.Sprintf("func f%d(ch chan int, n int) {\n\tif n == 0 {\n\t\tch <- 1\n\t\treturn\n\t}\n\tf%d(ch, n-1)\n}\n", i, (i+1)%500)
		})
	},
	"a goroutine that starts itself twice": func() string {
		return "func f(ch chan int, n int) {\n\tvar wg sync.WaitGroup\n\twg.Add(2)\n\tgo func() { defer wg.Done(); f(ch, n-1) }()\n\tgo func() { defer wg.Done(); f(ch, n-2) }()\n\twg.Wait()\n\tch <- n\n}\n"
	},
	"a tree of 2^30 goroutines": func() string {
		return "func f() {\n\tch := make(chan int, 1)\n\tf0(ch)\n\t<-ch\n}\n" + repeat(30, func(i int) string {
			return fmt.Sprintf("func f%d(ch chan int) { go f%[2]d(ch); go f%[2]d(ch) }\n", i, i+1)
		}) + "func f30(ch chan int) { ch <- 1 }\n"
	},
	"a tree of 2^30 closures": func() string {
		return "func f() {\n\tch := make(chan int, 1)\n\tf0 := func() { ch <- 1 }\n" + repeat(30, func(i int) string {
			return fmt.Sprintf("\tf%[2]d := func() { f%[1]d(); f%[1]d() }\n", i, i+1)
		}) + "\tf30()\n\t<-ch\n}\n"
	},
	"huge literals": func() string {
		return "var table = [...]int{" + strings.Repeat("1, ", 50_000) + "}\nvar words = map[string][]string{\n" +
			repeat(5000, func(i int) string { return fmt.Sprintf("\t\"w%d\": {\"a\", \"b\"},\n", i) }) + "}\n" +
			"func f() {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n\tfor _, v := range []int{" + strings.Repeat("2, ", 20_000) +
			"} {\n\t\tch <- v + table[0]\n\t}\n\tfor range words {\n\t\tch <- 1\n\t}\n\tclose(ch)\n}\n"
	},
	"an expression of 10,000 terms": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() { ch <- n" + strings.Repeat(" + n", 10_000) + " }()\n\t<-ch\n}\n"
	},
	"2,000 parentheses": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() { ch <- " + strings.Repeat("(", 2000) + "n" + strings.Repeat(")", 2000) + " }()\n\t<-ch\n}\n"
	},
	"1,000 locks": func() string {
		return "func f(b []bool) {\n" + repeat(1000, func(i int) string { return fmt.Sprintf("\tvar m%d sync.Mutex\n", i) }) +
			repeat(1000, func(i int) string { return fmt.Sprintf("\tm%[1]d.Lock()\n\tif b[%[1]d] {\n\t\treturn\n\t}\n", i) }) +
			repeat(1000, func(i int) string { return fmt.Sprintf("\tm%d.Unlock()\n", i) }) + "}\n"
	},
	"1,000 methods on one type": func() string {
		return "type t struct {\n\tmu sync.Mutex\n\tch chan int\n}\nfunc New() *t {\n\tx := &t{ch: make(chan int)}\n\tgo func() { for range x.ch {} }()\n\treturn x\n}\n" +
			repeat(1000, func(i int) string {
				return fmt.Sprintf("func (x *t) M%[1]d() {\n\tx.mu.Lock()\n\tdefer x.mu.Unlock()\n\tx.ch <- %[1]d\n}\n", i)
			})
	},
	"500 contexts": func() string {
		return "func f(ctx context.Context) {\n" + repeat(500, func(i int) string {
			return fmt.Sprintf("\tctx%d, cancel%[1]d := context.WithCancel(ctx)\n\tdefer cancel%[1]d()\n\tgo func() { <-ctx%[1]d.Done() }()\n", i)
		}) + "}\n"
	},
	"500 groups": func() string {
		return "func f() {\n" + repeat(500, func(i int) string {
			return fmt.Sprintf("\tvar g%d errgroup.Group\n\tg%[1]d.SetLimit(1)\n\tg%[1]d.Go(func() error { g%[1]d.Go(func() error { return nil }); return nil })\n\tg%[1]d.Wait()\n", i)
		}) + "}\n"
	},
	"1,000 directives": func() string {
		return "func f() {\n\tch := make(chan int)\n" + strings.Repeat("\t//concurlint:ignore goleak,chanclose,wgwait there are many\n\tgo func() { ch <- 1 }()\n", 1000) + "}\n"
	},
	"1,000 type parameters": func() string {
		names := repeat(1000, func(i int) string { return fmt.Sprintf("T%d, ", i) })
		return "func f[" + strings.TrimSuffix(names, ", ") + " any](v T0) {\n\tch := make(chan T0)\n\tgo func() { ch <- v }()\n\t<-ch\n}\n"
	},
	"500 nested blocks": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() {\n" +
			repeat(500, func(i int) string { return fmt.Sprintf("if n > %d {\n", i) }) + "ch <- 1\n" + strings.Repeat("}\n", 500) + "}()\n\t<-ch\n}\n"
	},
	"1,000 gotos": func() string {
		return "func f(n int) {\n\tch := make(chan int)\n\tgo func() { for range ch {} }()\n" +
			repeat(1000, func(i int) string {
				return fmt.Sprintf("l%d:\n\tch <- %[1]d\n\tif n == %[1]d {\n\t\tgoto l%d\n\t}\n", i, (i*7)%(i+1))
			}) + "}\n"
	},
}

// maxSteps bounds what the exploration of a package may cost: its budget, and the last
// run that it allows.
const maxSteps = 1_100_000

// hang is far more than any input takes: each is analysed within a second or two where
// nothing else runs.
const hang = time.Minute

// TestHardInputs: no input makes a check panic, fail, or run for ever. All
// limits are counts of steps.
func TestHardInputs(t *testing.T) {
	deps, err := irtest.LoadImports("context", "sync", "golang.org/x/sync/errgroup")
	if err != nil {
		t.Fatal(err)
	}
	inputs := maps.Clone(hard)
	maps.Copy(inputs, pathological)
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		t.Run(name, func(t *testing.T) {
			pkg, err := typeChecked(unit{name: name, files: map[string]string{"f.go": clean(inputs[name]())}}, deps)
			if err != nil {
				t.Fatal(err)
			}
			pkg.Module = &gopackages.Module{Path: "example.com/p"} // so that there are facts
			start := time.Now()
			for _, eng := range demandCalm(t, pkg) {
				if steps := eng.Explored().Steps; steps > maxSteps {
					t.Errorf("%d steps of the explorer", steps)
				}
			}
			if took := time.Since(start); took > hang {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// clean makes a text of hard a file.
func clean(text string) string {
	head := "package p\n"
	for _, path := range []string{"context", "sync", "golang.org/x/sync/errgroup"} {
		if strings.Contains(text, filepath.Base(path)+".") {
			head += fmt.Sprintf("import %q\n", path)
		}
	}
	return head + strings.ReplaceAll(text, "break outer2", "break")
}
