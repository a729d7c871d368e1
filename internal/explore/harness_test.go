package explore_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/irtest"
	"github.com/concurlint/concurlint/internal/machine"
)

// budget is about that of the engine.
var budget = explore.Budget{Steps: 50_000, Deviations: 6, Preempts: 2}

// A feature is a package with functions whose names begin with bad or good;
// each is a row of the test and explored by itself. In a bad one the lines of
// the operations that never proceed end in "// stuck", those of operations that
// end the process in "// panics"; in a function that it calls, in
// "// stuck in badX, badY". Skip names the rows in which the model is wrong as yet,
// and the reason.
type feature struct {
	name, text string
	skip       map[string]string
}

// check explores the rows of a feature.
func (f feature) check(t *testing.T) {
	t.Run(f.name, func(t *testing.T) {
		p := irtest.Load(t, f.text)
		prog := p.ProgramOfAll(t)
		mp := machine.NewProgram(prog)
		for name := range f.skip {
			irtest.Func(t, prog, name)
		}
		for _, fn := range prog.Funcs {
			name := irtest.FuncName(fn)
			if fn.Parent() != nil || !strings.HasPrefix(name, "bad") && !strings.HasPrefix(name, "good") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				survey := explore.Package(mp, []explore.Root{{Scenario: machine.Scenario{Fn: fn}, Budget: budget}}, budget.Steps)
				for reason := range survey.Counts {
					if isPanic(reason) {
						t.Fatal(reason)
					}
				}
				want, got := expected(p, fn, name), reported(p, survey)
				if strings.HasPrefix(name, "bad") == (len(want) == 0) {
					t.Fatalf("%s expects %q", name, want)
				}
				switch reason := f.skip[name]; {
				case reason != "" && slices.Equal(got, want):
					t.Errorf("works now, though skipped: %s", reason)
				case reason != "":
					t.Skip(reason)
				case !slices.Equal(got, want):
					t.Errorf("got %q, want %q\n%v", got, want, survey.Counts)
				}
			})
		}
	})
}

// expected returns the lines that are marked for a function.
func expected(p *irtest.Package, fn *ssa.Function, name string) []string {
	decl := fn.Syntax().(*ast.FuncDecl)
	var out []string
	for _, f := range p.Files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				mark := strings.TrimPrefix(c.Text, "// ")
				word, where, _ := strings.Cut(mark, " in ")
				inside := decl.Pos() <= c.Pos() && c.Pos() < decl.End()
				if word != "stuck" && word != "panics" {
					continue
				}
				if where == "" && !inside || where != "" && !slices.Contains(strings.Split(where, ", "), name) {
					continue
				}
				out = append(out, fmt.Sprint(word, " ", p.Fset.Position(c.Pos()).Line))
			}
		}
	}
	slices.Sort(out)
	return out
}

// reported returns the lines at which a survey has problems.
func reported(p *irtest.Package, s *explore.Survey) []string {
	var out []string
	for _, problem := range s.Problems {
		word := "stuck"
		if problem.Crash != nil {
			word = "panics"
		}
		for _, pos := range problem.Sites() {
			out = append(out, fmt.Sprint(word, " ", p.Fset.Position(pos).Line))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// one explores the function f of a text.
func one(t testing.TB, text string, b explore.Budget) (*irtest.Package, *explore.Result) {
	t.Helper()
	p := irtest.Load(t, text)
	prog := p.ProgramOfAll(t)
	return p, explore.Explore(machine.NewProgram(prog), irtest.Func(t, prog, "f"), b)
}

// summary tells all that a result says, in an order of its own.
func summary(p *irtest.Package, r *explore.Result) string {
	line := func(pos token.Pos) int { return p.Fset.Position(pos).Line }
	var b strings.Builder
	fmt.Fprintf(&b, "%d runs, %d steps, exhausted %t, cuts %v\n", r.Runs, r.Steps, r.Exhausted, r.Cuts)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "run %d, steps %d, choices", f.Run, f.Steps)
		for _, c := range f.Machine.Choices {
			fmt.Fprintf(&b, " %d:%d/%d", c.Kind, c.Pick, c.N)
		}
		for _, s := range f.Stuck {
			fmt.Fprintf(&b, ", %d at %d", s.Op.Kind, line(s.Op.Pos))
		}
		if f.Crash != nil {
			fmt.Fprintf(&b, ", %s at %d", f.Crash.Kind, line(f.Crash.Pos))
		}
		b.WriteString("\n")
	}
	return b.String()
}
