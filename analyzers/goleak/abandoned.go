package goleak

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A reply that nobody waits for any more is certain from two places alone, whatever else
// the functions do: a select that receives it, or gives up after some time, from a channel
// that was made here, without room; and a plain send in a goroutine started here. No run
// of the whole function is needed, which is what a large one has no budget for.

// A reply is a channel that a function makes for one answer.
type reply struct {
	made  *ssa.MakeChan
	waits []*ssa.Select // of the function itself
	sends []*ssa.Send   // of goroutines that it starts
	lost  bool          // something else happens to it
}

// abandoned reports plain sends of replies for which the function that made the channel
// may have stopped to wait.
func abandoned(pass *check.Pass, eng *engine.Package) {
	if !eng.Gate.Mask.Has(gate.MakeChan | gate.Go) {
		return
	}
	prog := eng.Program()
	if prog == nil {
		return
	}
	for _, fn := range prog.Funcs {
		if f := eng.Fset.File(fn.Pos()); fn.Synthetic != "" || f == nil || strings.HasSuffix(f.Name(), "_test.go") || prog.RunsOnce(fn) {
			continue
		}
		for in := range ir.Instrs(fn) {
			made, ok := in.(*ssa.MakeChan)
			if !ok {
				continue
			}
			if size, ok := made.Size.(*ssa.Const); !ok || size.Int64() != 0 {
				continue
			}
			r := &reply{made: made}
			r.follow(made, fn)
			if send, way := r.givenUp(prog); send != nil {
				r.report(pass, eng, send, way)
			}
		}
	}
}

// follow looks at what happens to the channel, or the variable that holds it.
func (r *reply) follow(v ssa.Value, fn *ssa.Function) {
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			at, ok := in.Addr.(*ssa.Alloc)
			if in.Val == r.made && v == ssa.Value(r.made) && ok && storedOnce(at) {
				r.follow(at, fn)
			} else if in.Addr != v {
				r.lost = true
			}
		case *ssa.UnOp:
			if in.Op != token.MUL {
				r.lost = true // a plain receive: it waits in the end
				continue
			}
			r.follow(in, fn)
		case *ssa.Select:
			if fn != r.made.Parent() || !receivesOnly(in, v) {
				r.lost = true
			}
			r.waits = append(r.waits, in)
		case *ssa.Send:
			if fn == r.made.Parent() || in.X == v {
				r.lost = true
			}
			r.sends = append(r.sends, in)
		case *ssa.Call:
			if !ir.IsBuiltin(&in.Call, "close") || fn == r.made.Parent() {
				r.lost = true
			}
		case *ssa.Defer:
			if !ir.IsBuiltin(&in.Call, "close") || fn == r.made.Parent() {
				r.lost = true
			}
		case *ssa.MakeClosure:
			r.literal(in, v, fn)
		default:
			r.lost = true
		}
	}
}

// literal follows the channel into a literal that is started as a goroutine, and nothing
// else.
func (r *reply) literal(c *ssa.MakeClosure, v ssa.Value, fn *ssa.Function) {
	lit := c.Fn.(*ssa.Function)
	refs := *c.Referrers()
	if len(refs) != 1 || fn != r.made.Parent() {
		r.lost = true
		return
	}
	if g, ok := refs[0].(*ssa.Go); !ok || g.Call.Value != c {
		r.lost = true
		return
	}
	for i, b := range c.Bindings {
		if b == v {
			r.follow(lit.FreeVars[i], lit)
		}
	}
}

// storedOnce reports whether a variable is set once.
func storedOnce(at *ssa.Alloc) bool {
	n := 0
	for _, ref := range *at.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == at {
			n++
		}
	}
	return n == 1
}

// receivesOnly reports whether a select receives from v and does nothing else with it.
func receivesOnly(sel *ssa.Select, v ssa.Value) bool {
	return !slices.ContainsFunc(sel.States, func(s *ssa.SelectState) bool {
		return s.Send == v || s.Chan == v && s.Dir != types.RecvOnly
	})
}

