//go:build proof

package fixmaker

var lines = []string{"a", "b", "c"}

// claim: deadlock
func driveAfterLoop() { AfterLoop(lines) }

// claim: deadlock
func driveBuffered() { Buffered("a", "b") }

// claim: deadlock
func driveEachTurn() { EachTurn([][]string{lines, {"", "d"}}) }

// claim: deadlock
func driveLeavesEarly() { LeavesEarly(lines) }

// claim: deadlock
func driveSendsAtEnd() {
	ready := make(chan bool)
	close(ready)
	SendsAtEnd(lines, ready)
}
