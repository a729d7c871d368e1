package chanclose

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// saysClosed reports whether a branch is taken only where the channel is closed
// already: it finds a variable set that is set only next to a close, as in
//
//	if !b.closed {
//		b.closed = true
//		close(b.c)
//	}
//
// Only whoever found it not yet set may set it: then a path that does that and
// does not close is one without this branch, and found by itself. What is set
// for another reason, such as a failure, says nothing of the channel.
func (s *subject) saysClosed(dec flow.Decision) bool {
	if s.countsClosers(dec) {
		return true
	}
	found, ok := s.tested(dec)
	if !ok {
		return false
	}
	set, other := false, false
	for _, w := range s.writes(found.flag) {
		switch {
		case w.value == nil:
			return false // no flag
		case !found.is(w.value):
			other = true
		case !s.nextToClose(w, found.flag):
			return false
		default:
			set = true
		}
	}
	return set && (other || !found.is(found.zero))
}

// countsClosers reports whether a branch goes around a close because an atomic
// counter says that another goroutine is the one to execute it.
func (s *subject) countsClosers(dec flow.Decision) bool {
	cmp, ok := dec.If.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if name, _ := atomicCall(cmp.X); !strings.HasPrefix(name, "Add") {
		return false
	}
	return slices.ContainsFunc(s.closes, func(k *model.Op) bool {
		inst, _, at := part(dec.Inst, dec.If, k.Inst, k.Instr)
		return inst == dec.Inst && behind(otherwise(dec), at)
	})
}

// otherwise returns the block to which a branch did not go.
func otherwise(dec flow.Decision) *ssa.BasicBlock {
	if dec.Then {
		return dec.If.Block().Succs[1]
	}
	return dec.If.Block().Succs[0]
}

// behind reports whether an instruction is executed only if control comes to a
// block by the branch that leads there.
func behind(b *ssa.BasicBlock, instr ssa.Instruction) bool {
	return len(b.Preds) == 1 && b.Dominates(instr.Block())
}

// A flag is a variable that a close may depend on.
type flag struct {
	field   *types.Var
	objects []model.Loc // that the field belongs to; empty if that cannot be told
	place   model.Ref   // of a variable that is no field
}

func (f flag) same(g flag) bool {
	if f.field != g.field || f.place != g.place {
		return false
	}
	return len(f.objects) == 0 || len(g.objects) == 0 ||
		slices.ContainsFunc(f.objects, func(l model.Loc) bool { return slices.Contains(g.objects, l) })
}

// flagAt returns the variable at an address, as those who made the address
// know it.
func (s *subject) flagAt(inst *model.Instance, addr ssa.Value) flag {
	for {
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			return flag{field: ir.FieldVar(v), objects: s.m.PointsTo(inst, v.X)}
		case *ssa.Global:
			return flag{place: model.Ref{Value: v}}
		case *ssa.FreeVar:
			if mc := inst.Closure(); mc != nil && inst.Env != nil {
				addr, inst = mc.Bindings[slices.Index(inst.Fn.FreeVars, v)], inst.Env
				continue
			}
		case *ssa.Parameter:
			if arg := inst.Argument(v); arg != nil {
				addr, inst = arg, inst.Parent
				continue
			}
		}
		return flag{place: model.Ref{Inst: inst, Value: addr}}
	}
}

// A test is what a branch found out about a flag: whether its value is such.
type test struct {
	flag flag
	zero constant.Value // what it is at first
	is   func(constant.Value) bool
}

// tested returns what a branch found out about a flag.
func (s *subject) tested(dec flow.Decision) (test, bool) {
	cond, then := dec.If.Cond, dec.Then
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, then = not.X, !then
	}
	want := constant.MakeBool(then)
	equal := true
	if eq, ok := cond.(*ssa.BinOp); ok {
		c, ok := eq.Y.(*ssa.Const)
		if !ok || c.Value == nil || eq.Op != token.EQL && eq.Op != token.NEQ {
			return test{}, false
		}
		cond, want, equal = eq.X, c.Value, (eq.Op == token.EQL) == then
	}
	f, ok := s.read(dec.Inst, cond)
	if name, args := atomicCall(cond); strings.HasPrefix(name, "CompareAndSwap") {
		old, isConst := args[1].(*ssa.Const)
		if !isConst || old.Value == nil || then {
			return test{}, false // then it is this branch that sets it
		}
		f, want, equal, ok = s.flagAt(dec.Inst, args[0]), old.Value, false, true
	}
	zero := zeroOf(want)
	return test{flag: f, zero: zero, is: func(v constant.Value) bool {
		return v.Kind() == want.Kind() && constant.Compare(v, token.EQL, want) == equal
	}}, ok && zero != nil
}

// zeroOf returns the zero value of a constant's type, or nil if flags are not of
// that type.
func zeroOf(c constant.Value) constant.Value {
	switch c.Kind() {
	case constant.Bool:
		return constant.MakeBool(false)
	case constant.Int:
		return constant.MakeInt64(0)
	}
	return nil
}

