//go:build proof

package goodlookalikes

import (
	"context"
	"testing"
)

// claim: none
func driveEndMarker() { EndMarker(3) }

// claim: none
func driveNilMarker() { NilMarker([]*Msg{{Seq: 1}, nil, {Seq: 2}}) }

// claim: none
func driveCountInsideRange() { CountInsideRange(5) }

// claim: none
func driveUntilErrorOrEnd() { _ = UntilErrorOrEnd(3) }

// claim: none
func driveMailbox() { Mailbox(3) }

// claim: none
func driveUnboundedBuffer() { UnboundedBuffer(10) }

// claim: none
func driveVariableReused() { VariableReused(3) }

// claim: none
func driveHandOver() {
	_, _ = HandOver(context.Background(), func(context.Context) int { return 1 })
}

// claim: none
func driveCheckTail() {
	testing.Benchmark(func(b *testing.B) { CheckTail(b, []string{"a"}) })
}
