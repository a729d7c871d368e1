//go:build proof

package goodescape

import (
	"context"
	"time"
)

// claim: none
func driveSinkWithClose() {
	put, stop := SinkWithClose(func(Event) {})
	put(Event{})
	stop()
}

// claim: none
func driveCallback() { Callback(func(f func()) { go f() }, func(Event) {}) }

// claim: none
func driveAfterContext() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	AfterContext(ctx, 3)
}

// claim: none
func driveAfterTime() { AfterTime(time.Millisecond) }

// claim: none
func driveThroughInterface() { ThroughInterface(3) }

// claim: none
func driveReflected() { Reflected(3) }

// claim: none
func driveNotifyThenClose() { NotifyThenClose(func() error { return nil }, func() {}) }
