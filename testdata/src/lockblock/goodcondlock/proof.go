//go:build proof

package goodcondlock

// claim: none
func driveProgress() {
	p := NewProgress()
	p.Finish()
	p.Wait(1)
	p.Finish()
}

// claim: none
func driveGate() {
	g := NewGate()
	g.Open()
	g.Enter()
	g.Cond.L.Unlock()
	g.Open()
}
