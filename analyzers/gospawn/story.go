package gospawn

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/model"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
)

// place returns where a repeated start is reported: at the innermost step that
// the reader sees within the loop.
func (f *finder) place(t *turn) step {
	within := f.syntaxOf(t)
	for _, st := range t.chain {
		p := st.at.Pos()
		if within == nil || within.Pos() <= p && p < within.End() {
			return st
		}
	}
	return t.chain[len(t.chain)-1]
}

// syntaxOf returns the loop statement of a turn, or the function literal of a
// callback, or nil.
func (f *finder) syntaxOf(t *turn) ast.Node {
	if t.body != nil {
		return t.body.Fn.Syntax()
	}
	var loops []ast.Node
	for _, n := range f.eng.Syntax.Path(t.at().Pos()) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if !f.overFunc(n) {
				loops = append(loops, n)
			}
			continue
		case *ast.FuncLit, *ast.FuncDecl:
		default:
			continue
		}
		break
	}
	i := 0
	for l := f.prog.Loops(t.inst.Fn).Innermost(t.at().Block()); l != nil && l != t.loop; l = l.Parent {
		i++
	}
	if i < len(loops) {
		return loops[i]
	}
	return nil
}

// overFunc reports whether a loop ranges over a function: its body is a
// callback.
func (f *finder) overFunc(n ast.Node) bool {
	r, ok := n.(*ast.RangeStmt)
	if !ok {
		return false
	}
	t := f.eng.Info.TypeOf(r.X)
	if t == nil {
		return false
	}
	_, isFunc := t.Underlying().(*types.Signature)
	return isFunc
}

// report reports a start that is repeated per element of src. A semaphore that
// the goroutine takes itself is within.
func (f *finder) report(s *spawn, t *turn, src *source, within *model.Op) {
	at := f.place(t)
	what, why := f.words(t, src)
	msg := fmt.Sprintf("goroutine per %s, with no limit on how many are alive: %s", what, why)
	if within != nil {
		msg = fmt.Sprintf("goroutine per %s, and only in it the semaphore is taken: that bounds the work, not the goroutines that wait for it", what)
	}
	story := []report.Step{f.step(src.pos, "%s", f.beginning(src))}
	if loop := f.syntaxOf(t); loop != nil && t.body == nil {
		story = append(story, f.loopStep(loop))
	}
	if at.at.Pos() != s.site.Pos() {
		story = append(story, f.step(s.site.Pos(), "the goroutine is started here"))
	}
	if within != nil {
		story = append(story, f.step(within.Pos(), "the semaphore is taken here, when the goroutine exists already"))
	}
	if group := f.groupStep(s); group != nil {
		story = append(story, *group)
	}
	start, end := f.span(at.at)
	finding := report.Finding{Pos: start, End: end, Message: msg, Story: story}
	if within == nil {
		finding.Fix = f.fix(s, t, at)
	}
	if finding.Fix == nil {
		finding.Story = append(finding.Story, f.step(at.at.Pos(), "%s", f.advice(s)))
	}
	f.pass.Report(finding)
}

// advice says in words what to do where no fix is certain to be right.
func (f *finder) advice(s *spawn) string {
	if s.op == api.EGGo || s.op == api.EGTryGo {
		return "SetLimit on the group would limit them, unless its tasks wait for one another"
	}
	return "a semaphore taken before this and given back in the goroutine, or a fixed number of workers, would limit them"
}

// words says what there is a goroutine for, and why that is not bounded.
func (f *finder) words(t *turn, src *source) (what, why string) {
	container := src.name
	if r, ok := f.syntaxOf(t).(*ast.RangeStmt); ok {
		container = syntax.Text(r.X)
	}
	switch src.kind {
	case parameter:
		what = "element of " + container
		if container == src.name {
			return what, container + " is a parameter and as long as the caller makes it"
		}
		return what, "it comes from the parameter " + src.name + " and is as long as the caller makes it"
	case request:
		return "element of " + container, "it is part of a request, whose sender decides how long it is"
	case decoded:
		return "element of " + container, "it is decoded from an input that decides how long it is"
	case listing:
		return src.unit, "there are as many as " + src.name + " finds"
	case stream:
		return src.unit + " read from " + src.name, "the input decides how many there are"
	default:
		return "value received from " + src.name, "they pile up if values come faster than they are handled"
	}
}

