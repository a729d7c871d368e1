package semrelease

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// at returns the position of an operation on the semaphore p: for a select,
// that of its case.
func (c *checker) at(site ssa.Instruction, p *locks.Path) token.Pos {
	sel, ok := site.(*ssa.Select)
	if !ok {
		return site.Pos()
	}
	for _, state := range sel.States {
		if c.locks.PathOf(state.Chan) == p {
			return state.Pos
		}
	}
	return site.Pos()
}

// name returns the semaphore as the operation on it writes it.
func (c *checker) name(site ssa.Instruction, p *locks.Path) string {
	if _, operand := c.eng.Syntax.Operation(c.at(site, p)); operand != nil {
		return syntax.Text(operand)
	}
	return "the semaphore"
}

// text returns an operation in the words of the source: sem.Release, <-sem.
func (c *checker) text(site ssa.Instruction, p *locks.Path) string {
	switch op, _ := c.eng.Syntax.Operation(c.at(site, p)); op := op.(type) {
	case *ast.SendStmt:
		return syntax.Text(op.Chan) + " <-"
	case *ast.UnaryExpr:
		return syntax.Text(op)
	case *ast.CallExpr:
		if _, ok := op.Fun.(*ast.FuncLit); !ok {
			return syntax.Text(op.Fun)
		}
	case *ast.DeferStmt:
		return "the deferred call"
	case *ast.GoStmt:
		return "the goroutine"
	}
	return "the release"
}

func (c *checker) step(p token.Pos, format string, args ...any) report.Step {
	start, end := c.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

func (c *checker) line(p, from token.Pos) string { return c.eng.Syntax.LineOf(p, from) }

// acquired is the first step of most stories.
func (c *checker) acquired(h locks.Hold) report.Step {
	return c.step(c.at(h.Taken(), h.Lock), "%s is acquired here", c.held(h))
}

// held names the semaphore that h holds.
func (c *checker) held(h locks.Hold) string {
	inner := h
	for inner.Inner != nil {
		inner = *inner.Inner
	}
	return c.name(inner.Taken(), inner.Lock)
}

// elsewhere is the step that tells how other paths give back what is acquired.
func (c *checker) elsewhere(by ssa.Instruction, p *locks.Path) report.Step {
	switch by.(type) {
	case *ssa.Go:
		return c.step(by.Pos(), "on another path the goroutine started here releases it")
	case *ssa.MakeClosure:
		return c.step(by.Pos(), "on another path the function literal releases it")
	}
	if call, ok := by.(*ssa.Call); ok {
		switch ir.Op(&call.Call) {
		case api.EGGo, api.WGGo:
			return c.step(by.Pos(), "on another path the goroutine started here releases it")
		}
	}
	return c.step(c.at(by, p), "on another path it is released here")
}

// consequence says what becomes of those that acquire a semaphore later, in the
// way in which h was acquired, if it is left acquired again and again.
func (c *checker) consequence(h locks.Hold, again string) string {
	for h.Inner != nil {
		h = *h.Inner
	}
	site := h.Taken()
	op, fate := c.text(site, h.Lock), "blocks forever"
	for _, o := range c.ops(site) {
		switch {
		case o.If == nil:
		case ir.Op(commonOf(site)) == api.SemTryAcquire:
			fate = "never succeeds"
		default:
			fate = "waits in vain"
		}
	}
	switch n := c.places(site, h); n {
	case 0:
		return fmt.Sprintf("each such %s takes away one of its places, until %s %s", again, op, fate)
	case 1:
		return fmt.Sprintf("the next %s %s", op, fate)
	default:
		return fmt.Sprintf("after %d such %ss %s %s", n, again, op, fate)
	}
}

func commonOf(instr ssa.Instruction) *ssa.CallCommon {
	if call, ok := instr.(ssa.CallInstruction); ok {
		return call.Common()
	}
	return &ssa.CallCommon{}
}

// places returns how often a semaphore can be acquired in the way of h, or 0
// where its size is not known.
func (c *checker) places(site ssa.Instruction, h locks.Hold) int64 {
	if call, ok := site.(ssa.CallInstruction); ok {
		size, at := c.size(locks.Receiver(call.Common()), 0)
		if at == nil || h.Weight == 0 {
			return 0
		}
		return size / h.Weight
	}
	var ch ssa.Value
	switch site := site.(type) {
	case *ssa.Send:
		ch = site.Chan
	case *ssa.UnOp:
		ch = site.X
	default:
		return 0
	}
	f := c.channels.family(ch)
	if f == nil || len(f.made) != 1 {
		return 0
	}
	n, _ := constInt(f.made[0].Size)
	return n
}

// returnSpan returns where a return is: its statement, or the brace that ends
// the function.
func (c *checker) returnSpan(ret *ssa.Return) (start, end token.Pos) {
	if stmt := c.eng.Syntax.ReturnStmt(ret.Pos()); stmt != nil {
		return stmt.Pos(), stmt.End()
	}
	if ir.IsLoopBody(ret.Parent()) {
		return token.NoPos, token.NoPos
	}
	end = ir.End(ret.Parent())
	return end, end + 1
}

func (c *checker) reportLeft(f *locks.Func, e locks.Exit, h locks.Hold, by ssa.Instruction) {
	start, end := c.returnSpan(e.Return)
	if !start.IsValid() {
		return
	}
	pos := c.at(h.Taken(), h.Lock)
	what := c.held(h) + " acquired"
	if n := c.weight(h); h.Weight > 0 && h.Weight < n {
		what = fmt.Sprintf("%d of %d of %s still acquired", h.Weight, n, c.held(h))
	}
	finding := report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("returns with %s since %s: %s", what, c.line(pos, start), c.consequence(h, "return")),
		Story:   []report.Step{c.acquired(h), {Pos: start, End: end, Message: "the function returns here without releasing it"}},
	}
	if by != nil {
		finding.Story = append(finding.Story, c.elsewhere(by, h.Lock))
	} else {
		finding.Story = append(finding.Story, report.Step{Pos: f.Fn.Pos(), Message: "other paths return an object for which it is acquired, this one does not"})
	}
	finding.Involved = []token.Pos{finding.Story[0].Pos}
	if finding.Fix = c.deferFix(f, h); finding.Fix == nil {
		finding.Fix = c.releaseFix(f, e, h)
	}
	c.pass.Report(finding)
}

