package errgroupctx

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// This file recognizes the uses of the parent in a task that are there on
// purpose: in clean-ups, and where the derived context has had its say.

// otherwiseGuarded reports whether the select of a guard also waits for the
// group's context.
func (s *subject) otherwiseGuarded(u use, g *group) bool {
	for _, op := range s.m.OpsAt(u.inst, u.instr) {
		if op.Kind == model.Receive && s.isDoneOf(op, g) {
			return true
		}
	}
	return false
}

// isDoneOf reports whether a receive may be from the Done channel of the
// group's context, or of one derived from it.
func (s *subject) isDoneOf(op *model.Op, g *group) bool {
	return stemsFrom(s.values.routes(hop{op.Inst, op.Instr, op.Value()}), g.context)
}

// takesDerived reports whether a call is given the group's context as well.
func (s *subject) takesDerived(h hop, g *group) bool {
	call, ok := h.instr.(ssa.CallInstruction)
	return ok && s.givenDerived(h.inst, call, g)
}

func (s *subject) givenDerived(inst *model.Instance, call ssa.CallInstruction, g *group) bool {
	for _, arg := range call.Common().Args {
		if api.IsContext(arg.Type()) && stemsFrom(s.values.routes(hop{inst, call, arg}), g.context) {
			return true
		}
	}
	return false
}

// cleansUp reports whether an instruction of a task is executed by a defer
// statement.
func (s *subject) cleansUp(inst *model.Instance, instr ssa.Instruction, t *model.Thread) bool {
	for inst != nil && instr != nil {
		if _, deferred := instr.(*ssa.Defer); deferred {
			return true
		}
		if inst == t.Root || inst.Site == nil {
			return false
		}
		inst, instr = inst.Parent, inst.Site
	}
	return false
}

// afterDone reports whether an instruction is executed only after its function
// has seen the group's context done: behind a receive from its Done channel, or
// where its Err, or the error of a call that was given it, is not nil. In the
// last case only a clean-up is meant: a second try whose outcome is the task's
// should be cancelled like the first.
func (s *subject) afterDone(inst *model.Instance, instr ssa.Instruction, g *group) bool {
	for _, op := range s.m.Ops() {
		if op.Inst != inst || op.Kind != model.Receive || !s.isDoneOf(op, g) {
			continue
		}
		if op.State < 0 && ir.Dominates(op.Instr, instr) {
			return true
		}
		if op.State >= 0 && inCase(op, instr.Block()) {
			return true
		}
	}
	call, ok := instr.(*ssa.Call)
	retry := ok && retries(call)
	for _, b := range inst.Fn.Blocks {
		test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if failed := s.failedBranch(inst, test, g, retry); failed != nil && len(failed.Preds) == 1 && failed.Dominates(instr.Block()) {
			return true
		}
	}
	return false
}

// inCase reports whether a block belongs to the case of a select that op is.
func inCase(op *model.Op, b *ssa.BasicBlock) bool {
	sel, ok := op.Instr.(*ssa.Select)
	if !ok {
		return false
	}
	entry := ir.CaseEntry(sel, op.State)
	return entry != nil && entry.Dominates(b)
}

// failedBranch returns the block to which a branch leads when the group's
// context is done, as it tests the context's error or that of a call which was
// given the context; nil for other branches. With own, calls do not count.
func (s *subject) failedBranch(inst *model.Instance, test *ssa.If, g *group, own bool) *ssa.BasicBlock {
	switch cond := test.Cond.(type) {
	case *ssa.BinOp:
		err := cond.X
		if c, ok := err.(*ssa.Const); ok && c.IsNil() {
			err = cond.Y
		}
		if !isError(err.Type()) || !s.errorOf(inst, err, g, own) {
			return nil
		}
		switch cond.Op {
		case token.NEQ:
			return test.Block().Succs[0]
		case token.EQL:
			return test.Block().Succs[1]
		}
	case *ssa.Call:
		if f := ir.Object(&cond.Call); f == nil || f.Name() != "Is" && f.Name() != "As" {
			return nil
		}
		for _, arg := range cond.Call.Args {
			if isError(arg.Type()) && s.errorOf(inst, arg, g, own) {
				return test.Block().Succs[0]
			}
		}
	}
	return nil
}

