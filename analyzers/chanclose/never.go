package chanclose

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
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
		before := s.closesBefore(d)
		switch {
		case len(s.closes) == 0:
			s.reportNever(d)
			return true
		case before == nil:
			continue // not walked to the end
		case len(before) == 0:
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

// closesBefore returns the closes that can be executed while the drain d has
// not ended, in its own thread or in one that is started before its end. It is
// nil, not empty, if that cannot be told.
func (s *subject) closesBefore(d drain) []*model.Op {
	before := []*model.Op{}
	started := map[*model.Thread]bool{}
	reached := false // not so if a recursion, which is not followed, comes first
	t := d.op.Inst.Thread
	ok := flow.Walk(s.m.Model, t, 0, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			reached = reached || op == d.op
			if op.Kind == model.Close && on(op, s.c) {
				before = append(before, op)
			}
			return st, true
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			started[u] = true
			return st, true
		},
		Branch: d.open, // beyond the drain's end nothing can end it
	})
	if !ok || !reached {
		return nil
	}
	for _, op := range s.closes {
		u := t.Child(op.Inst.Thread)
		switch {
		case op.Inst.Thread == t:
		case op.Inst.Thread.Kind == model.Callback, u != nil && started[u], u == nil && s.comesFirst(op, d):
			before = append(before, op)
		}
	}
	return before
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
		if o.Inst.Thread != d.op.Inst.Thread || !o.Deferred() && !s.m.Joins.NeverAfter(o.Inst.Thread, o, d.op) {
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

// skippedClose reports a path on which the thread that closes the channel ends
// without doing so.
func (s *subject) skippedClose(d drain) bool {
	main := s.m.Root.Thread
	closers := s.closingThreads()
	if slices.ContainsFunc(closers, func(t *model.Thread) bool { return t.Kind == model.Callback }) {
		return false // unknown code may have it closed at any time
	}
	if d.op.Inst.Thread != main && !s.endsWithProcess(s.m.Root.Fn) {
		if exit := s.pathWithoutClose(main, d); exit != nil {
			s.reportSkipped(d, main, exit)
			return true
		}
	}
	if len(closers) != 1 || closers[0] == main || closers[0].Kind != model.Spawned || closers[0] == d.op.Inst.Thread {
		return false // several may close in each other's stead
	}
	if slices.ContainsFunc(s.closes, received) {
		return false // it closes what it is sent, if it is
	}
	if s.m.Shared(closers[0], s.c.Obj) {
		return false // one of several equal goroutines may: the last, say
	}
	if exit := s.pathWithoutClose(closers[0], d); exit != nil {
		s.reportSkipped(d, closers[0], exit)
		return true
	}
	return false
}

// received reports whether the channel of an operation came out of a channel
// or a collection.
func received(op *model.Op) bool { return fromReceive(op.Value(), 0) }

func fromReceive(v ssa.Value, depth int) bool {
	if depth > 8 {
		return true
	}
	depth++
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.ARROW || fromReceive(v.X, depth)
	case *ssa.Select, *ssa.Next, *ssa.Lookup, *ssa.IndexAddr, *ssa.Index:
		return true
	case *ssa.Extract:
		return fromReceive(v.Tuple, depth)
	case *ssa.Field:
		return fromReceive(v.X, depth)
	case *ssa.FieldAddr:
		return fromReceive(v.X, depth)
	case *ssa.ChangeType:
		return fromReceive(v.X, depth)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return fromReceive(e, depth) })
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v && fromReceive(st.Val, depth) {
				return true
			}
		}
	}
	return false
}

