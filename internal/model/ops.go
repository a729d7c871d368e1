package model

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// An Op is an operation on a primitive, in one instance.
type Op struct {
	Kind  OpKind
	Call  api.Op // for Kind Method
	Inst  *Instance
	Instr ssa.Instruction
	State int // the case of a select, or -1
	On    []Loc
}

// Deferred reports whether the operation is executed when its function ends.
func (o *Op) Deferred() bool { _, ok := o.Instr.(*ssa.Defer); return ok }

// Negative reports whether a WaitGroup's Add takes from the counter: of a
// negative constant, or of a negated value.
func (o *Op) Negative() bool {
	call, ok := o.Instr.(ssa.CallInstruction)
	if !ok || o.Call != api.WGAdd || len(call.Common().Args) < 2 {
		return false
	}
	switch arg := call.Common().Args[1].(type) {
	case *ssa.Const:
		return arg.Int64() < 0
	case *ssa.UnOp:
		return arg.Op == token.SUB
	}
	return false
}

// Async reports whether the operation is all that a go statement starts.
func (o *Op) Async() bool {
	_, ok := o.Instr.(*ssa.Go)
	return ok && o.Kind == Method || ok && o.Kind == Close
}

// Value returns the operand: the channel, or the receiver of the method.
func (o *Op) Value() ssa.Value {
	switch instr := o.Instr.(type) {
	case *ssa.Send:
		return instr.Chan
	case *ssa.UnOp:
		return instr.X
	case *ssa.Select:
		return instr.States[o.State].Chan
	case ssa.CallInstruction:
		common := instr.Common()
		if common.IsInvoke() {
			return common.Value
		}
		if len(common.Args) > 0 {
			return common.Args[0]
		}
	}
	return nil
}

// An OpKind tells channel operations and method calls apart.
type OpKind uint8

const (
	Send OpKind = iota
	Receive
	Close
	Method
)

// Pos returns the position of the operation in the source.
func (o *Op) Pos() token.Pos {
	if sel, ok := o.Instr.(*ssa.Select); ok && o.State >= 0 {
		return sel.States[o.State].Pos
	}
	pos := o.Instr.Pos()
	for inst := o.Inst; !pos.IsValid() && inst.Site != nil; inst = inst.Parent {
		pos = inst.Site.Pos() // in the wrapper of a method value
	}
	return pos
}

// Only reports whether the operation certainly is on loc.
func (o *Op) Only(l Loc) bool { return len(o.On) == 1 && o.On[0] == l }

// Ops returns all operations, by instance and position in it.
func (m *Model) Ops() []*Op { return m.ops }

// OpsOn returns the operations that may be on loc.
func (m *Model) OpsOn(l Loc) []*Op { return m.byLoc[l] }

// OpsAt returns the operations that an instruction performs: one for each case
// of a select, one for most others.
func (m *Model) OpsAt(inst *Instance, instr ssa.Instruction) []*Op {
	return m.byInstr[instrKey{inst, instr}]
}

// HasEffect reports whether an instance, or one that it calls, performs an
// operation or starts a thread.
func (m *Model) HasEffect(inst *Instance) bool { return inst.effect }

func (m *Model) collectOps() {
	m.byLoc = make(map[Loc][]*Op)
	m.byInstr = make(map[instrKey][]*Op)
	for _, inst := range m.Instances {
		for _, b := range inst.Fn.Blocks {
			for _, instr := range b.Instrs {
				m.collect(inst, instr)
			}
		}
	}
	for _, t := range m.Threads {
		for a := t.Inst; a != nil; a = a.Parent {
			a.effect = true
		}
	}
	for _, op := range m.ops {
		k := instrKey{op.Inst, op.Instr}
		m.byInstr[k] = append(m.byInstr[k], op)
		for a := op.Inst; a != nil && !a.effect; a = a.Parent {
			a.effect = true
		}
		for _, l := range op.On {
			m.byLoc[l] = append(m.byLoc[l], op)
		}
	}
}

func (m *Model) collect(inst *Instance, instr ssa.Instruction) {
	add := func(kind OpKind, state int, on ssa.Value, call api.Op) {
		m.ops = append(m.ops, &Op{Kind: kind, Call: call, Inst: inst, Instr: instr, State: state, On: m.PointsTo(inst, on)})
	}
	switch instr := instr.(type) {
	case *ssa.Send:
		add(Send, -1, instr.Chan, api.None)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			add(Receive, -1, instr.X, api.None)
		}
	case *ssa.Select:
		for i, s := range instr.States {
			if s.Dir == types.SendOnly {
				add(Send, i, s.Chan, api.None)
			} else {
				add(Receive, i, s.Chan, api.None)
			}
		}
	case ssa.CallInstruction:
		common := instr.Common()
		if ir.IsBuiltin(common, "close") {
			add(Close, -1, common.Args[0], api.None)
			return
		}
		if op := ir.Op(common); op != api.None {
			switch {
			case common.IsInvoke():
				add(Method, -1, common.Value, op)
			case len(common.Args) > 0:
				add(Method, -1, common.Args[0], op)
			default:
				m.ops = append(m.ops, &Op{Kind: Method, Call: op, Inst: inst, Instr: instr, State: -1})
			}
		}
	}
}
