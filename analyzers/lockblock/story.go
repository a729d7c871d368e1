package lockblock

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// name returns the lock as the operation that took it writes it.
func (c *checker) name(site ssa.Instruction) string {
	if _, operand := c.eng.Syntax.Operation(site.Pos()); operand != nil {
		return syntax.Text(operand)
	}
	call, ok := site.(ssa.CallInstruction)
	if !ok {
		return "the lock"
	}
	if mc, ok := call.Common().Value.(*ssa.MakeClosure); ok { // a method value
		if sel := syntax.Enclosing[*ast.SelectorExpr](c.eng.Syntax, mc.Pos()); sel != nil {
			return syntax.Text(sel.X)
		}
	}
	return "the lock"
}

// method returns the name of the method that a call of a lock's method calls.
func method(site ssa.Instruction) string {
	if call, ok := site.(ssa.CallInstruction); ok {
		if obj := ir.Object(call.Common()); obj != nil {
			return obj.Name()
		}
	}
	return "Lock"
}

func verb(read bool) string {
	if read {
		return "read-locked"
	}
	return "locked"
}

func (c *checker) step(p token.Pos, format string, args ...any) report.Step {
	start, end := c.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

func (c *checker) line(p, from token.Pos) string { return c.eng.Syntax.LineOf(p, from) }

// taken is the first step of most stories.
func (c *checker) taken(h locks.Hold) report.Step {
	return c.step(h.Taken().Pos(), "%s is %s here", c.name(h.Innermost()), verb(h.Write == 0))
}

// returnSpan returns where a return is: its statement, or the brace that ends
// the function.
func (c *checker) returnSpan(ret *ssa.Return) (start, end token.Pos) {
	if stmt := c.eng.Syntax.ReturnStmt(ret.Pos()); stmt != nil {
		return stmt.Pos(), stmt.End()
	}
	var body *ast.BlockStmt
	switch n := ret.Parent().Syntax().(type) {
	case *ast.FuncDecl:
		body = n.Body
	case *ast.FuncLit:
		body = n.Body
	}
	if body == nil {
		return token.NoPos, token.NoPos
	}
	return body.Rbrace, body.Rbrace + 1
}

func (c *checker) reportLeft(f *locks.Func, e locks.Exit, h locks.Hold) {
	start, end := c.returnSpan(e.Return)
	if !start.IsValid() {
		return
	}
	finding := report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("returns with %s %s since %s: whoever locks it next blocks forever",
			c.name(h.Innermost()), verb(h.Write == 0), c.line(h.Taken().Pos(), start)),
		Story: []report.Step{
			c.taken(h),
			{Pos: start, End: end, Message: "the function returns here without unlocking it"},
		},
	}
	if g := f.HandedTo[h.Lock]; g != nil {
		finding.Story = append(finding.Story, c.step(g.Pos(), "on another path the goroutine started here unlocks it"))
	}
	if u := f.ReleasedBy[h.Lock]; u != nil {
		finding.Story = append(finding.Story, c.step(u.Pos(), "on another path it is unlocked here"))
	}
	finding.Fix = c.leftFix(f, e, h)
	finding.Advice = "unlock it here, or with defer right after the " + method(h.Taken())
	c.pass.Report(finding)
}

func (c *checker) reportPanic(f *locks.Func, p locks.Panic, by *ssa.Function) {
	start, end := c.eng.Syntax.Span(p.Panic.Pos())
	finding := report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("panics with %s %s since %s, and %s recovers: whoever locks it next blocks forever",
			c.name(p.Held.Innermost()), verb(p.Held.Write == 0), c.line(p.Held.Taken().Pos(), start), by.Name()),
		Story: []report.Step{
			c.taken(p.Held),
			c.step(p.Panic.Pos(), "the panic leaves it so"),
			c.step(by.Pos(), "%s recovers, and the program goes on", by.Name()),
		},
	}
	if u := f.ReleasedBy[p.Held.Lock]; u != nil {
		finding.Story = append(finding.Story, c.step(u.Pos(), "on another path it is unlocked here"))
	}
	finding.Fix = c.deferFix(f, p.Held)
	c.pass.Report(finding)
}

func (c *checker) reportNotTakenOver(to *locks.Func, e locks.Exit, h locks.Handover) {
	start, end := c.returnSpan(e.Return)
	if !start.IsValid() {
		return
	}
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("returns with %s %s since %s, which this goroutine was started to unlock: whoever locks it next blocks forever",
			c.name(h.Held.Innermost()), verb(h.Held.Write == 0), c.line(h.Held.Taken().Pos(), start)),
		Story: []report.Step{
			c.taken(h.Held),
			c.step(h.Go.Pos(), "the goroutine started here is to unlock it"),
			{Pos: start, End: end, Message: "the goroutine returns here without unlocking it"},
		},
		Fix: c.handoverFix(to, h),
	})
}

