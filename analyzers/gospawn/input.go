package gospawn

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/model"
)

// A kind says where an input comes from.
type kind uint8

const (
	parameter kind = iota // the caller decides
	request               // the client decides
	decoded               // whoever wrote what is decoded here
	listing               // a directory, a file, an archive
	stream                // read piece by piece
	received              // values of a channel
)

// A source is evidence that an input is not bounded by the program.
type source struct {
	kind kind
	name string    // of the parameter, channel or reader
	unit string    // what there is a goroutine for
	pos  token.Pos // where the input comes from

	elem types.Type // of received values
}

// input returns the unbounded input of which a turn handles one element, or
// nil if there is no evidence of one.
func (f *finder) input(t *turn) *source {
	if t.loop == nil {
		return f.callbackInput(t)
	}
	return f.loopInput(t.inst, t.loop, t.at())
}

// loopInput returns the unbounded input of a loop. What is received or read
// counts if that happens in each turn that comes to at.
func (f *finder) loopInput(inst *model.Instance, loop *ir.Loop, at ssa.Instruction) *source {
	if f.loops[loop] {
		return nil // it depends on itself
	}
	f.loops[loop] = true
	defer delete(f.loops, loop)
	if test, ok := loop.Header.Instrs[len(loop.Header.Instrs)-1].(*ssa.If); ok && leaves(loop, loop.Header) {
		if src, known := f.condition(inst, loop, test.Cond); known {
			return src
		}
	}
	return f.delivered(inst, loop, at)
}

func leaves(loop *ir.Loop, b *ssa.BasicBlock) bool {
	for _, s := range b.Succs {
		if !loop.Contains(s) {
			return true
		}
	}
	return false
}

// condition returns the input that the condition of a loop goes through; known
// is set if the condition bounds the number of turns at all.
func (f *finder) condition(inst *model.Instance, loop *ir.Loop, cond ssa.Value) (src *source, known bool) {
	switch cond := cond.(type) {
	case *ssa.Extract:
		next, ok := cond.Tuple.(*ssa.Next)
		if !ok || cond.Index != 0 {
			return nil, false // a receive: see delivered
		}
		return f.element(inst, next.Iter.(*ssa.Range).X, loop), true
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return f.condition(inst, loop, cond.X)
		}
	case *ssa.BinOp:
		switch cond.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
			if ir.IsNil(cond.Y) {
				return f.list(inst, loop, cond.X)
			}
			if c := lenOf(cond.Y); c != nil {
				if fromLength(f.stride(loop)) {
					return nil, true // a number of parts
				}
				return f.element(inst, c, loop), true
			}
			if c := lenOf(cond.X); c != nil {
				if inBatches(c, loop) {
					return nil, true // a goroutine per batch
				}
				return f.element(inst, c, loop), true
			}
			if phi, ok := cond.X.(*ssa.Phi); ok {
				return f.countdown(inst, loop, phi)
			}
		}
	}
	return nil, false
}

// inBatches reports whether each turn of a loop cuts more than one element off
// a slice: for len(x) > 0 { batch, x = x[:n], x[n:] }.
func inBatches(x ssa.Value, loop *ir.Loop) bool {
	phi, ok := x.(*ssa.Phi)
	if !ok {
		return false
	}
	for _, e := range phi.Edges {
		s, ok := e.(*ssa.Slice)
		if !ok || s.Low == nil || !loop.Contains(s.Block()) {
			continue
		}
		if c, ok := s.Low.(*ssa.Const); !ok || c.Int64() > 1 {
			return true
		}
	}
	return false
}

// countdown handles for i := len(x) - 1; i >= 0; i--.
func (f *finder) countdown(inst *model.Instance, loop *ir.Loop, phi *ssa.Phi) (*source, bool) {
	for i, e := range phi.Edges {
		if loop.Contains(phi.Block().Preds[i]) {
			continue
		}
		if b, ok := e.(*ssa.BinOp); ok && b.Op == token.SUB {
			e = b.X
		}
		if x := lenOf(e); x != nil {
			return f.element(inst, x, loop), true
		}
	}
	return nil, isInt(phi)
}

