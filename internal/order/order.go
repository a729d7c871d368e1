// Package order says which goroutines of a model may wait for which: where a
// thread stands after an operation that returns only once another thread has
// come to a certain point.
//
// "May" is meant generously. The checks report an order that nothing
// establishes, so whatever might establish it counts: a receive from a channel
// on which the other thread sends or which it closes, a Wait for a group in
// which it is counted, and whatever waits for a thread that waits for it.
package order

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// Joins answers which threads an operation may wait for.
type Joins struct {
	m      *model.Model
	direct map[*model.Thread][]*model.Op // the operations of a thread that wait
	tasks  map[*model.Thread]*model.Op   // the Go method that started it
	turns  map[*model.Op]bool            // see takesTurns
}

// New prepares the answers for a model.
func New(m *model.Model) *Joins {
	j := &Joins{m: m, direct: make(map[*model.Thread][]*model.Op), tasks: make(map[*model.Thread]*model.Op), turns: make(map[*model.Op]bool)}
	for _, op := range m.Ops() {
		if op.Call == api.CondWait && j.takesTurns(op) {
			j.turns[op] = true
		} else if j.waits(op) {
			j.direct[op.Inst.Thread] = append(j.direct[op.Inst.Thread], op)
		}
	}
	for _, t := range m.Threads {
		if t.Site == nil {
			continue
		}
		for _, op := range m.OpsAt(t.Inst, t.Site) {
			switch op.Call {
			case api.WGGo, api.EGGo, api.EGTryGo:
				j.tasks[t] = op
			}
		}
	}
	return j
}

// waits reports whether an operation waits for another thread.
func (j *Joins) waits(op *model.Op) bool {
	switch op.Kind {
	case model.Send, model.Receive:
		return true
	case model.Method:
		switch op.Call {
		case api.WGWait, api.EGWait, api.SemAcquire:
			return true
		case api.CondWait:
			return !j.turns[op]
		}
	}
	return false
}

// takesTurns reports whether a Wait of a Cond is in a loop until a flag has a
// value that the waiting thread gives it as well, and wakes others for: they take
// turns, as with a lock. Whoever comes first need not wait, so it tells nothing of
// the others.
func (j *Joins) takesTurns(wait *model.Op) bool {
	flag, until := awaited(j.m.Prog, wait.Instr)
	if flag == nil {
		return false
	}
	at := j.m.PointsTo(wait.Inst, flag)
	gives := false
	for _, inst := range j.m.Instances {
		if inst.Thread != wait.Inst.Thread {
			continue
		}
		for instr := range ir.Instrs(inst.Fn) {
			if st, ok := instr.(*ssa.Store); ok && overlap(at, j.m.PointsTo(inst, st.Addr)) {
				c, ok := st.Val.(*ssa.Const)
				gives = gives || ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) == until
			}
		}
	}
	return gives && slices.ContainsFunc(j.m.Ops(), func(op *model.Op) bool {
		return op.Call == api.CondWake && op.Inst.Thread == wait.Inst.Thread && overlap(op.On, wait.On)
	})
}

// awaited returns the address of the flag that the loop around a Wait looks at,
// and the value with which the loop ends, or nil.
func awaited(prog *ir.Program, wait ssa.Instruction) (flag ssa.Value, until bool) {
	loop := prog.Loops(wait.Parent()).Innermost(wait.Block())
	if loop == nil {
		return nil, false
	}
	test, ok := loop.Header.Instrs[len(loop.Header.Instrs)-1].(*ssa.If)
	if !ok || loop.Contains(loop.Header.Succs[0]) == loop.Contains(loop.Header.Succs[1]) {
		return nil, false
	}
	until = loop.Contains(loop.Header.Succs[1])
	cond := test.Cond
	for {
		op, ok := cond.(*ssa.UnOp)
		switch {
		case ok && op.Op == token.NOT:
			cond, until = op.X, !until
		case ok && op.Op == token.MUL:
			return op.X, until
		default:
			return nil, false
		}
	}
}

// Task returns the Go method call that started a thread, or nil.
func (j *Joins) Task(t *model.Thread) *model.Op { return j.tasks[t] }

// WaitsFor reports whether op may return only after thread u has performed
// last, an operation of it, for the last time. A nil last stands for all of u.
func (j *Joins) WaitsFor(op *model.Op, u *model.Thread, last *model.Op) bool {
	if !j.waits(op) || op.Async() {
		return false
	}
	return j.waitsFor(op, u, last, make(map[*model.Thread]bool))
}

func (j *Joins) waitsFor(op *model.Op, u *model.Thread, last *model.Op, seen map[*model.Thread]bool) bool {
	for _, v := range j.m.Threads {
		if v == op.Inst.Thread || seen[v] {
			continue
		}
		signals, any := j.signals(op, v)
		if !any {
			continue
		}
		if v == u {
			if last == nil || len(signals) == 0 {
				return true
			}
			for _, s := range signals {
				if s == last || !j.After(u, s, last) {
					return true
				}
			}
			continue
		}
		seen[v] = true
		for _, w := range j.direct[v] {
			if last != nil && overlap(w.On, last.On) {
				continue // the handing over of values is no waiting for the last one
			}
			if j.waitsFor(w, u, last, seen) {
				return true
			}
		}
	}
	return false
}

