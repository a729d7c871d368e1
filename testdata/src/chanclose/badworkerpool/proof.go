//go:build proof

package badworkerpool

import "context"

var docs = []Job{{1, "a b"}, {2, "c"}, {3, "d e f"}, {4, "g"}}

// claim: deadlock
func driveResultsNeverClosed() { ResultsNeverClosed(docs) }

// claim: deadlock
func driveCloserOnlyWaits() { CloserOnlyWaits(docs) }

// claim: deadlock
func driveClosesDoneInstead() { ClosesDoneInstead(docs) }

// claim: deadlock
func driveClosesErrorsOnly() { ClosesErrorsOnly(docs) }

// claim: deadlock
func driveWaitGroupGo() { WaitGroupGo(docs) }

// claim: deadlock
func driveJobsNeverClosed() { JobsNeverClosed(docs) }

// claim: leak JobsNeverClosedDetached
func driveJobsNeverClosedDetached() { JobsNeverClosedDetached(docs) }

// claim: leak namedWorker
func driveNamedWorkers() { NamedWorkers(docs) }

// claim: deadlock
func driveFeederTaskForgets() { FeederTaskForgets(context.Background(), docs) }

// claim: deadlock
func driveFeederLeavesOnCancel() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	many := make([]Job, 200)
	FeederLeavesOnCancel(ctx, many)
}

// claim: leak FeederFailsFast
func driveFeederFailsFast() { FeederFailsFast([]Job{{1, "a"}, {2, ""}}) }
