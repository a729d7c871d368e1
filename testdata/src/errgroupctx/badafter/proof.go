//go:build proof

package badafter

import (
	"context"
	"time"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// live is a call that must get a context which is not yet cancelled.
func live(ctx context.Context) error {
	if ctx.Err() != nil {
		crash("context already cancelled")
	}
	return nil
}

func liveFor(ctx context.Context, _ string) error { return live(ctx) }

func pass(context.Context, string) error { return nil }

var (
	bg  = context.Background()
	two = []string{"a", "b"}
)

// claim: panic context already cancelled
func driveShadowedSave() { ShadowedSave(bg, two, pass, live) }

// claim: panic context already cancelled
func driveNamedSave() { NamedSave(bg, two, pass, live) }

// claim: panic context already cancelled
func driveOverwrittenSave() { OverwrittenSave(bg, two, pass, live) }

// claim: panic context already cancelled
func driveOnErrorPath() {
	fail := func(context.Context, string) error { return context.DeadlineExceeded }
	OnErrorPath(bg, two, fail, live)
}

// claim: panic context already cancelled
func driveOnOneBranch() { OnOneBranch(bg, two, pass, live) }

// claim: panic context already cancelled
func driveGuardAfter() {
	square := func(_ context.Context, x int) (int, error) { return x * x, nil }
	out := make(chan int)
	go func() {
		time.Sleep(10 * time.Millisecond)
		<-out
	}()
	if GuardAfter(bg, []int{1}, square, out) != nil {
		panic("context already cancelled")
	}
}

// claim: panic context already cancelled
func driveTimeoutAfter() { TimeoutAfter(bg, two, pass, live) }

// claim: panic context already cancelled
func driveErrAfter() {
	if ErrAfter(bg, two, pass) != nil {
		panic("context already cancelled")
	}
}

// claim: panic context already cancelled
func driveLoopAfter() { LoopAfter(bg, two, pass, liveFor) }

// claim: panic context already cancelled
func driveWaitInClosure() { WaitInClosure(bg, two, pass, live) }

// claim: panic context already cancelled
func driveDerivedBefore() { DerivedBefore(bg, two, pass, live) }

type lease struct{}

func (lease) Release(ctx context.Context) error { return live(ctx) }

// claim: panic context already cancelled
func driveDeferredClosure() { DeferredClosure(bg, lease{}, two, pass) }

// claim: panic context already cancelled
func driveDeferredCall() { DeferredCall(bg, lease{}, two, pass) }
