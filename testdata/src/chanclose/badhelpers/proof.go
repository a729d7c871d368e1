//go:build proof

package badhelpers

import "strings"

var pages = []Page{{"a", "x"}, {"b", "yy"}, {"c", "zzz"}}

// claim: deadlock
func driveRangeInClosure() { RangeInClosure(pages) }

// claim: deadlock
func driveWorkerInVariable() { WorkerInVariable(pages) }

// claim: deadlock
func driveRangeInHelper() { RangeInHelper(pages) }

// claim: deadlock
func driveHelperOnlyForgets() { HelperOnlyForgets(pages) }

// claim: deadlock
func driveHelperOnlyDrains() { HelperOnlyDrains(pages) }

// claim: deadlock
func driveCalleeClosesOnSuccess() {
	CalleeClosesOnSuccess(strings.NewReader("a\n" + strings.Repeat("b", 100) + "\n"))
}

// claim: deadlock
func driveRangeInGenericHelper() { RangeInGenericHelper(pages) }

// claim: deadlock
func driveFinishClosesMarker() { FinishClosesMarker("a b c") }

// claim: deadlock
func driveShards() { Shards(pages) }

// claim: deadlock
func driveThreeHelpersDeep() { ThreeHelpersDeep(pages) }

// claim: deadlock
func driveCleanupUnderFlag() { CleanupUnderFlag([]Page{{"a", strings.Repeat("x", 1<<21)}}) }

// claim: deadlock
func driveChannelInTask() { ChannelInTask(pages) }

// claim: deadlock
func driveSpawnedByWrapper() { SpawnedByWrapper(pages) }
