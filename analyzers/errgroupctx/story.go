package errgroupctx

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// step tells of the operation at a position.
func (s *subject) step(pos token.Pos, format string, args ...any) report.Step {
	start, end := s.eng.Syntax.Span(pos)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

// startOf tells where a task is started.
func (s *subject) startOf(t *model.Thread) report.Step {
	return s.step(t.Site.Pos(), "the task is started here")
}

// text returns the source of what is used at a hop.
func (s *subject) text(h hop) string { return syntax.Text(s.expr(h)) }

// line returns "line N" for a position in the file of another one, and the file
// as well for others.
func (s *subject) line(pos, from token.Pos) string { return s.eng.Syntax.LineOf(pos, from) }

// discardedFinding reports a group whose context is discarded, because of what
// its tasks use instead.
func (s *subject) discardedFinding(g *group, misses []*miss) report.Finding {
	m := misses[0]
	ctx := s.text(m.at())
	pos, end := s.eng.Syntax.Span(g.pos)
	f := report.Finding{
		Pos: pos, End: end,
		Message: fmt.Sprintf("the context derived by errgroup.WithContext is discarded: the task started at %s runs on with %s when another one fails", s.line(m.task.Site.Pos(), g.pos), ctx),
		Story: []report.Step{
			s.startOf(m.task),
			s.use(m.at(), "and uses %s here, which the failure of another task does not cancel", ctx),
			{Pos: pos, End: end, Message: "if every task is to run to its end, a zero errgroup.Group says so"},
		},
	}
	f.Fix = s.keepFix(g, misses)
	return f
}

// use tells of what happens at a hop.
func (s *subject) use(h hop, format string, args ...any) report.Step {
	e := s.expr(h)
	return report.Step{Pos: e.Pos(), End: e.End(), Message: fmt.Sprintf(format, args...)}
}

// missFinding reports the use of a wrong context in a task.
func (s *subject) missFinding(m *miss) report.Finding {
	h := m.at()
	e := s.expr(h)
	f := report.Finding{Pos: e.Pos(), End: e.End()}
	ctx := s.text(h)
	effect := s.effect(m)
	what := "task uses " + ctx + ", the parent of " + m.reached
	switch {
	case !api.IsContext(h.value.Type()):
		what = "task waits for " + ctx + ", the Done channel of the parent of " + m.reached
	case m.root != "":
		what = "task uses context." + m.root + " though " + m.reached + " is in reach"
	case !m.isParent():
		what = "task uses " + ctx + ", which comes from the parent of " + m.reached
	}
	f.Message = what + ": " + effect + " when another task fails"
	f.Story = []report.Step{s.step(m.group.pos, "the group is made here, with the context that ends when a task fails")}
	for i := len(m.route.hops) - 1; i > m.entry; i-- {
		if p := m.route.hops[i]; s.pos(p).IsValid() && p.inst.Thread != h.inst.Thread {
			f.Story = append(f.Story, s.use(p, "%s is handed on here", s.text(p)))
		}
	}
	f.Story = append(f.Story, s.startOf(m.task))
	if m.entry > 0 && s.pos(m.hop).IsValid() && s.eng.Syntax.Line(s.pos(m.hop)) != s.eng.Syntax.Line(e.Pos()) {
		f.Story = append(f.Story, s.use(m.hop, "and needs it here"))
	}
	f.Fix = s.derivedFix(m)
	return f
}

// effect says what a task does on: what it calls with the context or, where it
// only derives another one, what it calls with that.
func (s *subject) effect(m *miss) string {
	h := m.at()
	if m.derived() {
		h = m.hop
	}
	if call, ok := h.instr.(ssa.CallInstruction); ok && ir.Op(call.Common()) != api.CtxDone {
		return s.callee(h) + " is not cancelled"
	}
	return "it waits on"
}

// lateFinding reports the use of a group's context after its Wait.
func (s *subject) lateFinding(l *lateUse) report.Finding {
	h := l.at()
	e := s.expr(h)
	ctx := s.text(h)
	var effect string
	switch {
	case l.kind == result:
		effect = "it is returned as an error though the tasks succeeded"
		ctx = "the error of " + ctx
	case l.kind == derives || isDerive(h.instr):
		effect = "what is derived from it is cancelled from the start"
	case l.kind == guard:
		effect = "its Done is always ready"
	default:
		effect = s.callee(h) + " is cancelled before it starts"
	}
	wait := "Wait"
	if _, x := s.eng.Syntax.Operation(l.wait.Pos()); x != nil {
		wait = syntax.Text(x) + ".Wait"
	}
	f := report.Finding{
		Pos: e.Pos(), End: e.End(),
		Message: fmt.Sprintf("%s is used after %s at %s, which has cancelled it: %s", ctx, wait, s.line(l.wait.Pos(), e.Pos()), effect),
		Story: []report.Step{
			s.step(l.group.pos, "the context is derived for the group here"),
			s.step(l.wait.Pos(), "when this returns it is cancelled, with or without an error"),
		},
	}
	for i := l.entry - 1; i >= 0; i-- {
		if p := l.route.hops[i]; s.pos(p).IsValid() && s.eng.Syntax.Line(s.pos(p)) != s.eng.Syntax.Line(e.Pos()) {
			f.Story = append(f.Story, s.use(p, "it is used here"))
		}
	}
	if f.Fix = s.parentFix(l); f.Fix == nil {
		f.Message += "; use the parent of the group's context here"
	}
	return f
}

// isDerive reports whether an instruction derives a context or a group from its
// argument.
func isDerive(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	switch ir.Op(&call.Call) {
	case api.CtxDerive, api.EGWithContext:
		return true
	}
	return false
}
