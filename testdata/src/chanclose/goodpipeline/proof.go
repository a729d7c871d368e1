//go:build proof

package goodpipeline

import (
	"context"
	"strings"
)

// claim: none
func driveStageFailsClosed() { StageFailsClosed([]string{"1", "x"}) }

// claim: none
func driveReaderWatchesContext() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ReaderWatchesContext(ctx, 1000)
}

// claim: none
func driveErrorInElement() { ErrorInElement(strings.NewReader(`{"a":1} {bad`)) }

// claim: none
func driveTeeClosesBothSides() { TeeClosesBothSides([]int{1, 2, 3}) }

// claim: none
func driveEndlessSource() { EndlessSource(context.Background(), 10) }

// claim: none
func driveTakeFirst() { TakeFirst(context.Background(), [][]string{{"a", "b"}}, "z") }
