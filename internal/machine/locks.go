package machine

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
)

// A Prim is the state of a lock, WaitGroup, Cond, Once, errgroup or semaphore.
type Prim struct {
	// Cell is the variable that holds it.
	Cell *Cell
	// Owner is the goroutine that holds the lock for writing, LockedAt where
	// it took it.
	Owner    *Goroutine
	LockedAt token.Pos
	// Readers hold the lock for reading.
	Readers []Reader
	// Count is the counter of a WaitGroup, or of a group's running tasks.
	Count int64
	// Limit of an errgroup, or size of a semaphore; negative if there is none.
	Limit int64

	uses    []Use
	added   int64        // by all Adds together
	waiting []*Goroutine // in Cond.Wait
	awake   map[*Goroutine]bool
	done    bool // of a Once
	result  Value
	cancel  *Ctx
	vague   bool // its counter is not known any more
	state   uint64
}

// copied returns the state that a copy of the variable has: mistaken as it is to
// copy one.
func (p *Prim) copied() *Prim {
	c := *p
	c.uses, c.waiting, c.awake = nil, nil, nil
	c.Readers = append([]Reader(nil), p.Readers...)
	return &c
}

// A Reader is a goroutine that holds a lock for reading.
type Reader struct {
	G  *Goroutine
	N  int
	At token.Pos
}

// Uses returns what was done to it, in order.
func (p *Prim) Uses() []Use { return p.uses }

// Escaped reports whether unseen code can operate on it.
func (p *Prim) Escaped() bool { return p.Cell != nil && p.Cell.out }

// prim returns the state of the primitive that v points to.
func (m *Machine) prim(v Value, t types.Type) *Prim {
	if i, ok := known(v).(*Iface); ok {
		v = i.v
	}
	c := m.pointee(v, t)
	if c.prim == nil {
		c.prim = &Prim{Cell: c, Limit: -1, vague: !c.zero && !c.out}
	}
	return c.prim
}

func (p *Prim) reads(g *Goroutine) int {
	for i, r := range p.Readers {
		if r.G == g {
			return i
		}
	}
	return -1
}

// lock makes the goroutine stand before a Lock.
func (m *Machine) lock(g *Goroutine, in ssa.Instruction, p *Prim) {
	m.pend(g, &Op{Kind: OpLock, In: in, Prim: p,
		enabled: func() Readiness {
			if p.Owner == nil && len(p.Readers) == 0 {
				return Ready
			}
			return Blocked
		},
		do: func() {
			g.touch(&p.state, in)
			p.Owner, p.LockedAt = g, g.at(in)
			m.event(OpLock, g, g.at(in), nil, p)
		}})
}

// rlock makes the goroutine stand before an RLock. A writer that waits for the
// readers to leave lets no new reader in.
func (m *Machine) rlock(g *Goroutine, in ssa.Instruction, p *Prim) {
	m.pend(g, &Op{Kind: OpRLock, In: in, Prim: p,
		enabled: func() Readiness {
			if p.Owner != nil || len(p.Readers) > 0 && m.writerWaits(p) {
				return Blocked
			}
			return Ready
		},
		do: func() {
			g.touch(&p.state, in)
			m.event(OpRLock, g, g.at(in), nil, p)
			if i := p.reads(g); i >= 0 {
				p.Readers[i].N++
				return
			}
			p.Readers = append(p.Readers, Reader{g, 1, g.at(in)})
		}})
}

func (m *Machine) writerWaits(p *Prim) bool {
	for _, h := range m.Goroutines {
		if h.Pending != nil && h.Pending.Kind == OpLock && h.Pending.Prim == p && h.Parked {
			return true
		}
	}
	return false
}

func (m *Machine) unlock(g *Goroutine, in ssa.Instruction, p *Prim) {
	g.touch(&p.state, in)
	m.event(OpUnlock, g, g.at(in), nil, p)
	if p.Owner == nil && p.owned() {
		panic(CutPanic) // fatal error: unlock of unlocked mutex
	}
	p.Owner = nil
}

// owned reports whether all that happens to a primitive is seen.
func (p *Prim) owned() bool { return !p.Escaped() && !p.vague }

func (m *Machine) runlock(g *Goroutine, in ssa.Instruction, p *Prim) {
	g.touch(&p.state, in)
	m.event(OpUnlock, g, g.at(in), nil, p)
	i := p.reads(g)
	if i < 0 && len(p.Readers) > 0 {
		i = 0 // another goroutine's
	}
	if i < 0 {
		if p.owned() {
			panic(CutPanic)
		}
		return
	}
	if p.Readers[i].N--; p.Readers[i].N == 0 {
		p.Readers = append(append([]Reader(nil), p.Readers[:i]...), p.Readers[i+1:]...)
	}
}