// closingThreads returns the threads that close the channel.
func (s *subject) closingThreads() []*model.Thread {
	var out []*model.Thread
	seen := make(map[*model.Thread]bool)
	for _, op := range s.closes {
		if t := op.Inst.Thread; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// pathWithoutClose returns a path of thread t to its end on which the channel
// is not closed though the drain has been started, or nil.
func (s *subject) pathWithoutClose(t *model.Thread, d drain) *flow.Path {
	p := s.walkWithoutClose(t, d, nil)
	if p == nil || !slices.ContainsFunc(p.Decisions(), s.saysClosed) {
		return p
	}
	said := make(map[flow.Decision]bool)
	return s.walkWithoutClose(t, d, func(_ flow.State, dec flow.Decision) bool {
		is, ok := said[dec]
		if !ok {
			is = s.saysClosed(dec)
			said[dec] = is
		}
		return !is
	})
}

// walkWithoutClose is pathWithoutClose for the paths that take only branches that
// admit, if it is not nil, does.
func (s *subject) walkWithoutClose(t *model.Thread, d drain, admit func(flow.State, flow.Decision) bool) *flow.Path {
	var found *flow.Path
	delegates := func(u *model.Thread) bool {
		for _, op := range s.closes {
			if u.Ancestor(op.Inst.Thread) {
				return true
			}
		}
		return false
	}
	start := started
	if t == s.m.Root.Thread {
		start = 0
	}
	complete := flow.Walk(s.m.Model, t, start, flow.Visitor{
		Op: func(st flow.State, op *model.Op, _ *flow.Path) (flow.State, bool) {
			switch {
			case on(op, s.c):
				if op.Kind == model.Close {
					st |= closed
				}
			case op.Kind == model.Send || op.Kind == model.Close:
				if s.tells(op, d) {
					st |= signaled
				}
			case op.State >= 0 && s.waitsForEnd(op, d) && !s.m.Shared(d.op.Inst.Thread, s.c.Obj):
				st |= signaled // the drain, which was the only one, has ended in another way
			}
			return st, found == nil
		},
		Start: func(st flow.State, u *model.Thread, _ *flow.Path) (flow.State, bool) {
			if u.Ancestor(d.op.Inst.Thread) {
				st |= started
			}
			if delegates(u) {
				st |= closed
			}
			return st, found == nil
		},
		Make:   s.renew,
		Branch: admit,
		End: func(st flow.State, p *flow.Path) {
			if st&started != 0 && st&(closed|signaled) == 0 && found == nil && !s.deferredDecides(p) && !s.guards(p) {
				found = p
			}
		},
	})
	if !complete && found == nil {
		s.pass.Count("path budget exhausted in " + t.Root.Fn.Name())
	}
	return found
}

// deferredDecides reports whether a deferred call that can close the channel
// decided on a path not to, by a condition that this walk cannot settle.
func (s *subject) deferredDecides(p *flow.Path) bool {
	return slices.ContainsFunc(s.closes, func(k *model.Op) bool { return s.undecided(p, k) })
}

// guards reports whether a path only went around an if that encloses one of
// several closes, and then on to where the closing path goes too: the condition
// of that if may well say that another one has closed the channel. An error that
// must be nil says no such thing, nor does an early return.
func (s *subject) guards(p *flow.Path) bool {
	if len(s.closes) < 2 {
		return false
	}
	for _, k := range s.closes {
		instr := k.Instr
		inst := k.Inst
		for inst != p.Inst && inst.Site != nil && inst.Thread == p.Inst.Thread {
			inst, instr = inst.Parent, inst.Site
		}
		if inst != p.Inst || k.Deferred() || !ir.Reaches(instr, p.Instr) {
			continue
		}
		if test := guard(instr); test == nil || !comparesError(test.Cond) {
			return true
		}
	}
	return false
}

// guard returns the nearest branch that decides whether instr is executed.
func guard(instr ssa.Instruction) *ssa.If {
	b := instr.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		test, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		reaches := 0
		for _, succ := range d.Succs {
			if succ == b || reachable(succ, func(_, to *ssa.BasicBlock) bool { return to != d })[b] {
				reaches++
			}
		}
		if reaches == 1 {
			return test
		}
	}
	return nil
}

// comparesError reports whether a condition compares an error with nil.
func comparesError(cond ssa.Value) bool {
	eq, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	c, ok := eq.Y.(*ssa.Const)
	return ok && c.IsNil() && api.IsError(eq.X.Type())
}

// renew begins anew where the channel is made anew.
func (s *subject) renew(st flow.State, inst *model.Instance, made ssa.Value) flow.State {
	if inst == s.c.Obj.Inst && made == s.c.Obj.Site {
		return 0
	}
	return st
}

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
			return st, !found
		},
		Branch: d.open,
	})
	return found || !ok
}

