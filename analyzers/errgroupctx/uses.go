package errgroupctx

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/syntax"
)

// A useKind says what a context, or its Done channel, is used for.
type useKind uint8

const (
	given   useKind = iota // it is given to a call that can fail
	guard                  // its Done channel is waited for
	derives                // another context is derived from it
	result                 // its Err is what the function returns
)

// A use is a place where it matters whether a context is cancelled.
type use struct {
	kind useKind
	hop
	op *model.Op // of a guard
}

// findUses returns the uses in all instances of the model. Calls of functions
// of the package are none: the uses are in them.
func (s *subject) findUses() []use {
	var out []use
	for _, inst := range s.m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					out = append(out, s.callUses(inst, call)...)
				}
			}
		}
	}
	for _, op := range s.m.Ops() {
		if op.Kind == model.Receive && op.Value() != nil {
			out = append(out, use{guard, hop{op.Inst, op.Instr, op.Value()}, op})
		}
	}
	return out
}

func (s *subject) callUses(inst *model.Instance, call ssa.CallInstruction) []use {
	if _, spawned := call.(*ssa.Go); spawned {
		return nil // a goroutine of its own, whose result nobody waits for here
	}
	common := call.Common()
	kind := given
	switch ir.Op(common) {
	case api.None, api.SemAcquire:
		if len(s.m.Callees(inst, call).Callees) > 0 || !canFail(common) {
			return nil
		}
	case api.CtxDerive, api.EGWithContext:
		if f := ir.Object(common); f.Name() == "WithValue" {
			return nil // a value is found in a cancelled context, too
		}
		kind = derives
	case api.CtxErr:
		if v, ok := call.(*ssa.Call); ok && common.IsInvoke() && isResult(v) {
			return []use{{result, hop{inst, call, common.Value}, nil}}
		}
		return nil
	default:
		return nil // Value, Cause and the like only ask
	}
	var out []use
	for _, arg := range common.Args {
		if api.IsContext(arg.Type()) {
			out = append(out, use{kind, hop{inst, call, arg}, nil})
		}
	}
	return out
}

// canFail reports whether a call of code that cannot be seen may block or fail
// because of a context: it returns an error, and is none of those that only
// look something up in the context or note something down.
func canFail(common *ssa.CallCommon) bool {
	sig := common.Signature()
	n := sig.Results().Len()
	if n == 0 || !isError(sig.Results().At(n-1).Type()) {
		return false
	}
	for p := range sig.Params().Variables() {
		if isError(p.Type()) {
			return false // wraps or logs it
		}
	}
	for r := range sig.Results().Variables() {
		if api.IsContext(r.Type()) {
			return false // derives another one, which is followed
		}
	}
	f := ir.Object(common)
	return f == nil || !asksOnly(f)
}

// asksOnly reports whether a function only looks something up in a context, or
// adds to what it carries.
func asksOnly(f *types.Func) bool {
	if strings.Contains(f.Name(), "FromContext") || strings.Contains(f.Name(), "FromCtx") || f.Pkg() == nil {
		return true
	}
	switch f.Pkg().Path() + "." + f.Name() {
	case "google.golang.org/grpc.SetHeader", "google.golang.org/grpc.SendHeader", "google.golang.org/grpc.SetTrailer",
		"go.opencensus.io/stats.RecordWithTags", "go.opencensus.io/stats.RecordWithOptions":
		return true
	}
	sig := f.Signature()
	if sig.Recv() != nil || sig.Params().Len() != 1 || sig.Results().Len() < 2 {
		return false
	}
	// func TenantID(ctx) (string, error): as likely a look-up as a call.
	for i := range sig.Results().Len() - 1 {
		if _, ok := sig.Results().At(i).Type().Underlying().(*types.Basic); !ok {
			return false
		}
	}
	return true
}

func isError(t types.Type) bool {
	return api.IsError(t)
}

// isResult reports whether all that becomes of a value is that it is returned.
func isResult(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
		case *ssa.Store: // a named result, or one of a function with defer
			if _, ok := ref.Addr.(*ssa.Alloc); !ok {
				return false
			}
		default:
			return false
		}
	}
	return len(*v.Referrers()) > 0
}

// blocks reports whether a guard waits, as opposed to a select with a default
// case, which only asks.
func (u use) blocks() bool {
	sel, ok := u.instr.(*ssa.Select)
	return !ok || sel.Blocking
}

// expr returns the expression at a hop: the argument of the call, the context
// whose Done is called, or the channel that is received from. It is nil where
// the hop is in no source text.
func (s *subject) expr(h hop) ast.Expr {
	switch instr := h.instr.(type) {
	case *ssa.Select:
		for _, state := range instr.States {
			if state.Chan == h.value {
				_, x := s.eng.Syntax.Operation(state.Pos)
				return x
			}
		}
		return nil
	case *ssa.UnOp:
		_, x := s.eng.Syntax.Operation(instr.Pos())
		return x
	case ssa.CallInstruction:
		call := s.callExpr(instr)
		if call == nil {
			return nil
		}
		common := instr.Common()
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && common.IsInvoke() && common.Value == h.value {
			return sel.X
		}
		return s.argument(call, common, h.value)
	}
	return nil
}

// callExpr returns the syntax of a call, go or defer instruction.
func (s *subject) callExpr(instr ssa.CallInstruction) *ast.CallExpr {
	switch n, _ := s.eng.Syntax.Operation(instr.Pos()); n := n.(type) {
	case *ast.CallExpr:
		return n
	case *ast.DeferStmt:
		return n.Call
	case *ast.GoStmt:
		return n.Call
	}
	return nil
}

// argument returns the expression of an argument: those of one type stand in
// one order in the syntax and in SSA.
func (s *subject) argument(call *ast.CallExpr, common *ssa.CallCommon, v ssa.Value) ast.Expr {
	n := 0
	for _, arg := range common.Args {
		if arg == v {
			break
		}
		if types.Identical(arg.Type(), v.Type()) {
			n++
		}
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && !common.IsInvoke() && len(common.Args) > len(call.Args) {
		if t := s.eng.Info.TypeOf(sel.X); t != nil && types.Identical(t, v.Type()) {
			n-- // the receiver
		}
	}
	for _, arg := range call.Args {
		t := s.eng.Info.TypeOf(arg)
		if t == nil || !types.Identical(t, v.Type()) && !(api.IsContext(v.Type()) && isContextImpl(t)) {
			continue
		}
		if n == 0 {
			return arg
		}
		n--
	}
	return nil
}

// isContextImpl reports whether a type is a context of another type, which is
// converted when it is passed.
func isContextImpl(t types.Type) bool {
	ms := types.NewMethodSet(t)
	return ms.Lookup(nil, "Deadline") != nil && ms.Lookup(nil, "Done") != nil && ms.Lookup(nil, "Err") != nil && ms.Lookup(nil, "Value") != nil
}

// pos returns where a hop is in the source, or NoPos.
func (s *subject) pos(h hop) token.Pos {
	if e := s.expr(h); e != nil {
		return e.Pos()
	}
	return token.NoPos
}

// callee returns the name of what a hop calls, for messages.
func (s *subject) callee(h hop) string {
	instr, ok := h.instr.(ssa.CallInstruction)
	if !ok {
		return ""
	}
	if call := s.callExpr(instr); call != nil {
		return syntax.Text(call.Fun)
	}
	return "the call"
}
