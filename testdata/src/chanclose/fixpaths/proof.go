//go:build proof

package fixpaths

func use(string) {}

// claim: deadlock
func driveAboveClose() { AboveClose([]string{"1", "x"}) }

// claim: deadlock
func driveTwoCloses() { TwoCloses([]string{"1", "abort"}) }

// claim: deadlock
func driveDeferBelow() { DeferBelow(nil) }

// claim: deadlock
func driveNamedSender() { NamedSender([]string{"1", "x"}) }

// claim: leak Feeder
func driveFeeder() { Feeder([]string{"1", ""}, use) }

// claim: deadlock
func driveErrorInBuffer() { ErrorInBuffer([]string{"1", "x"}) }

// claim: deadlock
func driveErrorUnbuffered() { ErrorUnbuffered([]string{"1", "x"}) }

// claim: deadlock
func driveAwaitedFeeder() { AwaitedFeeder([]string{"1", ""}, use) }

// claim: deadlock
func driveOnCondition() { OnCondition([]string{"1"}, false) }

// claim: deadlock
func driveExplained() { Explained([]string{"1", ""}) }

// claim: leak EachTurn
func driveEachTurn() { EachTurn([][]string{{"1", ""}}, use) }
