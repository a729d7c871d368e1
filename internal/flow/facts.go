package flow

import (
	"encoding/binary"
	"go/constant"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// facts is what a path has decided: a set of expressions with their truth. Equal
// sets of one model are one pointer; nil is the empty set.
type facts = *factSet

type factSet struct{ list []fact } // sorted

// A fact is twice an exprID, plus 1 where the expression is true.
type fact int32

func factOf(expr exprID, is bool) fact {
	if is {
		return fact(expr)<<1 | 1
	}
	return fact(expr) << 1
}

func (f fact) expr() exprID { return exprID(f >> 1) }
func (f fact) is() bool     { return f&1 != 0 }

// maxFacts bounds what a path remembers; the rest is forgotten, which only
// makes more paths.
const maxFacts = 24

func (f *factSet) all() []fact {
	if f == nil {
		return nil
	}
	return f.list
}

// find returns where the truth of an expression is noted, or would be.
func (f *factSet) find(expr exprID) (int, bool) {
	list := f.all()
	for i, x := range list {
		if x.expr() >= expr {
			return i, x.expr() == expr
		}
	}
	return len(list), false
}

// A ledger makes the sets of one model.
type ledger struct {
	known *known
	sets  map[string]facts // by what is in them
	next  map[addition]facts
	list  []fact // scratch
	key   []byte // scratch
}

// An addition is a set and a fact to add.
type addition struct {
	to   facts
	fact fact
}

func newLedger(k *known) *ledger {
	return &ledger{known: k, sets: make(map[string]facts), next: make(map[addition]facts)}
}

// set returns the set with the given elements, which it copies.
func (l *ledger) set(list []fact) facts {
	if len(list) == 0 {
		return nil
	}
	l.key = l.key[:0]
	for _, x := range list {
		l.key = binary.NativeEndian.AppendUint32(l.key, uint32(x))
	}
	f := l.sets[string(l.key)]
	if f == nil {
		f = &factSet{slices.Clone(list)}
		l.sets[string(l.key)] = f
	}
	return f
}

func (l *ledger) with(f facts, expr exprID, is bool) facts {
	key := addition{f, factOf(expr, is)}
	out, ok := l.next[key]
	if !ok {
		out = l.add(f, expr, is)
		l.next[key] = out
	}
	return out
}

func (l *ledger) add(f facts, expr exprID, is bool) facts {
	i, found := f.find(expr)
	if found && f.list[i].is() == is || !found && len(f.all()) >= maxFacts {
		return f
	}
	l.list = append(l.list[:0], f.all()...)
	if found {
		l.list[i] = factOf(expr, is)
	} else {
		l.list = slices.Insert(l.list, i, factOf(expr, is))
	}
	return l.set(l.list)
}

// without forgets the facts on expressions that mention something.
func (l *ledger) without(f facts, mentions func(exprID) bool) facts {
	l.list = l.list[:0]
	for _, x := range f.all() {
		if !mentions(x.expr()) {
			l.list = append(l.list, x)
		}
	}
	if len(l.list) == len(f.all()) {
		return f
	}
	return l.set(l.list)
}

// truth returns whether the truth of a condition is known, and it.
func (l *ledger) truth(f facts, c canonical) (known, value bool) {
	switch c.expr {
	case exprTrue:
		return true, c.positive
	case exprFalse:
		return true, !c.positive
	}
	if i, ok := f.find(c.expr); ok {
		return true, f.list[i].is() == c.positive
	}
	e := &l.known.exprs[c.expr]
	if e.literal == "" {
		return false, false
	}
	for _, x := range f.all() {
		other := &l.known.exprs[x.expr()]
		if x.is() && other.literal != "" && other.subject == e.subject && other.literal != e.literal {
			return true, !c.positive // equal to another constant, so not to this one
		}
	}
	return false, false
}

// choose notes which case of a select was taken; -1 is the default case.
func (l *ledger) choose(f facts, inst *model.Instance, sel *ssa.Select, state int) facts {
	for _, ref := range *sel.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 {
			continue
		}
		index := l.known.name(inst, x)
		for i := range sel.States {
			f = l.with(f, l.known.equation(index, l.known.constant(strconv.Itoa(i))), i == state)
		}
	}
	return f
}

// entering forgets what is about to be computed anew in a block, and notes
// what the block's phis are when it is entered from pred.
func (l *ledger) entering(f facts, inst *model.Instance, b, pred *ssa.BasicBlock) facts {
	before := f
	if f != nil && len(b.Preds) > 0 {
		here := definition{inst, b}
		f = l.without(f, func(e exprID) bool { return slices.Contains(l.known.exprs[e].values, here) })
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
			f = l.copied(f, before, inst, phi.Edges[edge], inst, phi)
		}
	}
	return f
}

// copied is copiedTo for the name of a value.
func (l *ledger) copied(f, before facts, fromInst *model.Instance, from ssa.Value, inst *model.Instance, to ssa.Value) facts {
	if !notable(from, to.Type()) {
		return f
	}
	return l.copiedTo(f, before, fromInst, from, l.known.name(inst, to), to.Type())
}

// copiedTo notes for the expression to, of type t, what before knows of the value
// from.
func (l *ledger) copiedTo(f, before facts, inst *model.Instance, from ssa.Value, to *term, t types.Type) facts {
	k := l.known
	if isBool(t) {
		if known, is := l.truth(before, k.condition(inst, from)); known {
			return l.with(f, k.boolean(to), is)
		}
		return f
	}
	if c, ok := from.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		return l.with(f, k.equation(to, k.name(inst, c)), true)
	}
	if !nillable(t) {
		return f
	}
	if known, is := l.isNil(before, inst, from); known {
		return l.with(f, k.equation(to, k.constant("nil")), is)
	}
	return f
}

// isNil returns whether it is known that a value is nil or not, and which.
func (l *ledger) isNil(f facts, inst *model.Instance, v ssa.Value) (known, is bool) {
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
	if f == nil {
		return false, false
	}
	if i, ok := f.find(l.known.equation(l.known.name(inst, v), l.known.constant("nil"))); ok {
		return true, f.list[i].is()
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
func (l *ledger) store(f facts, inst *model.Instance, instr *ssa.Store) facts {
	t := instr.Val.Type()
	if f == nil && !notable(instr.Val, t) {
		return f // nothing to forget or to note
	}
	to := l.known.load(l.known.name(inst, instr.Addr))
	after := l.without(f, func(e exprID) bool { return l.known.contains(e, to) })
	return l.copiedTo(after, f, inst, instr.Val, to, t)
}

// results notes what a call returned on this path.
func (l *ledger) results(f facts, callee *model.Instance, ret *ssa.Return, caller *model.Instance, call *ssa.Call) facts {
	before := f
	value := l.known.name(caller, call)
	f = l.without(f, func(e exprID) bool { return l.known.contains(e, value) })
	for i, r := range ret.Results {
		to := value
		if len(ret.Results) > 1 {
			to = l.known.part(value, i)
		}
		f = l.copiedTo(f, before, callee, r, to, r.Type())
	}
	return f
}

// notable reports whether facts can say something of a value of type t that
// is copied from a value: that it is true, nil, or a constant.
func notable(from ssa.Value, t types.Type) bool {
	if c, ok := from.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		return true
	}
	return isBool(t) || nillable(t)
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func nillable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Chan, *types.Map, *types.Slice, *types.Signature:
		return true
	}
	return false
}
