//go:build proof

package badorder

import (
	"context"
	"time"
)

// claim: deadlock
func driveRangeBeforeCloser() { RangeBeforeCloser(3) }

// claim: deadlock
func driveCloseAfterRange() { CloseAfterRange(3) }

// claim: deadlock
func driveDeferredCloseByReader() { DeferredCloseByReader(3) }

// claim: deadlock
func driveWaitBeforeDrain() { WaitBeforeDrain(3) }

// claim: deadlock
func driveWaitBeforeDrainSmallBuffer() { WaitBeforeDrainSmallBuffer() }

// claim: deadlock
func driveGroupWaitBeforeDrain() { GroupWaitBeforeDrain([3]int{1, 2, 3}) }

// claim: panic send on closed channel
func driveCloseAfterSpawn() {
	CloseAfterSpawn(3)
	time.Sleep(time.Second)
}

// claim: panic send on closed channel
func driveCloseBeforeWait() {
	CloseBeforeWait(3)
	time.Sleep(time.Second)
}

// claim: panic send on closed channel
func driveDoneBeforeSend() {
	for range 50 {
		DoneBeforeSend(20)
	}
}

// claim: panic send on closed channel
func driveSleepIsNoWait() {
	SleepIsNoWait([]time.Duration{0, 200 * time.Millisecond})
	time.Sleep(time.Second)
}

// claim: panic close of closed channel
func driveCloserPerWorker() {
	CloserPerWorker(3)
	time.Sleep(time.Second)
}

// claim: panic send on closed channel
func driveGuardedSendersNotAwaited() {
	// The deferred cancel gives a sender a way out of its select; which of
	// two ready cases runs is a matter of chance.
	for range 200 {
		GuardedSendersNotAwaited(context.Background(), 3)
	}
	time.Sleep(time.Second)
}

// claim: panic send on closed channel
func driveFirstErrorCloses() {
	FirstErrorCloses([]int{-1, 2, 3})
	time.Sleep(time.Second)
}

// claim: panic closed channel
func driveEachWorkerCloses() {
	for range 20 {
		EachWorkerCloses(9)
		time.Sleep(10 * time.Millisecond)
	}
}

// claim: panic closed channel
func driveEachNamedWorkerCloses() {
	for range 20 {
		EachNamedWorkerCloses(9)
		time.Sleep(10 * time.Millisecond)
	}
}

// claim: panic closed channel
func driveTwoOwners() {
	for range 20 {
		TwoOwners(context.Background(), "a", "b c d e")
		time.Sleep(10 * time.Millisecond)
	}
}

// claim: panic close of closed channel
func driveCloseForEachWorker() {
	CloseForEachWorker(3, func(int) { time.Sleep(time.Millisecond) })
}

// claim: panic send on closed channel
func driveCloseInFeedLoop() { CloseInFeedLoop([]int{1, 2}) }

// claim: panic send on closed channel
func driveSendAfterClose() { SendAfterClose([]int{1, 2}) }

// claim: panic send on closed channel
func driveDeferredSendAfterDeferredClose() {
	DeferredSendAfterDeferredClose([]int{1, 2})
	time.Sleep(time.Second)
}

// claim: panic close of closed channel
func driveClosedAndDeferred() {
	ClosedAndDeferred([]int{1, 2})
	time.Sleep(time.Second)
}
