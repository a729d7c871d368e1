//go:build proof

package badnil

import (
	"context"
	"time"
)

// claim: leak Queue.take
func driveRelay() { go Relay([]string{"a"}, time.Now) }

// claim: leak Queue.put
func driveRelayPut() { go Relay([]string{"a"}, time.Now) }

// claim: leak Collect
func driveCollect() { go Collect([]func() int{func() int { return 1 }}) }

// claim: leak Await
func driveAwait() { Await(func() {}) }

// claim: leak AwaitDetached
func driveAwaitDetached() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type key struct{}
	AwaitDetached(ctx, key{}, "v", func() {})
}

// claim: leak Session.loop
func driveRestart() { Restart(func(Event) {}) }

// claim: leak Idle
func driveIdle() { Idle(func() bool { return true }) }

// claim: leak Merge
func driveMerge() { go Merge(nil, []int{1, 2, 3}, func(int) {}) }
