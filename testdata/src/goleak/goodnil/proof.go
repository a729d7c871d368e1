//go:build proof

package goodnil

import (
	"context"
	"time"
)

// claim: none
func driveRelay() { Relay([]string{"a", "b"}, time.Now) }

// claim: none
func driveCollect() { Collect([]func() int{func() int { return 1 }}) }

// claim: none
func driveAwait() { Await(func() {}, func() {}) }

// claim: none
func driveAwaitDetached() { AwaitDetached(context.Background(), func() {}) }

// claim: none
func driveBuffered() { Buffered(make([]Event, 5)) }

// claim: none
func driveMerge() { Merge([]int{1}, []int{1, 2, 3}, func(int) {}) }

// claim: none
func drivePoll() { Poll(0, func() bool { return true }, func() {}) }

// claim: none
func driveWakeAndWait() { WakeAndWait(context.Background()) }