// signals returns the operations of thread v for which op may wait, and
// whether there is anything in v that it may wait for.
func (j *Joins) signals(op *model.Op, v *model.Thread) (ops []*model.Op, any bool) {
	switch {
	case op.Kind == model.Receive:
		for _, l := range op.On {
			if j.endsOutside(l.Obj) {
				continue
			}
			if !l.Own() && j.outgoing(v, model.Send, model.Close) {
				return nil, true // an unknown channel, and v may stand behind it
			}
			ops = j.collect(ops, l, v, func(o *model.Op) bool { return o.Kind == model.Send || o.Kind == model.Close })
		}
	case op.Kind == model.Send:
		for _, l := range op.On {
			if !l.Own() && j.outgoing(v, model.Receive) {
				return nil, true
			}
			if buffered(l) {
				// There may be room. Not in a semaphore that is being filled up,
				// from which v takes its tokens back.
				if !ofTokens(l) {
					continue
				}
				ops = j.collect(ops, l, v, func(o *model.Op) bool { return o.Kind == model.Receive && plain(o) })
				continue
			}
			if j.m.Several(v) {
				continue // taken by one of several
			}
			ops = j.collect(ops, l, v, func(o *model.Op) bool { return o.Kind == model.Receive })
		}
	case op.Call == api.WGWait:
		if t := j.tasks[v]; t != nil && t.Call == api.WGGo && overlap(t.On, op.On) {
			return nil, true
		}
		for _, l := range op.On {
			ops = j.collect(ops, l, v, func(o *model.Op) bool { return o.Call == api.WGDone || o.Call == api.WGAdd && o.Negative() })
		}
	case op.Call == api.EGWait:
		t := j.tasks[v]
		return nil, t != nil && t.Call != api.WGGo && overlap(t.On, op.On)
	default:
		return nil, true // a Cond or a semaphore: not told apart
	}
	return ops, len(ops) > 0
}

// endsOutside reports whether a channel is the Done channel of a context that the
// root is given, or of one derived from such: it is closed when the caller says so,
// whatever the threads do that could cancel it as well.
func (j *Joins) endsOutside(o *model.Object) bool {
	if o.Kind != model.DoneChan {
		return false
	}
	for o.Kind == model.DoneChan || o.Kind == model.Context {
		if o.Parent.Value == nil {
			return false
		}
		parents := j.m.PointsTo(o.Parent.Inst, o.Parent.Value)
		if len(parents) != 1 {
			return false
		}
		o = parents[0].Obj
	}
	_, given := o.Site.(*ssa.Parameter)
	return o.Kind == model.Symbol && given
}

// buffered reports whether a channel of the model's own may have room, so that
// a send need not wait for a receiver.
func buffered(l model.Loc) bool {
	mk, ok := l.Obj.Site.(*ssa.MakeChan)
	if !ok {
		return false
	}
	size, ok := mk.Size.(*ssa.Const)
	return !ok || size.Int64() > 0
}

// ofTokens reports whether the elements of a channel carry nothing.
func ofTokens(l model.Loc) bool {
	c, ok := l.Obj.Type.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := c.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// plain reports whether a receive drops whether the channel is closed.
func plain(op *model.Op) bool {
	r, ok := op.Instr.(*ssa.UnOp)
	return ok && !r.CommaOk
}

// outgoing reports whether thread v may be the other side of an unknown
// channel: it uses one in one of the given ways, or calls code that cannot be
// seen and may do anything, a cancel function for instance.
func (j *Joins) outgoing(v *model.Thread, kinds ...model.OpKind) bool {
	for _, op := range j.m.Ops() {
		if op.Inst.Thread != v || !slices.Contains(kinds, op.Kind) {
			continue
		}
		for _, l := range op.On {
			if !l.Own() {
				return true
			}
		}
	}
	return j.m.CallsUnknown(v)
}

func (j *Joins) collect(ops []*model.Op, l model.Loc, v *model.Thread, want func(*model.Op) bool) []*model.Op {
	for _, o := range j.m.OpsOn(l) {
		if o.Inst.Thread == v && want(o) {
			ops = append(ops, o)
		}
	}
	return ops
}

func overlap(a, b []model.Loc) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y || !x.Own() && !y.Own() {
				return true
			}
		}
	}
	return false
}

// A Question is asked of Overtakes.
type Question struct {
	// First is the operation that ought to come last, and Last the one of
	// another thread that ought to come before it.
	First, Last *model.Op

	// Counts, if set, reports whether an operation hands over one of several
	// things that First ought to wait for, and Short whether a path that did
	// so left before it had them all.
	Counts func(*model.Op) bool
	Short  func(*flow.Path) bool

	// Either is set if First is wrong as well where its thread was started
	// before that of Last.
	Either bool
}