func (m *Machine) tryLock(c *call, p *Prim, read bool) {
	g := c.g
	m.always(g, OpTryLock, c.in, p, func() {
		free := p.Owner == nil && (read || len(p.Readers) == 0)
		if free && p.Escaped() && m.choose(Choice{Kind: ChooseResult, N: 2, G: g, In: c.in}) == 1 {
			free = false
		}
		if free {
			m.event(OpLock, g, c.g.at(c.in), nil, p)
			if read {
				p.Readers = append(p.Readers, Reader{g, 1, c.g.at(c.in)})
			} else {
				p.Owner, p.LockedAt = g, c.g.at(c.in)
			}
		}
		c.set(free)
	})
}

// syncOp performs an operation of package sync. It reports false if there is
// no such operation.
func (m *Machine) syncOp(c *call, op api.Op, obj *types.Func) bool {
	if len(c.args) == 0 {
		return false
	}
	g, in := c.g, c.in
	if r, ok := known(c.args[0]).(*Iface); ok {
		if rl, ok := r.v.(*rlocker); ok {
			return m.rlockerOp(c, rl, op)
		}
	}
	if rl, ok := c.args[0].(*rlocker); ok {
		return m.rlockerOp(c, rl, op)
	}
	p := m.prim(c.args[0], recvType(obj))
	switch op {
	case api.Lock:
		m.lock(g, in, p)
	case api.RLock:
		m.rlock(g, in, p)
	case api.Unlock:
		m.unlock(g, in, p)
	case api.RUnlock:
		m.runlock(g, in, p)
	case api.TryLock:
		m.tryLock(c, p, strings.Contains(obj.Name(), "RLock"))
	case api.WGAdd:
		m.wgAdd(c, p)
	case api.WGDone:
		m.always(g, OpDone, in, p, func() { m.wgCount(g, in, p, OpDone, -1) })
	case api.WGWait:
		m.wait(g, in, OpWait, p, nil)
	case api.WGGo:
		m.wgGo(c, p)
	case api.CondWait:
		m.condWait(c, p)
	case api.CondWake:
		m.condWake(c, p, obj.Name() == "Broadcast")
	case api.OnceDo:
		m.once(c, p, c.args[1], nil)
	default:
		return false
	}
	return true
}

