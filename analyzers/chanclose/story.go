package chanclose

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/flow"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// name returns the channel as the operation writes it.
func (s *subject) name(op *model.Op) string {
	if _, e := s.eng.Syntax.Operation(op.Pos()); e != nil {
		return syntax.Text(e)
	}
	return "the channel"
}

// what says what kind of operation a drain is, in the reader's words.
func (s *subject) what(d drain) string {
	if s.isRange(d.op.Pos()) {
		return "range"
	}
	return "receive"
}

func (s *subject) finding(op *model.Op, message string, story ...report.Step) report.Finding {
	start, end := s.eng.Syntax.Span(op.Pos())
	return report.Finding{Pos: start, End: end, Message: message, Story: story}
}

func (s *subject) step(p token.Pos, format string, args ...any) report.Step {
	start, end := s.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

func (s *subject) made(name string) report.Step {
	return report.Step{Pos: s.c.Obj.Pos(), Message: name + " is made here"}
}

// startOf tells where a goroutine starts, or nothing for the root's own.
func (s *subject) startOf(t *model.Thread, what string) []report.Step {
	if t.Site == nil {
		return nil
	}
	return []report.Step{s.step(t.Site.Pos(), "%s is started here", what)}
}

func (s *subject) reportNever(d drain) {
	name := s.name(d.op)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(d.op.Inst.Thread, "the goroutine that drains it")...)
	if len(s.sends) > 0 {
		story = append(story, s.step(s.sends[0].Pos(), "the values are sent here; nothing closes %s after the last one", s.name(s.sends[0])))
	} else {
		for _, op := range s.signals {
			if op.Call == api.SignalStop {
				story = append(story, s.step(op.Pos(), "Stop ends the signals here, but does not close %s", name))
			}
		}
	}
	if wait := s.waitFor(d.op.Inst.Thread); wait != nil && d.op.Inst.Thread != s.m.Root.Thread {
		story = append(story, s.step(wait.Pos(), "so this never returns"))
	}
	f := s.finding(d.op, fmt.Sprintf("%s is never closed: this %s blocks forever after the last value", name, s.what(d)), story...)
	f.Fix = s.closeFix(d)
	s.pass.Report(f)
}

func (s *subject) reportOnlyAfter(d drain) {
	name := s.name(d.op)
	k := s.closes[0]
	story := []report.Step{s.made(name)}
	at := k
	if k.Inst.Thread != d.op.Inst.Thread {
		story = append(story, s.startOf(k.Inst.Thread, "the goroutine that closes it")...)
	}
	story = append(story, s.step(at.Pos(), "it is closed here, which is reached only after the %s has ended", s.what(d)))
	f := s.finding(d.op, fmt.Sprintf("%s is closed only after this %s, which therefore blocks forever", name, s.what(d)), story...)
	f.Fix = s.orderFix()
	s.pass.Report(f)
}

func (s *subject) reportSkipped(d drain, t *model.Thread, exit *flow.Path) {
	name := s.name(d.op)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(d.op.Inst.Thread, "the goroutine that drains it")...)
	who := "the function"
	if t != s.m.Root.Thread {
		who = "the goroutine"
		story = append(story, s.startOf(t, "the goroutine that closes it")...)
	}
	for _, dec := range exit.Decisions() {
		if step, ok := s.decision(dec); ok {
			story = append(story, step)
		}
	}
	end := exitPos(exit)
	story = append(story,
		report.Step{Pos: end, Message: who + " ends here without closing " + name},
		s.step(s.closes[0].Pos(), "on other paths it is closed here"))
	f := s.finding(d.op, fmt.Sprintf("%s is not closed when %s that closes it ends at %s: this %s then blocks forever", name, who, s.line(end, d.op.Pos()), s.what(d)), story...)
	f.Fix = s.deferFix(d, t)
	s.pass.Report(f)
}

// decision describes a branch of a path, if it says something to a reader.
func (s *subject) decision(d flow.Decision) (report.Step, bool) {
	p := d.If.Cond.Pos()
	if !p.IsValid() {
		return report.Step{}, false
	}
	return report.Step{Pos: p, Message: "when this is " + fmt.Sprint(d.Then)}, s.condition(p)
}

// exitPos returns where a path ends: the return statement, or the end of the
// function's body.
func exitPos(p *flow.Path) token.Pos {
	if at := p.Instr.Pos(); at.IsValid() {
		return at
	}
	return ir.End(p.Inst.Fn)
}

func (s *subject) reportField(d drain, wait ssa.Instruction) {
	name := s.name(d.op)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(d.op.Inst.Thread, "the goroutine that drains it")...)
	story = append(story, s.step(pos(wait), "this waits for that goroutine"))
	s.pass.Report(s.finding(d.op, fmt.Sprintf("%s is never closed: this %s never ends, and the Wait at %s blocks forever", name, s.what(d), s.line(pos(wait), d.op.Pos())), story...))
}

