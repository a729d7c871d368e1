package chanclose

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/model"
)

// neverClosed reports a drain of a channel all of whose operations are known
// that no close ends: there is none, it comes only after the drain, or a path
// of the goroutine that should close leaves it out.
func (s *subject) neverClosed() bool {
	for _, d := range s.drains {
		if !s.matters(d) || d.told && len(s.closes) > 0 {
			continue
		}
		if len(s.closes) == 0 {
			s.reportNever(d)
			return true
		}
		switch closed, known := s.closedBefore(d); {
		case !known:
			continue
		case !closed:
			s.reportOnlyAfter(d)
			return true
		}
		if s.skippedClose(d) {
			return true
		}
	}
	return false
}

// matters reports whether it is a fault if the drain d never ends: everybody
// who could still send can come to an end, and the drain's goroutine is not one
// that may live as long as the process.
func (s *subject) matters(d drain) bool {
	if len(s.sends) == 0 && !s.signalsStopped() {
		return false // a channel that only blocks, on purpose
	}
	prog := s.eng.Program()
	for _, send := range s.sends {
		t := send.Inst.Thread
		if t.Kind == model.Callback {
			return false // run by unknown code, forever perhaps
		}
		if t != d.op.Inst.Thread && !prog.CanReturn(t.Root.Fn) {
			return false // sends without end
		}
	}
	main := s.m.Root
	if d.op.Inst.Thread == main.Thread {
		return true
	}
	if d.op.Inst.Thread.Kind == model.Callback || !prog.CanReturn(main.Fn) {
		return false
	}
	if s.endsWithProcess(main.Fn) || s.kept() {
		return s.awaited(d.op.Inst.Thread) // it may be meant to live on
	}
	return true
}

// endsWithProcess reports whether what a function leaves behind lives no longer
// than is meant: until the end of the process, which comes soon after that of
// its last test.
func (s *subject) endsWithProcess(fn *ssa.Function) bool {
	if s.eng.Program().RunsOnce(fn) {
		return true
	}
	file := s.eng.Fset.File(fn.Pos())
	return file != nil && strings.HasSuffix(file.Name(), "_test.go")
}

// signalsStopped reports whether the channel gets signals, up to a Stop.
func (s *subject) signalsStopped() bool {
	return slices.ContainsFunc(s.signals, func(op *model.Op) bool { return op.Call == api.SignalStop })
}

// awaited returns whether the root waits for a thread to end, directly or
// through others.
func (s *subject) awaited(t *model.Thread) bool { return s.waitFor(t) != nil }

// waitFor returns the operation of the root's thread that waits for t, or nil.
func (s *subject) waitFor(t *model.Thread) *model.Op {
	for _, op := range s.m.Ops() {
		if op.Inst.Thread != s.m.Root.Thread {
			continue
		}
		switch {
		case op.Kind == model.Receive, op.Call == api.WGWait, op.Call == api.EGWait:
			if s.m.Joins.WaitsFor(op, t, nil) {
				return op
			}
		}
	}
	return nil
}

// closedBefore reports whether a close can be executed while the drain d has not
// ended, in its own thread or in one that is started before its end. It is not known
// where there are too many paths.
func (s *subject) closedBefore(d drain) (closed, known bool) {
	started := map[*model.Thread]bool{}
	reached := false // not so if a recursion, which is not followed, comes first
	t := d.op.Inst.Thread
	matter := s.leadingTo(t, d)
	known = flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			reached = reached || op == d.op
			closed = closed || op.Kind == model.Close && on(op, s.c)
			return st, true
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			started[u] = true
			return st, true
		},
		Branch: d.open, // beyond the drain's end nothing can end it
		Enter:  func(inst *model.Instance) bool { return matter[inst] },
		Done:   func() bool { return reached && closed },
	})
	if !known || !reached {
		return false, false
	}
	closed = closed || slices.ContainsFunc(s.closes, func(op *model.Op) bool {
		if op.Inst.Thread == t {
			return false // as the walk has seen
		}
		u := t.Child(op.Inst.Thread)
		return op.Inst.Thread.Kind == model.Callback || u != nil && started[u] || u == nil && s.comesFirst(op, d)
	})
	return closed, true
}

