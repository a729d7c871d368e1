package goleak

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
)

// Whether a method may be called after the end of its object is not to be seen in it: that
// it hangs then may be the mistake of who calls it. But where another method sends to the
// same goroutine in a select with a case for its end, the type has taken this on itself:
//
//	func (n *Node) Propose(p int) {
//		select {
//		case n.props <- p:
//		case <-n.done:
//		}
//	}
//
//	func (n *Node) Status() int {
//		c := make(chan int)
//		n.status <- c // hangs after the end
//		return <-c
//	}

// An ender finds such methods in one package.
type ender struct {
	pass *check.Pass
	eng  *engine.Package
}

// afterEnd reports sends of exported methods that hang when the goroutine that receives
// has ended, where a sibling knows that it may have.
func afterEnd(pass *check.Pass, eng *engine.Package) {
	if !eng.Gate.Mask.Has(gate.MakeChan) {
		return
	}
	prog := eng.Program()
	if prog == nil {
		return
	}
	e := &ender{pass, eng}
	for _, fn := range prog.Funcs {
		if !e.method(fn) {
			continue
		}
		for in := range ir.Instrs(fn) {
			if send, ok := in.(*ssa.Send); ok {
				e.send(fn, send)
			}
		}
	}
}

// method reports whether fn is an exported method outside of tests.
func (e *ender) method(fn *ssa.Function) bool {
	if fn.Synthetic != "" || fn.Parent() != nil || fn.Signature.Recv() == nil || fn.Object() == nil || !fn.Object().Exported() {
		return false
	}
	return !e.inTest(fn)
}

// inTest reports whether a function stands in a test, which starts what it likes.
func (e *ender) inTest(fn *ssa.Function) bool {
	f := e.eng.Fset.File(fn.Pos())
	return f == nil || strings.HasSuffix(f.Name(), "_test.go")
}

// send judges a send of a method.
func (e *ender) send(fn *ssa.Function, send *ssa.Send) {
	f := fieldOf(send.Chan, fn.Params[0])
	if f == nil || conditional(send) {
		return
	}
	loop := e.server(f)
	if loop == nil || loop == fn {
		return
	}
	sibling, end := e.sibling(fn, loop)
	if sibling == nil {
		return
	}
	name := nameAt(e.eng, send.Pos())
	start, stop := e.eng.Syntax.Span(send.Pos())
	at := func(p token.Pos, message string) report.Step {
		start, stop := e.eng.Syntax.Span(p)
		return report.Step{Pos: start, End: stop, Message: message}
	}
	e.pass.Report(report.Finding{
		Pos: start, End: stop,
		Message: fmt.Sprintf("send on %s blocks forever once %s has ended, of which nothing tells it here", name, loop.Name()),
		Story: []report.Step{
			at(e.receive(f).Instr.Pos(), "only this receives from "+name),
			at(sibling.Pos(), "this send has a case for the end, "+end.Name()),
			at(send.Pos(), "this one has none"),
		},
		Advice: "put this send into a select with a case for " + end.Name(),
	})
}

// fieldOf returns the field of base that a channel is loaded from, or nil.
func fieldOf(ch ssa.Value, base ssa.Value) *types.Var {
	if c, ok := ch.(*ssa.ChangeType); ok {
		ch = c.X
	}
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	at, ok := load.X.(*ssa.FieldAddr)
	if !ok || !isBase(at.X, base) {
		return nil
	}
	return ir.FieldVar(at)
}

// isBase reports whether a value is base, or a variable that holds nothing else.
func isBase(v, base ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v == base
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *alloc.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == alloc && st.Val != base {
			return false
		}
	}
	return true
}

// conditional reports whether a method looks at anything but its parameters before it
// comes to a send: it may know that the goroutine is there.
func conditional(send *ssa.Send) bool {
	for b := send.Block(); b.Idom() != nil; b = b.Idom() {
		if branch, ok := b.Idom().Instrs[len(b.Idom().Instrs)-1].(*ssa.If); ok && !ofParams(branch.Cond, send.Parent(), 0) {
			return true
		}
	}
	return false
}

// ofParams reports whether a value depends on nothing but parameters, other than the
// receiver, and constants.
func ofParams(v ssa.Value, fn *ssa.Function, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		return v != fn.Params[0]
	case *ssa.BinOp:
		return ofParams(v.X, fn, depth+1) && ofParams(v.Y, fn, depth+1)
	case *ssa.UnOp:
		return v.Op != token.ARROW && ofParams(v.X, fn, depth+1)
	case *ssa.Field:
		return ofParams(v.X, fn, depth+1)
	case *ssa.FieldAddr:
		return ofParams(v.X, fn, depth+1)
	case *ssa.Call:
		return (ir.IsBuiltin(&v.Call, "len") || ir.IsBuiltin(&v.Call, "cap")) && ofParams(v.Call.Args[0], fn, depth+1)
	}
	return false
}

