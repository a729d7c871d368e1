//go:build proof

package goodworkerpool

import "context"

var docs = []Job{{1, "a b"}, {2, "c"}, {3, "d e f"}, {4, "g"}}

// claim: none
func driveBufferedWaitThenClose() { BufferedWaitThenClose(docs) }

// claim: none
func driveClosesDoneAndCounts() { ClosesDoneAndCounts(docs) }

// claim: none
func driveWaitGroupGo() { WaitGroupGo(docs) }

// claim: none
func driveJobsClosedByDefer() { JobsClosedByDefer([]Job{{1, "a"}, {2, ""}}) }

// claim: none
func drivePoisonPill() { PoisonPill(docs) }

// claim: none
func driveWorkersWatchContext() { WorkersWatchContext(context.Background(), docs) }

// claim: none
func driveTwoStages() { TwoStages(docs) }