// open admits the branches of a path on which the drain does not end.
func (d drain) open(_ flow.State, dec flow.Decision) bool {
	return !(dec.Inst == d.op.Inst && dec.If == d.test && (d.done == 0) == dec.Then)
}

// fieldNeverClosed looks at a channel that lives in struct fields of the
// package, through which all of its methods get at it. A drain is reported if
// no function of the package closes the field and another one waits for the
// drain's goroutine.
func (s *subject) fieldNeverClosed() {
	if s.m.Cut {
		return // calls that were not entered may close it
	}
	for _, e := range s.c.Obj.Escapes {
		if e.RecvOnly {
			continue
		}
		if e.Via == nil || e.Returned || !e.Via.IsField() || e.Via.Pkg() != s.eng.Types {
			return // it got elsewhere
		}
		v := s.eng.Field(e.Via)
		if v.Leaks || v.Has(func(u fields.Use) bool { return u.Kind == model.Close }) {
			return
		}
		if !v.Has(func(u fields.Use) bool { return u.Kind == model.Send }) {
			return // filled by someone who cannot be seen
		}
	}
	if len(s.closes) > 0 {
		return
	}
	for _, d := range s.drains {
		if wait := s.waitsInPackage(d); wait != nil {
			s.reportField(d, wait)
			return
		}
		if stop := s.ownerStops(d); stop != nil {
			s.reportOwner(d, stop)
			return
		}
	}
}

// ownerStops returns the method by which the owner of the channel's field says
// that it can be ended, if it has one and the drain is a goroutine of its own.
func (s *subject) ownerStops(d drain) *types.Func {
	if d.op.Inst.Thread.Kind != model.Spawned {
		return nil
	}
	for _, e := range s.c.Obj.Escapes {
		if e.Via == nil {
			continue
		}
		if m := stopMethod(s.eng.Types, e.Via); m != nil {
			return m
		}
	}
	return nil
}

// stopMethod returns the Close, Stop or Shutdown method of the named type of
// pkg that has the given field, or nil.
func stopMethod(pkg *types.Package, field *types.Var) *types.Func {
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		named, ok := tn.Type().(*types.Named)
		if !ok || !hasField(named, field) {
			continue
		}
		for m := range named.Methods() {
			switch m.Name() {
			case "Close", "Stop", "Shutdown", "close", "stop", "shutdown":
				return m
			}
		}
	}
	return nil
}

func hasField(named *types.Named, field *types.Var) bool {
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f == field {
			return true
		}
	}
	return false
}

// waitsInPackage returns a Wait for the drain's goroutine: on the group, in a
// field, in which the goroutine is counted while it drains.
func (s *subject) waitsInPackage(d drain) ssa.Instruction {
	t := d.op.Inst.Thread
	if t.Kind != model.Spawned {
		return nil
	}
	var groups []model.Loc
	if task := s.m.Joins.Task(t); task != nil {
		groups = append(groups, task.On...)
	}
	for _, op := range s.m.Ops() {
		if op.Inst.Thread == t && op.Call == api.WGDone {
			groups = append(groups, op.On...)
		}
	}
	for _, g := range groups {
		f := g.Field()
		if f == nil || f.Pkg() != s.eng.Types {
			continue
		}
		for _, u := range s.eng.Field(f).Uses {
			if u.Call == api.WGWait || u.Call == api.EGWait {
				return u.Instr
			}
		}
	}
	return nil
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
