package machine

import (
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"
)

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
