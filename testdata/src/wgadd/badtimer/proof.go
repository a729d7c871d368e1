//go:build proof

package badtimer

import "sync/atomic"

// claim: panic Wait came first
func driveFlushTwice() {
	var flushed atomic.Int32
	FlushTwice(func() { flushed.Add(1) })
	if flushed.Load() < 2 {
		panic("Wait came first")
	}
}
