package machine

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
)

// An OpKind is what a visible operation does.
type OpKind uint8

// The visible operations. Use.Kind has some more that never wait.
const (
	OpNone OpKind = iota
	OpStart
	OpSpawn // the go statement, after it has started the goroutine
	OpSend
	OpReceive
	OpSelect
	OpClose
	OpCancel
	OpLock
	OpRLock
	OpTryLock
	OpUnlock
	OpAdd
	OpDone
	OpWait
	OpCondWait
	OpSignal
	OpOnce
	OpGroupGo
	OpGroupWait
	OpAcquire
	OpRelease
	OpSleep
	OpTimer // a callback of a timer or context
)

// An Op is a visible operation before which a goroutine stands.
type Op struct {
	Kind OpKind
	Pos  token.Pos
	In   ssa.Instruction

	// Chans are the channels of a send, receive or select; Prim is what a lock
	// or group operation is on.
	Chans []*Chan
	Prim  *Prim
	// Ctx is a context whose end ends the operation, or nil.
	Ctx *Ctx

	// Nil: the channel is nil, or all channels of the select are.
	Nil bool

	m        *Machine
	g        *Goroutine
	sends    []bool // of Chans
	cases    []opCase
	blocking bool
	deliver  func(i int, v, ok Value)
	enabled  func() Readiness
	do       func()
}

// Sends reports whether the operation would send on Chans[i].
func (op *Op) Sends(i int) bool { return op.sends[i] }

// Goroutine returns the goroutine that stands before the operation.
func (op *Op) Goroutine() *Goroutine { return op.g }

// Elsewhere reports whether the operation stands in a function of another package.
func (op *Op) Elsewhere() bool { return op.In != nil && op.m.prog.ir.IsLinked(op.In.Parent()) }

// Cases returns the number of cases of a select.
func (op *Op) Cases() int { return len(op.cases) }

// casePos returns the position of a case of a select, or of the operation.
func (op *Op) casePos(i int) token.Pos {
	if s, ok := op.In.(*ssa.Select); ok && i >= 0 && s.States[i].Pos.IsValid() && op.m.here(s).IsValid() {
		return s.States[i].Pos
	}
	return op.Pos
}

// Readiness says whether a goroutine can go on.
type Readiness uint8

const (
	Blocked Readiness = iota
	Idle              // it can when the outside world or time lets it
	Ready
)

// perform carries the operation out.
func (op *Op) perform() {
	if op.do != nil {
		op.do()
	}
}

// Ready tells whether a goroutine can go on, and notes if it cannot.
func (m *Machine) Ready(g *Goroutine) Readiness {
	if g.Done || g.Busy || g.Pending == nil {
		return Blocked
	}
	if g.Pending.enabled == nil {
		return Ready
	}
	r := g.Pending.enabled()
	if r == Blocked {
		g.Parked = true
	}
	return r
}

// pend makes the goroutine stand before an operation.
func (m *Machine) pend(g *Goroutine, op *Op) {
	op.m, op.g = m, g
	if op.In != nil && !op.Pos.IsValid() {
		op.Pos = g.at(op.In)
	}
	g.Pending = op
}

// at returns the position of an instruction, or of the call that leads to it
// where it stands in a function that the compiler makes, such as the method of
// an embedded field, or in one of another package.
func (g *Goroutine) at(in ssa.Instruction) token.Pos {
	if pos := g.m.here(in); pos.IsValid() {
		return pos
	}
	for i := len(g.frames) - 1; i >= 0; i-- {
		if pos := g.m.here(g.frames[i].site); pos.IsValid() {
			return pos
		}
	}
	return g.Home
}

// here returns the position of an instruction if it stands in the package.
func (m *Machine) here(in ssa.Instruction) token.Pos {
	if in == nil || len(m.prog.ir.Linked) > 0 && m.prog.ir.IsLinked(in.Parent()) {
		return token.NoPos
	}
	return in.Pos()
}

// Place returns the position of an instruction, or NoPos if it stands in a function
// of another package.
func (m *Machine) Place(in ssa.Instruction) token.Pos { return m.here(in) }

// always is an operation that can always be performed; it is visible because
// others may come first.
func (m *Machine) always(g *Goroutine, kind OpKind, in ssa.Instruction, p *Prim, do func()) {
	m.pend(g, &Op{Kind: kind, In: in, Prim: p, do: func() {
		if p != nil {
			g.touch(&p.state, in)
		}
		do()
	}})
}

