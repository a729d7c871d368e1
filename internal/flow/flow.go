// Package flow walks the paths of one thread of a model and tells a client
// which operations are performed in which order.
//
// The client is an automaton: a small integer state that each operation,
// start of a goroutine and return may change. The walk covers every reachable
// combination of a position, the state and what is known of the branches taken
// before: a condition that was decided once is decided alike when the same
// expression is tested again, so that two correlated branches are not mixed
// into a path that no run takes, and a context that nothing ends is never done. Calls of
// the package's functions are entered, with what they return on each of their paths;
// deferred calls run when their function returns. A path that panics or ends the process
// is dropped.
//
// Conditions are compared by expression: the same SSA value, field or variable
// in the same instance. A loop that counts, or ranges over a slice, map or
// integer, is entered at least once: code that relies on an empty input is not
// what a check wants to talk about.
package flow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// Limits in positions followed: of one walk, and of all walks in one model.
const (
	maxSteps      = 6_000
	maxModelSteps = 60_000
	maxTold       = 1_000_000 // operations, over all walks of a model
)

// A State is the client's automaton state.
type State uint32

// A Visitor is what a client wants to be told. Each function returns the new
// state, and false to give up this path. A nil function changes nothing.
type Visitor struct {
	// Op is called for an operation that the path performs.
	Op func(State, *model.Op, *Path) (State, bool)

	// Start is called where the path starts a thread.
	Start func(State, *model.Thread, *Path) (State, bool)

	// Call is called where the path performs a call, a deferred one included,
	// before what is called is told of: also where that has no operations and
	// is therefore not entered.
	Call func(State, *model.Instance, ssa.CallInstruction, *Path) (State, bool)

	// Unknown is called where the path enters code that cannot be seen.
	Unknown func(State, *model.Instance, ssa.CallInstruction, *Path) (State, bool)

	// Make is called where the path makes a channel or declares a variable.
	Make func(State, *model.Instance, ssa.Value) State

	// Branch is called where the path takes a branch of an If.
	Branch func(State, Decision) bool

	// End is called where the thread's root function returns.
	End func(State, *Path)

	// Enter reports whether a call of an instance is followed, if it has operations.
	// One that is not is as one without: a path goes on behind it, with nothing known
	// of what it returned.
	Enter func(*model.Instance) bool

	// Done reports whether the question is answered, whatever is still to come. The
	// walk then ends, and has covered what it had to.
	Done func() bool
}

// A Path tells how the walk got where it is.
type Path struct {
	Inst  *model.Instance
	Instr ssa.Instruction // where it is
	last  *decision
}

// A Decision is a branch that a path took.
type Decision struct {
	Inst *model.Instance
	If   *ssa.If
	Then bool
}

type decision struct {
	Decision
	prev *decision
	n    int
}

// Decisions returns the branches that the path took, in order.
func (p *Path) Decisions() []Decision {
	if p.last == nil {
		return nil
	}
	out := make([]Decision, p.last.n)
	for d := p.last; d != nil; d = d.prev {
		out[d.n-1] = d.Decision
	}
	return out
}

// Walk walks all paths of a thread from its entry, beginning in state start.
// It reports whether it covered them all within its budget; if not, nothing
// may be concluded from what was not seen.
func Walk(m *model.Model, t *model.Thread, start State, v Visitor) bool {
	k := knownOf(m)
	w := k.walker()
	defer k.release(w)
	w.v = v
	bottom := w.frame(t.Root, nil, nil)
	w.enter(config{frame: bottom, block: t.Root.Fn.Blocks[0], state: start})
	for len(w.work) > 0 {
		if v.Done != nil && v.Done() {
			return true
		}
		k.steps++
		if w.steps++; w.steps > maxSteps || k.steps > maxModelSteps || k.told > maxTold {
			return false
		}
		c := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		w.run(c)
	}
	return k.told <= maxTold
}

// walker returns a walker that no walk uses: within a walk, a visitor may begin
// another one.
func (k *known) walker() *walker {
	if n := len(k.idle); n > 0 {
		w := k.idle[n-1]
		k.idle = k.idle[:n-1]
		return w
	}
	return &walker{
		m:      k.m,
		known:  k,
		ledger: k.ledger,
		seen:   make(map[position]bool),
		frames: make(map[frameKey]*frame),
		defers: make(map[deferKey]*deferred),
	}
}

