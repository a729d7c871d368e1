package chanclose

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A channel in a field may be closed by a function that is called a second time. That
// many functions could be is no mistake: what ends an object is called once. So the
// package must show that it is called again: by a flag that asks for it and is not set
// (see unsetFlag), by serving requests (see handler), or by a start that is possible
// again after the end (see restarts).

// An again looks at the closes of fields of one package.
type again struct {
	pass   *check.Pass
	eng    *engine.Package
	closes []*fieldClose
}

// A fieldClose is a close of a channel that is loaded from a field.
type fieldClose struct {
	fn    *ssa.Function
	call  ssa.CallInstruction
	field *types.Var
	base  ssa.Value // the pointer to the object
}

// closedAgain reports closes of fields that can happen twice.
func closedAgain(pass *check.Pass, eng *engine.Package) {
	prog := eng.Program()
	if prog == nil {
		return
	}
	a := &again{pass: pass, eng: eng}
	for _, fn := range prog.Funcs {
		if fn.Synthetic != "" {
			continue
		}
		for in := range ir.Instrs(fn) {
			if k := closeOfField(in); k != nil && k.field.Pkg() == eng.Types {
				a.closes = append(a.closes, k)
			}
		}
	}
	for _, k := range a.closes {
		if a.told(k) || a.inTest(k) || prog.MayRecover(k.fn) || !eng.MadeOnce(k.field) {
			continue
		}
		if !a.unsetFlag(k) && !a.handler(k) {
			a.restarts(k)
		}
	}
}

// closeOfField returns the close of a field that an instruction is, or nil.
func closeOfField(in ssa.Instruction) *fieldClose {
	call, ok := in.(ssa.CallInstruction)
	if !ok || !ir.IsBuiltin(call.Common(), "close") {
		return nil
	}
	load, ok := call.Common().Args[0].(*ssa.UnOp)
	if !ok {
		return nil
	}
	at, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	f := ir.FieldVar(at)
	if f == nil {
		return nil
	}
	return &fieldClose{fn: in.Parent(), call: call, field: f, base: at.X}
}

// told reports whether something about this close has been reported already.
func (a *again) told(k *fieldClose) bool {
	start, _ := a.eng.Syntax.Span(k.call.Pos())
	for _, f := range a.pass.Found() {
		if f.Pos == start {
			return true
		}
		for _, s := range f.Story {
			if s.Pos == start {
				return true
			}
		}
	}
	return false
}

// inTest reports whether a close stands in a test, which knows how often it does what.
func (a *again) inTest(k *fieldClose) bool {
	f := a.eng.Fset.File(k.fn.Pos())
	return f == nil || strings.HasSuffix(f.Name(), "_test.go")
}

// A condition is a branch that leads to an instruction.
type condition struct {
	cond ssa.Value
	then bool
}

// guards returns the branches without which an instruction is not executed.
func guards(instr ssa.Instruction) []condition {
	var out []condition
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		branch, ok := b.Idom().Instrs[len(b.Idom().Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, succ := range branch.Block().Succs {
			if behind(succ, instr) {
				out = append(out, condition{branch.Cond, i == 0})
			}
		}
	}
	return out
}

// unset returns the flag of the object that a guard wants to be false, or nil.
func (g condition) unset(base ssa.Value) *types.Var {
	cond, want := g.cond, g.then
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, want = not.X, !want
	}
	load, ok := cond.(*ssa.UnOp)
	if !ok || want || load.Op != token.MUL {
		return nil
	}
	at, ok := load.X.(*ssa.FieldAddr)
	if !ok || at.X != base {
		return nil
	}
	return ir.FieldVar(at)
}

// declared returns the declared function around fn.
func declared(fn *ssa.Function) *types.Func {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// returns reports whether control can come from an instruction to the end of its function.
func (a *again) returns(instr ssa.Instruction) bool {
	prog := a.eng.Program()
	for b := range reachable(instr.Block(), func(from, _ *ssa.BasicBlock) bool { return !prog.Ends(from) }) {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !prog.Ends(b) {
			return true
		}
	}
	return false
}

// steady reports whether a condition that held where k was executed may hold again when
// its function is called the next time: it is about parameters, constants and fields that
// nothing on this way changes.
func (a *again) steady(v ssa.Value, k *fieldClose) bool {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Parameter:
		return true
	case *ssa.BinOp:
		return a.steady(v.X, k) && a.steady(v.Y, k)
	case *ssa.FieldAddr:
		return a.steady(v.X, k) && !a.changed(v, k)
	case *ssa.UnOp:
		return v.Op != token.ARROW && a.steady(v.X, k)
	case *ssa.Call:
		return (ir.IsBuiltin(&v.Call, "len") || ir.IsBuiltin(&v.Call, "cap")) && a.steady(v.Call.Args[0], k)
	}
	return false
}

// changed reports whether a field may be written on a way through the close k, or by
// what its function calls.
func (a *again) changed(at *ssa.FieldAddr, k *fieldClose) bool {
	f := ir.FieldVar(at)
	if f == nil {
		return true
	}
	fn := declared(k.fn)
	for callee := range a.eng.Mentions(fn) {
		if a.eng.LeadsToWrite(callee, f) {
			return true
		}
	}
	for in := range ir.Instrs(k.fn) {
		if st, ok := in.(*ssa.Store); ok && ir.FieldVar(st.Addr) == f && (ir.Reaches(in, k.call) || ir.Reaches(k.call, in)) {
			return true
		}
	}
	return false
}

// isTrue reports whether an expression is the constant true, and whether it is a constant
// at all.
func (a *again) isTrue(e ast.Expr) (isTrue, isConst bool) {
	if e == nil {
		return false, false
	}
	tv := a.eng.Info.Types[e]
	if tv.Value == nil {
		return false, false
	}
	return tv.Value.String() == "true", true
}

func (a *again) name(k *fieldClose) string {
	if _, e := a.eng.Syntax.Operation(k.call.Pos()); e != nil {
		return syntax.Text(e)
	}
	return k.field.Name()
}

func (a *again) step(p token.Pos, message string) report.Step {
	start, end := a.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: message}
}

func (a *again) report(k *fieldClose, message, advice string, story ...report.Step) {
	start, end := a.eng.Syntax.Span(k.call.Pos())
	a.pass.Report(report.Finding{Pos: start, End: end, Message: message, Story: story, Advice: advice})
}
