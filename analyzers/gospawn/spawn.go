package gospawn

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// A spawn is one start of a goroutine in one instance of the model.
type spawn struct {
	inst    *model.Instance
	site    ssa.CallInstruction
	op      api.Op          // api.None for a go statement
	threads []*model.Thread // none if what it runs cannot be seen
}

// starts reports whether a call starts a goroutine.
func starts(site ssa.CallInstruction) bool {
	if _, ok := site.(*ssa.Go); ok {
		return true
	}
	switch ir.Op(site.Common()) {
	case api.WGGo, api.EGGo, api.EGTryGo:
		return true
	}
	return false
}

// spawnSites returns the starts of goroutines in a function.
func spawnSites(fn *ssa.Function) []ssa.CallInstruction {
	var out []ssa.CallInstruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if site, ok := instr.(ssa.CallInstruction); ok && starts(site) {
				out = append(out, site)
			}
		}
	}
	return out
}

// spawns returns the starts in all instances of the model.
func (f *finder) spawns() []*spawn {
	var out []*spawn
	for _, inst := range f.m.Instances {
		if nested(inst) {
			continue // cut off by the model, and looked at as the outer one
		}
		for _, site := range spawnSites(inst.Fn) {
			s := &spawn{inst: inst, site: site, op: ir.Op(site.Common())}
			for _, t := range f.m.Threads {
				if t.Inst == inst && t.Site == site {
					s.threads = append(s.threads, t)
				}
			}
			if f.prog.IsLinked(inst.Fn) && !f.wraps(s) {
				continue
			}
			out = append(out, s)
		}
	}
	return out
}

// wraps reports whether a function of another package starts a goroutine for its
// caller: one that runs code of this package. What it starts for itself is its own
// affair.
func (f *finder) wraps(s *spawn) bool {
	return len(s.threads) > 0 && !slices.ContainsFunc(s.threads, func(t *model.Thread) bool { return f.prog.IsLinked(t.Root.Fn) })
}

// nested reports whether an instance is a recursive call.
func nested(inst *model.Instance) bool {
	for a := inst.Parent; a != nil; a = a.Parent {
		if a.Fn == inst.Fn {
			return true
		}
	}
	return false
}

// A step is an instruction on the way to a start: the start itself, or the
// call through which its function is reached.
type step struct {
	inst *model.Instance
	at   ssa.Instruction
}

// A turn is a repetition of a start: a loop around a step of its chain, or a
// call that runs the body once per element.
type turn struct {
	chain []step // from the start up to the repeated step
	inst  *model.Instance
	loop  *ir.Loop // nil for a callback

	call ssa.CallInstruction // of the function that repeats the callback
	body *model.Instance     // the callback
}

// at returns the instruction that is repeated.
func (t *turn) at() ssa.Instruction { return t.chain[len(t.chain)-1].at }

// caller returns the step that executes inst, within its goroutine, or false
// if inst is what the goroutine runs.
func (f *finder) caller(inst *model.Instance) (step, bool) {
	if inst.Thread.Root != inst && inst.Parent != nil && inst.Site != nil {
		return step{inst.Parent, inst.Site}, true
	}
	// The body of a range over a function is a callback for the model. It is
	// run by the loop's own goroutine.
	if ir.IsLoopBody(inst.Fn) && inst.Env != nil && inst.Closure() != nil {
		for _, ref := range *inst.Closure().Referrers() {
			if call, ok := ref.(*ssa.Call); ok {
				return step{inst.Env, call}, true
			}
		}
	}
	return step{}, false
}

// chain returns the steps from an instruction up to what its goroutine runs.
func (f *finder) chain(inst *model.Instance, at ssa.Instruction) []step {
	chain := []step{{inst, at}}
	for len(chain) < 20 {
		up, ok := f.caller(inst)
		if !ok {
			break
		}
		if call, ok := up.at.(ssa.CallInstruction); ok && ir.Op(call.Common()) == api.OnceDo {
			break // at most once, whatever is around it
		}
		chain = append(chain, up)
		inst = up.inst
	}
	return chain
}

// turns returns the repetitions of a chain's first step, the innermost first.
func (f *finder) turns(chain []step) []*turn {
	var out []*turn
	for i, st := range chain {
		if i > 0 {
			if t := callbackTurn(chain[:i+1], chain[i-1].inst); t != nil {
				out = append(out, t)
			}
		}
		for l := f.prog.Loops(st.inst.Fn).Innermost(st.at.Block()); l != nil; l = l.Parent {
			out = append(out, &turn{chain: chain[:i+1], inst: st.inst, loop: l})
		}
	}
	return out
}

