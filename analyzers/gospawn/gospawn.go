package gospawn

import (
	_ "embed"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

//go:embed doc.go
var doc string

// Analyzer is the gospawn check.
var Analyzer = check.New(check.Meta{
	Name:     "gospawn",
	Doc:      doc,
	Patterns: []string{"semaphore", "workerpool"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// inside is the flag for the weaker form of the report.
var inside bool

func init() {
	Analyzer.Flags.BoolVar(&inside, "inside", false,
		"also report goroutines that take a semaphore themselves, which bounds their work but not their number")
}

// run looks at each start of a goroutine in the model of each function from
// which it can be reached, because the input of the loop may come from there.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Go | gate.Elsewhere) {
		return nil // nothing starts a goroutine
	}
	prog := eng.Program()
	if prog == nil {
		return nil // counted by the engine
	}
	for _, root := range roots(prog) {
		if inTest(prog, root) {
			continue // a test chooses its inputs
		}
		m := eng.Model(root)
		if m == nil {
			continue // too large, and counted by the engine
		}
		f := &finder{pass: pass, eng: eng, prog: prog, m: m, atStart: prog.RunsOnce(root), visiting: make(map[ref]bool), loops: make(map[*ir.Loop]bool)}
		for _, s := range f.spawns() {
			f.check(s)
		}
	}
	return nil
}

// inTest reports whether a function stands in a test file.
func inTest(prog *ir.Program, fn *ssa.Function) bool {
	return strings.HasSuffix(prog.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// A finder looks for evidence in one model.
type finder struct {
	pass *check.Pass
	eng  *engine.Package
	prog *ir.Program
	m    *engine.Model

	atStart bool // the root is main, or executed by it once

	visiting map[ref]bool      // values that origin is following
	loops    map[*ir.Loop]bool // loops whose input is being looked for
}

// check reports a start if it is repeated once per element of an input that
// nothing bounds, and nothing limits how many goroutines are alive. Of several
// loops around the start, one is enough.
func (f *finder) check(s *spawn) {
	if f.limitedGroup(s) {
		return // SetLimit, or a group that someone else made
	}
	if f.trivial(s) {
		return // it closes or cancels something and ends at once
	}
	if rec := f.recursion(s); rec != nil {
		// The loop, if there is one, goes through the parts of one node.
		if within := f.takesInside(s); (within == nil || inside) && !f.boundedRecursion(s) {
			f.reportRecursion(s, rec, within)
		}
		return
	}
	for i, t := range f.turns(f.chain(s.inst, s.site)) {
		if i == 0 && f.perBatch(t) {
			continue
		}
		src := f.input(t)
		if src == nil || runsElement(s, src) || f.limited(s, t) || f.guarded(t) {
			continue
		}
		if f.atStart && (src.kind == parameter || src.kind == decoded) {
			continue // given by whoever runs the program: its configuration
		}
		within := f.takesInside(s)
		if within != nil && !inside {
			return // the work is bounded
		}
		f.report(s, t, src, within)
		return
	}
}

// owns reports whether op belongs to the goroutines of s, those that they
// start included.
func (s *spawn) owns(op *model.Op) bool {
	for _, t := range s.threads {
		if t.Ancestor(op.Inst.Thread) {
			return true
		}
	}
	return false
}
