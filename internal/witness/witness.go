// Package witness tells what the explorer has found to a reader: the operation
// that never proceeds, the reason, and the events that lead there, in the order
// in which they happen.
//
// Its input is the final state of one run (package machine) with the goroutines
// that are stuck in it (package verdict); its output is a finding without a fix
// (package report). It decides nothing: which problems are worth a report is
// up to package explore and the checks.
package witness

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/explore"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/skeleton"
	"github.com/concurlint/concurlint/internal/syntax"
	"github.com/concurlint/concurlint/internal/verdict"
)

// A Teller tells one problem.
type Teller struct {
	eng *engine.Package
	p   *explore.Problem
	m   *machine.Machine
}

// New returns a teller of a problem.
func New(eng *engine.Package, p *explore.Problem) *Teller {
	return &Teller{eng: eng, p: p, m: p.Finding.Machine}
}

// Stuck tells about one of the stuck goroutines of the problem.
func (t *Teller) Stuck(s verdict.Stuck) report.Finding {
	start, end := t.eng.Syntax.Span(s.Op.Pos)
	verb := t.operation(s.Op)
	if t.elsewhere(s.Op) != "" {
		verb += fmt.Sprintf(" (%s)", t.line(s.Op.In.Pos(), s.Op.Pos))
	}
	message := fmt.Sprintf("%s blocks forever%s: %s", verb, t.when(s.Op.Pos), t.reason(s))
	return report.Finding{Pos: start, End: end, Message: message, Story: t.story(s), Involved: t.involved(), Advice: t.advice(s), Trace: t.trace(s.G)}
}

// involved returns the positions of all operations that are stuck, and of those
// that took the locks that they wait for.
func (t *Teller) involved() []token.Pos {
	var out []token.Pos
	add := func(pos token.Pos) {
		if pos.IsValid() {
			start, _ := t.eng.Syntax.Span(pos)
			out = append(out, start)
		}
	}
	for _, s := range t.p.Finding.Stuck {
		add(s.Op.Pos)
		for _, c := range s.Op.Chans {
			if c.Site != nil {
				add(t.place(c.Site.Pos()))
			}
		}
		if p := s.Op.Prim; p != nil {
			add(p.LockedAt)
			for _, r := range p.Readers {
				add(r.At)
			}
		}
	}
	return out
}

// place returns a position of the package itself, and NoPos for one in a function of
// another package.
func (t *Teller) place(pos token.Pos) token.Pos {
	if skeleton.IsForeign(t.eng.Fset, pos) {
		return token.NoPos
	}
	return pos
}

// elsewhere names an operation in a function of another package by the call that
// leads to it: "send in the goroutine of stream.Lines". It returns "" for the operations
// of the package itself.
func (t *Teller) elsewhere(op *machine.Op) string {
	if op.In == nil || !skeleton.IsForeign(t.eng.Fset, op.In.Pos()) {
		return ""
	}
	name := "another package"
	if call := syntax.Enclosing[*ast.CallExpr](t.eng.Syntax, op.Pos); call != nil {
		name = syntax.Text(call.Fun)
	}
	if g := op.Goroutine(); g != nil && g.Site != nil && skeleton.IsForeign(t.eng.Fset, g.Site.Pos()) {
		name = "the goroutine of " + name
	}
	return kinds[op.Kind] + " in " + name
}

var kinds = map[machine.OpKind]string{
	machine.OpSend: "send", machine.OpReceive: "receive", machine.OpSelect: "select", machine.OpLock: "Lock",
	machine.OpRLock: "RLock", machine.OpWait: "Wait", machine.OpGroupWait: "Wait", machine.OpGroupGo: "Go",
	machine.OpCondWait: "Wait", machine.OpOnce: "Do", machine.OpAcquire: "Acquire",
}

