//go:build proof

package badafter

import "context"

// claim: deadlock Status
func driveStatus() {
	n := Start()
	n.Stop()
	n.Propose(1)
	n.Status()
}

// claim: deadlock Leave
func driveLeave() {
	ctx, cancel := context.WithCancel(context.Background())
	h := NewHub(ctx)
	h.Join("a")
	cancel()
	for h.Join("b") {
	}
	h.Leave("a")
}
