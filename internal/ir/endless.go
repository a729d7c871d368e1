package ir

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Endless reports whether an instruction stands in a loop to whose turns there is no bound
// in sight: it goes on while there is input, or for each element of what its function
// is given. A loop that counts, or that waits for what others send, has a bound, or may
// have one.
func (p *Program) Endless(in ssa.Instruction) bool {
	if in.Block() == nil {
		return false
	}
	for l := p.Loops(in.Parent()).Innermost(in.Block()); l != nil; l = l.Parent {
		if l.endless() {
			return true
		}
	}
	return false
}

func (l *Loop) endless() bool {
	for i, inside := range l.blocks {
		if !inside {
			continue
		}
		for _, in := range l.Header.Parent().Blocks[i].Instrs {
			switch in := in.(type) {
			case *ssa.Select:
				return false
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					return false
				}
			case *ssa.Next:
				if !l.leaves(in.Block()) {
					continue
				}
				if r, ok := in.Iter.(*ssa.Range); !ok || !given(r.X, 0) {
					return false
				}
			case *ssa.If:
				if l.leaves(in.Block()) && l.counts(in.Cond) {
					return false
				}
			}
		}
	}
	return true
}

// leaves reports whether control can pass from a block of the loop to one outside.
func (l *Loop) leaves(b *ssa.BasicBlock) bool {
	for _, s := range b.Succs {
		if !l.Contains(s) {
			return true
		}
	}
	return false
}

// counts reports whether a condition of the loop compares one of its counters with a bound
// other than the length of what the function is given.
func (l *Loop) counts(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	for _, pair := range [][2]ssa.Value{{cmp.X, cmp.Y}, {cmp.Y, cmp.X}} {
		if l.counter(pair[0]) && !lengthGiven(pair[1]) {
			return true
		}
	}
	return false
}

// counter reports whether a value is an integer that the loop carries from turn to turn.
func (l *Loop) counter(v ssa.Value) bool {
	if sum, ok := v.(*ssa.BinOp); ok && l.Contains(sum.Block()) {
		return l.counter(sum.X) || l.counter(sum.Y)
	}
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return l.Contains(v.Block())
	case *ssa.UnOp:
		_, local := v.X.(*ssa.Alloc)
		return local // of a variable that a literal captures
	}
	return false
}

// lengthGiven reports whether a value is the length of something given.
func lengthGiven(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && IsBuiltin(&call.Call, "len") && given(call.Call.Args[0], 0)
}

// given reports whether a value comes from outside of the function that uses it, or of the
// one around it: as an argument, from a field or as a result.
func given(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.Call:
		return v.Call.IsInvoke() || v.Call.StaticCallee() != nil
	case *ssa.Extract:
		_, ok := v.Tuple.(*ssa.Call)
		return ok
	case *ssa.UnOp:
		if v.Op != token.MUL || depth > 4 {
			return false
		}
		switch at := v.X.(type) {
		case *ssa.FieldAddr:
			return true
		case *ssa.FreeVar:
			return givenBy(Binding(at), depth)
		case *ssa.Alloc:
			return givenBy(at, depth)
		}
	}
	return false
}

// givenBy reports whether all that is stored in a variable is given.
func givenBy(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.FreeVar:
		return depth < 4 && givenBy(Binding(v), depth+1)
	case *ssa.Alloc:
		n := 0
		for _, ref := range *v.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == v {
				if n++; !given(s.Val, depth+1) {
					return false
				}
			}
		}
		return n == 1
	}
	return false
}

// Binding returns what a literal captures under a name, or nil if that is not known.
func Binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	if fn.Parent() == nil {
		return nil
	}
	for in := range Instrs(fn.Parent()) {
		if mc, ok := in.(*ssa.MakeClosure); ok && mc.Fn == fn {
			for i, free := range fn.FreeVars {
				if free == v {
					return mc.Bindings[i]
				}
			}
		}
	}
	return nil
}
