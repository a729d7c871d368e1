package witness

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"

	"github.com/concurlint/concurlint/internal/engine"
	"github.com/concurlint/concurlint/internal/machine"
	"github.com/concurlint/concurlint/internal/report"
	"github.com/concurlint/concurlint/internal/syntax"
	"github.com/concurlint/concurlint/internal/trace"
	"github.com/concurlint/concurlint/internal/verdict"
)

// What a person can take in at a glance.
const (
	maxLanes = 6
	fewLanes = 4 // if there are no more goroutines, all are shown
	maxSteps = 30
)

// TraceAt returns the trace of the simplest run in which the operation at a
// position is stuck or panics, or nil if the explorer has seen none.
func TraceAt(eng *engine.Package, pos token.Pos) []report.TraceStep {
	for _, p := range eng.Explored().Problems {
		t := New(eng, p)
		if p.Crash != nil {
			if start, _ := eng.Syntax.Span(p.Crash.Pos); start == pos {
				return t.trace(p.Crash.G)
			}
		}
		for _, s := range p.Knot {
			if start, _ := eng.Syntax.Span(s.Op.Pos); start == pos {
				return t.trace(s.G)
			}
		}
	}
	return nil
}

// trace returns the run up to its end, in which the goroutine gets stuck or
// panics: the goroutines that have to do with it, and what they do.
func (t *Teller) trace(here *machine.Goroutine) []report.TraceStep {
	d := &drawing{Teller: t, here: here, lane: make(map[*machine.Goroutine]int)}
	d.chooseLanes()
	if len(d.lane) == 0 || d.lane[here] == 0 && here.ID != 0 {
		return nil
	}
	return append(d.lanes(), abridge(d.steps())...)
}

// A drawing is a trace in the making.
type drawing struct {
	*Teller
	here  *machine.Goroutine
	order []*machine.Goroutine
	lane  map[*machine.Goroutine]int // index in order
}

// chooseLanes selects goroutines: the first one, those that are stuck, those
// that started them, those whose decisions led there, and those that used the
// same channels and locks.
func (d *drawing) chooseLanes() {
	chosen := make(map[*machine.Goroutine]bool)
	var add func(g *machine.Goroutine)
	add = func(g *machine.Goroutine) {
		if g == nil || chosen[g] || len(chosen) == maxLanes && g != d.here {
			return
		}
		chosen[g] = true
		add(g.Creator)
	}
	add(d.here)
	for _, s := range d.p.Knot {
		add(s.G)
	}
	for _, c := range d.p.Finding.Deviations {
		if text, _ := d.choice(c); text != "" {
			add(c.G)
		}
	}
	for _, u := range d.uses() {
		add(u.G)
	}
	if len(d.m.Goroutines) <= fewLanes {
		for _, g := range d.m.Goroutines {
			add(g)
		}
	}
	// The one that the finding is about stands at the left, where it is seen.
	for _, g := range slices.Concat(d.m.Goroutines[:1], []*machine.Goroutine{d.here}, d.m.Goroutines) {
		if _, ok := d.lane[g]; !ok && chosen[g] {
			d.lane[g] = len(d.order)
			d.order = append(d.order, g)
		}
	}
}

// uses returns what was done to the channels, locks and groups on which
// goroutines are stuck.
func (d *drawing) uses() []machine.Use {
	var uses []machine.Use
	for _, s := range d.stuck() {
		for _, c := range s.Op.Chans {
			uses = append(uses, c.Uses()...)
		}
		if p := s.Op.Prim; p != nil {
			uses = append(uses, p.Uses()...)
		}
	}
	if c := d.p.Crash; c != nil && c.Chan != nil {
		uses = append(uses, c.Chan.Uses()...)
	}
	return uses
}

// stuck returns the stuck goroutines of the run: those that hold up each other
// first.
func (d *drawing) stuck() []verdict.Stuck {
	list := slices.Clone([]verdict.Stuck(d.p.Knot))
	for _, s := range d.p.Finding.Stuck {
		if !slices.ContainsFunc(list, func(k verdict.Stuck) bool { return k.G == s.G }) {
			list = append(list, s)
		}
	}
	return list
}