// release makes a walker ready for another walk, which saves the making of its
// maps: most walks are short.
func (k *known) release(w *walker) {
	clear(w.seen)
	clear(w.frames)
	clear(w.defers)
	clear(w.work[:cap(w.work)])
	w.work, w.steps, w.v = w.work[:0], 0, Visitor{}
	k.idle = append(k.idle, w)
}

type walker struct {
	m      *model.Model
	v      Visitor
	known  *known
	ledger *ledger
	work   []config
	seen   map[position]bool
	steps  int
	frames map[frameKey]*frame
	defers map[deferKey]*deferred
}

// A position is all that decides how a path goes on.
type position struct {
	frame  *frame
	block  *ssa.BasicBlock
	defers *deferred
	facts  facts
	state  State
	index  int32
	first  bool // at a loop header, coming from outside
}

// A config is a position on a path with all that decides how it goes on.
type config struct {
	frame  *frame
	defers *deferred // pending in frame, the last first
	block  *ssa.BasicBlock
	index  int
	pred   *ssa.BasicBlock
	first  bool // the block is a loop header, entered from outside
	state  State
	facts  facts
	trail  *decision
}

// A frame is a function being executed. Frames are interned, so that equal
// stacks are one pointer.
type frame struct {
	inst   *model.Instance
	parent *frame
	call   ssa.Instruction // in parent, to return to; nil at the bottom
	defers *deferred       // of parent, to restore
	first  bool            // of parent, to restore
}

type frameKey struct {
	inst   *model.Instance
	parent *frame
	call   ssa.Instruction
	defers *deferred
	first  bool
}

// deferred is an interned list of deferred calls.
type deferred struct {
	instr *ssa.Defer
	next  *deferred
}

type deferKey struct {
	instr *ssa.Defer
	next  *deferred
}

func (w *walker) frame(inst *model.Instance, parent *frame, call ssa.Instruction) *frame {
	return w.frameWith(inst, parent, call, nil, false)
}

func (w *walker) frameWith(inst *model.Instance, parent *frame, call ssa.Instruction, defers *deferred, first bool) *frame {
	k := frameKey{inst, parent, call, defers, first}
	f := w.frames[k]
	if f == nil {
		f = &frame{inst: inst, parent: parent, call: call, defers: defers, first: first}
		w.frames[k] = f
	}
	return f
}

func (w *walker) push(list *deferred, instr *ssa.Defer) *deferred {
	for d := list; d != nil; d = d.next {
		if d.instr == instr {
			return list // a defer in a loop: once is enough to see its effect
		}
	}
	k := deferKey{instr, list}
	d := w.defers[k]
	if d == nil {
		d = &deferred{instr: instr, next: list}
		w.defers[k] = d
	}
	return d
}

// enter queues the start of a block, unless the same was queued before.
func (w *walker) enter(c config) {
	inst := c.frame.inst
	c.facts = w.ledger.entering(c.facts, inst, c.block, c.pred)
	c.first = first(w.m.Prog, c)
	key := position{frame: c.frame, block: c.block, defers: c.defers, facts: c.facts, state: c.state, first: c.first}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	c.index = 0
	w.work = append(w.work, c)
}

// first tells a first arrival at a loop header from a further turn.
func first(prog *ir.Program, c config) bool {
	loop := prog.Loops(c.frame.inst.Fn).Innermost(c.block)
	return loop != nil && loop.Header == c.block && (c.pred == nil || !loop.Contains(c.pred))
}

// run executes a config up to the next branch, call or end.
func (w *walker) run(c config) {
	for c.index < len(c.block.Instrs) {
		if !w.step(&c, c.block.Instrs[c.index]) {
			return
		}
		c.index++
	}
}

func (w *walker) path(c *config, instr ssa.Instruction) *Path {
	return &Path{Inst: c.frame.inst, Instr: instr, last: c.trail}
}

