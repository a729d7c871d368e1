package semrelease

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

// kind tells the analysis of locks what semaphores are, and what is done to
// them: to it, they are locks that several goroutines hold for reading.
func (c *checker) kind() locks.Kind {
	c.channels = findChannels(c.prog)
	c.by = make(map[*family]acquirer)
	return locks.Kind{Ops: c.ops, Releases: isRelease, Handle: c.isHandle, Counted: true}
}

func isRelease(method *types.Func) bool { return api.Of(method) == api.SemRelease }

// isHandle reports whether a value of type t is a semaphore, perhaps.
func (c *checker) isHandle(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	return api.IsSemaphore(t)
}

// ops returns what an instruction does to semaphores.
func (c *checker) ops(instr ssa.Instruction) []locks.Op {
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		if op, ok := c.weighted(instr); ok {
			return []locks.Op{op}
		}
	case *ssa.Send:
		if ops := c.channelOp(instr.Chan, true, nil); !c.channels.filling[instr] {
			return ops
		}
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return c.channelOp(instr.X, false, nil)
		}
	case *ssa.Select:
		var ops []locks.Op
		for i, state := range instr.States {
			chosen := &locks.Outcome{Value: instr, Equals: strconv.Itoa(i)}
			ops = append(ops, c.channelOp(state.Chan, state.Dir == types.SendOnly, chosen)...)
		}
		return ops
	}
	return nil
}

// weighted returns what a call does to a semaphore of x/sync.
func (c *checker) weighted(call ssa.CallInstruction) (locks.Op, bool) {
	common := call.Common()
	op := locks.Op{Read: true}
	weight := len(common.Args) - 1
	switch ir.Op(common) {
	case api.SemAcquire:
		out := success(call, "nil")
		if weight >= 1 && c.mayEnd(common.Args[weight-1], 0) {
			op.Do, op.If = locks.Try, out
		} else {
			op.Then = out
		}
	case api.SemTryAcquire:
		op.Do, op.If = locks.Try, success(call, "true")
	case api.SemRelease:
		op.Do = locks.Release
	default:
		return op, false
	}
	op.On = locks.Receiver(common)
	if weight < 0 || op.On == nil {
		return op, false
	}
	if n, ok := constInt(common.Args[weight]); ok {
		op.Weight = n
	}
	return op, true
}

// success returns the outcome in which a call acquires, or nil where its result
// does not tell, since it gets where it is not followed: to a function that may
// not return, or may decide what follows.
func success(acquire ssa.CallInstruction, result string) *locks.Outcome {
	v := acquire.Value()
	if v == nil {
		return nil
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if !isVariable(ref.Addr) {
				return nil
			}
		case ssa.CallInstruction:
			common := ref.Common()
			if common.Value != v && !api.Formats(ir.Object(common)) {
				return nil
			}
		}
	}
	return &locks.Outcome{Value: v, Equals: result}
}

// isVariable reports whether an address is that of a variable of a function.
func isVariable(addr ssa.Value) bool {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

func constInt(v ssa.Value) (int64, bool) {
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return 0, false
	}
	return k.Int64(), true
}

// mayEnd reports whether a context can be cancelled. One that cannot makes
// Acquire wait until it succeeds.
func (c *checker) mayEnd(ctx ssa.Value, depth int) bool {
	if depth > 6 {
		return true
	}
	switch v := ctx.(type) {
	case *ssa.ChangeInterface:
		return c.mayEnd(v.X, depth+1)
	case *ssa.Call:
		obj := ir.Object(&v.Call)
		switch {
		case api.Of(obj) == api.CtxRoot, api.Of(obj) == api.CtxWithoutCancel, api.MakerOf(obj) == api.TestContext:
			return false
		case api.Of(obj) == api.CtxDerive && obj.Name() == "WithValue":
			return c.mayEnd(v.Call.Args[0], depth+1)
		}
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok {
			return c.anyMayEnd(stored(a), depth)
		}
		if fv, ok := v.X.(*ssa.FreeVar); ok {
			if a, ok := bound(fv).(*ssa.Alloc); ok {
				return c.anyMayEnd(stored(a), depth)
			}
		}
	case *ssa.Phi:
		return c.anyMayEnd(v.Edges, depth)
	case *ssa.Parameter:
		if fn := v.Parent(); fn.Parent() == nil && !c.channels.callable(fn) {
			return c.anyMayEnd(c.arguments(v), depth)
		}
	}
	return true
}

func (c *checker) anyMayEnd(values []ssa.Value, depth int) bool {
	for _, v := range values {
		if c.mayEnd(v, depth+1) {
			return true
		}
	}
	return len(values) == 0
}

// stored returns the values that are assigned to a variable.
func stored(a *ssa.Alloc) []ssa.Value {
	var values []ssa.Value
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			values = append(values, st.Val)
		}
	}
	return values
}

// arguments returns what the calls of a function pass for a parameter.
func (c *checker) arguments(p *ssa.Parameter) []ssa.Value {
	var values []ssa.Value
	for i, q := range p.Parent().Params {
		if p != q {
			continue
		}
		for _, call := range c.prog.Callers(p.Parent()) {
			if args := call.Common().Args; i < len(args) {
				values = append(values, args[i])
			}
		}
	}
	return values
}

// channelOp returns what a send or receive does, if the channel is a semaphore.
func (c *checker) channelOp(ch ssa.Value, send bool, chosen *locks.Outcome) []locks.Op {
	f := c.channels.family(ch)
	if f == nil {
		return nil
	}
	by, known := c.by[f]
	if !known {
		by = c.channels.acquiredBy(f)
		c.by[f] = by
	}
	if by == notSemaphore {
		return nil
	}
	op := locks.Op{On: ch, Read: true, If: chosen}
	if send != (by == bySend) {
		op.Do = locks.Release
	}
	return []locks.Op{op}
}