func (s *subject) reportOwner(d drain, stop *types.Func) {
	name := s.name(d.op)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(d.op.Inst.Thread, "the goroutine that drains it")...)
	story = append(story, report.Step{Pos: stop.Pos(), Message: stop.Name() + " does not close it, nor does anything else"})
	s.pass.Report(s.finding(d.op, fmt.Sprintf("%s is never closed: this %s goes on forever after %s", name, s.what(d), stop.Name()), story...))
}

func (s *subject) reportEach(k *model.Op) {
	name := s.name(k)
	t := k.Inst.Thread
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(t, "one of several goroutines")...)
	story = append(story, s.step(k.Pos(), "each of them closes %s", name))
	f := s.finding(k, fmt.Sprintf("close of %s by each of the goroutines started at %s: the second one panics", name, s.line(t.Site.Pos(), k.Pos())), story...)
	f.Fix = s.orderFix()
	s.pass.Report(f)
}

func (s *subject) reportAfterClose(k, op *model.Op) {
	name := s.name(op)
	story := []report.Step{s.made(name), s.step(k.Pos(), "%s is closed here", s.name(k))}
	msg := fmt.Sprintf("send on %s after its close at %s panics", name, s.line(k.Pos(), op.Pos()))
	switch {
	case op.Kind == model.Send && ir.Dominates(op.Instr, k.Instr) && op.Inst == k.Inst && !op.Deferred() && !k.Deferred():
		msg = fmt.Sprintf("send on %s after its close at %s, in the turn of the loop before, panics", name, s.line(k.Pos(), op.Pos()))
	case op == k:
		msg = fmt.Sprintf("close of %s in each turn of the loop: the second one panics", name)
	case op.Kind == model.Close:
		msg = fmt.Sprintf("close of %s, which is closed already at %s, panics", name, s.line(k.Pos(), op.Pos()))
	}
	s.pass.Report(s.finding(op, msg, story...))
}

func (s *subject) reportTwo(first, second *model.Op) {
	name := s.name(second)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(first.Inst.Thread, "one goroutine that closes it")...)
	story = append(story, s.step(first.Pos(), "it is closed here"))
	story = append(story, s.startOf(second.Inst.Thread, "another goroutine that closes it")...)
	story = append(story, s.step(second.Pos(), "and here: the second close panics"))
	s.pass.Report(s.finding(second, fmt.Sprintf("close of %s by two goroutines, at %s too: the second one panics", name, s.line(first.Pos(), second.Pos())), story...))
}

func (s *subject) reportEarly(k, send *model.Op) {
	name := s.name(k)
	story := []report.Step{s.made(name)}
	story = append(story, s.startOf(send.Inst.Thread, "the goroutine that sends on it")...)
	story = append(story,
		s.step(k.Pos(), "%s is closed here; nothing before waits for that goroutine", name),
		s.step(send.Pos(), "this send then panics"))
	f := s.finding(k, fmt.Sprintf("close of %s does not wait for the goroutine that sends on it at %s: send on closed channel panics", name, s.line(send.Pos(), k.Pos())), story...)
	f.Fix = s.orderFix()
	s.pass.Report(f)
}

func (s *subject) reportWaitFirst(wait, send *model.Op) {
	name := s.name(send)
	_, group := s.eng.Syntax.Operation(wait.Pos())
	story := []report.Step{s.made(s.name(s.receives[0]))}
	story = append(story, s.startOf(send.Inst.Thread, "the goroutine that sends on it")...)
	story = append(story,
		s.step(wait.Pos(), "this waits for that goroutine"),
		s.step(send.Pos(), "which is stuck here: there is no room in %s", name),
		s.step(s.receives[0].Pos(), "and received from only here, after the Wait"))
	f := s.finding(wait, fmt.Sprintf("%s.Wait blocks forever: the goroutines that it waits for send on %s (%s), which is received from only after it", syntax.Text(group), name, s.line(send.Pos(), wait.Pos())), story...)
	f.Fix = s.orderFix()
	s.pass.Report(f)
}

// isRange reports whether a range statement stands at p.
func (s *subject) isRange(p token.Pos) bool {
	op, _ := s.eng.Syntax.Operation(p)
	_, ok := op.(*ast.RangeStmt)
	return ok
}

// condition reports whether the expression at p is written by the programmer
// as the condition of an if statement.
func (s *subject) condition(p token.Pos) bool {
	stmt := syntax.Enclosing[*ast.IfStmt](s.eng.Syntax, p)
	return stmt != nil && stmt.Cond.Pos() <= p && p < stmt.Cond.End()
}