// callbackTurn returns the repetition of a callback by code that cannot be
// seen, such as filepath.WalkDir or an iterator, or nil.
func callbackTurn(chain []step, body *model.Instance) *turn {
	last := chain[len(chain)-1]
	call, ok := last.at.(ssa.CallInstruction)
	if !ok || call.Common().StaticCallee() == body.Fn {
		return nil
	}
	if _, ok := call.Common().Value.(*ssa.MakeClosure); ok {
		return nil // called, not passed on
	}
	passed := false
	for _, arg := range call.Common().Args {
		passed = passed || functionOf(arg) == body.Fn
	}
	if !passed {
		return nil
	}
	return &turn{chain: chain, inst: last.inst, call: call, body: body}
}

// functionOf returns the function that a function value is, or nil.
func functionOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return functionOf(v.X)
	}
	return nil
}

// within returns the steps from an instruction up to the repeated function or
// callback, or nil if it is not part of the turn.
func (f *finder) within(t *turn, inst *model.Instance, at ssa.Instruction) []step {
	path := []step{{inst, at}}
	for range 20 {
		if t.loop != nil && inst == t.inst {
			if t.loop.Contains(at.Block()) {
				return path
			}
			return nil
		}
		if t.body != nil && inst == t.body {
			if endsLoop(at.Block()) {
				return nil
			}
			return path
		}
		up, ok := f.caller(inst)
		if !ok {
			return nil
		}
		inst, at = up.inst, up.at
		path = append(path, up)
	}
	return nil
}

// endsLoop reports whether all ways from a block of the body of a range over a function
// leave the loop: the body then asks for no more elements.
func endsLoop(from *ssa.BasicBlock) bool {
	if !ir.IsLoopBody(from.Parent()) {
		return false
	}
	for _, b := range from.Parent().Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 || b != from && !blockReaches(nil, from.Succs, b) {
			continue
		}
		if c, ok := ret.Results[0].(*ssa.Const); !ok || c.Value == nil || constant.BoolVal(c.Value) {
			return false
		}
	}
	return true
}

// before reports whether, in one turn, the instruction with the given path can
// be executed before the start.
func (f *finder) before(t *turn, path []step) bool { return f.ordered(t, path, t.chain) }

// ordered reports whether, in one turn, the first step of path a can be
// executed before the first step of path b.
func (f *finder) ordered(t *turn, a, b []step) bool {
	for _, x := range a {
		for _, y := range b {
			if x.inst != y.inst {
				continue
			}
			if x.at == y.at {
				return false
			}
			return reaches(f.loopIn(t, x.inst), x.at, y.at)
		}
	}
	return false
}

// loopIn returns the turn's loop if it is one of inst's function.
func (f *finder) loopIn(t *turn, inst *model.Instance) *ir.Loop {
	if t.loop != nil && inst == t.inst {
		return t.loop
	}
	return nil
}

// reaches reports whether control can pass from a to b without a new turn of
// the loop; a nil loop sets no bound.
func reaches(loop *ir.Loop, a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && ir.Index(a) < ir.Index(b) {
		return true
	}
	return blockReaches(loop, a.Block().Succs, b.Block())
}

// blockReaches reports whether control can pass from one of the blocks to
// another without a new turn of the loop.
func blockReaches(loop *ir.Loop, from []*ssa.BasicBlock, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := append([]*ssa.BasicBlock(nil), from...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || loop != nil && (!loop.Contains(b) || b == loop.Header) {
			continue
		}
		if b == to {
			return true
		}
		seen[b] = true
		work = append(work, b.Succs...)
	}
	return false
}

// trivial reports whether the goroutine does nothing but a call that ends at
// once: close of a channel, cancel of a context, Close of something.
func (f *finder) trivial(s *spawn) bool {
	if obj := ir.Object(s.site.Common()); obj != nil && s.op == api.None {
		if ends(obj) {
			return true
		}
	}
	if len(s.threads) != 1 {
		return false
	}
	calls := 0
	for _, b := range s.threads[0].Root.Fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.Select, *ssa.Go:
				return false
			case ssa.CallInstruction:
				common := instr.Common()
				switch {
				case ir.IsBuiltin(common, "close"), ends(ir.Object(common)), isCancel(common.Value):
					calls++
				case ir.Op(common) == api.WGDone:
				default:
					return false
				}
			}
		}
	}
	return calls > 0
}

// ends reports whether a method only ends something.
func ends(obj *types.Func) bool {
	if obj == nil || obj.Signature().Recv() == nil || obj.Signature().Params().Len() > 0 {
		return false
	}
	switch obj.Name() {
	case "Close", "Cancel", "Stop":
		return true
	}
	return false
}

// isCancel reports whether a value is of type context.CancelFunc.
func isCancel(v ssa.Value) bool {
	n := api.Named(v.Type())
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}
