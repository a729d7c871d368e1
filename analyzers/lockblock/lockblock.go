package lockblock

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

//go:embed doc.go
var doc string

// Analyzer is the lockblock check.
var Analyzer = check.New(check.Meta{
	Name:     "lockblock",
	Doc:      doc,
	Advice:   "unlock with defer, right after the Lock, take locks in one order everywhere, and call nothing that may lock while one is held",
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at what each function does to locks: which it leaves locked, which
// it takes twice, and in which orders.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.Mutex|gate.Elsewhere) || eng.Program() == nil {
		return nil
	}
	c := &checker{pass: pass, eng: eng, prog: eng.Program(), locks: locks.New(eng.Program(), locks.Mutexes)}
	for _, fn := range c.locks.GaveUp() {
		pass.Count("too many paths in " + fn.Name())
	}
	c.findWriters()
	c.findLeaks()
	for _, f := range c.locks.Funcs() {
		if c.isMain(f.Fn) {
			continue // what it leaves behind nobody waits for
		}
		c.leftLocked(f)
		c.notTakenOver(f)
		c.leftByPanic(f)
		c.takenAgain(f)
		c.mismatched(f)
		c.unlockedTwice(f)
	}
	c.inversions()
	c.neverWoken()
	c.explored()
	for _, f := range c.locks.Funcs() {
		c.sentUnderLock(f)
	}
	return nil
}

type checker struct {
	pass  *check.Pass
	eng   *engine.Package
	prog  *ir.Program
	locks *locks.Analysis

	takers map[any]map[*ssa.Function]bool // the functions that lock a variable
	writes map[any]bool                   // variables that are locked for writing
	leaks  map[*ssa.Function]bool         // functions that return with a lock held by mistake
}

// findWriters collects who locks which field or variable.
func (c *checker) findWriters() {
	c.takers = make(map[any]map[*ssa.Function]bool)
	c.writes = make(map[any]bool)
	for _, fn := range c.prog.Funcs {
		for _, op := range c.locks.Operations(fn) {
			v := op.Lock.Var()
			if v == nil {
				continue
			}
			if c.takers[v] == nil {
				c.takers[v] = make(map[*ssa.Function]bool)
			}
			c.takers[v][fn] = true
			if !op.Read && !op.Try {
				c.writes[v] = true
			}
		}
	}
}

func (c *checker) isMain(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Name() == "main" && fn.Signature.Recv() == nil && c.prog.Types.Name() == "main"
}