// operation names an operation: "send on results", "wg.Wait".
func (t *Teller) operation(op *machine.Op) string {
	if name := t.elsewhere(op); name != "" {
		return name
	}
	node, operand := t.eng.Syntax.Operation(op.Pos)
	name := "a channel"
	if operand != nil {
		name = syntax.Text(operand)
	}
	switch op.Kind {
	case machine.OpSend:
		return "send on " + name
	case machine.OpReceive:
		if _, ok := node.(*ast.RangeStmt); ok {
			return "range over " + name
		}
		return "receive from " + name
	case machine.OpSelect:
		return "select"
	}
	method := kinds[op.Kind]
	if operand == nil {
		return method
	}
	if call, ok := node.(*ast.CallExpr); ok {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			method = sel.Sel.Name
		}
	}
	return name + "." + method
}

// where names the line of an operation, and that in the other package if it stands
// there.
func (t *Teller) where(op *machine.Op, from token.Pos) string {
	line := t.line(op.Pos, from)
	if t.elsewhere(op) != "" {
		line += ", at " + t.line(op.In.Pos(), op.Pos)
	}
	return line
}

// line names the line of a position for a message that stands at from.
func (t *Teller) line(pos, from token.Pos) string { return t.eng.Syntax.LineOf(pos, from) }

