package witness

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/syntax"
	"github.com/concurlint/concurlint/internal/verdict"
)

// reason says why an operation never proceeds.
func (t *Teller) reason(s verdict.Stuck) string {
	op := s.Op
	if why := t.turning(s); why != "" {
		return why
	}
	switch op.Kind {
	case machine.OpSend:
		return t.noReceiver(s)
	case machine.OpReceive:
		return t.noSender(s)
	case machine.OpSelect:
		return "none of its cases can proceed any more" + t.partner(s)
	case machine.OpLock, machine.OpRLock:
		return t.locked(s)
	case machine.OpWait, machine.OpGroupWait:
		return t.counted(s)
	case machine.OpCondWait:
		return "no goroutine is left to call Signal or Broadcast" + t.partner(s)
	case machine.OpOnce:
		return "the function that it runs calls it again"
	case machine.OpGroupGo:
		return "the group is full, and none of its goroutines ends" + t.partner(s)
	case machine.OpAcquire:
		return "nobody is left to release it" + t.partner(s)
	}
	return "nothing can wake it"
}

// turning says of a goroutine that would help that it turns in a loop which nothing lets it
// leave.
func (t *Teller) turning(s verdict.Stuck) string {
	for _, mill := range verdict.Treadmills(t.m, s) {
		gate := mill.Gates[0]
		if !mill.G.Home.IsValid() || !t.place(gate.Pos).IsValid() {
			continue
		}
		return fmt.Sprintf("the goroutine started at %s stays in its loop until %s", t.line(mill.G.Home, s.Op.Pos), t.opening(gate, s))
	}
	return ""
}

// opening says what would let a goroutine out of its loop, and where it is, if it is to come
// after what is stuck.
func (t *Teller) opening(gate machine.Gate, s verdict.Stuck) string {
	name := "it"
	if _, operand := t.eng.Syntax.Operation(gate.Pos); operand != nil {
		name = syntax.Text(operand)
	}
	if gate.Chan.Context() != nil {
		return "its context is cancelled, which nobody is left to do"
	}
	if pos := t.closeAhead(gate.Chan, s.Op); pos.IsValid() {
		return fmt.Sprintf("%s is closed, which comes only after this (%s)", name, t.line(pos, s.Op.Pos))
	}
	return fmt.Sprintf("something comes from %s (%s), and nobody is left to send on it or close it", name, t.line(gate.Pos, s.Op.Pos))
}

// closeAhead returns the position of a close in the function of an operation that comes after
// it and is of a channel of that type, or NoPos.
func (t *Teller) closeAhead(c *machine.Chan, op *machine.Op) token.Pos {
	if op.In == nil || c.Site == nil {
		return token.NoPos
	}
	for in := range ir.Instrs(op.In.Parent()) {
		call, ok := in.(ssa.CallInstruction)
		_, deferred := in.(*ssa.Defer)
		if ok && ir.IsBuiltin(call.Common(), "close") && types.Identical(call.Common().Args[0].Type().Underlying(), c.Site.Type().Underlying()) && (ir.Reaches(op.In, in) || deferred && ir.Reaches(in, op.In)) {
			return t.place(in.Pos())
		}
	}
	return token.NoPos
}

// noReceiver says why nobody receives.
func (t *Teller) noReceiver(s verdict.Stuck) string {
	op := s.Op
	if op.Nil {
		return "the channel is nil"
	}
	if len(op.Chans) == 0 {
		return "no receiver is left"
	}
	c := op.Chans[0]
	prefix := ""
	if c.Cap > 0 {
		prefix = fmt.Sprintf("its buffer of %d is full and ", c.Cap)
	}
	if o, ok := t.other(s); ok {
		return prefix + fmt.Sprintf("the goroutine that would receive is stuck in %s (%s)", t.operation(o.Op), t.where(o.Op, op.Pos))
	}
	if g, n := ended(c, machine.OpReceive); n == 1 && g.Ended.IsValid() {
		return prefix + fmt.Sprintf("the only receiver has returned at %s", t.line(g.Ended, op.Pos))
	} else if n > 1 {
		return prefix + "all its receivers have returned"
	}
	if t.place(c.MakerLeft).IsValid() && s.G.ID != 0 {
		return prefix + fmt.Sprintf("no receiver is left after the return at %s", t.line(c.MakerLeft, op.Pos))
	}
	return prefix + "no goroutine receives from it"
}