// step executes one instruction; false ends this run of the config, which may
// have queued others.
func (w *walker) step(c *config, instr ssa.Instruction) bool {
	inst := c.frame.inst
	switch instr := instr.(type) {
	case *ssa.Jump:
		w.jump(*c, instr.Block().Succs[0])
		return false
	case *ssa.If:
		w.branch(c, instr)
		return false
	case *ssa.Panic:
		return false
	case *ssa.Return:
		w.ret(c, instr)
		return false
	case *ssa.Store:
		c.facts = w.ledger.store(c.facts, inst, instr)
	case *ssa.MakeChan, *ssa.Alloc:
		if w.v.Make != nil {
			c.state = w.v.Make(c.state, inst, instr.(ssa.Value))
		}
	case *ssa.Send:
		return w.ops(c, instr)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return w.ops(c, instr)
		}
	case *ssa.Select:
		w.selects(c, instr)
		return false
	case *ssa.Defer:
		c.defers = w.push(c.defers, instr)
	case *ssa.RunDefers:
		if c.defers == nil {
			return true
		}
		d := c.defers
		c.defers = d.next
		c.index-- // come back here for the next one
		return w.call(c, d.instr, instr)
	case *ssa.Go:
		return w.call(c, instr, instr)
	case *ssa.Call:
		if w.m.Prog.NeverReturns(instr) {
			return false
		}
		return w.call(c, instr, instr)
	}
	return true
}

// ops tells the visitor of the operations at an instruction.
func (w *walker) ops(c *config, instr ssa.Instruction) bool {
	for _, op := range w.m.OpsAt(c.frame.inst, instr) {
		if !w.op(c, op) {
			return false
		}
	}
	return true
}

func (w *walker) op(c *config, op *model.Op) bool {
	if w.v.Op == nil {
		return true
	}
	if w.known.told++; w.known.told > maxTold {
		return false // a block can have thousands, and each of their channels its walks
	}
	var ok bool
	c.state, ok = w.v.Op(c.state, op, w.path(c, op.Instr))
	return ok
}

func (w *walker) jump(c config, to *ssa.BasicBlock) {
	c.pred, c.block = c.block, to
	w.enter(c)
}

func (w *walker) branch(c *config, instr *ssa.If) {
	inst := c.frame.inst
	test := w.known.test(inst, c.block)
	known, value := w.ledger.truth(c.facts, test)
	if !known {
		known, value = w.channelIsSet(inst, instr.Cond)
	}
	if !known {
		known, value = w.contextLasts(inst, instr.Cond)
	}
	if !known && c.first && c.block.Succs[0] != c.block && mustEnter(instr) {
		loop := w.m.Prog.Loops(inst.Fn).Innermost(c.block)
		known, value = true, loop.Contains(c.block.Succs[0])
	}
	if !known && rangesInteger(instr) {
		known, value = true, true
	}
	for i, succ := range c.block.Succs {
		then := i == 0
		if known && value != then {
			continue
		}
		if w.v.Branch != nil && !w.v.Branch(c.state, Decision{inst, instr, then}) {
			continue
		}
		next := *c
		if !known {
			if w.known.exprs[test.expr].worth {
				next.facts = w.ledger.with(c.facts, test.expr, then == test.positive)
			}
			n := 1
			if c.trail != nil {
				n += c.trail.n
			}
			next.trail = &decision{Decision{inst, instr, then}, c.trail, n}
		}
		w.jump(next, succ)
	}
}

// channelIsSet decides the comparison of a channel with nil where the channel
// is known to be one that is made: a guard against a channel that was not
// given, or not yet made, says nothing about this one.
func (w *walker) channelIsSet(inst *model.Instance, cond ssa.Value) (known, value bool) {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL && eq.Op != token.NEQ {
		return false, false
	}
	if _, ok := eq.X.Type().Underlying().(*types.Chan); !ok {
		return false, false
	}
	if c, ok := eq.Y.(*ssa.Const); !ok || !c.IsNil() || len(w.m.PointsTo(inst, eq.X)) == 0 {
		return false, false
	}
	return true, eq.Op == token.NEQ
}

// contextLasts decides the comparison of a context's error with nil where the context
// has no end.
func (w *walker) contextLasts(inst *model.Instance, cond ssa.Value) (known, value bool) {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL && eq.Op != token.NEQ || !ir.IsNil(eq.Y) {
		return false, false
	}
	call, ok := eq.X.(*ssa.Call)
	if !ok {
		return false, false
	}
	var ctx ssa.Value
	switch ir.Op(&call.Call) {
	case api.CtxErr:
		ctx = call.Call.Value
	case api.CtxCause:
		ctx = call.Call.Args[0]
	}
	if ctx == nil || !w.m.Endless(model.Ref{Inst: inst, Value: ctx}) {
		return false, false
	}
	return true, eq.Op == token.EQL
}