// errorOf reports whether an error is that of the group's context, or of a call
// that was given it; with own, of the context only.
func (s *subject) errorOf(inst *model.Instance, err ssa.Value, g *group, own bool) bool {
	switch v := err.(type) {
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return !own && s.givenDerived(inst, call, g)
		}
	case *ssa.Call:
		switch ir.Op(&v.Call) {
		case api.CtxErr:
			return stemsFrom(s.values.routes(hop{inst, v, v.Call.Value}), g.context)
		case api.CtxCause:
			return s.givenDerived(inst, v, g)
		}
		return !own && s.givenDerived(inst, v, g)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if s.errorOf(inst, e, g, own) {
				return true
			}
		}
	}
	return false
}

// retries reports whether a call is a second try of what has failed: the function
// returns nil where the call succeeds, or the call's own error whatever it is. Where it
// returns another error then, as one does with that of the first try, the call only
// cleans up. So it does where it is given that error.
func retries(call *ssa.Call) bool {
	for _, arg := range call.Call.Args {
		if isError(arg.Type()) {
			return false
		}
	}
	var failed []*ssa.BasicBlock // where the call's error is not nil
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && isError(x.Type()) {
			failed = append(failed, notNil(x)...)
		}
	}
	failed = append(failed, notNil(call)...)
	hasFailed := func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(failed, func(f *ssa.BasicBlock) bool { return f.Dominates(b) })
	}
	seen := make(map[*ssa.Phi]bool)
	var success func(v ssa.Value) bool
	success = func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.Const:
			return v.IsNil()
		case *ssa.Call:
			return v == call
		case *ssa.Extract:
			return v.Tuple == ssa.Value(call)
		case *ssa.Phi:
			if seen[v] {
				return false
			}
			seen[v] = true
			for i, e := range v.Edges {
				from := v.Block().Preds[i]
				if !hasFailed(from) && (from == call.Block() || call.Block().Dominates(from)) && success(e) {
					return true
				}
			}
		}
		return false
	}
	for _, b := range call.Parent().Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 || hasFailed(b) || !ir.Reaches(call, ret) {
			continue
		}
		if v := ret.Results[len(ret.Results)-1]; isError(v.Type()) && success(v) {
			return true
		}
	}
	return false
}

// notNil returns the blocks that are entered only where an error is not nil.
func notNil(err ssa.Value) (blocks []*ssa.BasicBlock) {
	if !isError(err.Type()) {
		return nil
	}
	for _, ref := range *err.Referrers() {
		cond, ok := ref.(*ssa.BinOp)
		if !ok || cond.Op != token.EQL && cond.Op != token.NEQ {
			continue
		}
		if c, ok := cond.Y.(*ssa.Const); !ok || !c.IsNil() {
			continue
		}
		for _, r := range *cond.Referrers() {
			test, ok := r.(*ssa.If)
			if !ok {
				continue
			}
			to := test.Block().Succs[0]
			if cond.Op == token.EQL {
				to = test.Block().Succs[1]
			}
			if len(to.Preds) == 1 {
				blocks = append(blocks, to)
			}
		}
	}
	return blocks
}

// returnsError reports whether a function returns the error of a call as its
// own result, as it is or wrapped.
func returnsError(fn *ssa.Function, call *ssa.Call) bool {
	seen := make(map[ssa.Value]bool)
	var from func(v ssa.Value) bool
	from = func(v ssa.Value) bool {
		if v == nil || seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Call:
			if v == call {
				return true
			}
			for _, arg := range v.Call.Args {
				if from(arg) {
					return true
				}
			}
		case *ssa.Extract:
			return isError(v.Type()) && v.Tuple == ssa.Value(call)
		case *ssa.Phi:
			for _, e := range v.Edges {
				if from(e) {
					return true
				}
			}
		case *ssa.MakeInterface:
			return from(v.X)
		case *ssa.ChangeInterface:
			return from(v.X)
		case *ssa.Slice:
			return from(v.X)
		case *ssa.UnOp:
			return v.Op == token.MUL && from(v.X)
		case *ssa.Alloc:
			for _, st := range storesBelow(v) {
				if from(st.Val) {
					return true
				}
			}
		}
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 && from(ret.Results[len(ret.Results)-1]) {
			return true
		}
	}
	return false
}

// storesBelow returns the stores to a variable and to the elements of an array,
// such as the variadic arguments of a call.
func storesBelow(v *ssa.Alloc) []*ssa.Store {
	var out []*ssa.Store
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			out = append(out, ref)
		case *ssa.IndexAddr:
			for _, r := range *ref.Referrers() {
				if st, ok := r.(*ssa.Store); ok {
					out = append(out, st)
				}
			}
		}
	}
	return out
}
