package gospawn

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/model"
)

// queued reports whether the turn passes what its goroutine will answer on, such as a
// channel, through another channel that has room for a few of them, and whoever
// receives it waits for the answer before it takes the next: results that are
// computed at the same time and used in order. Once the queue is full, the loop waits.
func (f *finder) queued(t *turn, started map[*model.Thread]bool) bool {
	answers := f.answers(t, started)
	if len(answers) == 0 {
		return false
	}
	for _, op := range f.m.Ops() {
		if op.Kind != model.Send || started[op.Inst.Thread] || f.within(t, op.Inst, op.Instr) == nil || f.skipped(t, op) {
			continue
		}
		queue, ok := op.Value().Type().Underlying().(*types.Chan)
		if !ok || !slices.ContainsFunc(answers, func(a types.Type) bool { return carries(queue.Elem(), a, 0) }) {
			continue
		}
		if !slices.ContainsFunc(op.On, func(l model.Loc) bool { return !f.heldUp(l, answers) }) {
			return true
		}
	}
	return false
}

// answers returns the element types of the channels of the turn on which its
// goroutines send, or which they close.
func (f *finder) answers(t *turn, started map[*model.Thread]bool) []types.Type {
	var out []types.Type
	for _, op := range f.m.Ops() {
		if op.Kind != model.Send && op.Kind != model.Close || !started[op.Inst.Thread] {
			continue
		}
		c, ok := op.Value().Type().Underlying().(*types.Chan)
		if ok && slices.ContainsFunc(op.On, func(l model.Loc) bool { return f.ofTurn(t, l) }) {
			out = append(out, c.Elem())
		}
	}
	return out
}

// carries reports whether a value of type t is, or holds, a channel of the given
// elements.
func carries(t, elem types.Type, depth int) bool {
	if depth > 3 {
		return false
	}
	depth++
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return types.Identical(u.Elem(), elem)
	case *types.Pointer:
		return carries(u.Elem(), elem, depth)
	case *types.Struct:
		for field := range u.Fields() {
			if carries(field.Type(), elem, depth) {
				return true
			}
		}
	}
	return false
}

// heldUp reports whether senders on a channel have to wait for the answers to what
// they sent before: the buffer is not made for the whole input, and whoever can be
// seen to receive waits for an answer in the same loop.
func (f *finder) heldUp(l model.Loc, answers []types.Type) bool {
	if made, ok := l.Obj.Site.(*ssa.MakeChan); ok && fromLength(made.Size) {
		return false
	}
	seen, waits := false, false
	for _, op := range f.m.OpsOn(l) {
		if op.Kind != model.Receive {
			continue
		}
		seen = true
		waits = waits || f.waitsInTurn(op, answers)
	}
	return waits || !seen // by code that cannot be seen
}

// waitsInTurn reports whether the loop around a receive waits for an answer in each
// turn.
func (f *finder) waitsInTurn(op *model.Op, answers []types.Type) bool {
	loop := f.prog.Loops(op.Inst.Fn).Innermost(op.Instr.Block())
	if loop == nil {
		return true // one at a time, as often as its function is called
	}
	turn := &turn{chain: []step{{op.Inst, op.Instr}}, inst: op.Inst, loop: loop}
	return slices.ContainsFunc(f.m.Ops(), func(o *model.Op) bool {
		c, ok := o.Value().Type().Underlying().(*types.Chan)
		return ok && o.Kind == model.Receive && o != op && slices.ContainsFunc(answers, func(a types.Type) bool { return types.Identical(a, c.Elem()) }) &&
			f.within(turn, o.Inst, o.Instr) != nil
	})
}
