package machine

import "golang.org/x/tools/go/ssa"

// A Help is what unseen code did for an operation of the run: it received what was sent,
// sent or closed what was received from, or cancelled a context. That it does so where
// nothing else can is what makes an operation that hangs nevertheless certain. But a run
// may come to its end by it alone, and whether unseen code can give that help at all,
// who knows the package must tell.
type Help struct {
	// In is the operation, and Case the case of a select that was taken.
	In   ssa.Instruction
	Case int
	// Chan is the channel, or nil if it is not known; Ctx the context whose Done channel
	// it is, or nil.
	Chan *Chan
	Ctx  *Ctx
}

// noteHelp notes that something else than the run lets an operation proceed, unless it
// is time.
func (m *Machine) noteHelp(op *Op, i int) {
	h := Help{In: op.In, Case: i, Chan: chanOf(op.cases[i].ch)}
	if h.Chan != nil {
		if h.Ctx = h.Chan.ctx; h.Chan.timer || h.Ctx != nil && !h.Ctx.cancelOnly() {
			return
		}
	}
	m.Helped = append(m.Helped, h)
}