// touch orders an operation of the goroutine among those on an object.
func (g *Goroutine) touch(state *uint64, in ssa.Instruction) {
	pos := uint64(0)
	if in != nil {
		pos = uint64(in.Pos())
	}
	h := hash(hash(g.history, *state), pos+uint64(g.ID)<<32)
	g.history, *state = h, h
}

// An Event is something that a witness may tell.
type Event struct {
	Kind OpKind
	G    *Goroutine
	Pos  token.Pos
	Chan *Chan
	Prim *Prim
}

func (m *Machine) event(kind OpKind, g *Goroutine, pos token.Pos, c *Chan, p *Prim) {
	if len(m.Events) < 500 {
		m.Events = append(m.Events, Event{Kind: kind, G: g, Pos: pos, Chan: c, Prim: p})
	}
	if c != nil {
		c.uses = append(c.uses, Use{g, kind, pos})
	}
	if p != nil {
		p.uses = append(p.uses, Use{g, kind, pos})
	}
}

// crash ends the run: the process would end.
func (m *Machine) crash(kind string, g *Goroutine, pos token.Pos, c *Chan, p *Prim) {
	m.Crash = &Crash{Kind: kind, G: g, Pos: pos, Chan: c}
	if p != nil {
		m.Crash.Cell = p.Cell
	}
	for _, f := range g.frames {
		for _, d := range f.defers {
			if fn, ok := d.fn.(*Func); ok && fn.fn != nil && m.prog.recovers(fn.fn) {
				m.Crash = nil // it is caught, and meant to be
			}
		}
	}
	panic(CutPanic)
}

// recovers reports whether a deferred function calls recover.
func (p *Program) recovers(fn *ssa.Function) bool {
	if obj := objectOf(fn); obj != nil && obj.Pkg() != nil && obj.Pkg() != p.ir.Types && !strings.Contains(obj.Pkg().Path(), ".") {
		return false // the standard library recovers from nothing of ours
	}
	fn = p.ir.Callee(fn)
	if fn == nil {
		return true // unseen: who knows
	}
	return ir.CallsRecover(fn)
}

// ---- channels

type opCase struct {
	ch  Value
	dir types.ChanDir
	val Value
}

func (m *Machine) makeChan(g *Goroutine, f *frame, x *ssa.MakeChan, size Value) Value {
	n, ok := m.number(g, size, x)
	if !ok || n < 0 {
		n = 0
	}
	m.seq++
	c := &Chan{id: m.seq, Cap: int(n), Site: x, Made: g}
	if !ok {
		c.Cap = 1 << 30 // as large as need be
	}
	f.made = append(f.made, c)
	c.Filled = m.what.Filled == x
	return c
}

// chanOf returns the channel that a value is, if that is known.
func chanOf(v Value) *Chan {
	switch v := known(v).(type) {
	case *Chan:
		return v
	case *Sym:
		return v.ch
	}
	return nil
}

func isNil(v Value) bool {
	_, ok := known(v).(Nil)
	return ok
}

// caseReady tells whether a case of a select, or a send or receive, can go on.
func (m *Machine) caseReady(g *Goroutine, c opCase) Readiness {
	if isNil(c.ch) {
		return Blocked
	}
	ch := chanOf(c.ch)
	if ch == nil {
		return Idle
	}
	if c.dir == types.SendOnly {
		switch {
		case ch.Closed || len(ch.buf) < ch.room() || len(ch.buf) == 0 && m.peer(g, ch, types.RecvOnly, nil):
			return Ready
		case ch.out || ch.timer:
			return Idle
		}
		return Blocked
	}
	switch {
	case ch.Closed || len(ch.buf) > 0 || m.peer(g, ch, types.SendOnly, nil):
		return Ready
	case ch.out || ch.timer:
		return Idle
	case ch.ctx != nil && ch.ctx.mayFire():
		return Idle
	}
	return Blocked
}

type waiter struct {
	g *Goroutine
	i int
}

// peer reports whether another goroutine stands before the opposite operation,
// and appends those that do to out.
func (m *Machine) peer(self *Goroutine, ch *Chan, dir types.ChanDir, out *[]waiter) bool {
	found := false
	for _, h := range m.Goroutines {
		if h == self || h.Pending == nil || !h.Pending.blocking {
			continue
		}
		for i, c := range h.Pending.cases {
			if c.dir == dir && chanOf(c.ch) == ch {
				found = true
				if out == nil {
					return true
				}
				*out = append(*out, waiter{h, i})
			}
		}
	}
	return found
}

