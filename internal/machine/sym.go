package machine

import (
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"
)

// A Sym is an unknown value. There is one Sym for each expression in a run, so
// what was decided about it holds wherever it appears.
type Sym struct {
	// Typ is its type.
	Typ types.Type
	// From is the instruction that first gave it, or nil.
	From ssa.Value

	id     int // of a Sym in its run
	key    symKey
	truth  int8 // of a boolean: 0 open, 1 true, -1 false
	isNil  int8 // of what can be nil, likewise
	lo, hi int64
	num    bool // lo equals hi and is the value
	equal  Value
	vague  bool       // computed by code that was skipped
	length Value      // of a slice whose elements are unknown
	cell   *Cell      // what it points to
	ctx    *Ctx       // the context that it is
	dyn    types.Type // the type that it has been found to have, in an interface
	ch     *Chan      // the channel that it is, once it is closed
}

type symKind uint8

const (
	symFresh symKind = iota
	symParam
	symLoad
	symZero
	symPart
	symElem
	symConst
	symOp
	symLen
	symCap
	symEqual
	symLess
	symAssert
	symAssertOK
	symExtract
)

// A symKey identifies an expression.
type symKey struct {
	kind symKind
	op   token.Token
	n    int
	x, y Value
}

// symbol returns the unknown value that an expression stands for.
func (m *Machine) symbol(k symKey, t types.Type) *Sym {
	known, slot := m.memory.exprs.find(&k)
	if known != nil {
		return known
	}
	s := m.newSym(k, t)
	if k.kind == symLen || k.kind == symCap {
		s.lo = 0
	}
	slot.sym = s
	return s
}

// fresh returns a new unknown value.
func (m *Machine) fresh(t types.Type) *Sym {
	m.seq++
	return m.newSym(symKey{kind: symFresh, n: m.seq}, t) // no other expression is equal
}

func (m *Machine) newSym(k symKey, t types.Type) *Sym {
	s := m.memory.syms.get()
	*s = Sym{Typ: t, id: m.memory.syms.n, key: k, lo: math.MinInt64, hi: math.MaxInt64}
	return s
}

// known returns what a value has been decided to be.
func known(v Value) Value {
	s, ok := v.(*Sym)
	if !ok {
		return v
	}
	switch {
	case s.num:
		return s.lo
	case s.truth != 0:
		return s.truth > 0
	case s.isNil > 0:
		return Nil{}
	case s.equal != nil:
		return s.equal
	}
	return v
}

// A ChoiceKind says what a decision is about.
type ChoiceKind uint8

const (
	ChooseBranch   ChoiceKind = iota // a condition over unknown values
	ChooseCount                      // an unknown number
	ChooseCase                       // a case of a select
	ChoosePeer                       // which of several waiting goroutines is served
	ChooseElement                    // an element of a slice or map by an unknown index or key
	ChooseResult                     // how an operation ends, such as an Acquire whose context is done
	ChooseSchedule                   // which goroutine goes on when one cannot
	ChoosePreempt                    // whether another goroutine goes on although this one could
)

// A Choice is a decision of a run.
type Choice struct {
	Kind ChoiceKind
	N    int // the number of ways
	Pick int // the way taken
	// G is the goroutine that it concerns.
	G *Goroutine
	// In is the instruction at which it was made, or nil.
	In ssa.Instruction
	// Weak: it equates an unknown value with a particular one, or orders two
	// of them, which the program may know never to be so.
	Weak bool
	// Zero: a number was decided to be none.
	Zero bool
	// Woke: a goroutine that sleeps goes on although others could.
	Woke bool
	// Usual: it is the absence of an error.
	Usual bool
	// Then: the branch at an If was taken.
	Then bool
	// Case is the case of a select that was taken, or -1 for the default.
	Case int
}

// choose lets the driver decide.
func (m *Machine) choose(c Choice) int {
	if c.N <= 1 {
		return 0
	}
	if len(m.Choices) >= maxChoices {
		panic(Cut("choices"))
	}
	c.Pick = m.decide(c)
	if c.Pick < 0 || c.Pick >= c.N {
		c.Pick = 0
	}
	m.Choices = append(m.Choices, c)
	if c.G != nil {
		c.G.mix(uint64(c.Pick)*31 + uint64(c.Kind) + 7)
	}
	return c.Pick
}

