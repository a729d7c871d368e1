package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// facts is what a path has decided: expressions and their truth, sorted. It is
// never changed in place; nil is the empty set.
type facts = *factSet

type factSet struct {
	list []fact
	id   string // equal sets have equal ids
}

type fact struct {
	expr string // canonical, as made by condition or name
	is   bool
}

// maxFacts bounds what a path remembers; the rest is forgotten, which only
// makes more paths.
const maxFacts = 24

func newFacts(list []fact) facts {
	if len(list) == 0 {
		return nil
	}
	n := 0
	for _, x := range list {
		n += len(x.expr) + 1
	}
	var b strings.Builder
	b.Grow(n)
	for _, x := range list {
		b.WriteString(x.expr)
		if x.is {
			b.WriteByte('+')
		} else {
			b.WriteByte('-')
		}
	}
	return &factSet{list, b.String()}
}

func (f *factSet) key() string {
	if f == nil {
		return ""
	}
	return f.id
}

func (f *factSet) all() []fact {
	if f == nil {
		return nil
	}
	return f.list
}

func (f *factSet) find(expr string) (int, bool) {
	return slices.BinarySearchFunc(f.all(), expr, func(x fact, e string) int { return strings.Compare(x.expr, e) })
}

func (f *factSet) with(expr string, is bool) facts {
	i, found := f.find(expr)
	if found && f.list[i].is == is || !found && len(f.all()) >= maxFacts {
		return f
	}
	out := make([]fact, 0, len(f.all())+1)
	out = append(out, f.all()...)
	if found {
		out[i].is = is
	} else {
		out = slices.Insert(out, i, fact{expr, is})
	}
	return newFacts(out)
}

// without forgets all facts that mention one of the names.
func (f *factSet) without(mentions func(expr string) bool) facts {
	if f == nil || !slices.ContainsFunc(f.list, func(x fact) bool { return mentions(x.expr) }) {
		return f
	}
	return newFacts(slices.DeleteFunc(slices.Clone(f.list), func(x fact) bool { return mentions(x.expr) }))
}

// decide returns whether the truth of a condition is known, and it.
func (f *factSet) decide(inst *model.Instance, cond ssa.Value) (known, value bool) {
	return f.truth(condition(inst, cond))
}

// truth is decide for a condition in canonical form.
func (f *factSet) truth(expr string, positive bool) (known, value bool) {
	switch expr {
	case "true":
		return true, positive
	case "false":
		return true, !positive
	}
	if i, ok := f.find(expr); ok {
		return true, f.list[i].is == positive
	}
	if x, c, ok := strings.Cut(expr, "=="); ok && isLiteral(c) {
		// Equal to another constant, so not to this one.
		for _, known := range f.all() {
			if y, d, ok := strings.Cut(known.expr, "=="); ok && known.is && y == x && d != c && isLiteral(d) {
				return true, !positive
			}
		}
	}
	return false, false
}

// isLiteral reports whether a name is that of an integer constant.
func isLiteral(name string) bool {
	return name != "" && (name[0] >= '0' && name[0] <= '9' || name[0] == '-')
}

// choose notes which case of a select was taken; -1 is the default case.
func (f *factSet) choose(inst *model.Instance, sel *ssa.Select, state int) facts {
	for _, ref := range *sel.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 {
			continue
		}
		index := name(inst, x, 0)
		for i := range sel.States {
			f = f.with(equation(index, strconv.Itoa(i)), i == state)
		}
	}
	return f
}

// entering forgets what is about to be computed anew in a block, and notes
// what the block's phis are when it is entered from pred.
func (f *factSet) entering(k *known, inst *model.Instance, b, pred *ssa.BasicBlock) facts {
	before := f
	if f != nil && len(b.Preds) > 0 {
		defined := k.defined(inst, b)
		f = f.without(func(expr string) bool { return mentionsAny(expr, defined) })
	}
	if pred == nil {
		return f
	}
	edge := slices.Index(b.Preds, pred)
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if edge >= 0 && edge < len(phi.Edges) {
			f = f.copied(before, inst, phi.Edges[edge], name(inst, phi, 0), phi.Type())
		}
	}
	return f
}

// mentionsAny reports whether expr contains one of the value names, which have
// the form @instance.value@.
func mentionsAny(expr string, names map[string]bool) bool {
	for {
		i := strings.IndexByte(expr, '@')
		if i < 0 {
			return false
		}
		j := strings.IndexByte(expr[i+1:], '@')
		if j < 0 {
			return false
		}
		if names[expr[i:i+j+2]] {
			return true
		}
		expr = expr[i+j+2:]
	}
}

// copied notes for the expression to what before knows of the value from.
func (f *factSet) copied(before facts, inst *model.Instance, from ssa.Value, to string, t types.Type) facts {
	if isBool(t) {
		if known, is := before.decide(inst, from); known {
			return f.with(to, is)
		}
		return f
	}
	if c, ok := from.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		return f.with(equation(to, c.Value.ExactString()), true)
	}
	if !nillable(t) {
		return f
	}
	if known, is := before.isNil(inst, from); known {
		return f.with(equation(to, "nil"), is)
	}
	return f
}