// weight returns how much was acquired at once, or 0.
func (c *checker) weight(h locks.Hold) int64 {
	for _, op := range c.ops(h.Taken()) {
		return op.Weight
	}
	return 0
}

func (c *checker) reportTurn(f *locks.Func, t locks.Turn, by ssa.Instruction) {
	h := t.Held
	pos := c.at(h.Taken(), h.Lock)
	start, end := c.eng.Syntax.Span(pos)
	message := fmt.Sprintf("%s is not released on every path before the next turn of the loop: %s", c.held(h), c.consequence(h, "turn"))
	story := []report.Step{c.acquired(h)}
	if next := c.continues(t); next != nil {
		start, end = next.Pos(), next.End()
		message = fmt.Sprintf("goes on with the next turn of the loop with %s acquired since %s: %s", c.held(h), c.line(pos, start), c.consequence(h, "turn"))
		story = append(story, report.Step{Pos: start, End: end, Message: "the turn ends here without releasing it"})
	}
	story = append(story, c.elsewhere(by, h.Lock))
	finding := report.Finding{Pos: start, End: end, Message: message, Story: story, Involved: []token.Pos{story[0].Pos}}
	finding.Fix = c.continueFix(f, t)
	c.pass.Report(finding)
}

func (c *checker) reportNotTakenOver(to *locks.Func, e locks.Exit, h locks.Handover) {
	start, end := c.returnSpan(e.Return)
	if !start.IsValid() {
		return
	}
	pos := c.at(h.Held.Taken(), h.Held.Lock)
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Involved: []token.Pos{c.acquired(h.Held).Pos},
		Message:  fmt.Sprintf("goroutine returns without releasing %s, which was acquired for it at %s: %s", c.held(h.Held), c.line(pos, start), c.consequence(h.Held, "return")),
		Story: []report.Step{
			c.acquired(h.Held),
			c.step(h.Go.Pos(), "the goroutine started here is to release it"),
			{Pos: start, End: end, Message: "the goroutine returns here without releasing it"},
		},
		Fix: c.handoverFix(to, h),
	})
}

