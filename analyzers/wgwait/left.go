package wgwait

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// leftCounted reports the error returns of functions that have counted themselves, or
// what they were to start, in the WaitGroup of a field or variable, and call Done on
// their other paths: the next Wait blocks forever. To the analysis of locks, an Add of
// one takes and a Done releases. The Waits that are told of as stuck already are given by
// their positions.
func leftCounted(pass *check.Pass, eng *engine.Package, stuck map[token.Pos]bool) {
	prog := eng.Program()
	if prog == nil || len(fields.Waits(prog, api.WGWait)) == 0 {
		return
	}
	l := &left{pass: pass, eng: eng, prog: prog, stuck: stuck}
	if !l.any() {
		return
	}
	l.locks = locks.New(prog, locks.Kind{Ops: counts, Releases: isDone, Handle: api.IsWaitGroup, Counted: true})
	for _, fn := range l.locks.GaveUp() {
		pass.Count("too many paths in " + fn.Name())
	}
	for _, f := range l.locks.Funcs() {
		if prog.RunsOnce(f.Fn) || l.locks.KeptForCaller(f.Fn) || l.sends(f.Fn, 0) {
			continue // one that does not matter, or that somebody else may count down
		}
		l.function(f)
	}
}

// A left looks for counts that are left behind.
type left struct {
	pass  *check.Pass
	eng   *engine.Package
	prog  *ir.Program
	locks *locks.Analysis
	stuck map[token.Pos]bool
}

// any reports whether a function of the package that returns an error adds one to a
// WaitGroup.
func (l *left) any() bool {
	for _, fn := range l.prog.Funcs {
		results := fn.Signature.Results()
		if results.Len() == 0 || !api.IsError(results.At(results.Len()-1).Type()) {
			continue
		}
		for instr := range ir.Instrs(fn) {
			if ops := counts(instr); len(ops) > 0 && ops[0].Do == locks.Take {
				return true
			}
		}
	}
	return false
}

// counts returns what an instruction does to the counter of a WaitGroup. An Add of
// more than one, or of what is not known, is left out: who counts that down is too.
func counts(instr ssa.Instruction) []locks.Op {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	common := call.Common()
	op := locks.Op{Read: true, On: locks.Receiver(common)}
	switch ir.Op(common) {
	case api.WGDone:
		op.Do = locks.Release
	case api.WGAdd:
		n, ok := common.Args[len(common.Args)-1].(*ssa.Const)
		if !ok || n.Value == nil || n.Value.Kind() != constant.Int {
			return nil
		}
		switch n.Int64() {
		case 1:
		case -1:
			op.Do = locks.Release
		default:
			return nil
		}
	default:
		return nil
	}
	if op.On == nil {
		return nil
	}
	return []locks.Op{op}
}

func isDone(method *types.Func) bool { return api.Of(method) == api.WGDone }

// function reports the returns of a function that leave a count behind.
func (l *left) function(f *locks.Func) {
	seen := make(map[*ssa.Return]bool)
	for _, e := range f.Exits {
		for _, h := range e.Holds {
			if !e.Failure || seen[e.Return] || !h.Held() || h.Read != 1 || !l.locks.Direct(h.Taken()) {
				continue
			}
			wait, by := l.waiter(h), l.otherwise(f, h)
			if wait != nil && by != nil {
				seen[e.Return] = true
				l.report(e, h, wait, by)
			}
		}
	}
}

// waiter returns a Wait of the package for the group that is counted, which nobody
// outside of it can reach, or nil; nil too if it is told of already.
func (l *left) waiter(h locks.Hold) ssa.Instruction {
	group := h.Lock.Var()
	if group == nil || group.Pkg() != l.eng.Types || group.Exported() || l.eng.SelectedElsewhere(group.Name()) {
		return nil
	}
	v := l.eng.Field(group)
	if v.Leaks {
		return nil
	}
	var wait ssa.Instruction
	for _, u := range v.Uses {
		switch u.Call {
		case api.WGWait:
			if start, _ := l.eng.Syntax.Span(u.Instr.Pos()); l.stuck[start] {
				return nil
			}
			if wait == nil || u.Instr.Pos() < wait.Pos() {
				wait = u.Instr
			}
		case api.WGAdd, api.WGDone, api.WGGo:
		default:
			return nil // another group in its place
		}
	}
	return wait
}

// otherwise returns what counts down on another path of the function, or is handed the
// count there, or nil. A goroutine that serves until it is told to stop is nothing of the
// kind: the function that was to start it starts an object, and where that has failed
// nobody needs to wait for it.
func (l *left) otherwise(f *locks.Func, h locks.Hold) ssa.Instruction {
	site := h.Taken()
	loops := l.prog.Loops(f.Fn)
	for _, by := range f.Pairs[site] {
		if loops.Innermost(by.Block()) != loops.Innermost(site.Block()) {
			continue // each turn of the one may be undone by one of the other
		}
		if fn := startedBy(l.prog, by); fn != nil && len(l.prog.Loops(fn).Loops) > 0 {
			return nil
		}
		return by
	}
	return nil
}

// startedBy returns the function that an instruction starts as a goroutine, or the
// literal that it makes, or nil.
func startedBy(prog *ir.Program, by ssa.Instruction) *ssa.Function {
	switch by := by.(type) {
	case *ssa.Go:
		return prog.StaticCallee(by)
	case *ssa.MakeClosure:
		fn, _ := by.Fn.(*ssa.Function)
		return fn
	}
	return nil
}

// sends reports whether a function, or one that it calls, sends something: whoever
// receives it may get the count with it.
func (l *left) sends(fn *ssa.Function, depth int) bool {
	for instr := range ir.Instrs(fn) {
		switch instr := instr.(type) {
		case *ssa.Send:
			return true
		case *ssa.Select:
			if slices.ContainsFunc(instr.States, func(s *ssa.SelectState) bool { return s.Dir == types.SendOnly }) {
				return true
			}
		case *ssa.Call:
			if callee := l.prog.StaticCallee(instr); callee != nil && depth < 3 && l.sends(callee, depth+1) {
				return true
			}
		}
	}
	return false
}

// report reports a return.
func (l *left) report(e locks.Exit, h locks.Hold, wait, by ssa.Instruction) {
	stmt := l.eng.Syntax.ReturnStmt(e.Return.Pos())
	if stmt == nil {
		return
	}
	step := func(pos token.Pos, message string) report.Step {
		start, end := l.eng.Syntax.Span(pos)
		return report.Step{Pos: start, End: end, Message: message}
	}
	name := "the group"
	if _, operand := l.eng.Syntax.Operation(h.Taken().Pos()); operand != nil {
		name = syntax.Text(operand)
	}
	other := "on another path Done is called here"
	if startedBy(l.prog, by) != nil {
		other = "on another path this calls Done"
	}
	add := step(h.Taken().Pos(), "the counter is incremented here")
	l.pass.Report(report.Finding{
		Pos: stmt.Pos(), End: stmt.End(), Involved: []token.Pos{add.Pos},
		Message: fmt.Sprintf("returns without the Done for the Add to %s at %s: the Wait at %s blocks forever",
			name, l.eng.Syntax.LineOf(h.Taken().Pos(), stmt.Pos()), l.eng.Syntax.LineOf(wait.Pos(), stmt.Pos())),
		Story: []report.Step{
			add,
			{Pos: stmt.Pos(), End: stmt.End(), Message: "the function returns here, and nobody knows that it has counted"},
			step(by.Pos(), other),
			step(wait.Pos(), "this Wait blocks forever from then on"),
		},
	})
}
