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

// claim: leak Until
func driveUntil() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	go Until(ctx, func(time.Time) {})
}

// claim: leak Rest
func driveRest() { go Rest(time.Hour, func() {}) }

// claim: leak Remaining
func driveRemaining() { go Remaining(time.Now(), time.Millisecond) }

// claim: leak Idle.watch
func driveIdle() { NewIdle(time.Hour, func() {}).Stop() }

// claim: leak Grace
func driveGrace() { Grace(time.Hour, func() {})() }