// leadingTo returns the instances of thread t through which it gets to the drain d, to
// a close or to the start of a goroutine that closes. What it does in others changes
// nothing but which paths there are, and too many of them only keep a report back.
func (s *subject) leadingTo(t *model.Thread, d drain) map[*model.Instance]bool {
	lead := make(map[*model.Instance]bool)
	mark := func(inst *model.Instance) {
		for ; inst != nil && inst.Thread == t; inst = inst.Parent {
			lead[inst] = true
		}
	}
	mark(d.op.Inst)
	for _, op := range s.closes {
		switch u := t.Child(op.Inst.Thread); {
		case op.Inst.Thread == t:
			mark(op.Inst)
		case u != nil:
			mark(u.Inst)
		}
	}
	return lead
}

// comesFirst reports whether a close in another goroutine may be executed while
// the drain d has not ended. That it may not is certain only where the goroutine
// that started the drain's, directly or through others, first waits for that one
// itself.
func (s *subject) comesFirst(k *model.Op, d drain) bool {
	t := k.Inst.Thread
	branch := t.Child(d.op.Inst.Thread)
	if branch == nil {
		return true
	}
	const running, joined flow.State = 1, 2
	first, reached := false, false
	complete := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if u == branch {
				st |= running
			}
			return st, !first
		},
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case op == k:
				reached = true
				first = first || st != running|joined
			case st&running != 0 && op.State < 0 && s.waitsForEnd(op, d):
				st |= joined
			}
			return st, !first
		},
		Done: func() bool { return first },
	})
	return first || !complete || !reached
}

// waitsForEnd reports whether an operation returns only when the drain d has
// ended: it Waits for the drain's goroutine, or receives what only that one
// sends or closes, behind the drain.
func (s *subject) waitsForEnd(op *model.Op, d drain) bool {
	if op.Call == api.WGWait || op.Call == api.EGWait {
		return s.counts(op, d.op)
	}
	if op.Kind != model.Receive || len(op.On) != 1 || !op.On[0].Own() || op.On[0].Escaped() || on(op, s.c) {
		return false
	}
	told := false
	for _, o := range s.m.OpsOn(op.On[0]) {
		if o.Kind != model.Send && o.Kind != model.Close {
			continue
		}
		if o.Inst.Thread != d.op.Inst.Thread || !atEndOf(o, d.op) && !s.m.Joins.NeverAfter(o.Inst.Thread, o, d.op) {
			return false
		}
		told = true
	}
	return told
}

func on(op *model.Op, l model.Loc) bool {
	for _, o := range op.On {
		if o == l {
			return true
		}
	}
	return false
}

// States of the walk that looks for a path without the close.
const (
	started  flow.State = 1 << iota // the drain's goroutine, by the walked one
	closed                          // or handed to a goroutine that closes
	signaled                        // the drain's goroutine, in another way
)

// tells reports whether a send or close on another channel may tell the
// drain's goroutine not to drain: it receives from that channel.
func (s *subject) tells(op *model.Op, d drain) bool {
	for _, l := range op.On {
		if !l.Own() {
			return true
		}
		for _, r := range s.m.OpsOn(l) {
			if r.Kind == model.Receive && r.Inst.Thread == d.op.Inst.Thread && s.precedes(r, d) {
				return true
			}
		}
	}
	return false
}

// precedes reports whether an operation of the drain's thread may be executed
// before the drain has ended.
func (s *subject) precedes(op *model.Op, d drain) bool {
	found := false
	ok := flow.Walk(s.m.Model, d.op.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, o *model.Op, _ *flow.Path) (flow.State, bool) {
			found = found || o == op
			return st, true
		},
		Branch: d.open,
		Done:   func() bool { return found },
	})
	return found || !ok
}

// open admits the branches of a path on which the drain does not end.
func (d drain) open(_ flow.State, dec flow.Decision) bool {
	return !(dec.Inst == d.op.Inst && dec.If == d.test && (d.done == 0) == dec.Then)
}

// pos returns the position of an instruction, or of the thing that made a
// function where it has none.
func pos(instr ssa.Instruction) token.Pos {
	if p := instr.Pos(); p.IsValid() {
		return p
	}
	return instr.Parent().Pos()
}

func (s *subject) line(p, from token.Pos) string { return s.eng.Syntax.LineOf(p, from) }