func recvType(obj *types.Func) types.Type {
	if r := obj.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

func (m *Machine) rlockerOp(c *call, rl *rlocker, op api.Op) bool {
	p := m.prim(rl.mu, types.NewPointer(rl.mu.Typ))
	switch op {
	case api.Lock:
		m.rlock(c.g, c.in, p)
	case api.Unlock:
		m.runlock(c.g, c.in, p)
	default:
		return false
	}
	return true
}

// ---- WaitGroup

func (m *Machine) wgAdd(c *call, p *Prim) {
	n, ok := known(c.args[1]).(int64)
	if !ok {
		n, ok = m.number(c.g, c.args[1], c.in)
	}
	if !ok {
		p.vague = true
		return
	}
	if n > maxCounted {
		p.vague = true // more than are executed
		return
	}
	c.g.touch(&p.state, c.in)
	m.wgCount(c.g, c.in, p, OpAdd, n)
}

func (m *Machine) wgCount(g *Goroutine, in ssa.Instruction, p *Prim, kind OpKind, n int64) {
	m.event(kind, g, g.at(in), nil, p)
	p.Count += n
	if kind == OpAdd {
		p.added += n
	}
	if p.Count < 0 && !p.vague {
		if !p.Escaped() {
			m.crash("negative WaitGroup counter", g, g.at(in), nil, p)
		}
		p.vague = true
	}
}

// wait makes the goroutine stand before the Wait of a group.
func (m *Machine) wait(g *Goroutine, in ssa.Instruction, kind OpKind, p *Prim, after func()) {
	m.pend(g, &Op{Kind: kind, In: in, Prim: p,
		enabled: func() Readiness {
			switch {
			case p.Count <= 0:
				return Ready
			case p.vague || p.Escaped() && !m.countLost(g, p):
				return Idle
			}
			return Blocked
		},
		do: func() {
			g.touch(&p.state, in)
			m.event(kind, g, g.at(in), nil, p)
			if p.Count > 0 {
				m.vague = true // somebody else has counted down, and when?
			}
			if after != nil {
				after()
			}
		}})
}

// countLost reports whether a count of a group that unseen code may use as well is
// lost all the same: it is an unexported field, each Add of the run was for a
// goroutine of the run that calls Done, and these have all ended, or wait
// themselves.
func (m *Machine) countLost(g *Goroutine, p *Prim) bool {
	if !p.private() {
		return false
	}
	adds := int64(0)
	for _, u := range p.uses {
		if u.Kind == OpAdd {
			adds++
		}
	}
	if adds != p.added {
		return false // an Add of more than one
	}
	counted := int64(0)
	for _, h := range m.Goroutines {
		if h == g || h.Site == nil || h.counts != p && !m.MayDo(h, ActDone) {
			continue
		}
		counted++
		if h.Busy || !h.Done && !h.waits() {
			return false
		}
	}
	return counted == adds && counted > 0 && m.addedBefore(g, p)
}

// addedBefore reports whether each start of a goroutine that calls Done on a
// group comes after an Add for it.
func (m *Machine) addedBefore(g *Goroutine, p *Prim) bool {
	starts := make(map[token.Pos]bool)
	for _, h := range m.Goroutines {
		if h != g && h.Site != nil && (h.counts == p || m.MayDo(h, ActDone)) {
			starts[h.Site.Pos()] = true
		}
	}
	open := 0
	for _, e := range m.Events {
		switch {
		case e.Kind == OpAdd && e.Prim == p:
			open++
		case e.Kind == OpSpawn && starts[e.Pos]:
			if open--; open < 0 {
				return false
			}
		}
	}
	return open == 0
}

// waits reports whether a goroutine cannot go on. Of one that waits for a group
// only the counter is looked at, as whether that one is lost may depend on this.
func (g *Goroutine) waits() bool {
	op := g.Pending
	switch {
	case op == nil || op.enabled == nil:
		return false
	case op.Kind == OpWait || op.Kind == OpGroupWait:
		return op.Prim.Count > 0
	}
	return op.enabled() == Blocked
}

// private reports whether a primitive is an unexported field.
func (p *Prim) private() bool {
	c := p.Cell
	if c == nil || c.Parent == nil {
		return false
	}
	st, ok := c.Parent.Typ.Underlying().(*types.Struct)
	return ok && c.Index >= 0 && c.Index < st.NumFields() && !st.Field(c.Index).Exported()
}

func (m *Machine) wgGo(c *call, p *Prim) {
	in := c.in
	m.event(OpAdd, c.g, c.g.at(in), nil, p)
	p.Count++
	p.added++
	h := m.spawn(c.g, in, c.args[1], nil)
	h.counts = p
	h.onExit = func(m *Machine, _ Value) {
		h.touch(&p.state, in)
		m.wgCount(h, in, p, OpDone, -1)
	}
	m.always(c.g, OpSpawn, in, nil, func() {})
}

// ---- Cond

func (m *Machine) condWait(c *call, p *Prim) {
	g, in := c.g, c.in
	var lock *Prim
	read := false
	if st, ok := p.Cell.Typ.Underlying().(*types.Struct); ok {
		for i := range st.NumFields() {
			if st.Field(i).Name() == "L" {
				lock, read = m.locker(m.load(g, m.part(p.Cell, i)))
			}
		}
	}
	if lock != nil && read {
		m.runlock(g, in, lock)
	} else if lock != nil && lock.Owner == g {
		m.unlock(g, in, lock)
	}
	if p.awake == nil {
		p.awake = make(map[*Goroutine]bool)
	}
	g.touch(&p.state, in)
	m.event(OpCondWait, g, g.at(in), nil, p)
	p.waiting = append(p.waiting, g)
	p.awake[g] = false
	m.pend(g, &Op{Kind: OpCondWait, In: in, Prim: p,
		enabled: func() Readiness {
			switch {
			case p.awake[g]:
				return Ready
			case p.Escaped():
				return Idle
			}
			return Blocked
		},
		do: func() {
			g.touch(&p.state, in)
			if lock != nil && read {
				m.rlock(g, in, lock)
			} else if lock != nil {
				m.lock(g, in, lock)
			}
		}})
}

// locker returns the lock behind a sync.Locker.
func (m *Machine) locker(v Value) (p *Prim, read bool) {
	i, ok := known(v).(*Iface)
	if !ok {
		return nil, false
	}
	switch x := i.v.(type) {
	case *rlocker:
		return m.prim(x.mu, types.NewPointer(x.mu.Typ)), true
	case *Cell:
		return m.prim(x, i.typ), false
	}
	return nil, false
}

func (m *Machine) condWake(c *call, p *Prim, all bool) {
	m.always(c.g, OpSignal, c.in, p, func() {
		m.event(OpSignal, c.g, c.g.at(c.in), nil, p)
		for len(p.waiting) > 0 {
			p.awake[p.waiting[0]] = true
			p.waiting = p.waiting[1:]
			if !all {
				break
			}
		}
	})
}

// ---- Once

// once runs a function the first time; others wait until it has returned.
func (m *Machine) once(c *call, p *Prim, fn Value, result func(Value)) {
	g := c.g
	m.pend(g, &Op{Kind: OpOnce, In: c.in, Prim: p,
		enabled: func() Readiness {
			if p.Owner == nil || p.done {
				return Ready
			}
			return Blocked
		},
		do: func() {
			g.touch(&p.state, c.in)
			if p.done {
				if result != nil {
					result(p.result)
				}
				return
			}
			p.Owner, p.LockedAt = g, c.g.at(c.in)
			m.callThen(g, c, fn, nil, func(g *Goroutine, v Value) {
				p.done, p.Owner, p.result = true, nil, v
				if result != nil {
					result(v)
				}
			})
		}})
}

// onceFunc returns the function that OnceFunc and OnceValue make.
func (m *Machine) onceFunc(fn Value) *Func {
	p := &Prim{Limit: -1}
	return &Func{free: []Value{fn}, native: func(m *Machine, c *call) {
		m.once(c, p, fn, c.set)
	}}
}