func (c *checker) reportLost(f *locks.Func, l locks.Lost) {
	pos := l.Held.Taken().Pos()
	start, end := c.eng.Syntax.Span(pos)
	finding := report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s is still %s when the loop goes on to the next one: whoever locks it next blocks forever", c.name(l.Held.Innermost()), verb(l.Held.Write == 0)),
		Story:   []report.Step{c.taken(l.Held)},
	}
	if u := f.ReleasedBy[l.Held.Lock]; u != nil {
		finding.Story = append(finding.Story, c.step(u.Pos(), "on another path it is unlocked here"))
	}
	c.pass.Report(finding)
}

// reportAgain reports at the Lock that blocks, even if it is in a function that
// others may well call: there the goroutine stops.
func (c *checker) reportAgain(f *locks.Func, a locks.Again) {
	inner := a.Acquire.Innermost()
	start, end := c.eng.Syntax.Span(inner.Site.Pos())
	op := c.name(inner.Site) + "." + method(inner.Site)
	lock, how := c.name(a.Held.Innermost()), verb(a.Held.Write == 0)
	at := c.line(a.Held.Taken().Pos(), start)
	if inner != a.Acquire {
		at += fmt.Sprintf(", and calls lead here from %s", c.line(a.Acquire.Site.Pos(), start))
	}
	var message string
	switch {
	case sameOperation(a):
		message = fmt.Sprintf("%s blocks forever in the next turn of the loop: %s is still %s", op, lock, how)
	case a.Held.Write == 0 && a.Acquire.Read:
		message = fmt.Sprintf("%s blocks forever if a writer waits: the goroutine has %s %s at %s", op, how, lock, at)
	default:
		message = fmt.Sprintf("%s blocks forever: the goroutine has %s %s at %s", op, how, lock, at)
	}
	c.pass.Report(report.Finding{Pos: start, End: end, Message: message, Story: c.againStory(a)})
}

// againStory goes from the first Lock through the calls to the second.
func (c *checker) againStory(a locks.Again) []report.Step {
	story := []report.Step{c.taken(a.Held)}
	for q := a.Acquire; q != nil; q = q.Inner {
		if q.Inner != nil {
			story = append(story, c.step(q.Site.Pos(), "it is still held when this is called"))
			continue
		}
		story = append(story, c.step(q.Site.Pos(), "%s is %s here, by the same goroutine", c.name(q.Site), verb(q.Read)+" again"))
	}
	return story
}

func (c *checker) reportMismatch(m locks.Mismatch) {
	start, end := c.eng.Syntax.Span(m.Unlock.Pos())
	read := m.Held.Write == 0
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s.%s does not match: %s is %s at %s", c.name(m.Unlock), method(m.Unlock), c.name(m.Held.Innermost()), verb(read),
			c.line(m.Held.Taken().Pos(), start)),
		Story: []report.Step{
			c.taken(m.Held),
			c.step(m.Unlock.Pos(), "here it is unlocked with the method for the other kind"),
		},
		Advice: "lock for writing if what the lock guards is written in between, for reading if not, and unlock with the method of that kind",
	})
}

// reportDouble reports at the second of two Unlocks, or, where that is deferred, at the
// first: the other one is for all the other ways.
func (c *checker) reportDouble(d locks.Double) {
	at, other := d.Second, d.First
	how := "has been unlocked at %s, and not locked since"
	if d.Deferred {
		at, other = d.First, d.Second
		how = "is unlocked once more when the function returns, by the call deferred at %s"
	}
	start, end := c.eng.Syntax.Span(at.Pos())
	name := c.name(d.First)
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s.Unlock ends the program: %s "+how, c.name(at), name, c.line(other.Pos(), start)),
		Story: []report.Step{
			c.step(d.First.Pos(), "%s is unlocked here", name),
			c.step(d.Second.Pos(), "and by this call again, without a Lock in between: \"fatal error: sync: unlock of unlocked mutex\""),
		},
		Advice: "unlock once on each path, best with a deferred call right after the Lock and nothing else",
	})
}

// reportInversion reports where the first of two functions waits.
func (c *checker) reportInversion(o, e edge) {
	first, second := o.order, e.order
	inner := first.Acquire.Innermost()
	start, end := c.eng.Syntax.Span(inner.Site.Pos())
	lock := c.name(inner.Site)
	c.pass.Report(report.Finding{
		Pos: start, End: end,
		Message: fmt.Sprintf("%s.%s blocks forever when %s has locked it at %s and waits for %s, which %s holds here",
			lock, method(inner.Site), e.fn.Name(), c.line(second.Held.Taken().Pos(), start), c.name(first.Held.Innermost()), o.fn.Name()),
		Story: []report.Step{
			c.step(first.Held.Taken().Pos(), "%s locks %s here", o.fn.Name(), c.name(first.Held.Innermost())),
			c.step(first.Acquire.Site.Pos(), "and waits for %s", lock),
			c.step(second.Held.Taken().Pos(), "%s locks %s here", e.fn.Name(), c.name(second.Held.Innermost())),
			c.step(second.Acquire.Site.Pos(), "and waits for %s", c.name(second.Acquire.Innermost().Site)),
		},
	})
}