// beginning says where an input comes from.
func (f *finder) beginning(src *source) string {
	switch src.kind {
	case parameter:
		return "the input is the parameter " + src.name
	case request:
		return "the input is part of a request"
	case decoded:
		return "the input is decoded here"
	case listing:
		return "the input comes from " + src.name
	case stream:
		return "the input is read here"
	default:
		return "the input is received here"
	}
}

func (f *finder) loopStep(loop ast.Node) report.Step {
	end := loop.Pos() + token.Pos(len("for"))
	if r, ok := loop.(*ast.RangeStmt); ok {
		end = r.X.End()
	}
	return report.Step{Pos: loop.Pos(), End: end, Message: "each turn of this loop starts another goroutine"}
}

// groupStep tells where the group is made that has no limit.
func (f *finder) groupStep(s *spawn) *report.Step {
	if s.op != api.EGGo && s.op != api.EGTryGo {
		return nil
	}
	for _, g := range f.m.PointsTo(s.inst, s.site.Common().Args[0]) {
		if p := g.Obj.Pos(); p.IsValid() {
			step := f.step(p, "the group is made here and never given a limit with SetLimit")
			return &step
		}
	}
	return nil
}

// reportRecursion reports a function that starts itself. A semaphore that the
// goroutine takes itself is within.
func (f *finder) reportRecursion(s *spawn, rec *recursive, within *model.Op) {
	name := "the function"
	if obj := rec.fn.Object(); obj != nil {
		name = obj.Name()
	} else if f.closureName(rec) != "" {
		name = f.closureName(rec)
	}
	msg := fmt.Sprintf("goroutine per call of %s, with no limit on how many are alive: %s starts itself for each part of its input", name, name)
	story := []report.Step{f.step(rec.fn.Pos(), "%s is declared here", name)}
	if rec.call.at.Pos() != s.site.Pos() {
		story = append(story, f.step(rec.call.at.Pos(), "the goroutine calls %s here", name))
	}
	if within != nil {
		msg = fmt.Sprintf("goroutine per call of %s, and only in it the semaphore is taken: that bounds the work, not the goroutines that wait for it", name)
		story = append(story, f.step(within.Pos(), "the semaphore is taken here, when the goroutine exists already"))
	}
	story = append(story, f.step(s.site.Pos(), "%s", f.advice(s)))
	start, end := f.span(s.site)
	f.pass.Report(report.Finding{Pos: start, End: end, Message: msg, Story: story})
}

// closureName returns the name under which a closure calls itself, or "".
func (f *finder) closureName(rec *recursive) string {
	op, _ := f.eng.Syntax.Operation(rec.call.at.Pos())
	var call *ast.CallExpr
	switch op := op.(type) {
	case *ast.GoStmt:
		call = op.Call
	case *ast.CallExpr:
		call = op
	}
	if call == nil {
		return ""
	}
	return syntax.Text(call.Fun)
}

func (f *finder) step(p token.Pos, format string, args ...any) report.Step {
	start, end := f.eng.Syntax.Span(p)
	return report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)}
}

// span returns where a start or the call that leads to it stands, without the
// function literal that it is given.
func (f *finder) span(at ssa.Instruction) (start, end token.Pos) {
	start, end = f.eng.Syntax.Span(at.Pos())
	if op, _ := f.eng.Syntax.Operation(at.Pos()); op != nil {
		if call, ok := op.(*ast.CallExpr); ok {
			end = call.Lparen
		}
	}
	return start, end
}

// receiverText returns what the method call at p is applied to.
func (f *finder) receiverText(p token.Pos) string {
	if _, e := f.eng.Syntax.Operation(p); e != nil {
		return syntax.Text(e)
	}
	return "the input"
}

// operandText returns the channel of the receive at p.
func (f *finder) operandText(p token.Pos) string {
	if _, e := f.eng.Syntax.Operation(p); e != nil {
		return syntax.Text(e)
	}
	return "a channel"
}