// Choose makes a decision about scheduling.
func (m *Machine) Choose(c Choice) int { return m.choose(c) }

// cond decides a condition.
func (m *Machine) cond(g *Goroutine, v Value, in ssa.Instruction) bool {
	switch v := known(v).(type) {
	case bool:
		return v
	case *Sym:
		return m.condSym(g, v, in)
	}
	return m.choose(Choice{Kind: ChooseBranch, N: 2, G: g, In: in, Weak: true}) == 1
}

func (m *Machine) condSym(g *Goroutine, s *Sym, in ssa.Instruction) bool {
	if s.key.kind == symOp && s.key.op == token.NOT {
		t := !m.cond(g, s.key.x, in)
		s.setTruth(t)
		return t
	}
	if t, ok := implied(s); ok {
		s.setTruth(t)
		return t
	}
	first, weak := false, false
	switch s.key.kind {
	case symEqual:
		if _, ok := s.key.y.(Nil); ok {
			// No error, and pointers that are set, are the ordinary case.
			x, _ := s.key.x.(*Sym)
			first = x == nil || isErrorType(x.Typ)
		} else {
			weak = !isPlain(s.key.x) && !isPlain(s.key.y)
		}
	case symLess:
		weak = !isPlain(s.key.x) && !isPlain(s.key.y)
	}
	pick := m.choose(Choice{Kind: ChooseBranch, N: 2, G: g, In: in, Weak: weak})
	if first && pick == 0 {
		m.Choices[len(m.Choices)-1].Usual = true
	}
	t := first
	if pick == 1 {
		t = !first
	}
	if s.vague || isVague(s.key.x) || isVague(s.key.y) {
		m.vague = true
	}
	s.setTruth(t)
	assume(s, t)
	return t
}

// isPlain reports whether a value is a number, string or boolean: to compare two
// of them is an ordinary question, unlike whether two errors or pointers are the
// same.
func isPlain(v Value) bool {
	switch v.(type) {
	case int64, string, bool:
		return true
	}
	s, ok := v.(*Sym)
	if !ok {
		return false
	}
	_, basic := s.Typ.Underlying().(*types.Basic)
	return basic
}

func isLen(v Value) bool {
	s, ok := v.(*Sym)
	return ok && (s.key.kind == symLen || s.key.kind == symCap)
}

func (s *Sym) setTruth(t bool) {
	if t {
		s.truth = 1
	} else {
		s.truth = -1
	}
}

// implied decides a comparison from what is known of its operands.
func implied(s *Sym) (truth, ok bool) {
	x, y := known(s.key.x), known(s.key.y)
	switch s.key.kind {
	case symEqual:
		return equalValues(x, y)
	case symLess:
		xlo, xhi, xok := bounds(x)
		ylo, yhi, yok := bounds(y)
		if xok && yok {
			if xhi < ylo {
				return true, true
			}
			if xlo >= yhi {
				return false, true
			}
		}
	}
	return false, false
}

// bounds returns the range of a number.
func bounds(v Value) (lo, hi int64, ok bool) {
	switch v := v.(type) {
	case int64:
		return v, v, true
	case *Sym:
		return v.lo, v.hi, true
	}
	return 0, 0, false
}

// assume notes what a decided comparison says about its operands.
func assume(s *Sym, truth bool) {
	x, y := s.key.x, s.key.y
	switch s.key.kind {
	case symAssertOK:
		if sx, ok := x.(*Sym); ok && truth {
			if k := y.(typeKey); !types.IsInterface(k.t) {
				sx.dyn = k.t
			}
		}
	case symEqual:
		sx, ok := x.(*Sym)
		if !ok {
			return
		}
		if _, isNil := y.(Nil); isNil {
			sx.isNil = -1
			if truth {
				sx.isNil = 1
			}
			return
		}
		if !truth {
			if n, ok := y.(int64); ok && n == sx.lo {
				sx.lo++
			} else if ok && n == sx.hi {
				sx.hi--
			}
			return
		}
		switch v := y.(type) {
		case int64:
			sx.lo, sx.hi, sx.num = v, v, true
		case string:
			sx.equal = v
		}
	case symLess:
		if n, ok := known(y).(int64); ok {
			if sx, ok := x.(*Sym); ok {
				sx.bound(truth, n-1, n)
			}
		}
		if n, ok := known(x).(int64); ok {
			if sy, ok := y.(*Sym); ok {
				sy.bound(!truth, n, n+1)
			}
		}
	}
}

