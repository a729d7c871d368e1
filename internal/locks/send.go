package locks

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// sends notes the locks that are held at a send statement.
func (w *walker) sends(s *state, send *ssa.Send) {
	for _, h := range s.holds {
		if h.Held() {
			w.out.Sends = append(w.out.Sends, Send{h, send})
		}
	}
}

// SameOwner reports whether a lock and a channel are in fields of one object, as a function
// gets to them.
func (a *Analysis) SameOwner(lock *Path, channel ssa.Value) (field *types.Var, ok bool) {
	p := a.paths.Of(channel)
	if lock.Field == nil || !p.Deref || p.Base.Field == nil || p.Base.Base != lock.Base {
		return nil, false
	}
	return p.Base.Field, true
}

// TakenBeside returns the blocks in which a function takes a lock, itself or by a call,
// that is in a field of the object in another field of which it has found a channel.
func (a *Analysis) TakenBeside(fn *ssa.Function, ch ssa.Value, channel, field *types.Var, read bool) []*ssa.BasicBlock {
	f := a.funcs[fn]
	p := a.paths.Of(ch)
	if f == nil || !p.Deref || p.Base.Field != channel || p.Base.Base == nil {
		return nil
	}
	var out []*ssa.BasicBlock
	for b := range f.sum.taken[takenKey{a.paths.field(p.Base.Base, field), read}] {
		out = append(out, b)
	}
	return out
}

// Takes reports whether an instruction takes a lock, or calls what operates on one.
func (a *Analysis) Takes(in ssa.Instruction) bool {
	for _, op := range a.kind.Ops(in) {
		return op.Do == Take
	}
	call, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	callee := a.prog.StaticCallee(call)
	return callee != nil && a.touches[callee]
}
