//go:build proof

package badpaths

import (
	"context"
	"errors"
	"strings"
	"testing/iotest"
	"time"
)

// claim: deadlock
func driveErrorReturnAboveClose() { ErrorReturnAboveClose([]string{"a=1", "b"}) }

// claim: deadlock
func driveEmptyInput() { EmptyInput(nil) }

// claim: deadlock
func driveScannerError() { ScannerError(iotest.ErrReader(errors.New("disk"))) }

// claim: deadlock
func driveOneCaseCloses() { OneCaseCloses([]string{"a", "abort"}) }

// claim: deadlock
func driveNestedReturn() { NestedReturn([][]string{{"a", "stop"}}) }

// claim: deadlock
func driveSelectLoopCancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	SelectLoopCancelled(ctx, make(chan string))
}

// claim: deadlock
func driveTimerEndsOpen() { TimerEndsOpen(make(chan string), time.Millisecond) }

// claim: leak ConsumerLeftBehind
func driveConsumerLeftBehind() { ConsumerLeftBehind("/no/such/file", func(string) {}) }

// claim: deadlock
func driveCloseOnlyOnSuccess() { CloseOnlyOnSuccess([]string{"a=1", "b"}) }

// claim: deadlock
func driveDeferUnderCondition() { DeferUnderCondition(strings.Fields("a b"), false) }

// claim: leak RetryAbandonsChannel
func driveRetryAbandonsChannel() {
	RetryAbandonsChannel(func() (string, error) { return "", errors.New("refused") })
}

// claim: deadlock
func driveReceiveUntilClosed() { ReceiveUntilClosed([]string{"a=1", "b"}) }

// claim: leak DrainNeverClosed
func driveDrainNeverClosed() { DrainNeverClosed([][]string{{"a", "b"}, {"c"}}) }

// claim: deadlock
func driveTimeIsUp() { TimeIsUp(1000, func(int) { time.Sleep(time.Millisecond) }) }

// claim: deadlock
func driveCancelledWithin() { CancelledWithin(1000, func(v int) bool { return v == 3 }) }

// claim: deadlock
func driveCancelledElsewhere() {
	CancelledElsewhere(1000, func() {}, func(int) { time.Sleep(time.Millisecond) })
}

// claim: deadlock
func driveTheCallers() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	TheCallers(ctx, 1000, func(int) {})
}
