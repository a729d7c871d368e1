package chanclose

import (
	_ "embed"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/check"
	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/fields"
	"github.com/concurlint/concurlint/internal/gate"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

//go:embed doc.go
var doc string

// Analyzer is the chanclose check.
var Analyzer = check.New(check.Meta{
	Name:     "chanclose",
	Doc:      doc,
	Advice:   "let its sender close the channel once, with defer, or, where there are several, a goroutine that waits for all of them",
	Patterns: []string{"workerpool", "fanin", "pipeline"},
	Requires: []*analysis.Analyzer{engine.Analyzer},
}, run)

// run looks at each channel that a function of the package makes, in the model
// of that function and of those that are handed the channel.
func run(pass *check.Pass) error {
	eng := pass.ResultOf[engine.Analyzer].(*engine.Package)
	if !eng.Gate.Mask.Has(gate.MakeChan) {
		return nil // whoever makes the channel must close it, or have it closed
	}
	for m := range eng.Partials() {
		for _, c := range channels(m) {
			s := newSubject(pass, eng, m, c)
			s.check()
		}
	}
	closedAgain(pass, eng)
	return nil
}

// channels returns the channels that come into being in a model, in the order
// in which they do.
func channels(m *engine.Model) []model.Loc {
	var out []model.Loc
	seen := make(map[*model.Object]bool)
	for _, op := range m.Ops() {
		for _, l := range op.On {
			if l.Obj.Kind == model.Chan && !seen[l.Obj] {
				seen[l.Obj] = true
				out = append(out, l)
			}
		}
	}
	return out
}

// A subject is one channel in one model, with what is done to it.
type subject struct {
	pass *check.Pass
	eng  *engine.Package
	m    *engine.Model
	c    model.Loc

	drains   []drain
	sends    []*model.Op
	receives []*model.Op
	closes   []*model.Op
	signals  []*model.Op // signal.Notify and signal.Stop
}

func newSubject(pass *check.Pass, eng *engine.Package, m *engine.Model, c model.Loc) *subject {
	s := &subject{pass: pass, eng: eng, m: m, c: c}
	for _, op := range m.OpsOn(c) {
		switch op.Kind {
		case model.Send:
			s.sends = append(s.sends, op)
		case model.Close:
			s.closes = append(s.closes, op)
		case model.Method:
			if op.Call == api.SignalNotify || op.Call == api.SignalStop {
				s.signals = append(s.signals, op)
			}
		case model.Receive:
			s.receives = append(s.receives, op)
		}
	}
	for _, op := range s.receives {
		if d, ok := s.drain(op); ok {
			s.drains = append(s.drains, d)
		}
	}
	return s
}

// check asks the questions in the order of their certainty. One report on a
// channel is enough: what is wrong elsewhere with it has the same cause.
func (s *subject) check() {
	if s.recurs() {
		if len(s.closes) > 0 {
			return // of which of them, cannot be told
		}
	} else if s.ownClose() || s.earlyClose() || s.waitFirst() {
		return
	}
	if len(s.drains) == 0 {
		return // nobody waits for the close
	}
	if s.usedElsewhere() {
		return // a file for another platform may close it
	}
	if !s.closable() && s.neverClosed() {
		return
	}
	if s.shared() || s.kept() {
		s.fieldNeverClosed()
	}
}

// recurs reports whether the channel is made by a call of a function that is
// under way already, directly or through others. The model has one instance for
// all further calls, and so one channel for all that they make.
func (s *subject) recurs() bool {
	for inst := s.c.Obj.Inst; inst != nil; inst = inst.Parent {
		for up := inst.Parent; up != nil; up = up.Parent {
			if up.Fn == inst.Fn && s.calledWithin(inst) {
				return true
			}
		}
	}
	return false
}

// calledWithin reports whether a call in an instance, or in what it leads to,
// enters the instance itself.
func (s *subject) calledWithin(inst *model.Instance) bool {
	for _, i := range s.m.Instances {
		if !model.Within(i, inst) {
			continue
		}
		for _, b := range i.Fn.Blocks {
			for _, instr := range b.Instrs {
				if site, ok := instr.(ssa.CallInstruction); ok && slices.Contains(s.m.Callees(i, site).Callees, inst) {
					return true
				}
			}
		}
	}
	return false
}

// kept reports whether the channel lives on in a field when the root has
// returned.
func (s *subject) kept() bool {
	return slices.ContainsFunc(s.c.Obj.Escapes, func(e model.Escape) bool { return !e.RecvOnly })
}

// usedElsewhere reports whether a field through which the channel is used here
// is selected as well in a file that this build leaves out.
func (s *subject) usedElsewhere() bool {
	for _, op := range s.m.OpsOn(s.c) {
		if load, ok := op.Value().(*ssa.UnOp); ok {
			if f := ir.FieldVar(load.X); f != nil && s.eng.SelectedElsewhere(f.Name()) {
				return true
			}
		}
	}
	return false
}

// closable reports whether code that cannot be seen may close the channel or
// send on it.
func (s *subject) closable() bool {
	for _, e := range s.c.Obj.Escapes {
		if !e.RecvOnly && !s.inField(e) {
			return true
		}
	}
	return false
}

// shared reports whether code that cannot be seen may use the channel at all.
func (s *subject) shared() bool {
	return slices.ContainsFunc(s.c.Obj.Escapes, func(e model.Escape) bool { return !s.inField(e) })
}

// inField reports whether an escape leads no further than this model: into a
// field that only functions of the model use.
func (s *subject) inField(e model.Escape) bool {
	if e.Via == nil || e.Returned || s.m.Cut || !e.Via.IsField() || e.Via.Pkg() != s.eng.Types {
		return false
	}
	v := s.eng.Field(e.Via)
	if v.Leaks || len(v.Made) != 1 {
		return false
	}
	return !v.Has(func(u fields.Use) bool {
		return !slices.ContainsFunc(s.m.Instances, func(i *model.Instance) bool { return i.Fn == u.Fn })
	})
}

// A drain is a receive in a loop that, once the senders are done, nothing but
// the close of the channel ends.
type drain struct {
	op   *model.Op
	test *ssa.If // of the receive's second result
	done int     // the successor taken when the channel is closed

	// told is set if the loop ends as well when an error is received. Whoever
	// sends one need not close the channel then, but has to otherwise.
	told bool
}

// drain reports whether a receive is a drain: its "channel is open" result is
// tested, and without the branch for a closed channel control stays within a
// loop around the receive, but for exits that a value must be received for and
// that do not depend on which one.
func (s *subject) drain(op *model.Op) (drain, bool) {
	test, done := closedTest(op)
	if test == nil {
		return drain{}, false
	}
	loop := s.eng.Program().Loops(op.Inst.Fn).Innermost(op.Instr.Block())
	if loop == nil {
		return drain{}, false // receives once
	}
	d := drain{op: op, test: test, done: done}
	if s.staysIn(loop, d) {
		return d, true
	}
	d.told = true
	return d, s.staysIn(loop, d)
}

// staysIn reports whether control, without the branch for a closed channel,
// stays within the loop or one around it.
func (s *subject) staysIn(loop *ir.Loop, d drain) bool {
	prog := s.eng.Program()
	body := loop
	stays := reachable(d.op.Instr.Block(), func(from, to *ssa.BasicBlock) bool {
		if prog.Ends(from) || from == d.test.Block() && to == from.Succs[d.done] {
			return false
		}
		return body.Contains(to) || !s.failureExit(d, from, to)
	})
	for ; loop != nil; loop = loop.Parent {
		inside := true
		for b := range stays {
			inside = inside && (loop.Contains(b) || prog.Ends(b))
		}
		if inside {
			return true
		}
	}
	return false
}

// failureExit reports whether an edge out of the loop around a receive is taken
// because something failed, or was cancelled, while a received value was being
// handled: an error of a call is not nil, or a case of a select other than the
// receive itself fires. Such an exit is no way to learn that no more values
// will come.
func (s *subject) failureExit(d drain, from, to *ssa.BasicBlock) bool {
	test, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok {
		// A jump from a block of its own, such as the body of the if.
		return len(from.Preds) == 1 && len(from.Succs) == 1 && s.failureExit(d, from.Preds[0], from)
	}
	eq, ok := test.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if x, ok := eq.X.(*ssa.Extract); ok && x.Index == 0 {
		sel, ok := x.Tuple.(*ssa.Select)
		return ok && sel != d.op.Instr && to == from.Succs[0]
	}
	c, ok := eq.Y.(*ssa.Const)
	if !ok || !c.IsNil() || !api.IsError(eq.X.Type()) {
		return false
	}
	failed := fromCall(eq.X, d.op, 0) || d.told && fromReceive(eq.X, 0) && s.sendsOnlyFailures()
	return failed && !distinguished(eq.X) && (eq.Op == token.NEQ) == (to == from.Succs[0])
}

// sendsOnlyFailures reports whether the errors that are sent on the channel, by
// themselves or in a struct, come from calls or are nil: none of them is a
// variable such as io.EOF, which could mean that there is no more.
func (s *subject) sendsOnlyFailures() bool {
	for _, op := range s.sends {
		var sent ssa.Value
		switch instr := op.Instr.(type) {
		case *ssa.Send:
			sent = instr.X
		case *ssa.Select:
			sent = instr.States[op.State].Send
		}
		if !failure(sent, op) {
			return false
		}
	}
	return len(s.sends) > 0
}

// failure reports whether a sent value is an error from a call, or a struct
// whose errors all are.
func failure(v ssa.Value, op *model.Op) bool {
	if api.IsError(v.Type()) {
		return fromCall(v, op, 0)
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	lit, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *lit.Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, r := range *field.Referrers() {
			st, ok := r.(*ssa.Store)
			if ok && api.IsError(st.Val.Type()) && !fromCall(st.Val, op, 0) {
				return false
			}
		}
	}
	return true
}

// distinguished reports whether an error is more than tested for nil: compared
// with another one, or given to errors.Is, it may be the way to say that there
// is no more.
func distinguished(err ssa.Value) bool {
	for _, ref := range *err.Referrers() {
		switch ref := ref.(type) {
		case *ssa.BinOp:
			if c, ok := ref.Y.(*ssa.Const); !ok || !c.IsNil() {
				return true
			}
		case *ssa.Call:
			if obj := ir.Object(&ref.Call); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "errors" {
				return true
			}
		}
	}
	return false
}

// fromCall reports whether v is a result of a call, or a field of one, other than
// of a call of the received function itself.
func fromCall(v ssa.Value, op *model.Op, depth int) bool {
	if depth > 5 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		return v.Call.IsInvoke() || v.Call.StaticCallee() != nil || !fromReceive(v.Call.Value, 0)
	case *ssa.Extract:
		return fromCall(v.Tuple, op, depth+1)
	case *ssa.Field:
		return fromCall(v.X, op, depth+1)
	case *ssa.UnOp:
		return v.Op == token.MUL && fromCall(v.X, op, depth+1)
	case *ssa.FieldAddr:
		return fromCall(v.X, op, depth+1)
	case *ssa.Alloc:
		// A local variable: what is stored there is a result of a call.
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v && !fromCall(st.Val, op, depth+1) {
				if c, ok := st.Val.(*ssa.Const); !ok || c.Value != nil {
					return false
				}
			}
		}
		return true
	}
	return false
}

