package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Value is an abstract value:
//
//	int64, bool, string   constants
//	Nil                   nil of any type
//	*Sym                  unknown
//	*Cell                 a pointer
//	*Struct               a struct or array
//	*Chan, *Ctx           a channel, a context
//	*Func                 a function with what it captures
//	*Iface                a value of known dynamic type in an interface
//	*Slice, *Map          with known elements
//	*Tuple                results of a call
//	nil                   nothing
type Value any

// Nil is the nil pointer, channel, map, slice, function or interface.
type Nil struct{}

// A Cell is a variable: what a pointer points to.
type Cell struct {
	// Typ is the type of the variable.
	Typ types.Type
	// Site is the instruction that made it, or nil.
	Site ssa.Value
	// Parent is the variable of which this one is a field or element.
	Parent *Cell
	Index  int

	id    int
	val   Value      // of a variable that has no parts
	parts *Cell      // fields, or elements of an array, that were touched
	next  *Cell      // in the list of the parent's parts
	zero  bool       // parts and value that were never set are zero
	out   bool       // unseen code may read and write it
	prim  *Prim      // the state of a sync type
	state uint64     // history of the last goroutine that wrote it
	owner *Goroutine // that goroutine
}

// A Struct is the value of a struct or array. It does not change.
type Struct struct {
	typ   types.Type
	parts map[int]Value
	prim  *Prim // of a lock or group that is copied
}

// A Chan is a channel.
type Chan struct {
	Cap    int
	Closed bool
	// Site is the make, and Made the goroutine that executed it.
	Site ssa.Value
	Made *Goroutine
	// ClosedAt is where it was closed.
	ClosedAt token.Pos
	// MakerLeft is where the function that made it returned, if it has.
	MakerLeft token.Pos
	// Filled: the run takes the buffer for one that is always full, as Scenario.Filled
	// says. Polled: it depends on how full.
	Filled, Polled bool

	id    int
	buf   []Value
	out   bool // unseen code has it
	timer bool // fires by itself
	once  bool // and only once
	ctx   *Ctx // the Done channel of a context
	state uint64
	uses  []Use
}

// A Use is something that was done to a channel or group.
type Use struct {
	G    *Goroutine
	Kind OpKind
	Pos  token.Pos
}

// Uses returns what was done to the channel, in order.
func (c *Chan) Uses() []Use { return c.uses }

// room returns how many values the run lets the buffer hold.
func (c *Chan) room() int {
	if c.Filled {
		return 0
	}
	return c.Cap
}

// Len returns the number of buffered values.
func (c *Chan) Len() int { return len(c.buf) }

// Proceeds reports whether a receive proceeds now, or may by what unseen code or time does.
func (c *Chan) Proceeds() bool {
	return c.Closed || len(c.buf) > 0 || c.out || c.timer || c.ctx != nil && (c.ctx.fired || c.ctx.late || c.ctx.mayFire())
}

// Context returns the context whose Done channel it is, or nil.
func (c *Chan) Context() *Ctx { return c.ctx }

// Escaped reports whether unseen code has the channel.
func (c *Chan) Escaped() bool { return c.out }

// A Ctx is a context.
type Ctx struct {
	Site  ssa.Value
	id    int
	up    *Ctx
	down  []*Ctx
	done  *Chan
	fired bool
	wild  bool // may be cancelled by unseen code, or by time
	alone bool // ends by itself: by time, or with a parent that is not known
	never bool // Background: Done returns nil
	late  bool // ends when everything else is over
	state uint64
	after []*Goroutine // started by context.AfterFunc, waiting
}

// A Func is a function value.
type Func struct {
	fn     *ssa.Function
	free   []Value
	native native
	recv   Value
	name   string
}

// native is a function that the machine provides, such as a CancelFunc.
type native func(m *Machine, c *call)

// An Iface is a value in an interface.
type Iface struct {
	typ types.Type
	v   Value
}

// A Slice is a slice with known elements.
type Slice struct {
	cells []*Cell
}

// A Map is a map.
type Map struct {
	id   int
	keys []Value
	vals []Value
	out  bool

	state uint64 // history of the last goroutine that changed it
	owner *Goroutine
}

// see notes that a goroutine depends on what another one did to the map.
func (mp *Map) see(g *Goroutine) {
	if mp.state != 0 && mp.owner != g {
		g.mix(mp.state)
	}
}

// change notes that a goroutine changes the map.
func (mp *Map) change(g *Goroutine) {
	mp.see(g)
	mp.state, mp.owner = g.history|1, g
}

// A Tuple is the result of a call with several results.
type Tuple struct{ vals []Value }

// An rlocker is the result of RWMutex.RLocker.
type rlocker struct{ mu *Cell }