// noSender says why nobody sends or closes.
func (t *Teller) noSender(s verdict.Stuck) string {
	op := s.Op
	if op.Nil {
		return "the channel is nil"
	}
	if len(op.Chans) > 0 && op.Chans[0].Context() != nil {
		return "the context is never cancelled" + t.partner(s)
	}
	if o, ok := t.other(s); ok {
		return fmt.Sprintf("the goroutine that would send or close is stuck in %s (%s)", t.operation(o.Op), t.where(o.Op, op.Pos))
	}
	if len(op.Chans) > 0 {
		if g, n := ended(op.Chans[0], machine.OpSend); n == 1 && g.Ended.IsValid() {
			return fmt.Sprintf("the only sender has returned at %s without closing it", t.line(g.Ended, op.Pos))
		} else if n > 1 {
			return "all its senders have returned and nobody closes it"
		}
	}
	return "no goroutine is left that sends on it or closes it"
}

// ended returns a goroutine that has done an operation on a channel and has
// ended, and the number of such goroutines.
func ended(c *machine.Chan, kind machine.OpKind) (last *machine.Goroutine, n int) {
	seen := make(map[*machine.Goroutine]bool)
	for _, u := range c.Uses() {
		if u.Kind == kind && u.G.Done && !seen[u.G] {
			seen[u.G] = true
			last = u.G
			n++
		}
	}
	return last, n
}

// other returns another goroutine of the knot.
func (t *Teller) other(s verdict.Stuck) (verdict.Stuck, bool) {
	for _, o := range t.p.Knot {
		if o.G != s.G {
			return o, true
		}
	}
	return verdict.Stuck{}, false
}

// partner tells of another goroutine of the knot.
func (t *Teller) partner(s verdict.Stuck) string {
	if o, ok := t.other(s); ok {
		return fmt.Sprintf(", and the goroutine that could help is stuck in %s (%s)", t.operation(o.Op), t.where(o.Op, s.Op.Pos))
	}
	return ""
}

// locked says who holds a lock.
func (t *Teller) locked(s verdict.Stuck) string {
	p, at := s.Op.Prim, s.Op.Pos
	holder, since, read := p.Owner, p.LockedAt, false
	if holder == nil && len(p.Readers) > 0 {
		r := p.Readers[0]
		for _, x := range p.Readers {
			if x.G == s.G {
				r = x
			}
		}
		holder, since, read = r.G, r.At, true
	}
	if holder == nil {
		return "it is never unlocked"
	}
	kind := "lock"
	if read {
		kind = "read lock"
	}
	switch {
	case holder == s.G && read && s.Op.Kind == machine.OpRLock:
		return fmt.Sprintf("this goroutine holds the read lock since %s, and a Lock that waits in between lets no reader in", t.line(since, at))
	case holder == s.G:
		return fmt.Sprintf("this goroutine holds the %s already, since %s", kind, t.line(since, at))
	case holder.Done:
		return fmt.Sprintf("the %s taken at %s is never released%s", kind, t.line(since, at), t.at(", the goroutine returns at %s", holder.Ended, at))
	}
	for _, o := range t.p.Finding.Stuck {
		if o.G == holder {
			return fmt.Sprintf("the goroutine that took the %s at %s is stuck in %s (%s)", kind, t.line(since, at), t.operation(o.Op), t.where(o.Op, at))
		}
	}
	return fmt.Sprintf("the %s is taken at %s", kind, t.line(since, at))
}

// at formats a line, if there is one.
func (t *Teller) at(format string, pos, from token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	return fmt.Sprintf(format, t.line(pos, from))
}

// counted says why the counter of a group does not become zero.
func (t *Teller) counted(s verdict.Stuck) string {
	p, at := s.Op.Prim, s.Op.Pos
	if o, ok := t.other(s); ok {
		return fmt.Sprintf("a goroutine that it waits for is stuck in %s (%s)", t.operation(o.Op), t.where(o.Op, at))
	}
	done := make(map[*machine.Goroutine]bool)
	for _, u := range p.Uses() {
		if u.Kind == machine.OpDone {
			done[u.G] = true
		}
	}
	for _, g := range t.m.Goroutines {
		if g.Done && !done[g] && g.Site != nil && t.m.MayDo(g, machine.ActDone) && g.Ended.IsValid() {
			return fmt.Sprintf("the goroutine started at %s returns at %s without calling Done", t.line(g.Home, at), t.line(g.Ended, at))
		}
	}
	if len(done) == 0 {
		return fmt.Sprintf("its counter is %d, and nobody calls Done", p.Count)
	}
	return fmt.Sprintf("its counter is still %d: Done is called less often than Add says", p.Count)
}
