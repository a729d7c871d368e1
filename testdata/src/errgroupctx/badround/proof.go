//go:build proof

package badround

import (
	"context"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// liveFor is a call that must get a context which is not yet cancelled.
func liveFor(ctx context.Context, _ string) error {
	if ctx.Err() != nil {
		crash("context already cancelled")
	}
	return nil
}

func live(ctx context.Context) error { return liveFor(ctx, "") }

func pass(context.Context, string) error { return nil }

var (
	bg      = context.Background()
	two     = []string{"a", "b"}
	batches = [][]string{two, two}
)

// claim: panic context already cancelled
func driveSecondGroupFromFirst() { SecondGroupFromFirst(bg, two, pass, liveFor) }

// claim: panic context already cancelled
func driveSecondNamesReused() { SecondNamesReused(bg, two, pass, liveFor) }

// claim: panic context already cancelled
func driveSecondGroupOldContext() { SecondGroupOldContext(bg, two, pass, liveFor) }

// claim: panic context already cancelled
func driveGoAfterWait() { GoAfterWait(bg, two, pass, liveFor) }

// claim: panic context already cancelled
func driveLoopOverwrites() { LoopOverwrites(bg, batches, liveFor) }

// claim: panic context already cancelled
func driveLoopOneGroup() { LoopOneGroup(bg, batches, liveFor) }

// claim: panic context already cancelled
func driveFirstContextInSecondTask() {
	FirstContextInSecondTask(bg, two, pass, live, func(context.Context) error { return nil })
}