// chanOp makes a goroutine stand before a send, receive or select.
func (m *Machine) chanOp(g *Goroutine, kind OpKind, in ssa.Instruction, cases []opCase, blocking bool, deliver func(i int, v, ok Value)) {
	op := m.memory.ops.get()
	*op = Op{Kind: kind, In: in, cases: cases, blocking: blocking, deliver: deliver, Nil: len(cases) > 0}
	for _, c := range cases {
		if ch := chanOf(c.ch); ch != nil {
			ch.Polled = ch.Polled || !blocking
			op.Chans = append(op.Chans, ch)
			op.sends = append(op.sends, c.dir == types.SendOnly)
		}
		op.Nil = op.Nil && isNil(c.ch)
	}
	op.enabled = func() Readiness {
		if !blocking {
			return Ready
		}
		best := Blocked
		for _, c := range cases {
			best = max(best, m.caseReady(g, c))
		}
		return best
	}
	op.do = func() { m.performCases(g, op) }
	m.pend(g, op)
}

// performCases takes one of the cases that can go on: those that the program
// itself enables come first.
func (m *Machine) performCases(g *Goroutine, op *Op) {
	var ready, idle []int
	for i, c := range op.cases {
		switch m.caseReady(g, c) {
		case Ready:
			ready = append(ready, i)
		case Idle:
			idle = append(idle, i)
		}
	}
	all := ready
	if !op.blocking && len(ready) == 0 {
		all = append(all, -1)
	}
	all = append(all, idle...)
	if len(all) == 0 {
		panic(Cut("select without a case"))
	}
	pick := 0
	if len(all) > 1 {
		pick = m.choose(Choice{Kind: ChooseCase, N: len(all), G: g, In: op.In})
		m.Choices[len(m.Choices)-1].Case = all[pick]
	}
	i := all[pick]
	if i < 0 {
		for _, c := range op.cases {
			if ch := chanOf(c.ch); ch != nil {
				g.touch(&ch.state, op.In)
			}
		}
		op.deliver(-1, nil, nil)
		return
	}
	c := op.cases[i]
	if slices.Contains(idle, i) {
		m.noteHelp(op, i)
	}
	if c.dir == types.SendOnly {
		m.performSend(g, op, i)
	} else {
		m.performReceive(g, op, i)
	}
}

func (m *Machine) performSend(g *Goroutine, op *Op, i int) {
	c := op.cases[i]
	ch := chanOf(c.ch)
	if ch == nil {
		m.escape(c.val)
		op.deliver(i, nil, nil)
		return
	}
	if ch.Closed {
		m.crash("send on closed channel", g, op.casePos(i), ch, nil)
	}
	g.touch(&ch.state, op.In)
	m.event(OpSend, g, op.casePos(i), ch, nil)
	m.noteFlood(ch, op)
	var peers []waiter
	switch {
	case len(ch.buf) == 0 && m.peer(g, ch, types.RecvOnly, &peers):
		w := m.pickPeer(g, op, peers)
		m.hand(w, ch, c.val, true)
	case len(ch.buf) < ch.room():
		ch.buf = append(ch.buf, c.val)
	default: // to the outside
		m.escape(c.val)
	}
	op.deliver(i, nil, nil)
}

func (m *Machine) performReceive(g *Goroutine, op *Op, i int) {
	ch := chanOf(op.cases[i].ch)
	elem := chanElem(op, i)
	if ch == nil {
		op.deliver(i, m.fresh(elem), m.fresh(types.Typ[types.Bool]))
		return
	}
	g.touch(&ch.state, op.In)
	m.event(OpReceive, g, op.casePos(i), ch, nil)
	var peers []waiter
	switch {
	case len(ch.buf) > 0:
		v := ch.buf[0]
		ch.buf = append([]Value(nil), ch.buf[1:]...)
		if !ch.Closed && m.peer(g, ch, types.SendOnly, &peers) {
			w := m.pickPeer(g, op, peers)
			ch.buf = append(ch.buf, w.g.Pending.cases[w.i].val)
			m.hand(w, ch, nil, nil)
		}
		op.deliver(i, v, true)
	case ch.Closed: // a goroutine that stands before a send panics when it goes on
		op.deliver(i, m.zeroOf(elem), false)
	case m.peer(g, ch, types.SendOnly, &peers):
		w := m.pickPeer(g, op, peers)
		v := w.g.Pending.cases[w.i].val
		m.hand(w, ch, nil, nil)
		op.deliver(i, v, true)
	case ch.ctx != nil:
		m.fire(g, ch.ctx)
		op.deliver(i, m.zeroOf(elem), false)
	case ch.timer:
		ch.timer = !ch.once
		op.deliver(i, m.fresh(elem), true)
	case m.method: // while the method runs, nobody closes what serves it
		op.deliver(i, m.fresh(elem), true)
	default: // from the outside
		op.deliver(i, m.fresh(elem), m.fresh(types.Typ[types.Bool]))
	}
}

