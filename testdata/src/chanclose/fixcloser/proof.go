//go:build proof

package fixcloser

var lines = []string{"a", "b", "c"}

// claim: deadlock
func driveBeforeRange() { BeforeRange(lines) }

// claim: deadlock
func driveWaitBelow() { WaitBelow(lines) }

// claim: deadlock
func driveWaitAbove() { WaitAbove(lines) }

// claim: deadlock
func driveCollector() { Collector(lines) }

// claim: deadlock
func driveOnlyWaits() { OnlyWaits(lines) }

// claim: deadlock
func driveMerged() {
	a, b := make(chan int, 1), make(chan int, 1)
	a <- 1
	close(a)
	close(b)
	Merged(a, b)
}

// claim: deadlock
func driveUncounted() { Uncounted("a", "b") }

// claim: deadlock
func driveNoGroup() { NoGroup(lines) }

// claim: deadlock
func driveResult() { Result(lines) }

// claim: deadlock
func driveReceiver() { Receiver(lines) }