// server returns the function that alone receives from a channel in a field: a loop that
// is started once, where the object is made, that receives in a select and can end. The
// channel has no room, is not replaced and not closed.
func (e *ender) server(f *types.Var) *ssa.Function {
	v := e.eng.Field(f)
	if v.Leaks || f.Pkg() != e.eng.Types || !e.eng.MadeOnce(f) || e.eng.SelectedElsewhere(f.Name()) || !withoutRoom(v) {
		return nil
	}
	var loop *ssa.Function
	for _, u := range v.Uses {
		switch {
		case e.inTest(u.Fn):
			continue
		case u.Kind == model.Close:
			return nil
		case u.Kind != model.Receive:
			continue
		case loop != nil && u.Fn != loop:
			return nil
		}
		loop = u.Fn
		sel, ok := u.Instr.(*ssa.Select)
		if !ok || !goesOn(sel, f) {
			return nil // it may be what ends the loop
		}
	}
	if loop == nil || !e.eng.Program().CanReturn(loop) || !e.startedOnce(loop) {
		return nil
	}
	return loop
}

// goesOn reports whether control comes back to a select when it has received from a field.
func goesOn(sel *ssa.Select, f *types.Var) bool {
	for i, s := range sel.States {
		load, ok := s.Chan.(*ssa.UnOp)
		if !ok || ir.FieldVar(load.X) != f {
			continue
		}
		taken := ir.CaseEntry(sel, i)
		if taken == nil || !ir.Reaches(taken.Instrs[0], sel) {
			return false
		}
	}
	return true
}

// receive returns the only receive from a field.
func (e *ender) receive(f *types.Var) fields.Use {
	for _, u := range e.eng.Field(f).Uses {
		if u.Kind == model.Receive && !e.inTest(u.Fn) {
			return u
		}
	}
	return fields.Use{}
}

// withoutRoom reports whether all channels that a field holds are unbuffered.
func withoutRoom(v *fields.Var) bool {
	for _, in := range v.Made {
		st, ok := in.(*ssa.Store)
		if !ok {
			return false
		}
		made, ok := st.Val.(*ssa.MakeChan)
		if !ok {
			return false
		}
		if size, ok := made.Size.(*ssa.Const); !ok || size.Int64() != 0 {
			return false
		}
	}
	return len(v.Made) > 0
}

// startedOnce reports whether a function is a goroutine of its own, which only functions
// that are no methods start: a constructor, or main.
func (e *ender) startedOnce(fn *ssa.Function) bool {
	callers := e.eng.Program().Callers(fn)
	for _, call := range callers {
		at := call.Parent()
		if e.inTest(at) {
			continue
		}
		if _, ok := call.(*ssa.Go); !ok || at.Parent() != nil || at.Signature.Recv() != nil {
			return false
		}
	}
	return len(callers) > 0
}

// sibling returns the select of another method that sends to the same loop and has a case
// for its end: a channel that the loop closes when it ends.
func (e *ender) sibling(not, loop *ssa.Function) (*ssa.Select, *types.Var) {
	recv := types.Unalias(not.Signature.Recv().Type())
	for _, fn := range e.eng.Program().Funcs {
		if fn == not || !e.method(fn) || !types.Identical(fn.Signature.Recv().Type(), recv) {
			continue
		}
		for in := range ir.Instrs(fn) {
			if sel, ok := in.(*ssa.Select); ok && sel.Blocking {
				if end := e.guards(sel, fn, loop); end != nil {
					return sel, end
				}
			}
		}
	}
	return nil, nil
}

// guards returns the field with the end of a loop that a select has a case for, beside a
// send to that loop, or nil.
func (e *ender) guards(sel *ssa.Select, fn, loop *ssa.Function) *types.Var {
	sends := false
	var end *types.Var
	for _, s := range sel.States {
		f := fieldOf(s.Chan, fn.Params[0])
		switch {
		case f == nil:
		case s.Dir == types.SendOnly:
			sends = sends || e.server(f) == loop
		case e.endOf(f, loop):
			end = f
		}
	}
	if !sends {
		return nil
	}
	return end
}

// endOf reports whether a channel in a field is closed by a loop, and by nothing else.
func (e *ender) endOf(f *types.Var, loop *ssa.Function) bool {
	closes := 0
	for _, u := range e.eng.Field(f).Uses {
		if u.Kind == model.Close && !e.inTest(u.Fn) {
			fn := u.Fn
			if fn.Parent() != nil {
				fn = fn.Parent() // a deferred literal
			}
			if fn != loop {
				return false
			}
			closes++
		}
	}
	return closes > 0 && e.eng.MadeOnce(f)
}
