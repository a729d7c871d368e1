package chanclose

import (
	"math"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/model"
)

// waitsAfter reports whether the thread of the close k waits for anything
// after it.
func (s *subject) waitsAfter(k *model.Op) bool {
	if k.Deferred() {
		return false // its place among the deferred calls is all that changes
	}
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == k.Inst.Thread && op != k && s.mayWait(op) && s.m.Joins.After(k.Inst.Thread, k, op) {
			return true
		}
	}
	return false
}

// mayWait reports whether an operation may have to wait for another goroutine.
func (s *subject) mayWait(op *model.Op) bool {
	switch op.Kind {
	case model.Send:
		return !s.hasRoom(op)
	case model.Receive:
		return true
	case model.Method:
		switch op.Call {
		case api.WGWait, api.EGWait, api.CondWait, api.SemAcquire, api.Lock, api.RLock:
			return true
		}
	}
	return false
}

// hasRoom reports whether a send finds room in the buffer of its channel
// however late the receiver comes: no run sends more values than it holds.
func (s *subject) hasRoom(send *model.Op) bool {
	if len(send.On) != 1 {
		return false
	}
	mk, ok := send.On[0].Obj.Site.(*ssa.MakeChan)
	if !ok {
		return false
	}
	size, ok := mk.Size.(*ssa.Const)
	if !ok || send.On[0].Escaped() {
		return false
	}
	left := size.Int64()
	for _, t := range s.m.Threads {
		n := s.mostSends(t, send.On[0])
		if n > 0 && s.m.Shared(t, send.On[0].Obj) && t != send.On[0].Obj.Inst.Thread {
			return false
		}
		left -= n
	}
	return left >= 0
}

// mostSends returns the largest number of values that a run of thread t sends
// on a channel, which is unlimited if it is more than a few.
func (s *subject) mostSends(t *model.Thread, ch model.Loc) int64 {
	const enough = 8
	most := flow.State(0)
	ok := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			if op.Kind == model.Send && on(op, ch) {
				st++
				most = max(most, st)
			}
			return st, st < enough
		},
	})
	if !ok || most >= enough {
		return math.MaxInt32
	}
	return int64(most)
}

// needsEnd reports whether one of the operations that is selects waits for
// something that happens only after the drain has ended: a close behind that
// operation cannot be what ends the drain.
func (s *subject) needsEnd(d drain, is func(*model.Op) bool) bool {
	late, ok := s.afterDrain(d)
	if !ok {
		return true
	}
	ended := map[*model.Thread]bool{d.op.Inst.Thread: true}
	for changed := true; changed; {
		changed = false
		for _, op := range s.m.Ops() {
			if late[op] || on(op, s.c) || !s.mayWait(op) || !s.releasedBy(op, late, ended) {
				continue
			}
			if is(op) {
				return true
			}
			// What this thread does after the wait is late as well.
			for _, next := range s.m.Ops() {
				if next.Inst.Thread == op.Inst.Thread && s.m.Joins.After(op.Inst.Thread, op, next) && !late[next] {
					late[next], changed = true, true
				}
			}
			late[op] = true
			ended[op.Inst.Thread] = true
		}
	}
	return false
}

// afterDrain returns the operations that are performed only after the drain
// has ended, by its goroutine and by those that it starts then.
func (s *subject) afterDrain(d drain) (map[*model.Op]bool, bool) {
	t := d.op.Inst.Thread
	early := make(map[*model.Op]bool)
	starts := make(map[*model.Thread]bool)
	ok := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			early[op] = true
			return st, true
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			starts[u] = true
			return st, true
		},
		Branch: d.open,
	})
	late := make(map[*model.Op]bool)
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == t && !early[op] {
			late[op] = true
		}
		if u := t.Child(op.Inst.Thread); u != nil && !starts[u] {
			late[op] = true
		}
	}
	return late, ok
}

// releasedBy reports whether a waiting operation may wait for one of others, or
// for the end of one of the threads.
func (s *subject) releasedBy(op *model.Op, others map[*model.Op]bool, threads map[*model.Thread]bool) bool {
	for t := range threads {
		task := s.m.Joins.Task(t)
		if task != nil && t != op.Inst.Thread && (op.Call == api.WGWait || op.Call == api.EGWait) && onSame(op, task) {
			return true
		}
	}
	for other := range others {
		if other.Inst.Thread != op.Inst.Thread && releases(other, op) && onSame(other, op) {
			return true
		}
	}
	return false
}

// releases reports whether an operation of the kind of a can end the wait of
// one of the kind of b.
func releases(a, b *model.Op) bool {
	switch {
	case b.Kind == model.Receive:
		return a.Kind == model.Send || a.Kind == model.Close
	case b.Kind == model.Send:
		return a.Kind == model.Receive
	case b.Call == api.WGWait:
		return a.Call == api.WGDone || a.Call == api.WGAdd
	case b.Call == api.SemAcquire:
		return a.Call == api.SemRelease
	case b.Call == api.CondWait:
		return a.Call == api.CondWake
	}
	return false
}

func onSame(a, b *model.Op) bool {
	return slices.ContainsFunc(a.On, func(l model.Loc) bool { return on(b, l) })
}