// bound narrows a number: at most hi if below, else at least lo.
func (s *Sym) bound(below bool, hi, lo int64) {
	if below {
		s.hi = min(s.hi, hi)
	} else {
		s.lo = max(s.lo, lo)
	}
	if s.lo == s.hi {
		s.num = true
	}
}

// number decides an unknown number: two, one, or, where it is a length, none.
// A number that is computed from another one follows it.
func (m *Machine) number(g *Goroutine, v Value, in ssa.Instruction) (int64, bool) {
	switch v := known(v).(type) {
	case int64:
		return v, true
	case *Sym:
		if v.key.kind == symOp && v.key.y != nil {
			x, ok1 := m.number(g, v.key.x, in)
			y, ok2 := m.number(g, v.key.y, in)
			if !ok1 || !ok2 {
				return 0, false
			}
			n, ok := arith(v.key.op, x, y)
			if ok {
				v.lo, v.hi, v.num = n, n, true
				return n, true
			}
		}
		if v.vague {
			m.vague = true
		}
		var room [3]int64
		domain := room[:0]
		for _, n := range []int64{2, 1, 0} {
			if n >= v.lo && n <= v.hi && (n > 0 || isLen(v)) {
				domain = append(domain, n)
			}
		}
		if len(domain) == 0 {
			if v.lo > 0 && v.lo <= maxElements {
				domain = append(domain, v.lo)
			} else if v.hi <= 0 && v.hi > math.MinInt64 {
				domain = append(domain, v.hi)
			} else {
				return 0, false
			}
		}
		n := domain[m.choose(Choice{Kind: ChooseCount, N: len(domain), G: g, In: in})]
		if n == 0 && len(domain) > 1 {
			m.Choices[len(m.Choices)-1].Zero = true
		}
		v.lo, v.hi, v.num = n, n, true
		return n, true
	}
	return 0, false
}

func arith(op token.Token, x, y int64) (int64, bool) {
	switch op {
	case token.ADD:
		return x + y, true
	case token.SUB:
		return x - y, true
	case token.MUL:
		return x * y, true
	case token.QUO:
		if y != 0 {
			return x / y, true
		}
	case token.REM:
		if y != 0 {
			return x % y, true
		}
	case token.AND:
		return x & y, true
	case token.OR:
		return x | y, true
	case token.XOR:
		return x ^ y, true
	case token.AND_NOT:
		return x &^ y, true
	case token.SHL:
		if y >= 0 && y < 63 {
			return x << uint(y), true
		}
	case token.SHR:
		if y >= 0 && y < 63 {
			return x >> uint(y), true
		}
	}
	return 0, false
}

// binary computes a binary operation.
func (m *Machine) binary(op token.Token, x, y Value, t types.Type) Value {
	x, y = known(x), known(y)
	a, aok := x.(int64)
	b, bok := y.(int64)
	switch op {
	case token.EQL:
		return m.equals(x, y)
	case token.NEQ:
		return m.not(m.equals(x, y))
	case token.LSS:
		return m.less(x, y)
	case token.GTR:
		return m.less(y, x)
	case token.LEQ:
		return m.not(m.less(y, x))
	case token.GEQ:
		return m.not(m.less(x, y))
	}
	if aok && bok {
		if n, ok := arith(op, a, b); ok {
			return n
		}
	}
	if s, ok := x.(string); ok && op == token.ADD {
		if s2, ok := y.(string); ok && len(s)+len(s2) < 200 {
			return s + s2
		}
	}
	if x == nil || y == nil {
		return m.fresh(t)
	}
	s := m.symbol(symKey{kind: symOp, op: op, x: x, y: y}, t)
	s.vague = s.vague || isVague(x) || isVague(y)
	return s
}