// an iterator is the state of a range over a map or string.
type iterator struct {
	m   *Map
	sym Value // of the length, where the elements are not known
	i   int
}

// zeroOf returns the zero value of a type.
func (m *Machine) zeroOf(t types.Type) Value {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return false
		case u.Info()&types.IsInteger != 0:
			return int64(0)
		case u.Info()&types.IsString != 0:
			return ""
		case u.Kind() == types.UntypedNil || u.Kind() == types.UnsafePointer:
			return Nil{}
		}
		return m.symbol(symKey{kind: symZero, x: typeName(u)}, t)
	case *types.Struct, *types.Array:
		return &Struct{typ: t}
	case *types.Interface:
		if _, ok := types.Unalias(t).(*types.TypeParam); ok {
			return m.fresh(t)
		}
	case *types.Tuple:
		return nil
	}
	return Nil{}
}

func typeName(b *types.Basic) string { return b.Name() }

func isAggregate(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

// partType returns the type of a field or element.
func partType(t types.Type, i int) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if i < u.NumFields() {
			return u.Field(i).Type()
		}
	case *types.Array:
		return u.Elem()
	}
	return types.Typ[types.Invalid]
}

// newCell returns a variable of type t that holds the zero value.
func (m *Machine) newCell(t types.Type, site ssa.Value) *Cell {
	m.seq++
	c := m.memory.cells.get()
	c.id, c.Typ, c.Site, c.zero = m.seq, t, site, true
	return c
}

// outside returns a variable of unseen code.
func (m *Machine) outside(t types.Type) *Cell {
	m.seq++
	c := m.memory.cells.get()
	c.id, c.Typ, c.out = m.seq, t, true
	return c
}

// Escaped reports whether unseen code may reach the variable.
func (c *Cell) Escaped() bool { return c.out }

// part returns a field or element of a variable.
func (m *Machine) part(c *Cell, i int) *Cell {
	if p := c.child(i); p != nil {
		return p
	}
	p := m.addPart(c, i, partType(c.Typ, i))
	if sym, ok := c.val.(*Sym); ok {
		p.zero = false
		m.put(p, m.partOf(sym, i, p.Typ))
	}
	return p
}

// child returns a part that was touched already, or nil.
func (c *Cell) child(i int) *Cell {
	for p := c.parts; p != nil; p = p.next {
		if p.Index == i {
			return p
		}
	}
	return nil
}

// addPart makes a part of a variable.
func (m *Machine) addPart(c *Cell, i int, t types.Type) *Cell {
	m.seq++
	p := m.memory.cells.get()
	p.id, p.Typ, p.Parent, p.Index, p.zero, p.out = m.seq, t, c, i, c.zero, c.out
	p.next, c.parts = c.parts, p
	return p
}

// partOf returns the field of an unknown struct.
func (m *Machine) partOf(s *Sym, i int, t types.Type) *Sym {
	return m.symbol(symKey{kind: symPart, x: s, n: i}, t)
}

// load returns the content of a variable.
func (m *Machine) load(g *Goroutine, c *Cell) Value {
	if g != nil && c.state != 0 && c.owner != g {
		g.mix(c.state)
	}
	if isAggregate(c.Typ) {
		return m.loadParts(g, c)
	}
	if c.val == nil {
		if c.zero {
			c.val = m.zeroOf(c.Typ)
		} else {
			c.val = m.symbol(symKey{kind: symLoad, n: c.id}, c.Typ)
		}
	}
	return c.val
}

// loadParts returns the value of a struct or array. Of one whose content is
// unknown, only the parts that were touched are copied.
func (m *Machine) loadParts(g *Goroutine, c *Cell) Value {
	if c.prim != nil {
		return &Struct{typ: c.Typ, prim: c.prim.copied()}
	}
	if c.parts == nil {
		if sym, ok := c.val.(*Sym); ok {
			return sym
		}
		if c.zero {
			return &Struct{typ: c.Typ}
		}
		c.val = m.symbol(symKey{kind: symLoad, n: c.id}, c.Typ)
		return c.val
	}
	s := &Struct{typ: c.Typ, parts: make(map[int]Value)}
	if !c.zero {
		for i := range numParts(c.Typ) {
			s.parts[i] = m.load(g, m.part(c, i))
		}
		return s
	}
	for i := range numParts(c.Typ) {
		if p := c.child(i); p != nil {
			s.parts[i] = m.load(g, p)
		}
	}
	return s
}

func numParts(t types.Type) int {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return u.NumFields()
	case *types.Array:
		return int(min(u.Len(), maxElements))
	}
	return 0
}

// store sets a variable.
func (m *Machine) store(g *Goroutine, c *Cell, v Value) {
	if g != nil {
		c.state, c.owner = g.history|1, g
	}
	if c.out {
		m.escape(v)
	}
	m.put(c, v)
}

