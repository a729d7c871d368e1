package locks

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/concurlint/concurlint/internal/api"
	"github.com/concurlint/concurlint/internal/ir"
)

// A Kind says what the locks of an analysis are: the locks of package sync, or
// something else that goroutines take and give back, such as semaphores.
type Kind struct {
	// Ops returns what an instruction itself does to locks. A select does one
	// of several operations, or none of them.
	Ops func(ssa.Instruction) []Op

	// Releases reports whether a method releases the lock that it is called on.
	Releases func(*types.Func) bool

	// Handle reports whether a value of a type is a lock, or leads to one, so
	// that whoever gets it may operate on the lock.
	Handle func(types.Type) bool

	// Counted is set for locks that several may hold at a time, or one several
	// times. Taking one again is no mistake then; what is taken in one turn of
	// a loop and still held in the next one may be, as is giving back what was
	// not taken.
	Counted bool
}

// A Deed is what an operation does.
type Deed uint8

// The deeds.
const (
	Take Deed = iota
	Try       // to take it, if that is possible at once
	Release
)

// An Op is an operation on a lock.
type Op struct {
	Do   Deed
	On   ssa.Value
	Read bool

	// If tells when the operation is performed, where that is not certain.
	If *Outcome

	// Then tells what has come about when the operation is done: of one that waits
	// until it succeeds, that it has not failed. It is nil where there is no such thing.
	Then *Outcome

	// Weight says how much of the lock is taken or released, or is 0 where
	// that is not known, or is always the same.
	Weight int64
}

// An Outcome is what the value of an instruction is, or a part of a tuple, in
// one case.
type Outcome struct {
	Value  ssa.Value
	Part   int // of a tuple
	Equals string
}

// Mutexes are the locks of package sync.
var Mutexes = Kind{Ops: mutexOps, Releases: unlocks, Handle: isMutexPointer}

func unlocks(method *types.Func) bool {
	op := api.Of(method)
	return op == api.Unlock || op == api.RUnlock
}

func mutexOps(instr ssa.Instruction) []Op {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	op := Op{}
	do := ir.Op(call.Common())
	if do == api.None && call.Common().IsInvoke() {
		do = api.InterfaceLock(call.Common().Method)
	}
	switch do {
	case api.Lock:
	case api.RLock:
		op.Read = true
	case api.TryLock:
		op.Do = Try
		op.Read = ir.Object(call.Common()).Name() == "TryRLock"
		if v := call.Value(); v != nil {
			op.If = &Outcome{Value: v, Equals: "true"}
		}
	case api.Unlock:
		op.Do = Release
	case api.RUnlock:
		op.Do, op.Read = Release, true
	default:
		return nil
	}
	op.On = Receiver(call.Common())
	if op.On == nil {
		return nil
	}
	return []Op{op}
}

// isMutexPointer reports whether t is the type of a pointer to a lock, or of an
// interface that holds one.
func isMutexPointer(t types.Type) bool {
	n := api.Named(t)
	if n == nil || !api.IsLock(t) {
		return false
	}
	switch n.Obj().Name() {
	case "Mutex", "RWMutex", "Locker":
		return true
	}
	return false
}

// Receiver returns the value whose method a call calls, or nil.
func Receiver(common *ssa.CallCommon) ssa.Value {
	if mc, ok := common.Value.(*ssa.MakeClosure); ok { // a method value
		if len(mc.Bindings) == 0 {
			return nil
		}
		return mc.Bindings[0]
	}
	switch {
	case common.IsInvoke():
		return common.Value
	case len(common.Args) > 0:
		return common.Args[0]
	}
	return nil
}

// operates reports whether an instruction itself operates on a lock.
func (a *Analysis) operates(instr ssa.Instruction) bool { return len(a.kind.Ops(instr)) > 0 }

// Direct reports whether a lock is taken by the function in which site is, and
// not by one that it calls.
func (a *Analysis) Direct(site ssa.Instruction) bool { return a.callee(site) == nil }

// callee returns the function that took a lock for the one in which site is, or
// nil where that took it itself.
func (a *Analysis) callee(site ssa.Instruction) *ssa.Function {
	call, ok := site.(ssa.CallInstruction)
	if !ok || a.operates(site) {
		return nil
	}
	return a.prog.StaticCallee(call)
}

// lockOf returns the lock that is operated on, and whether that is an operation
// on the read side although its name does not say so.
func (t *paths) lockOf(op Op) (p *Path, read bool) {
	p = t.Of(op.On)
	if p.other == stepReader {
		return p.Base, true
	}
	return p, op.Read
}