func isVague(v Value) bool {
	s, ok := v.(*Sym)
	return ok && s.vague
}

func (m *Machine) less(x, y Value) Value {
	if a, ok := x.(int64); ok {
		if b, ok := y.(int64); ok {
			return a < b
		}
	}
	if a, ok := x.(string); ok {
		if b, ok := y.(string); ok {
			return a < b
		}
	}
	if x == nil || y == nil {
		return m.fresh(types.Typ[types.Bool])
	}
	x, y = linear(x, y)
	y, x = linear(y, x)
	if a, ok := x.(int64); ok {
		if b, ok := y.(int64); ok {
			return a < b
		}
	}
	return m.symbol(symKey{kind: symLess, x: x, y: y}, types.Typ[types.Bool])
}

// linear brings a comparison of a sum with a number, n+1 == 3, into the form
// n == 2, so that all such questions about n are about n itself.
func linear(x, y Value) (Value, Value) {
	for {
		s, ok := x.(*Sym)
		c, isNum := y.(int64)
		if !ok || !isNum || s.key.kind != symOp {
			return x, y
		}
		k, isConst := s.key.y.(int64)
		switch {
		case isConst && s.key.op == token.ADD:
			x, y = known(s.key.x), c-k
		case isConst && s.key.op == token.SUB:
			x, y = known(s.key.x), c+k
		default:
			return x, y
		}
	}
}

func (m *Machine) equals(x, y Value) Value {
	x, y = linear(x, y)
	y, x = linear(y, x)
	if t, ok := equalValues(x, y); ok {
		return t
	}
	if x == nil || y == nil {
		return m.fresh(types.Typ[types.Bool])
	}
	// One order for both ways to write it: the unknown first, nil last.
	if _, ok := x.(Nil); ok {
		x, y = y, x
	} else if _, ok := x.(*Sym); !ok {
		x, y = y, x
	} else if sy, ok := y.(*Sym); ok {
		if m.memory.exprs.has(&symKey{kind: symEqual, x: sy, y: x}) {
			x, y = y, x
		}
	}
	return m.symbol(symKey{kind: symEqual, x: x, y: y}, types.Typ[types.Bool])
}

func (m *Machine) not(v Value) Value {
	switch v := known(v).(type) {
	case bool:
		return !v
	case *Sym:
		if v.key.kind == symOp && v.key.op == token.NOT {
			return v.key.x
		}
		return m.symbol(symKey{kind: symOp, op: token.NOT, x: v}, v.Typ)
	}
	return m.fresh(types.Typ[types.Bool])
}

// equalValues compares two values, if what is known of them suffices.
func equalValues(x, y Value) (equal, ok bool) {
	x, y = known(x), known(y)
	_, nx := x.(Nil)
	_, ny := y.(Nil)
	if nx && ny {
		return true, true
	}
	if nx || ny {
		other := x
		if nx {
			other = y
		}
		switch o := other.(type) {
		case *Sym:
			if o.isNil != 0 {
				return o.isNil > 0, true
			}
			if o.cell != nil || o.ctx != nil {
				return false, true
			}
			return false, false
		case nil:
			return false, false
		}
		return false, true
	}
	switch a := x.(type) {
	case int64:
		if b, ok := y.(int64); ok {
			return a == b, true
		}
		if b, ok := y.(*Sym); ok && (a < b.lo || a > b.hi) {
			return false, true
		}
	case bool:
		if b, ok := y.(bool); ok {
			return a == b, true
		}
	case string:
		if b, ok := y.(string); ok {
			return a == b, true
		}
	case *Cell, *Chan, *Ctx, *Map:
		switch y.(type) {
		case *Cell, *Chan, *Ctx, *Map:
			return x == y, true
		}
	case *Iface:
		if b, ok := y.(*Iface); ok {
			if !types.Identical(a.typ, b.typ) {
				return false, true
			}
			return equalValues(a.v, b.v)
		}
	case *Sym:
		if a == y {
			return true, true
		}
		if b, ok := y.(int64); ok && (b < a.lo || b > a.hi) {
			return false, true
		}
	}
	return false, false
}

func isErrorType(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}
