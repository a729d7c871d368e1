package semrelease

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

//go:embed doc.go
var doc string

// Analyzer is the semrelease check.
var Analyzer = check.New(check.Meta{
	Name:     "semrelease",
	Doc:      doc,
	Advice:   "release once, with defer, right after the acquire that has succeeded",
	Patterns: []string{"semaphore"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
	Yields:   []string{"goleak"},
}, run)

// run looks at what each function does to semaphores: which it leaves acquired
// on some path, and which it releases without having acquired them.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Mention|gate.MakeChan|gate.Send|gate.Elsewhere) || eng.Program() == nil {
		return nil
	}
	c := &checker{pass: pass, eng: eng, prog: eng.Program()}
	kind := c.kind()
	if !c.any() {
		return nil
	}
	c.locks = locks.New(c.prog, kind)
	for _, fn := range c.locks.GaveUp() {
		pass.Count("too many paths in " + fn.Name())
	}
	for _, f := range c.locks.Funcs() {
		c.leftAcquired(f, c.leftByTurn(f))
		c.notTakenOver(f)
		c.notAcquired(f)
		c.tooMuch(f)
	}
	c.neverFits()
	return nil
}

type checker struct {
	pass  *check.Pass
	eng   *engine.Package
	prog  *ir.Program
	locks *locks.Analysis

	channels *channels
	by       map[*family]acquirer
}

// any reports whether the package, or a function of another one that it calls, does
// anything with a semaphore.
func (c *checker) any() bool {
	for _, fn := range slices.Concat(c.prog.Funcs, c.prog.Linked) {
		for instr := range ir.Instrs(fn) {
			if len(c.ops(instr)) > 0 {
				return true
			}
		}
	}
	return false
}
