package chanclose

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// handler reports a close in a function that serves HTTP requests, which come as often as
// the clients like:
//
//	func (h *Handler) quit(w http.ResponseWriter, r *http.Request) {
//		close(h.quitc)
//	}
//
// Only what the request says may decide whether it is executed: anything else may tell that
// it was the first.
func (a *again) handler(k *fieldClose) bool {
	if !servesHTTP(k.fn.Signature) || !a.outlives(k) || !a.returns(k.call) {
		return false
	}
	if _, ok := k.call.(*ssa.Call); !ok {
		return false // deferred: what comes before may not return
	}
	for _, g := range guards(k.call) {
		if !a.ofRequest(g.cond, k.fn, 0) {
			return false
		}
	}
	name := a.name(k)
	a.report(k, fmt.Sprintf("close of %s for each request: the second one panics", name),
		"close "+name+" with a sync.Once",
		a.step(k.fn.Pos(), "this function serves requests"))
	return true
}

// servesHTTP reports whether a function is an HTTP handler by its parameters.
func servesHTTP(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 2 && sig.Results().Len() == 0 &&
		types.TypeString(p.At(0).Type(), nil) == "net/http.ResponseWriter" && types.TypeString(p.At(1).Type(), nil) == "*net/http.Request"
}

// outlives reports whether the object whose field is closed is there before the request:
// the receiver.
func (a *again) outlives(k *fieldClose) bool {
	return k.fn.Signature.Recv() != nil && k.fn.Parent() == nil && len(k.fn.Params) == 3 && k.base == k.fn.Params[0]
}

// ofRequest reports whether a value depends on nothing but the request and constants.
func (a *again) ofRequest(v ssa.Value, fn *ssa.Function, depth int) bool {
	if depth > 8 {
		return false
	}
	all := func(vs ...ssa.Value) bool {
		for _, v := range vs {
			if !a.ofRequest(v, fn, depth+1) {
				return false
			}
		}
		return true
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		return v != fn.Params[0]
	case *ssa.BinOp:
		return all(v.X, v.Y)
	case *ssa.UnOp:
		return all(v.X)
	case *ssa.FieldAddr:
		return all(v.X)
	case *ssa.Extract:
		return all(v.Tuple)
	case *ssa.Lookup:
		return all(v.X, v.Index)
	case *ssa.Call:
		// A method of the request, or of what it holds.
		if v.Call.IsInvoke() {
			return all(append([]ssa.Value{v.Call.Value}, v.Call.Args...)...)
		}
		callee := v.Call.StaticCallee()
		return callee != nil && callee.Pkg != fn.Pkg && len(v.Call.Args) > 0 && all(v.Call.Args...)
	}
	return false
}