// read returns the flag of which v is the value: loaded, exchanged, or returned
// by a function that does no more than to load it.
func (s *subject) read(inst *model.Instance, v ssa.Value) (flag, bool) {
	for range 4 {
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			result := resultOf(load)
			if result == nil {
				return s.flagAt(inst, load.X), true
			}
			v = result
			continue
		}
		if name, args := atomicCall(v); strings.HasPrefix(name, "Load") || strings.HasPrefix(name, "Swap") {
			return s.flagAt(inst, args[0]), true
		}
		call, ok := v.(*ssa.Call)
		if !ok {
			break
		}
		callees := s.m.Callees(inst, call)
		if callees.Unknown || len(callees.Callees) != 1 {
			break
		}
		inst = callees.Callees[0]
		last := inst.Fn.Blocks[0].Instrs
		ret, ok := last[len(last)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			break
		}
		v = ret.Results[0]
	}
	return flag{}, false
}

// resultOf returns what a function returns where it stores that first and loads
// it again when its deferred calls have run, or nil for another load.
func resultOf(load *ssa.UnOp) ssa.Value {
	result, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var only *ssa.Store
	for _, ref := range *result.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if only != nil {
				return nil
			}
			only = ref
		case *ssa.UnOp:
		default:
			return nil // captured
		}
	}
	if only == nil || !ir.Dominates(only, load) {
		return nil
	}
	return only.Val
}

// atomicCall returns the name and the arguments, of which the first is the
// address, of a call of a function or method of sync/atomic; otherwise an empty
// name.
func atomicCall(v any) (name string, args []ssa.Value) {
	call, ok := v.(*ssa.Call)
	if !ok {
		return "", nil
	}
	f := ir.Object(&call.Call)
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != "sync/atomic" {
		return "", nil
	}
	want := f.Signature().Params().Len()
	if f.Signature().Recv() != nil {
		want++
	}
	if len(call.Call.Args) != want || want == 0 {
		return "", nil // of a method value, which has its receiver already
	}
	return f.Name(), call.Call.Args
}

// A write is an instruction that gives a flag a value, nil for one that is not
// constant.
type write struct {
	inst  *model.Instance
	instr ssa.Instruction
	value constant.Value
}

// writes returns the instructions of the model that may change a flag.
func (s *subject) writes(f flag) []write {
	var out []write
	for _, inst := range s.m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				addr, v := written(instr)
				if addr == nil || !s.flagAt(inst, addr).same(f) {
					continue
				}
				w := write{inst: inst, instr: instr}
				if c, ok := v.(*ssa.Const); ok {
					w.value = c.Value
				}
				out = append(out, w)
			}
		}
	}
	return out
}

// written returns the address that an instruction writes to and the new value,
// nil if that depends on the old one. A nil address means that it writes nothing.
func written(instr ssa.Instruction) (addr, value ssa.Value) {
	if st, ok := instr.(*ssa.Store); ok {
		return st.Addr, st.Val
	}
	name, args := atomicCall(instr)
	switch {
	case strings.HasPrefix(name, "Store"), strings.HasPrefix(name, "Swap"):
		return args[0], args[1]
	case strings.HasPrefix(name, "CompareAndSwap"):
		return args[0], args[2]
	case name != "" && !strings.HasPrefix(name, "Load"):
		return args[0], nil
	}
	return nil, nil
}

// nextToClose reports whether a write and a close of the channel belong
// together: in one block, or the write stands behind a test that found the flag
// not yet set, and the close does too or is one with the write where the ways to
// them part.
func (s *subject) nextToClose(w write, f flag) bool {
	inst, branch := s.unset(w, f)
	return slices.ContainsFunc(s.closes, func(k *model.Op) bool {
		if k.Inst == w.inst && k.Instr.Block() == w.instr.Block() {
			return true
		}
		at, a, b := part(w.inst, w.instr, k.Inst, k.Instr)
		switch {
		case inst == nil || at == nil:
			return false
		case at == inst && branch != nil && behind(branch, b):
			return true
		}
		return ir.Dominates(a, b) || ir.Dominates(b, a)
	})
}

// unset returns the block to which control passes where a test finds the flag not
// yet to be what a write makes it, if that leads to the write, and the instance
// of the test. An atomic exchange is its own test, without a block.
func (s *subject) unset(w write, f flag) (*model.Instance, *ssa.BasicBlock) {
	if name, _ := atomicCall(w.instr); strings.Contains(name, "Swap") {
		return w.inst, nil
	}
	instr := w.instr
	for inst := w.inst; inst != nil && instr != nil; inst, instr = inst.Parent, inst.Site {
		for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
			dom := b.Idom()
			branch, ok := dom.Instrs[len(dom.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			for i, succ := range dom.Succs {
				if !behind(succ, instr) {
					continue
				}
				if t, ok := s.tested(flow.Decision{Inst: inst, If: branch, Then: i == 0}); ok && t.flag.same(f) && !t.is(w.value) {
					return inst, succ
				}
			}
		}
	}
	return nil, nil
}

// part returns the innermost instance from which control comes to both of two
// instructions, and the instructions in it that are them or lead to them.
func part(i *model.Instance, a ssa.Instruction, j *model.Instance, b ssa.Instruction) (inst *model.Instance, x, y ssa.Instruction) {
	for ; i != nil; i, a = i.Parent, i.Site {
		at := b
		for k := j; k != nil; k, at = k.Parent, k.Site {
			if k == i {
				return i, a, at
			}
		}
	}
	return nil, nil, nil
}