// when names the decisive choices: " when err != nil (line 31)".
func (t *Teller) when(from token.Pos) string {
	var parts []string
	for _, c := range t.p.Finding.Deviations {
		if text, pos := t.choice(c); text != "" {
			part := fmt.Sprintf("%s (%s)", text, t.line(pos, from))
			if !slices.Contains(parts, part) { // each turn of a loop says it again
				parts = append(parts, part)
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " when " + strings.Join(parts, " and ")
}

// choice puts a choice into words, if it says something to a reader.
func (t *Teller) choice(c machine.Choice) (text string, pos token.Pos) {
	switch in := c.In.(type) {
	case *ssa.If:
		return t.condition(in, c.Then)
	case *ssa.Select:
		if c.Kind != machine.ChooseCase {
			return "", token.NoPos
		}
		return t.selectCase(in, c.Case)
	case ssa.CallInstruction:
		if c.Kind == machine.ChooseResult && in.Pos().IsValid() {
			if call := syntax.Enclosing[*ast.CallExpr](t.eng.Syntax, in.Pos()); call != nil {
				return syntax.Text(call.Fun) + " fails", in.Pos()
			}
		}
	}
	return "", token.NoPos
}

// condition renders the condition of a branch as it was decided.
func (t *Teller) condition(in *ssa.If, then bool) (string, token.Pos) {
	pos := in.Cond.Pos()
	if !pos.IsValid() {
		return "", pos
	}
	if tag, value := t.switchCase(pos); value != nil {
		op := token.EQL
		if !then {
			op = token.NEQ
		}
		return fmt.Sprintf("%s %s %s", syntax.Text(tag), op, syntax.Text(value)), pos
	}
	e := t.expression(pos)
	if e == nil {
		return "", pos
	}
	if b, ok := e.(*ast.BinaryExpr); ok {
		op := b.Op
		if !then {
			op = opposite[op]
		}
		if op == token.ILLEGAL {
			return "", pos
		}
		return fmt.Sprintf("%s %s %s", syntax.Text(b.X), op, syntax.Text(b.Y)), pos
	}
	text := syntax.Text(e)
	if !then {
		text = "!" + text
	}
	return text, pos
}

// switchCase returns what a case compares, where SSA places that comparison at pos: at
// the start of the value in the case. They are nil for other conditions.
func (t *Teller) switchCase(pos token.Pos) (tag, value ast.Expr) {
	path := t.eng.Syntax.Path(pos)
	for i, n := range path {
		clause, ok := n.(*ast.CaseClause)
		if !ok || i+2 >= len(path) {
			continue
		}
		sw, ok := path[i+2].(*ast.SwitchStmt)
		if !ok || sw.Tag == nil {
			return nil, nil
		}
		for _, e := range clause.List {
			if e.Pos() == pos {
				return sw.Tag, e
			}
		}
		return nil, nil
	}
	return nil, nil
}

// expression returns the condition that SSA places at pos: a comparison at its
// operator, a call at its parenthesis.
func (t *Teller) expression(pos token.Pos) ast.Expr {
	path := t.eng.Syntax.Path(pos)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.OpPos == pos {
				return n
			}
		case *ast.CallExpr:
			if n.Lparen == pos {
				return n
			}
		case *ast.Ident:
			if i+1 < len(path) {
				if sel, ok := path[i+1].(*ast.SelectorExpr); ok && sel.Sel == n {
					return sel
				}
			}
			return n
		case *ast.SelectorExpr:
			if n.Sel.Pos() == pos {
				return n
			}
		case ast.Stmt:
			return nil
		}
	}
	return nil
}

var opposite = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// selectCase renders the case of a select that was taken.
func (t *Teller) selectCase(in *ssa.Select, i int) (string, token.Pos) {
	if i < 0 {
		return "the default of select is taken", in.Pos()
	}
	st := in.States[i]
	_, operand := t.eng.Syntax.Operation(st.Pos)
	if operand == nil {
		return "", token.NoPos
	}
	if i < len(in.States) && st.Send != nil {
		return "the select sends on " + syntax.Text(operand), st.Pos
	}
	return "the select receives from " + syntax.Text(operand), st.Pos
}

// story lists what happens, in order.
func (t *Teller) story(s verdict.Stuck) []report.Step {
	var steps []report.Step
	add := func(pos token.Pos, format string, args ...any) {
		if !pos.IsValid() {
			return
		}
		start, end := t.eng.Syntax.Span(pos)
		for _, old := range steps {
			if old.Pos == start {
				return
			}
		}
		steps = append(steps, report.Step{Pos: start, End: end, Message: fmt.Sprintf(format, args...)})
	}
	for _, c := range s.Op.Chans {
		if c.Site != nil {
			add(t.place(c.Site.Pos()), "%s made here", made(c))
		}
	}
	if p := s.Op.Prim; p != nil && p.Cell != nil {
		add(p.Cell.Origin(), "it is declared here")
	}
	if s.G.Site != nil {
		add(s.G.Home, "the goroutine that gets stuck is started here")
	}
	for _, c := range t.p.Finding.Deviations {
		if text, pos := t.choice(c); text != "" {
			add(pos, "when %s", text)
		}
	}
	for _, c := range s.Op.Chans {
		add(t.place(c.MakerLeft), "the function that made it returns here")
	}
	t.others(s, add)
	if len(steps) == 0 {
		add(t.p.Root.Pos(), "it comes to that when this function is called")
	}
	return steps
}

func made(c *machine.Chan) string {
	if c.Context() != nil {
		return "the context is"
	}
	return "the channel is"
}

// others tells what the other goroutines of the knot, and the holders of locks,
// do.
func (t *Teller) others(s verdict.Stuck, add func(token.Pos, string, ...any)) {
	for _, o := range t.p.Knot {
		if p := o.Op.Prim; p != nil && p.LockedAt.IsValid() && p.Owner != nil {
			add(p.LockedAt, "the lock is taken here")
		}
		if p := o.Op.Prim; p != nil {
			for _, r := range p.Readers {
				add(r.At, "the read lock is taken here")
			}
		}
	}
	for _, mill := range verdict.Treadmills(t.m, s) {
		add(mill.G.Home, "the goroutine that would help is started here")
		for _, gate := range mill.Gates {
			add(t.place(gate.Pos), "it stays in its loop until something comes here")
		}
	}
	for _, o := range t.p.Knot {
		if o.G != s.G {
			add(o.Op.Pos, "the other goroutine is stuck here: %s", t.operation(o.Op))
		}
	}
}