// lanes declares the goroutines.
func (d *drawing) lanes() []report.TraceStep {
	var list []report.TraceStep
	seen := make(map[string]int)
	for i, g := range d.order {
		pos, name := d.p.Root.Pos(), d.p.Root.Name()
		if g.Site != nil {
			pos = g.Home
			name = fmt.Sprintf("goroutine, line %d", d.eng.Syntax.Line(pos))
			if g.Fn != nil && g.Fn.Parent() == nil && g.Fn.Synthetic == "" {
				name = g.Fn.Name()
			}
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		list = append(list, d.step(pos, trace.Step{Kind: trace.Lane, Goroutine: i, Text: name}))
	}
	return list
}

// step places a step.
func (d *drawing) step(pos token.Pos, s trace.Step) report.TraceStep {
	start, end := d.eng.Syntax.Span(pos)
	return report.TraceStep{Pos: start, End: end, Step: s}
}

// timed is a step with its time: the number of events before it, and its turn
// among those of one time.
type timed struct {
	report.TraceStep
	after, turn int
}

// steps returns what the goroutines do, in order.
func (d *drawing) steps() []report.TraceStep {
	list := d.events()
	add := func(after, turn int, pos token.Pos, s trace.Step) {
		if pos.IsValid() {
			list = append(list, timed{d.step(pos, s), after, turn})
		}
	}
	for _, c := range d.p.Finding.Deviations {
		g := c.G
		if g == nil {
			continue
		}
		if i, ok := d.lane[g]; ok {
			if text, pos := d.choice(c); text != "" {
				add(c.After, 0, pos, trace.Step{Kind: trace.When, Goroutine: i, Text: text})
			}
		}
	}
	for i, g := range d.order {
		if g.Done {
			add(g.EndedAfter, 1, d.endOf(g), trace.Step{Kind: trace.Return, Goroutine: i, Text: "returns"})
		}
	}
	const atTheEnd = 1 << 30
	for _, s := range d.stuck() {
		if i, ok := d.lane[s.G]; ok {
			add(atTheEnd, 2, s.Op.Pos, trace.Step{Kind: trace.Stuck, Goroutine: i, Text: d.operation(s.Op), Here: s.G == d.here})
		}
	}
	if c := d.p.Crash; c != nil {
		add(atTheEnd, 2, c.Pos, trace.Step{Kind: trace.Panic, Goroutine: d.lane[c.G], Text: c.Kind, Here: true})
	}
	slices.SortStableFunc(list, func(a, b timed) int {
		return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.turn, b.turn))
	})
	out := make([]report.TraceStep, len(list))
	for i, s := range list {
		out[i] = s.TraceStep
	}
	return out
}

// endOf returns the position at which a goroutine has ended.
func (d *drawing) endOf(g *machine.Goroutine) token.Pos {
	switch {
	case g.Ended.IsValid():
		return g.Ended
	case g.Site != nil:
		return g.Home
	}
	return d.p.Root.Pos()
}

// events returns the operations that the goroutines have done. A value that one
// hands to another is one step.
func (d *drawing) events() []timed {
	var list []timed
	children := d.children()
	events := d.m.Events
	for i := 0; i < len(events); i++ {
		e := events[i]
		from, ok := d.lane[e.G]
		if !ok || !e.Pos.IsValid() {
			continue
		}
		s := trace.Step{Kind: trace.Do, Goroutine: from, Text: d.describe(e)}
		if s.Text == "" {
			continue
		}
		pos, after := e.Pos, i
		if e.Kind == machine.OpSpawn {
			s.Kind = trace.Start
			child := children.next(e)
			if s.To, ok = d.lane[child]; !ok {
				continue // it has nothing to do with this
			}
		} else if i+1 < len(events) && handsOver(e, events[i+1]) {
			send, receive := e, events[i+1]
			if e.Kind == machine.OpReceive {
				send, receive = receive, send
			}
			if from, ok := d.lane[send.G]; ok {
				if to, ok := d.lane[receive.G]; ok {
					s = trace.Step{Kind: trace.Pass, Goroutine: from, To: to, Text: d.describe(send)}
					pos = send.Pos
					i++
				}
			}
		}
		list = append(list, timed{d.step(pos, s), after, 3})
	}
	return list
}

