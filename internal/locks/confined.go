package locks

import "golang.org/x/tools/go/ssa"

// Confined reports whether a lock is what a call has returned, and nothing is done with
// that but to call its methods: nobody can unlock it who is not told to.
func (a *Analysis) Confined(p *Path) bool {
	call, ok := p.Root.(*ssa.Call)
	if !ok || p.Base != nil || call.Referrers() == nil {
		return false
	}
	for _, ref := range *call.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Call:
			if !ref.Call.IsInvoke() || ref.Call.Value != call {
				return false
			}
			for _, arg := range ref.Call.Args {
				if arg == call {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
