//go:build proof

package badforgotten

import (
	"context"
	"sync/atomic"
	"time"
)

// claim: panic the poller polls on
func drivePoller() {
	var polls atomic.Int64
	p := NewPoller(func() { polls.Add(1) })
	p.Close()
	time.Sleep(20 * time.Millisecond)
	before := polls.Load()
	time.Sleep(50 * time.Millisecond)
	if polls.Load() > before {
		panic("the poller polls on")
	}
}

// claim: leak Open
func driveOpen() { Open(func(ctx context.Context) { <-ctx.Done() }) }
