package locks

import "golang.org/x/tools/go/ssa"

// A takenKey is a lock, and how it is taken.
type takenKey struct {
	lock *Path
	read bool
}

// takes notes where a lock is taken that the caller can name, if it is taken there
// whatever the caller knows.
func (w *walker) takes(acq *Acquire) {
	if acq.Guarded {
		return
	}
	k := takenKey{acq.Lock, acq.Read}
	if w.taken[k] == nil {
		w.taken[k] = make(map[*ssa.BasicBlock]bool)
	}
	w.taken[k][acq.Site.Block()] = true
}

// always reports whether each way through the function takes a lock: in both branches of
// an if, for example. Then it makes no difference what the caller knows about the branch.
func (w *walker) always(acq *Acquire) bool {
	taken := w.taken[takenKey{acq.Lock, acq.Read}]
	if len(taken) == 0 || !w.a.prog.CanReturn(w.fn) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{w.fn.Blocks[0]: true}
	work := []*ssa.BasicBlock{w.fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if taken[b] {
			continue
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return false
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				work = append(work, succ)
			}
		}
	}
	return true
}
