//go:build proof

package goodorder

import "context"

// claim: none
func driveCountedThenClosed() { CountedThenClosed(5) }

// claim: none
func driveAllCountedInSpiteOfErrors() { AllCountedInSpiteOfErrors([]int{-1, 2, 3}) }

// claim: none
func driveWaitWhileAnotherDrains() { WaitWhileAnotherDrains(5) }

// claim: none
func driveGuardedSendersAwaited() { GuardedSendersAwaited(context.Background(), 5) }

// claim: none
func driveLastWorkerCloses() {
	for range 50 {
		LastWorkerCloses(9)
	}
}

// claim: none
func driveMutexCountedClose() { MutexCountedClose(5) }

// claim: none
func driveChannelPerRound() { ChannelPerRound(5, func(quit <-chan struct{}) { <-quit }) }

// claim: none
func driveCloseAndBreak() { CloseAndBreak([]int{1, -1, 2, -1}) }

// claim: none
func driveDeferredSendThenClose() { DeferredSendThenClose([]int{1, 2}) }

// claim: none
func driveSendersDecideToSpawn() {
	SendersDecideToSpawn(true, []int{1, 2})
	SendersDecideToSpawn(false, []int{1, 2})
}

// claim: none
func driveQuorum() { Quorum(5) }

// claim: none
func driveDrainOnError() { DrainOnError(5) }
