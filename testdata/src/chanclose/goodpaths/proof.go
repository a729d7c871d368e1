//go:build proof

package goodpaths

import (
	"context"
	"errors"
	"time"
)

// claim: none
func driveErrorReturnUnderDefer() { ErrorReturnUnderDefer([]string{"a=1", "b"}) }

// claim: none
func driveNestedBreak() { NestedBreak([][]string{{"a", "stop"}}) }

// claim: none
func driveSelectLoop() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	SelectLoop(ctx, make(chan string))
}

// claim: none
func driveTimerEnds() { TimerEnds(make(chan string), time.Millisecond) }

// claim: none
func driveErrorClosesToo() { ErrorClosesToo("/no/such/file", func(string) {}) }

// claim: none
func driveCloseAlsoOnFailure() { CloseAlsoOnFailure([]string{"a=1", "b"}) }

// claim: none
func driveSameFlag() {
	SameFlag([]string{"a"}, true)
	SameFlag([]string{"a"}, false)
}

// claim: none
func driveNilMeansOff() {
	NilMeansOff([]string{"a"}, true)
	NilMeansOff([]string{"a"}, false)
}

// claim: none
func driveStartedFlag() {
	StartedFlag([]string{"a=1", "b"}, func(Record) {})
	StartedFlag([]string{"b"}, func(Record) {})
	StartedFlag(nil, func(Record) {})
}

// claim: none
func driveRetryClosesEach() {
	RetryClosesEach(func() (string, error) { return "", errors.New("refused") })
}

// claim: none
func driveReadsExactly() { ReadsExactly([]string{"a=1", "b"}) }

// claim: none
func driveErrorChannelInSelect() { ErrorChannelInSelect([]string{"a=1", "b"}) }
