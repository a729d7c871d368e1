package witness

import (
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/syntax"
	"github.com/concurlint/concurlint/internal/verdict"
)

// advice says what would let a stuck operation proceed, for a reader who is offered
// no edit. It names what the program lacks, not how to write it: that depends on
// what the values are for.
func (t *Teller) advice(s verdict.Stuck) string {
	_, operand := t.eng.Syntax.Operation(s.Op.Pos)
	name := syntax.Text(operand)
	if name == "" {
		name = "the channel"
	}
	if s.Op.Nil {
		return "make the channel before this"
	}
	switch s.Op.Kind {
	case machine.OpLock, machine.OpRLock, machine.OpOnce:
		return "take locks in one order everywhere, unlock with defer, and wait for nothing else while one is held"
	case machine.OpCondWait:
		return "call Signal or Broadcast after each change of what the condition reads"
	}
	if _, ok := t.other(s); ok && s.Op.Kind != machine.OpWait && s.Op.Kind != machine.OpGroupWait {
		return "the two wait for each other: let one of them do its operations in the other order, or in a select with a case for the other's end"
	}
	if t.elsewhere(s.Op) != "" && s.G.Site != nil {
		switch s.Op.Kind {
		case machine.OpSend, machine.OpReceive, machine.OpSelect:
			return "use what this call returns to its end on every path: take all values, cancel its context, or call what stops it, with defer"
		}
	}
	switch s.Op.Kind {
	case machine.OpSend:
		return "let the receiver take all values, make room in " + name + " for those that it leaves, or put this send into a select with a case for the receiver's end, such as <-ctx.Done()"
	case machine.OpReceive:
		if len(s.Op.Chans) > 0 && s.Op.Chans[0].Context() != nil {
			return "call its cancel function, deferred, where the context is made"
		}
		return "close " + name + " on every path of its sender, with defer, or put this receive into a select with a case for the sender's end"
	case machine.OpSelect:
		return "close one of its channels, or cancel its context, on every path of the goroutine that is to end this one"
	case machine.OpWait, machine.OpGroupWait:
		return "each Add needs its Done on every path: call Done with defer, first in the goroutine, and receive what the goroutines send before this Wait or beside it"
	case machine.OpAcquire:
		return "release with defer, right after the Acquire whose error is nil"
	}
	return ""
}