// handsOver reports whether two events are one: a value goes from one goroutine
// to another one, through a channel without buffer that nobody else has.
func handsOver(e, next machine.Event) bool {
	c := e.Chan
	if c == nil || c != next.Chan || c.Cap > 0 || c.Escaped() || e.G == next.G {
		return false
	}
	return e.Kind == machine.OpSend && next.Kind == machine.OpReceive ||
		e.Kind == machine.OpReceive && next.Kind == machine.OpSend
}

// children finds the goroutines that a go statement has started, one per turn.
type children map[child][]*machine.Goroutine

type child struct {
	creator *machine.Goroutine
	site    token.Pos
}

func (d *drawing) children() children {
	c := make(children)
	for _, g := range d.m.Goroutines {
		if g.Site != nil {
			key := child{g.Creator, g.Home}
			c[key] = append(c[key], g)
		}
	}
	return c
}

func (c children) next(e machine.Event) *machine.Goroutine {
	key := child{e.G, e.Pos}
	list := c[key]
	if len(list) == 0 {
		return nil
	}
	c[key] = list[1:]
	return list[0]
}

// abridge leaves steps out of the middle of a long run. The end is what counts.
func abridge(steps []report.TraceStep) []report.TraceStep {
	if len(steps) <= maxSteps {
		return steps
	}
	const first = maxSteps / 3
	last := maxSteps - first
	gap := steps[first]
	gap.Step = trace.Step{Kind: trace.Gap, Text: fmt.Sprintf("%d more steps", len(steps)-maxSteps)}
	return slices.Concat(steps[:first], []report.TraceStep{gap}, steps[len(steps)-last:])
}

// describe names what has happened: "send on results", "mu.Unlock". It is empty
// for what the source does not say, as the Add and the Done of wg.Go.
func (d *drawing) describe(e machine.Event) string {
	node, operand := d.eng.Syntax.Operation(e.Pos)
	switch e.Kind {
	case machine.OpSpawn:
		return startText(node)
	case machine.OpSend, machine.OpReceive:
		return d.operation(&machine.Op{Kind: e.Kind, Pos: e.Pos})
	case machine.OpClose:
		return "close " + syntax.Text(operand)
	}
	method, ok := done[e.Kind]
	if !ok {
		method = kinds[e.Kind]
	}
	call, _ := node.(*ast.CallExpr)
	if stmt, ok := node.(*ast.DeferStmt); ok {
		call = stmt.Call
	}
	if call != nil {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == method {
			return syntax.Text(sel)
		}
		if e.Kind == machine.OpCancel {
			return syntax.Text(call.Fun)
		}
	}
	if e.Kind == machine.OpAdd || e.Kind == machine.OpDone {
		return ""
	}
	return method
}

// done names the operations that never wait.
var done = map[machine.OpKind]string{
	machine.OpUnlock: "Unlock", machine.OpAdd: "Add", machine.OpDone: "Done", machine.OpCancel: "cancel",
	machine.OpSignal: "Signal", machine.OpRelease: "Release", machine.OpTryLock: "TryLock",
}

// startText names the statement that starts a goroutine.
func startText(node ast.Node) string {
	switch n := node.(type) {
	case *ast.GoStmt:
		if _, ok := n.Call.Fun.(*ast.FuncLit); ok {
			return "go func"
		}
		return "go " + syntax.Text(n.Call.Fun)
	case *ast.CallExpr:
		return syntax.Text(n.Fun)
	}
	return "go"
}
