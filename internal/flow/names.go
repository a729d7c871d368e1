package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// condition returns the canonical form of a boolean value: an expression, and
// whether the value is that or its negation.
func (k *known) condition(inst *model.Instance, v ssa.Value) canonical {
	ref := model.Ref{Inst: inst, Value: v}
	c, ok := k.conditions[ref]
	if !ok {
		c = k.newCondition(inst, v)
		k.conditions[ref] = c
	}
	return c
}

func (k *known) newCondition(inst *model.Instance, v ssa.Value) canonical {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			if constant.BoolVal(v.Value) {
				return canonical{exprTrue, true}
			}
			return canonical{exprFalse, true}
		}
	case *ssa.UnOp:
		if v.Op == token.NOT {
			c := k.condition(inst, v.X)
			return canonical{c.expr, !c.positive}
		}
	case *ssa.BinOp:
		x, y := k.name(inst, v.X), k.name(inst, v.Y)
		switch v.Op {
		case token.EQL:
			return canonical{k.equation(x, y), true}
		case token.NEQ:
			return canonical{k.equation(x, y), false}
		case token.LSS:
			return canonical{k.compare(x, "<", y), true}
		case token.GEQ:
			return canonical{k.compare(x, "<", y), false}
		case token.GTR:
			return canonical{k.compare(y, "<", x), true}
		case token.LEQ:
			return canonical{k.compare(y, "<", x), false}
		}
	}
	return canonical{k.boolean(k.name(inst, v)), true}
}

// isLiteral reports whether a name is that of an integer constant.
func isLiteral(name string) bool {
	return name != "" && (name[0] >= '0' && name[0] <= '9' || name[0] == '-')
}

// name returns an expression for a value that is the same wherever the value
// is the same: a parameter is named by its argument, a free variable by what
// was captured, a load by its address.
func (k *known) name(inst *model.Instance, v ssa.Value) *term {
	if c, ok := v.(*ssa.Const); ok {
		if c.Value == nil {
			return k.constant("nil")
		}
		return k.constant(c.Value.ExactString())
	}
	ref := model.Ref{Inst: inst, Value: v}
	t := k.terms[ref]
	if t == nil {
		n := namer{known: k}
		n.name(inst, v, 0)
		t = &term{text: string(n.text), values: n.values}
		k.terms[ref] = t
	}
	return t
}

// A namer spells out the name of a value.
type namer struct {
	known  *known
	text   []byte
	values []definition
}

// maxName bounds how many steps back a name goes.
const maxName = 8

func (n *namer) name(inst *model.Instance, v ssa.Value, depth int) {
	if depth > maxName {
		n.own(inst, v)
		return
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			n.text = append(n.text, "nil"...)
		} else {
			n.text = append(n.text, v.Value.ExactString()...)
		}
	case *ssa.Global, *ssa.Function:
		n.text = append(n.text, v.String()...)
	case *ssa.Parameter:
		if arg := inst.Argument(v); arg != nil {
			n.name(inst.Parent, arg, depth)
		} else {
			n.own(inst, v)
		}
	case *ssa.FreeVar:
		if env, binding := captured(inst, v); binding != nil {
			n.name(env, binding, depth)
		} else {
			n.own(inst, v)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL && !n.known.overwritten(v) {
			n.call("*", inst, v.X, depth)
		} else {
			n.own(inst, v)
		}
	case *ssa.FieldAddr:
		n.step(inst, v.X, depth, '.', v.Field)
	case *ssa.Field:
		n.step(inst, v.X, depth, '.', v.Field)
	case *ssa.Extract:
		n.step(inst, v.Tuple, depth, '#', v.Index)
	case *ssa.ChangeType:
		n.name(inst, v.X, depth)
	case *ssa.ChangeInterface:
		n.name(inst, v.X, depth)
	case *ssa.Call:
		if ir.IsBuiltin(&v.Call, "len") || ir.IsBuiltin(&v.Call, "cap") {
			n.call(v.Call.Value.Name(), inst, v.Call.Args[0], depth)
		} else {
			n.own(inst, v)
		}
	default:
		n.own(inst, v)
	}
}

// call spells out f(x).
func (n *namer) call(f string, inst *model.Instance, x ssa.Value, depth int) {
	n.text = append(append(n.text, f...), '(')
	n.name(inst, x, depth)
	n.text = append(n.text, ')')
}

// step spells out a part of x.
func (n *namer) step(inst *model.Instance, x ssa.Value, depth int, sep byte, index int) {
	n.name(inst, x, depth)
	n.text = strconv.AppendInt(append(n.text, sep), int64(index), 10)
}

// own spells out a value that nothing is known of: what an instruction of the
// instance computes, or a parameter.
func (n *namer) own(inst *model.Instance, v ssa.Value) {
	n.text = strconv.AppendInt(append(n.text, '@'), int64(inst.ID), 10)
	sep := byte(':')
	if instr, ok := v.(ssa.Instruction); ok {
		sep = '.' // a parameter may have the name that SSA gives a value
		n.values = append(n.values, definition{inst, instr.Block()})
	}
	n.text = append(append(append(n.text, sep), v.Name()...), '@')
}

// overwritten reports whether the variable from which v was loaded is stored to
// before a use of v: then v is the value that it had before.
func (k *known) overwritten(v *ssa.UnOp) bool {
	is, ok := k.stale[v]
	if !ok {
		is = overwritten(v)
		k.stale[v] = is
	}
	return is
}

func overwritten(v *ssa.UnOp) bool {
	for _, b := range v.Parent().Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || !sameAddress(st.Addr, v.X) || !ir.Dominates(v, st) {
				continue
			}
			for _, use := range *v.Referrers() {
				if ir.Dominates(st, use) {
					return true
				}
			}
		}
	}
	return false
}

func sameAddress(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	y, ok := b.(*ssa.FieldAddr)
	return ok && x.Field == y.Field && (sameAddress(x.X, y.X) || sameLoad(x.X, y.X))
}

func sameLoad(a, b ssa.Value) bool {
	x, ok := a.(*ssa.UnOp)
	if !ok || x.Op != token.MUL {
		return false
	}
	y, ok := b.(*ssa.UnOp)
	return ok && y.Op == token.MUL && sameAddress(x.X, y.X)
}

// captured returns what a free variable of an instance is bound to.
func captured(inst *model.Instance, fv *ssa.FreeVar) (*model.Instance, ssa.Value) {
	if inst.Env == nil || inst.Closure() == nil {
		return nil, nil
	}
	i := slices.Index(inst.Fn.FreeVars, fv)
	if i < 0 {
		return nil, nil
	}
	return inst.Env, inst.Closure().Bindings[i]
}

func isInteger(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
