package machine

import (
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
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
	// After is the number of events before it.
	After int
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
	c.After = len(m.Events)
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
	if belowLimit(s, in) {
		s.setTruth(true)
		assume(s, true)
		return true
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
	if br, ok := in.(*ssa.If); ok && m.prog.ir.IsLinked(in.Parent()) && m.prog.readsState(br.Cond, 0) {
		weak = true // of an object whose package and users have agreed on more than can be seen
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

// readsState reports whether a condition in a function of another package is about
// the fields of an object, judged by how it is computed.
func (p *Program) readsState(v ssa.Value, depth int) bool {
	if depth > 6 {
		return true
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			_, field := v.X.(*ssa.FieldAddr)
			return field || p.readsState(v.X, depth+1)
		}
		return p.readsState(v.X, depth+1)
	case *ssa.BinOp:
		return p.readsState(v.X, depth+1) || p.readsState(v.Y, depth+1)
	case *ssa.Field:
		return true
	case *ssa.Phi:
		for _, e := range v.Edges {
			if p.readsState(e, depth+1) {
				return true
			}
		}
	case *ssa.Call:
		callee := p.ir.StaticCallee(v)
		if callee == nil {
			for _, a := range v.Call.Args {
				if p.readsState(a, depth+1) {
					return true // len of a field
				}
			}
			return false
		}
		for in := range ir.Instrs(callee) {
			if r, ok := in.(*ssa.Return); ok && !isErrorType(v.Type()) {
				for _, res := range r.Results {
					if p.readsState(res, depth+2) {
						return true
					}
				}
			}
		}
	}
	return false
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

// belowLimit reports whether a condition compares a counter that is none yet with a
// number that somebody has chosen, as in
//
//	if p.workers < p.max {
//
// Like the bound of a loop, that is taken to be at least one.
func belowLimit(s *Sym, in ssa.Instruction) bool {
	limit, ok := s.key.y.(*Sym)
	if !ok || s.key.kind != symLess || s.key.x != Value(int64(0)) || limit.key.kind == symOp || isLen(limit) || limit.vague {
		return false
	}
	br, ok := in.(*ssa.If)
	if !ok {
		return false
	}
	cond, ok := br.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	_, x := cond.X.(*ssa.Const)
	_, y := cond.Y.(*ssa.Const)
	return !x && !y
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