func (m *Machine) pickPeer(g *Goroutine, op *Op, peers []waiter) waiter {
	if len(peers) == 1 {
		return peers[0]
	}
	return peers[m.choose(Choice{Kind: ChoosePeer, N: len(peers), G: g, In: op.In})]
}

// hand completes the operation of a waiting goroutine.
func (m *Machine) hand(w waiter, ch *Chan, v, ok Value) {
	op := w.g.Pending
	w.g.Pending, w.g.Parked = nil, false
	w.g.touch(&ch.state, op.In)
	kind := OpSend
	if op.cases[w.i].dir == types.RecvOnly {
		kind = OpReceive
	}
	m.event(kind, w.g, op.casePos(w.i), ch, nil)
	op.deliver(w.i, v, ok)
	m.pend(w.g, &Op{Kind: OpNone, In: op.In}) // it can go on
}

func chanElem(op *Op, i int) types.Type {
	var t types.Type
	switch in := op.In.(type) {
	case *ssa.UnOp:
		t = in.X.Type()
	case *ssa.Select:
		t = in.States[i].Chan.Type()
	}
	if t != nil {
		if c, ok := t.Underlying().(*types.Chan); ok {
			return c.Elem()
		}
	}
	return types.Typ[types.Invalid]
}

func (m *Machine) send(g *Goroutine, in ssa.Instruction, ch, v Value) {
	m.chanOp(g, OpSend, in, []opCase{{ch, types.SendOnly, v}}, true, func(int, Value, Value) {})
}

func (m *Machine) receive(g *Goroutine, f *frame, in *instr, x *ssa.UnOp, ch Value) {
	dst := in.dst
	m.chanOp(g, OpReceive, x, []opCase{{ch, types.RecvOnly, nil}}, true, func(_ int, v, ok Value) {
		if x.CommaOk {
			v = &Tuple{vals: []Value{v, ok}}
		}
		f.env[dst] = v
	})
}

func (m *Machine) selectStmt(g *Goroutine, f *frame, in *instr, x *ssa.Select) {
	cases := make([]opCase, len(x.States))
	for i, s := range x.States {
		cases[i] = opCase{ch: m.get(f, in.ops[2*i]), dir: s.Dir, val: m.get(f, in.ops[2*i+1])}
	}
	dst := in.dst
	m.chanOp(g, OpSelect, x, cases, x.Blocking, func(i int, v, ok Value) {
		if ok == nil {
			ok = false
		}
		t := &Tuple{vals: []Value{int64(i), ok}}
		for k, s := range x.States {
			if s.Dir != types.RecvOnly {
				continue
			}
			if k == i {
				t.vals = append(t.vals, v)
			} else {
				t.vals = append(t.vals, m.zeroOf(chanElem(&Op{In: x}, k)))
			}
		}
		f.env[dst] = t
	})
}

// closeChan closes a channel.
func (m *Machine) closeChan(g *Goroutine, in ssa.Instruction, v Value) {
	if isNil(v) {
		m.crash("close of nil channel", g, g.at(in), nil, nil)
	}
	ch := chanOf(v)
	if s, ok := known(v).(*Sym); ok && ch == nil {
		// It is closed from now on, whoever made it.
		m.seq++
		ch = &Chan{id: m.seq, out: true}
		s.ch = ch
	}
	if ch == nil {
		return
	}
	m.pend(g, &Op{Kind: OpClose, In: in, Chans: []*Chan{ch}, do: func() {
		g.touch(&ch.state, in)
		m.event(OpClose, g, g.at(in), ch, nil)
		if ch.Closed {
			m.crash("close of closed channel", g, g.at(in), ch, nil)
		}
		ch.Closed, ch.ClosedAt = true, g.at(in)
		// Whoever waits to send on it panics.
		var peers []waiter
		if m.peer(g, ch, types.SendOnly, &peers) {
			w := peers[0]
			for _, p := range peers {
				if p.g.Pending.Kind == OpSend {
					w = p
				}
			}
			m.crash("send on closed channel", w.g, w.g.Pending.casePos(w.i), ch, nil)
		}
	}})
}
