//go:build proof

package badticker

import (
	"context"
	"time"
)

// claim: leak Monitor.run
func driveMonitor() {
	m := NewMonitor(func() int { return 1 })
	time.Sleep(5 * time.Millisecond)
	m.Close()
}

// claim: leak Progress
func driveProgress() {
	Progress(func() { time.Sleep(5 * time.Millisecond) }, func() {})
}

// claim: leak Beat
func driveBeat() { Beat(func() {})() }

// claim: deadlock Until
func driveUntil() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	Until(ctx, func(time.Time) {})
}

// claim: deadlock Rest
func driveRest() { Rest(time.Millisecond, func() {}) }

// claim: deadlock Rest
func driveRestExpired() { Rest(time.Millisecond, func() { time.Sleep(5 * time.Millisecond) }) }

// claim: deadlock Remaining
func driveRemaining() { Remaining(time.Now(), time.Millisecond) }
