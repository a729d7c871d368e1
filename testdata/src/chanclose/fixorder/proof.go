//go:build proof

package fixorder

var lines = []string{"a", "b", "c"}

// claim: deadlock
func driveCloserTooLate() { CloserTooLate(lines) }

// claim: deadlock
func driveCloseTooLate() { CloseTooLate(lines) }

// claim: deadlock
func driveCloseDeferred() { CloseDeferred(lines) }

// claim: deadlock
func driveOnlySenderTooLate() { OnlySenderTooLate(lines) }

// claim: deadlock
func driveWaitFirst() { WaitFirst(lines) }

// claim: deadlock
func driveWaitFirstThenLook() { WaitFirstThenLook(lines) }

// claim: panic send on closed channel
func driveNoWait() { NoWait(lines) }

// claim: panic send on closed channel
func driveWaitBelow() { WaitBelow(lines) }

// claim: panic send on closed channel
func driveCloseAtOnce() { CloseAtOnce(lines) }

// claim: panic send on closed channel
func driveCloseForCollector() { CloseForCollector(lines) }

// claim: panic send on closed channel
func drivePrint() { Print(lines) }

// claim: panic closed channel
func driveEachCloses() { EachCloses(lines) }

// claim: panic closed channel
func driveEachClosesUncounted() { EachClosesUncounted(lines) }

// claim: deadlock
func driveTooLateUncounted() { TooLateUncounted(lines) }

// claim: panic send on closed channel
func driveDoneTooEarly() { DoneTooEarly(lines) }
