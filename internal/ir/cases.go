package ir

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// CaseEntry returns the block to which control goes from a select with a case, or nil if
// that cannot be told: nothing is done in it.
func CaseEntry(sel *ssa.Select, state int) *ssa.BasicBlock {
	if sel.Blocking && len(sel.States) == 1 {
		return sel.Block()
	}
	for _, ref := range *sel.Referrers() {
		index, ok := ref.(*ssa.Extract)
		if !ok || index.Index != 0 {
			continue
		}
		for _, r := range *index.Referrers() {
			eq, ok := r.(*ssa.BinOp)
			if !ok || eq.Op != token.EQL {
				continue
			}
			if c, ok := eq.Y.(*ssa.Const); !ok || int(c.Int64()) != state {
				continue
			}
			for _, use := range *eq.Referrers() {
				if test, ok := use.(*ssa.If); ok {
					return test.Block().Succs[0]
				}
			}
		}
	}
	return nil
}
