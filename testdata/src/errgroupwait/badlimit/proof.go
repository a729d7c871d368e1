//go:build proof

package badlimit

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

var two = []string{"a", "b"}

// slow still runs when the limit is set.
func slow(string) error {
	time.Sleep(20 * time.Millisecond)
	return nil
}

// claim: deadlock AfterLoop
func driveAfterLoop() { AfterLoop(two, slow) }

// claim: panic modify limit
func driveInLoop() { InLoop(two, slow) }

// claim: panic modify limit
func driveRaised() { Raised(two, two, 4, slow) }

// claim: deadlock InHelper
func driveInHelper() {
	InHelper(context.Background(), two, func(context.Context, string) error { return slow("") })
}

// claim: deadlock driveGiven
func driveGiven() {
	var g errgroup.Group
	Given(&g, func() error { return slow("") })
	g.Wait()
}

// claim: deadlock Zero
func driveZero() { Zero(two, slow) }

// claim: deadlock HalfTheProcessors
func driveHalfTheProcessors() {
	runtime.GOMAXPROCS(1)
	HalfTheProcessors(two, slow)
}