// closedTest returns the branch on the second result of a receive and the
// index of the successor that is taken when the channel is closed.
func closedTest(op *model.Op) (test *ssa.If, done int) {
	v, ok := op.Instr.(ssa.Value)
	if !ok {
		return nil, 0
	}
	for _, ref := range *v.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok || e.Index != 1 || !inCase(op, e) {
			continue
		}
		if test, done := branchOn(e); test != nil {
			return test, done
		}
	}
	return nil, 0
}

// inCase reports whether a block with a use of a select's result belongs to the
// case of op; for a plain receive it always does.
func inCase(op *model.Op, use ssa.Instruction) bool {
	sel, ok := op.Instr.(*ssa.Select)
	if !ok {
		return true
	}
	entry := ir.CaseEntry(sel, op.State)
	return entry != nil && entry.Dominates(use.Block())
}

// branchOn returns the branch on v or on its negation, and the index of the
// successor that is taken when v is false.
func branchOn(v ssa.Value) (test *ssa.If, otherwise int) {
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.If:
			return r, 1
		case *ssa.UnOp:
			if r.Op == token.NOT {
				if test, otherwise := branchOn(r); test != nil {
					return test, 1 - otherwise
				}
			}
		}
	}
	return nil, 0
}

// reachable returns the blocks that can be reached from b over the edges that
// follow admits, b included.
func reachable(b *ssa.BasicBlock, follow func(from, to *ssa.BasicBlock) bool) map[*ssa.BasicBlock]bool {
	seen := map[*ssa.BasicBlock]bool{b: true}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		from := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range from.Succs {
			if !seen[to] && follow(from, to) {
				seen[to] = true
				work = append(work, to)
			}
		}
	}
	return seen
}
