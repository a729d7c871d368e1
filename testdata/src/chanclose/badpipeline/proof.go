//go:build proof

package badpipeline

import (
	"context"
	"strings"
)

// claim: deadlock
func driveSourceStaysOpen() { SourceStaysOpen(strings.NewReader("a\nb\n")) }

// claim: deadlock
func driveLastStageStaysOpen() { LastStageStaysOpen([]int{1, 2, 3}) }

// claim: leak half
func driveMiddleStageStaysOpen() { MiddleStageStaysOpen([]int{1, 2, 3}) }

// claim: deadlock
func driveStageFailsOpen() { StageFailsOpen([]string{"1", "x", "3"}) }

// claim: deadlock
func driveStageCancelledOpen() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	StageCancelledOpen(ctx, 1000)
}

// claim: deadlock
func driveDecodeErrorLeavesOpen() { DecodeErrorLeavesOpen(strings.NewReader(`{"a":1} {bad`)) }

// claim: leak TeeClosesOneSide
func driveTeeClosesOneSide() { TeeClosesOneSide([]int{1, 2, 3}) }

// claim: leak StagesInOneFunction
func driveStagesInOneFunction() { StagesInOneFunction("a bc\ndef g\n") }

// claim: deadlock
func driveGenericStageStaysOpen() { GenericStageStaysOpen([]int{1, 2}) }