// givenUp returns a send that blocks forever where the only select that receives goes on
// with another case, and that case.
func (r *reply) givenUp(prog *ir.Program) (*ssa.Send, *ssa.SelectState) {
	if r.lost || len(r.waits) != 1 || len(r.sends) == 0 {
		return nil, nil
	}
	sel := r.waits[0]
	if !sel.Blocking || ir.Reaches(sel, sel) {
		return nil, nil
	}
	for _, send := range r.sends {
		if !certain(send) {
			return nil, nil
		}
	}
	for i, s := range sel.States {
		if s.Dir == types.RecvOnly && timesOut(s.Chan, sel.Parent(), 0) && returns(prog, ir.CaseEntry(sel, i)) {
			return r.sends[0], s
		}
	}
	return nil, nil
}

// returns reports whether control can come from a block to the end of its function.
func returns(prog *ir.Program, b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(*ssa.BasicBlock) bool
	walk = func(b *ssa.BasicBlock) bool {
		if b == nil || seen[b] || prog.Ends(b) {
			return false
		}
		seen[b] = true
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		return slices.ContainsFunc(b.Succs, walk)
	}
	return walk(b)
}

// certain reports whether the goroutine of a send comes to it whatever the function does
// that waits: it does not look at a context, at a lock or into another channel.
func certain(send *ssa.Send) bool {
	for in := range ir.Instrs(send.Parent()) {
		switch in := in.(type) {
		case *ssa.Select:
			return false
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return false
			}
		case ssa.CallInstruction:
			switch ir.Op(in.Common()) {
			case api.None:
			default:
				return false
			}
		}
	}
	return !ir.CallsRecover(send.Parent())
}

// timesOut reports whether a channel is that of a time or of a context that a function
// is given, which come when they come.
func timesOut(v ssa.Value, fn *ssa.Function, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		if ir.Op(&v.Call) == api.CtxDone {
			return given(v.Call.Value, fn)
		}
		return api.MakerOf(ir.Object(&v.Call)) == api.TimeAfter
	case *ssa.Phi:
		some := false
		for _, e := range v.Edges {
			if ir.IsNil(e) {
				continue
			}
			if !timesOut(e, fn, depth+1) {
				return false
			}
			some = true
		}
		return some
	case *ssa.UnOp:
		at, ok := v.X.(*ssa.FieldAddr)
		return ok && v.Op == token.MUL && api.IsTimer(at.X.Type().Underlying().(*types.Pointer).Elem())
	}
	return false
}

// given reports whether a context is a parameter of a function, or has a deadline.
func given(ctx ssa.Value, fn *ssa.Function) bool {
	switch v := ctx.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.UnOp:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok || !storedOnce(alloc) {
			return false
		}
		for _, ref := range *alloc.Referrers() {
			if st, ok := ref.(*ssa.Store); ok {
				return given(st.Val, fn)
			}
		}
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		if !ok || ir.Op(&call.Call) != api.CtxDerive {
			return false
		}
		name := ir.Object(&call.Call).Name()
		return strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline") || given(call.Call.Args[0], fn)
	}
	return false
}

// nameAt returns the channel as the operation at a position writes it.
func nameAt(eng *engine.Package, p token.Pos) string {
	if _, e := eng.Syntax.Operation(p); e != nil {
		return syntax.Text(e)
	}
	return "the channel"
}

func (r *reply) report(pass *check.Pass, eng *engine.Package, send *ssa.Send, way *ssa.SelectState) {
	start, end := eng.Syntax.Span(send.Pos())
	for _, f := range pass.Found() {
		if f.Pos == start {
			return
		}
	}
	made, _ := eng.Syntax.Span(r.made.Pos())
	at, _ := eng.Syntax.Span(way.Pos)
	pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("send on %s blocks forever when the select gives up at line %d: nobody else receives from it", nameAt(eng, send.Pos()), eng.Fset.Position(way.Pos).Line),
		Story: []report.Step{
			{Pos: made, Message: "the channel is made here, without room"},
			{Pos: at, Message: "this case gives up"},
		},
		Advice: "make room in the channel for what is not received",
	})
}
