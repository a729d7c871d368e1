//go:build proof

package goodfanin

import "context"

var few = []float64{1, 2}

// claim: none
func driveForwarderClosesAfterTheOther() { ForwarderClosesAfterTheOther(emit(few), emit(few)) }

// claim: none
func driveSelectMerge() { SelectMerge(emit(few), emit(few)) }

// claim: none
func driveMergeStopsAndCloses() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	MergeStopsAndCloses(ctx, make(chan Sample), make(chan Sample))
}

// claim: none
func driveLastForwarderCloses() { LastForwarderCloses([]<-chan Sample{emit(few), emit(few)}) }

// claim: none
func driveGroupWaitsTwice() { GroupWaitsTwice([4][]float64{few, few, few, few}) }

// claim: none
func driveGroupWaitInsideTask() {
	GroupWaitInsideTask(context.Background(), [4][]float64{few, few, few, few})
}