// put sets the content of a variable.
func (m *Machine) put(c *Cell, v Value) {
	if !isAggregate(c.Typ) {
		c.val = v
		return
	}
	switch v := v.(type) {
	case *Struct:
		c.val = nil
		c.prim = nil
		if v.prim != nil {
			c.prim = v.prim.copied()
			c.prim.Cell = c
		}
		if len(v.parts) == 0 {
			c.zero = !c.out
		}
		for i := range numParts(c.Typ) {
			p := c.child(i)
			x, set := v.parts[i]
			if p == nil && !set && c.zero {
				continue // zero before and after
			}
			if p == nil {
				p = m.part(c, i)
			}
			if !set {
				x = m.zeroOf(p.Typ)
			}
			m.put(p, x)
		}
	case *Sym:
		c.zero = false
		c.val = v
		for p := c.parts; p != nil; p = p.next {
			m.put(p, m.partOf(v, p.Index, p.Typ))
		}
	}
}

// forget makes the plain content of a variable unknown: unseen code wrote it.
// Channels, functions and pointers that are set stay.
//
// If the program's own code did, by methods that are not executed, what it says
// matters more: vague then marks the content as computed by skipped code.
func (m *Machine) forget(c *Cell, depth int, vague bool) {
	if depth > 3 || c.prim != nil {
		return
	}
	for i := range numParts(c.Typ) {
		if p := c.child(i); p != nil {
			m.forget(p, depth+1, vague)
		}
	}
	if isAggregate(c.Typ) {
		c.zero = false
		return
	}
	if c.val == nil {
		c.zero = false
		return
	}
	switch c.val.(type) {
	case int64, bool, string, Nil, *Slice, *Map, *Iface:
		c.zero = false
		s := m.fresh(c.Typ)
		s.vague = vague
		c.val = s
	}
}

// escape marks everything that can be reached from a value as known to unseen
// code.
func (m *Machine) escape(v Value) { m.escapeAt(v, 0) }

func (m *Machine) escapeAt(v Value, depth int) {
	if depth > 14 {
		return
	}
	switch v := v.(type) {
	case *Cell:
		m.escapeCell(v, depth)
	case *Chan:
		if !v.out {
			v.out = true
			for _, b := range v.buf {
				m.escapeAt(b, depth+1)
			}
		}
	case *Func:
		for _, f := range v.free {
			m.escapeAt(f, depth+1)
		}
		if ctx, ok := v.recv.(*Ctx); ok {
			ctx.wild = ctx.wild || !m.prog.Patient // unseen code can cancel it
		}
		m.escapeAt(v.recv, depth+1)
	case *Struct:
		for _, p := range v.parts {
			m.escapeAt(p, depth+1)
		}
	case *Iface:
		m.escapeAt(v.v, depth+1)
	case *rlocker:
		m.escapeCell(v.mu, depth)
	case *Slice:
		for _, c := range v.cells {
			m.escapeCell(c, depth+1)
		}
	case *Map:
		if !v.out {
			v.out = true
			for i, x := range v.vals {
				m.escapeAt(v.keys[i], depth+1)
				m.escapeAt(x, depth+1)
			}
		}
	case *Tuple:
		for _, x := range v.vals {
			m.escapeAt(x, depth+1)
		}
	}
}

func (m *Machine) escapeCell(c *Cell, depth int) {
	if c == nil || c.out {
		return
	}
	c.out = true
	if c.prim != nil {
		if c.prim.cancel != nil {
			c.prim.cancel.wild = c.prim.cancel.wild || !m.prog.Patient
		}
		m.escapeAt(c.prim.result, depth+1)
	}
	if c.val != nil {
		m.escapeAt(c.val, depth+1)
	}
	for i := range numParts(c.Typ) {
		if p := c.child(i); p != nil && !m.prog.unread(c.Typ, i) {
			m.escapeCell(p, depth+1)
		}
	}
}

// unread reports whether a field is an unexported function, such as a CancelFunc,
// that nothing in the package reads: then nobody can call it.
func (p *Program) unread(t types.Type, i int) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok || i >= st.NumFields() {
		return false
	}
	f := st.Field(i)
	if _, ok := f.Type().Underlying().(*types.Signature); !ok || f.Exported() || f.Pkg() != p.ir.Types {
		return false
	}
	return p.Unread != nil && p.Unread(f)
}

// Origin returns the position at which the variable, or the one that it is a
// part of, was declared or made.
func (c *Cell) Origin() token.Pos {
	for ; c != nil; c = c.Parent {
		if c.Site != nil {
			return c.Site.Pos()
		}
	}
	return token.NoPos
}