// isNil returns whether it is known that a value is nil or not, and which.
func (f *factSet) isNil(inst *model.Instance, v ssa.Value) (known, is bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return true, v.IsNil()
	case *ssa.MakeInterface, *ssa.Alloc, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeClosure, *ssa.Function, *ssa.FieldAddr, *ssa.IndexAddr:
		return true, false
	case *ssa.Call:
		if makesError(&v.Call) {
			return true, false
		}
	}
	if i, ok := f.find(equation(name(inst, v, 0), "nil")); ok {
		return true, f.list[i].is
	}
	return false, false
}

// makesError reports whether a call returns a new error, never nil.
func makesError(call *ssa.CallCommon) bool {
	obj := ir.Object(call)
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "errors":
		return obj.Name() == "New"
	case "fmt":
		return obj.Name() == "Errorf"
	}
	return false
}

// store notes what is stored in a variable.
func (f *factSet) store(inst *model.Instance, instr *ssa.Store) facts {
	t := instr.Val.Type()
	to := load(name(inst, instr.Addr, 0))
	before := f
	f = f.without(func(expr string) bool { return strings.Contains(expr, to) })
	return f.copied(before, inst, instr.Val, to, t)
}

// results notes what a call returned on this path.
func (f *factSet) results(callee *model.Instance, ret *ssa.Return, caller *model.Instance, call *ssa.Call) facts {
	before := f
	value := name(caller, call, 0)
	f = f.without(func(expr string) bool { return strings.Contains(expr, value) })
	for i, r := range ret.Results {
		to := value
		if len(ret.Results) > 1 {
			to = value + "#" + strconv.Itoa(i)
		}
		f = f.copied(before, callee, r, to, r.Type())
	}
	return f
}

// condition returns the canonical form of a boolean value and whether it
// stands for the value itself or its negation.
func condition(inst *model.Instance, v ssa.Value) (expr string, positive bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			return strconv.FormatBool(constant.BoolVal(v.Value)), true
		}
	case *ssa.UnOp:
		if v.Op == token.NOT {
			expr, positive = condition(inst, v.X)
			return expr, !positive
		}
	case *ssa.BinOp:
		x, y := name(inst, v.X, 0), name(inst, v.Y, 0)
		switch v.Op {
		case token.EQL:
			return equation(x, y), true
		case token.NEQ:
			return equation(x, y), false
		case token.LSS:
			return x + "<" + y, true
		case token.GEQ:
			return x + "<" + y, false
		case token.GTR:
			return y + "<" + x, true
		case token.LEQ:
			return y + "<" + x, false
		}
	}
	return name(inst, v, 0), true
}

func equation(x, y string) string {
	if isLiteral(x) || y < x && !isLiteral(y) {
		x, y = y, x
	}
	return x + "==" + y
}

func load(addr string) string { return "*(" + addr + ")" }

// name returns an expression for a value that is the same wherever the value
// is the same: a parameter is named by its argument, a free variable by what
// was captured, a load by its address.
func name(inst *model.Instance, v ssa.Value, depth int) string {
	own := func() string { return "@" + strconv.Itoa(inst.ID) + "." + v.Name() + "@" }
	if depth > 8 {
		return own()
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return "nil"
		}
		return v.Value.ExactString()
	case *ssa.Global:
		return v.String()
	case *ssa.Function:
		return v.String()
	case *ssa.Parameter:
		if arg := inst.Argument(v); arg != nil {
			return name(inst.Parent, arg, depth)
		}
	case *ssa.FreeVar:
		if env, binding := captured(inst, v); binding != nil {
			return name(env, binding, depth)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL && !overwritten(v) {
			return load(name(inst, v.X, depth))
		}
	case *ssa.FieldAddr:
		return name(inst, v.X, depth) + "." + strconv.Itoa(v.Field)
	case *ssa.Field:
		return name(inst, v.X, depth) + "." + strconv.Itoa(v.Field)
	case *ssa.Extract:
		return name(inst, v.Tuple, depth) + "#" + strconv.Itoa(v.Index)
	case *ssa.ChangeType:
		return name(inst, v.X, depth)
	case *ssa.ChangeInterface:
		return name(inst, v.X, depth)
	case *ssa.Call:
		if ir.IsBuiltin(&v.Call, "len") || ir.IsBuiltin(&v.Call, "cap") {
			return v.Call.Value.Name() + "(" + name(inst, v.Call.Args[0], depth) + ")"
		}
	}
	return own()
}

// overwritten reports whether the variable from which v was loaded is stored to
// before a use of v: then v is the value that it had before.
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

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isInteger(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func nillable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Chan, *types.Map, *types.Slice, *types.Signature:
		return true
	}
	return false
}
