//go:build proof

package goodfields

import "context"

// claim: none
func drivePool() {
	p := NewPool(2)
	p.Submit(func() {})
	p.Stop()
}

// claim: none
func driveRestarter() {
	var r Restarter
	for range 3 {
		r.Start(func() {})
		r.Stop()
	}
}

// claim: none
func driveLoader() {
	l := Start(context.Background(), 2, func(context.Context, []byte) error { return nil })
	_ = l.Enqueue(nil)
	_ = l.Wait()
}

// claim: none
func driveEventLoop() {
	l := NewEventLoop()
	l.Post(func() {})
	l.Stop()
}

// claim: none
func driveHub() {
	var h Hub
	cancel := h.Follow(func(string) {})
	cancel()
	cancel()
	h.Follow(func(string) {})
	h.Shutdown()
}