// Overtakes reports whether a run exists in which q.First comes before q.Last:
// from the start of the thread of Last to First, no operation waits for Last.
func (j *Joins) Overtakes(q Question) bool {
	t, u := q.First.Inst.Thread, q.Last.Inst.Thread
	if t == u || u.Ancestor(t) {
		return false // started by the thread itself: in its own order
	}
	for _, op := range j.direct[t] {
		if op.Call == api.CondWait {
			return false // it looks at a condition, and may not need to wait
		}
	}
	if t.Kind == model.Callback {
		return j.passes(q, t, nil, q.First, nil) // at any time
	}
	if a := t.Child(u); a != nil {
		return j.passes(q, t, a, q.First, nil)
	}
	// Neither started the other: a common ancestor started both.
	for p := t.Parent; p != nil; p = p.Parent {
		a, b := p.Child(u), p.Child(t)
		if a == nil {
			continue
		}
		return j.passes(q, p, a, nil, b) && j.passes(q, t, nil, q.First, nil)
	}
	return false
}

// Free reports whether a thread has a path from its entry to first, an operation
// of it, with nothing on it that may wait for what thread u does once it has
// executed from.
func (j *Joins) Free(first *model.Op, u *model.Thread, from *model.Op) bool {
	free := false
	flow.Walk(j.m, first.Inst.Thread, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			if op == first {
				free = true
			}
			return st, !free && !j.waitsSince(op, u, from) && !j.heldBack(op, from)
		},
		Done: func() bool { return free },
	})
	return free
}

// heldBack reports whether op waits for a condition, or for a lock that may be
// held where from is executed.
func (j *Joins) heldBack(op, from *model.Op) bool {
	switch op.Call {
	case api.CondWait:
		return true
	case api.Lock, api.RLock:
		return slices.ContainsFunc(j.m.Ops(), func(o *model.Op) bool {
			return (o.Call == api.Lock || o.Call == api.RLock) && o.Inst == from.Inst && overlap(o.On, op.On) && ir.Dominates(o.Instr, from.Instr)
		})
	}
	return false
}

// waitsSince reports whether op may wait for an operation of u that can follow
// from, or for another thread that waits for u.
func (j *Joins) waitsSince(op *model.Op, u *model.Thread, from *model.Op) bool {
	if !j.waits(op) || op.Async() {
		return false
	}
	if signals, any := j.signals(op, u); any {
		if len(signals) == 0 || slices.ContainsFunc(signals, func(s *model.Op) bool { return j.After(u, from, s) }) {
			return true
		}
	}
	return j.waitsFor(op, u, nil, map[*model.Thread]bool{u: true})
}

// passes reports whether thread t has a path from the start of thread a, or
// from its entry if a is nil, to the operation k, or to the start of thread b,
// with nothing on it that waits for q.Last.
func (j *Joins) passes(q Question, t, a *model.Thread, k *model.Op, b *model.Thread) bool {
	found := false
	const running, ordered, counted, other flow.State = 1, 2, 4, 8
	start := flow.State(0)
	if a == nil {
		start = running
	}
	flow.Walk(j.m, t, start, flow.Visitor{
		Op: func(st flow.State, op *model.Op, p *flow.Path) (flow.State, bool) {
			if st&running == 0 {
				return st, true
			}
			switch {
			case op == k:
				found = found || st&ordered == 0 && (st&counted == 0 || q.Short(p))
				return st, false
			case q.Counts != nil && q.Counts(op):
				st |= counted
			case j.WaitsFor(op, q.Last.Inst.Thread, q.Last):
				st |= ordered
			}
			return st, !found
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			switch u {
			case b:
				found = found || st&running != 0 && st&ordered == 0
				st |= other
			case a:
				found = found || q.Either && st&other != 0
				st |= running
			}
			return st, !found
		},
		Make: func(st flow.State, inst *model.Instance, made ssa.Value) flow.State {
			for _, l := range q.Last.On {
				if l.Obj.Inst == inst && l.Obj.Site == made {
					return start // another object, and none of it has been done to that
				}
			}
			return st
		},
		Done: func() bool { return found },
	})
	return found
}

// After reports whether a path of thread t performs op b after op a. Where the
// paths were too many to follow, it says what was seen.
func (j *Joins) After(t *model.Thread, a, b *model.Op) bool {
	found, _ := j.follows(t, a, b)
	return found
}

// NeverAfter reports whether no path of thread t performs op b after op a, and
// all of them were followed.
func (j *Joins) NeverAfter(t *model.Thread, a, b *model.Op) bool {
	found, complete := j.follows(t, a, b)
	return !found && complete
}

func (j *Joins) follows(t *model.Thread, a, b *model.Op) (found, complete bool) {
	complete = flow.Walk(j.m, t, 0, flow.Visitor{
		Op: func(s flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			if op == b && s == 1 {
				found = true
			}
			if op == a {
				s = 1
			}
			return s, true
		},
		Done: func() bool { return found },
	})
	return found, complete
}
