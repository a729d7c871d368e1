package semrelease

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
	"github.com/concurlint/concurlint/internal/locks"
)

// neverFits reports acquires of a constant weight above the size that the
// semaphore is made with.
//
// Tests are left out: those of code that uses semaphores try such things.
func (c *checker) neverFits() {
	for _, fn := range c.prog.Funcs {
		for instr := range ir.Instrs(fn) {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			op := ir.Op(call.Common())
			if op != api.SemAcquire && op != api.SemTryAcquire || c.inTest(instr) {
				continue
			}
			args := call.Common().Args
			weight, ok := constInt(args[len(args)-1])
			if !ok {
				continue
			}
			if size, at := c.size(locks.Receiver(call.Common()), 0); at != nil && weight > size {
				c.reportNeverFits(call, weight, size, at)
			}
		}
	}
}

func (c *checker) inTest(instr ssa.Instruction) bool {
	return strings.HasSuffix(c.pass.Fset.Position(instr.Pos()).Filename, "_test.go")
}

// size returns the size of a semaphore and where it is made. Of several the
// largest is meant. The second result is nil if not all of them are known.
func (c *checker) size(v ssa.Value, depth int) (int64, ssa.Instruction) {
	if v == nil || depth > 6 {
		return 0, nil
	}
	switch v := v.(type) {
	case *ssa.Call:
		if ir.Op(&v.Call) != api.SemNew {
			return 0, nil
		}
		if n, ok := constInt(v.Call.Args[0]); ok {
			return n, v
		}
	case *ssa.Phi:
		return c.largest(v.Edges, depth)
	case *ssa.UnOp:
		addr := v.X
		if fv, ok := addr.(*ssa.FreeVar); ok {
			addr = bound(fv)
		}
		if a, ok := addr.(*ssa.Alloc); ok {
			if values, all := assigned(a); all {
				return c.largest(values, depth)
			}
			return 0, nil
		}
		return c.largest(c.assignedAnywhere(addr), depth)
	}
	return 0, nil
}

func (c *checker) largest(values []ssa.Value, depth int) (size int64, at ssa.Instruction) {
	for _, v := range values {
		n, made := c.size(v, depth+1)
		if made == nil {
			return 0, nil
		}
		if at == nil || n > size {
			size, at = n, made
		}
	}
	return size, at
}

// assigned returns the values of a variable, and whether they are all: it is
// only read and assigned to, by its function and the literals in it.
func assigned(a *ssa.Alloc) (values []ssa.Value, all bool) {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != a {
				return nil, false
			}
			values = append(values, ref.Val)
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == a && !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return nil, false
				}
			}
		default:
			return nil, false
		}
	}
	return values, true
}

func onlyRead(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// assignedAnywhere returns what the package assigns to a field or package-level
// variable that only it can assign to, or nil.
func (c *checker) assignedAnywhere(addr ssa.Value) []ssa.Value {
	same := func(ssa.Value) bool { return false }
	switch addr := addr.(type) {
	case *ssa.Global:
		if addr.Object() == nil || addr.Object().Exported() && c.prog.Types.Name() != "main" {
			return nil
		}
		same = func(v ssa.Value) bool { return v == addr }
	case *ssa.FieldAddr:
		f := ir.FieldVar(addr)
		if f == nil || f.Exported() || f.Pkg() != c.prog.Types {
			return nil
		}
		same = func(v ssa.Value) bool { return ir.FieldVar(v) == f }
	default:
		return nil
	}
	var values []ssa.Value
	for _, fn := range c.prog.Funcs {
		for instr := range ir.Instrs(fn) {
			for _, op := range instr.Operands(nil) {
				if *op == nil || !same(*op) {
					continue
				}
				switch instr := instr.(type) {
				case *ssa.Store:
					if instr.Addr != *op {
						return nil
					}
					values = append(values, instr.Val)
				case *ssa.UnOp, *ssa.DebugRef:
				default:
					return nil // its address gets somewhere
				}
			}
		}
	}
	return values
}