func (c *checker) reportFailed(u locks.Unmatched) {
	pos := c.at(u.Past.Site, u.Past.Lock)
	start, end := c.eng.Syntax.Span(pos)
	release := c.at(u.Release, u.Past.Lock)
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s at %s runs also if this did not acquire %s: %s", c.text(u.Release, u.Past.Lock), c.line(release, start),
			c.name(u.Past.Site, u.Past.Lock), c.harm(u)),
		Story: []report.Step{
			c.step(pos, "this may fail"),
			c.step(release, "what it has not acquired is released here"),
		},
		Involved: []token.Pos{release},
		Fix:      c.checkFix(pos),
	})
}

// harm says what a release of what is not held does.
func (c *checker) harm(u locks.Unmatched) string {
	fate := "blocks"
	if call, ok := u.Past.Site.(ssa.CallInstruction); ok {
		if fate = "panics"; ir.Op(call.Common()) == api.None {
			fate = "panics or blocks" // whatever a callee releases
		}
	}
	return "it " + fate + ", or gives back what another goroutine has acquired"
}

func (c *checker) reportTwice(u locks.Unmatched) {
	first, second := c.at(u.Past.Site, u.Past.Lock), c.at(u.Release, u.Past.Lock)
	start, end := c.eng.Syntax.Span(second)
	name := c.name(u.Past.Site, u.Past.Lock)
	message := fmt.Sprintf("%s is released a second time, after %s: %s", name, c.line(first, start), c.harm(u))
	if _, deferred := u.Release.(*ssa.Defer); deferred {
		start, end = c.eng.Syntax.Span(first)
		message = fmt.Sprintf("%s is released here, and again by the call deferred at %s: %s", name, c.line(second, start), c.harm(u))
	}
	c.pass.Report(report.Finding{
		Pos: start, End: end, Message: message,
		Story: []report.Step{
			c.step(first, "%s is released here", name),
			c.step(second, "and again here, though it was acquired once"),
		},
	})
}

func (c *checker) reportTooMuch(m locks.Mismatch) {
	start, end := c.eng.Syntax.Span(m.Unlock.Pos())
	pos := c.at(m.Held.Taken(), m.Held.Lock)
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s gives back more than the %d acquired at %s: it panics, or gives back what another goroutine has acquired",
			c.text(m.Unlock, m.Held.Lock), m.Held.Weight, c.line(pos, start)),
		Story: []report.Step{c.acquired(m.Held), {Pos: start, End: end, Message: "more than that is released here"}},
	})
}

func (c *checker) reportNeverFits(call ssa.CallInstruction, weight, size int64, made ssa.Instruction) {
	start, end := c.eng.Syntax.Span(call.Pos())
	text := c.text(call, nil)
	fate := fmt.Sprintf("%s never succeeds", text)
	if ir.Op(call.Common()) == api.SemAcquire {
		fate = fmt.Sprintf("%s blocks until its context is done", text)
		if args := call.Common().Args; !c.mayEnd(args[len(args)-2], 0) {
			fate = fmt.Sprintf("%s blocks forever", text)
		}
	}
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s: it asks for %d of a semaphore of size %d", fate, weight, size),
		Story: []report.Step{
			c.step(made.Pos(), "the semaphore is made here, with size %d", size),
			c.step(call.Pos(), "more than that is asked for here"),
		},
	})
}