// list handles for l := head; l != nil; l = l.next and its like.
func (f *finder) list(inst *model.Instance, loop *ir.Loop, v ssa.Value) (*source, bool) {
	phi, ok := v.(*ssa.Phi)
	if !ok {
		return f.capturedList(inst, loop, v)
	}
	if phi.Block() != loop.Header {
		return nil, false
	}
	var head ssa.Value
	for i, e := range phi.Edges {
		if !loop.Contains(phi.Block().Preds[i]) {
			head = e
			continue
		}
		if next := fieldOf(e); next != phi {
			return nil, false
		}
	}
	if head == nil {
		return nil, false
	}
	src, _ := f.origin(inst, head, 0)
	return f.unguarded(src, inst, head, loop), true
}

// fieldOf returns x if v is the value of a field of what x points to, or nil.
func fieldOf(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return field.X
}

// capturedList is list for a loop variable that a closure captures: each turn
// has a copy of its own, which starts with the one before.
func (f *finder) capturedList(inst *model.Instance, loop *ir.Loop, v ssa.Value) (*source, bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, false
	}
	copies, ok := load.X.(*ssa.Phi)
	if !ok || copies.Block() != loop.Header {
		return nil, false
	}
	next := false
	var head ssa.Value
	for i, e := range copies.Edges {
		inLoop := loop.Contains(copies.Block().Preds[i])
		for _, r := range *e.Referrers() {
			st, ok := r.(*ssa.Store)
			switch {
			case !ok || st.Addr != e:
			case !inLoop:
				head = st.Val
			case fieldOf(st.Val) != nil:
				next = true
			}
		}
	}
	if head == nil || !next {
		return nil, false
	}
	src, _ := f.origin(inst, head, 0)
	return src, true
}

// element returns the source of the container that a loop goes through.
func (f *finder) element(inst *model.Instance, container ssa.Value, loop *ir.Loop) *source {
	if elem := elementOf(container.Type()); elem != nil && isService(elem) {
		return nil // objects with a life of their own, wherever their list comes from
	}
	src, _ := f.origin(inst, container, 0)
	return f.unguarded(src, inst, container, loop)
}

// unguarded drops a source whose length is compared with a maximum before the
// loop.
func (f *finder) unguarded(src *source, inst *model.Instance, container ssa.Value, loop *ir.Loop) *source {
	if src == nil || lengthChecked(container, loop.Header) {
		return nil
	}
	return src
}

// delivered returns what each turn of a loop receives or reads before at.
func (f *finder) delivered(inst *model.Instance, loop *ir.Loop, at ssa.Instruction) *source {
	for _, b := range at.Parent().Blocks {
		if !loop.Contains(b) || f.prog.Loops(at.Parent()).Innermost(b) != loop {
			continue
		}
		for _, instr := range b.Instrs {
			var src *source
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && ir.Dominates(instr, at) && !afterFailure(instr, at.Block()) {
					src = f.channel(inst, instr.X, instr.Pos())
				}
			case *ssa.Select:
				for i, state := range instr.States {
					if state.Dir == types.RecvOnly && caseDominates(instr, i, at.Block()) {
						src = f.channel(inst, state.Chan, state.Pos)
					}
				}
			case *ssa.Call:
				if ir.Dominates(instr, at) && !afterFailure(instr, at.Block()) {
					src = f.read(inst, instr)
				}
			}
			if src != nil {
				return src
			}
		}
	}
	return nil
}

// caseDominates reports whether a block is reached only through one case of a
// select.
func caseDominates(sel *ssa.Select, state int, b *ssa.BasicBlock) bool {
	entry := ir.CaseEntry(sel, state)
	return entry != nil && entry.Dominates(b)
}

// lenOf returns x if v is len(x), converted perhaps, and nil otherwise.
func lenOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.Convert:
		return lenOf(v.X)
	case *ssa.Call:
		if ir.IsBuiltin(&v.Call, "len") {
			return v.Call.Args[0]
		}
	}
	return nil
}

func isInt(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// constInt returns the value of an integer constant.
func constInt(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return c.Int64(), true
}