// mustEnter reports whether the branch at a loop's head tests a counter or the
// next element of a range.
func mustEnter(instr *ssa.If) bool {
	switch cond := instr.Cond.(type) {
	case *ssa.BinOp:
		switch cond.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
			return counter(cond.X) || counter(cond.Y)
		}
	case *ssa.Extract:
		_, ok := cond.Tuple.(*ssa.Next)
		return ok
	}
	return false
}

// rangesInteger reports whether the branch is the one in front of a range over
// an integer, whose first turn is tested outside of the loop.
func rangesInteger(instr *ssa.If) bool {
	cond, ok := instr.Cond.(*ssa.BinOp)
	if !ok || instr.Block().Succs[0].Comment != "rangeint.body" {
		return false
	}
	_, first := cond.X.(*ssa.Const) // later turns compare the counter
	return first
}

// counter reports whether v is a loop variable, or one more or less than it.
func counter(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		return isInteger(v)
	case *ssa.BinOp:
		phi, ok := v.X.(*ssa.Phi)
		return ok && isInteger(phi)
	}
	return false
}

// selects follows each case of a select.
func (w *walker) selects(c *config, instr *ssa.Select) {
	inst := c.frame.inst
	ops := w.m.OpsAt(inst, instr)
	for i := range instr.States {
		next := *c
		next.facts = w.ledger.choose(c.facts, inst, instr, i)
		if i < len(ops) && (len(ops) > 1 && w.m.NeverDone(ops[i]) || !w.op(&next, ops[i])) {
			continue
		}
		next.index++
		w.run(next)
	}
	if !instr.Blocking {
		next := *c
		next.facts = w.ledger.choose(c.facts, inst, instr, -1)
		next.index++
		w.run(next)
	}
}

// call performs a call, go statement, or deferred call. at is the instruction
// to return to: the call itself, or the RunDefers that runs it.
func (w *walker) call(c *config, site ssa.CallInstruction, at ssa.Instruction) bool {
	inst := c.frame.inst
	if _, spawned := site.(*ssa.Go); !spawned && (!w.calls(c, site) || !w.ops(c, site)) {
		return false
	}
	known := w.m.Callees(inst, site)
	var inner []*model.Instance
	for _, callee := range known.Callees {
		if callee.Thread != inst.Thread || callee.Thread.Site == site {
			if w.v.Start != nil {
				var ok bool
				if c.state, ok = w.v.Start(c.state, callee.Thread, w.path(c, site)); !ok {
					return false
				}
			}
			continue
		}
		if w.m.HasEffect(callee) && (w.v.Enter == nil || w.v.Enter(callee)) {
			inner = append(inner, callee)
		}
	}
	if known.Unknown && w.v.Unknown != nil {
		var ok bool
		if c.state, ok = w.v.Unknown(c.state, inst, site, w.path(c, site)); !ok {
			return false
		}
	}
	if len(inner) == 0 {
		return true
	}
	for _, callee := range inner {
		if c.frame.on(callee) {
			continue // recursion: not followed
		}
		next := *c
		next.frame = w.frameWith(callee, c.frame, at, c.defers, c.first)
		next.defers = nil
		next.block, next.pred = callee.Fn.Blocks[0], nil
		w.enter(next)
	}
	return false
}

// calls tells the visitor of a call.
func (w *walker) calls(c *config, site ssa.CallInstruction) bool {
	if w.v.Call == nil {
		return true
	}
	var ok bool
	c.state, ok = w.v.Call(c.state, c.frame.inst, site, w.path(c, site))
	return ok
}

func (f *frame) on(inst *model.Instance) bool {
	for ; f != nil; f = f.parent {
		if f.inst == inst {
			return true
		}
	}
	return false
}

// ret returns from the current frame.
func (w *walker) ret(c *config, instr *ssa.Return) {
	f := c.frame
	if f.parent == nil {
		if w.v.End != nil {
			w.v.End(c.state, w.path(c, instr))
		}
		return
	}
	next := *c
	if call, ok := f.call.(*ssa.Call); ok {
		next.facts = w.ledger.results(c.facts, f.inst, instr, f.parent.inst, call)
	}
	next.frame, next.defers = f.parent, f.defers
	next.block = f.call.Block()
	next.pred, next.first = nil, f.first
	next.index = ir.Index(f.call)
	if _, ok := f.call.(*ssa.RunDefers); !ok {
		next.index++
	}
	// The rest of the caller's block: a position of its own, so the paths
	// that return in equal states are followed once.
	key := position{next.frame, next.block, next.defers, next.facts, next.state, int32(next.index), next.first}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	w.work = append(w.work, next)
}
