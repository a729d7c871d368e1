//go:build proof

package badfanin

import (
	"context"
	"errors"
	"time"
)

// slow emits n samples, one every few milliseconds.
func slow(n int) <-chan Sample {
	c := make(chan Sample)
	go func() {
		defer close(c)
		for range n {
			time.Sleep(5 * time.Millisecond)
			c <- Sample{Value: 1}
		}
	}()
	return c
}

var few = []float64{1, 2}

// claim: deadlock
func driveMergedNeverClosed() { MergedNeverClosed(few, few) }

// claim: panic send on closed channel
func driveForgetsSecondInput() {
	ForgetsSecondInput(slow(1), slow(50))
	time.Sleep(time.Second)
}

// claim: panic send on closed channel
func driveWaitsForOneDone() { WaitsForOneDone(slow(1), slow(50)) }

// claim: deadlock
func driveSelectMergeOpen() { SelectMergeOpen(slow(1), slow(2)) }

// claim: deadlock
func driveMergeStopsWithoutClose() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	MergeStopsWithoutClose(ctx, make(chan Sample), make(chan Sample))
}

// claim: panic send on closed channel
func driveEachForwarderCloses() {
	EachForwarderCloses([]<-chan Sample{slow(1), slow(50)})
	time.Sleep(time.Second)
}

// claim: deadlock
func driveErrorsLeftOpen() {
	ErrorsLeftOpen([]string{"a", "b"}, func(string) (Sample, error) {
		return Sample{}, errors.New("offline")
	})
}

// claim: deadlock
func driveGroupWaitThenNothing() { GroupWaitThenNothing([4][]float64{few, few, few, few}) }

// claim: panic send on closed channel
func driveGroupClosesTooEarly() {
	for range 50 {
		GroupClosesTooEarly([4][]float64{few, few, few, few})
	}
}

// claim: panic send on closed channel
func driveWaitsForTheWrongGroup() {
	WaitsForTheWrongGroup([2]<-chan Sample{slow(10), slow(10)}, func(Sample) {})
}
