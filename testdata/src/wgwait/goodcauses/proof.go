//go:build proof

package goodcauses

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"
)

func nothing() {}

func one() int { return 1 }

var names = []string{"a", "b", "c"}

// claim: none
func driveReturned() { Returned(nothing).Wait() }

// claim: none
func driveParameter() { Parameter(new(sync.WaitGroup), nothing) }

// claim: none
func driveCallback() { Callback(func(_ string, done func(error)) { go done(nil) }, names) }

type half struct{ n int }

func (h *half) TrySend(_ string, done func()) bool {
	h.n++
	if h.n%2 == 0 {
		return false
	}
	go done()
	return true
}

// claim: none
func driveRefused() { Refused(new(half), names) }

// claim: none
func driveOverChannel() { OverChannel(names, func(string) {}) }

// claim: none
func driveWorkList() {
	WorkList("a", func(s string) []string {
		if len(s) > 3 {
			return nil
		}
		return []string{s + "l", s + "r"}
	})
}

// claim: none
func driveTripCounts() { TripCounts(2, names, func(int, string) {}) }

// claim: none
func driveCorrelatedFlags() {
	CorrelatedFlags(true, nothing, nothing)
	CorrelatedFlags(false, nothing, nothing)
}

// claim: none
func driveCountedVariable() {
	CountedVariable(names, func(s string) bool { return s == "b" }, func(string) {})
}

// claim: none
func driveCapacityIsLen() { CapacityIsLen(names, func(string) error { return io.EOF }) }

// claim: none
func drivePanic() { Panic(func() (int, error) { return 1, nil }) }

// claim: none
func driveAfterFunc() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	AfterFunc(ctx)
}

// claim: none
func driveCallbackThroughInterface() { CallbackThroughInterface(io.Discard, strings.NewReader("abc")) }

// claim: none
func driveAtomicGuard() { AtomicGuard([3]func(){nothing, nothing, nothing}) }

// claim: none
func driveOnce() { Once(nothing, nothing) }

// claim: none
func driveSpawnAll() { SpawnAll([]func(){nothing, nothing}) }

// claim: none
func driveNested() { Nested([][]func(){{nothing, nothing}, {nothing}}) }

// claim: none
func driveInErrgroup() { InErrgroup([]func() int{one, one}) }

// claim: none
func driveTwice() { Twice([]func() int{one, one}) }

// claim: none
func driveReused() { Reused(3, []func(){nothing, nothing}) }

// claim: none
func driveEmpty() { Empty(names, func(string) bool { return false }, func(string) {}) }

// claim: none
func driveWithTimeout() {
	WithTimeout([]func(){func() { time.Sleep(20 * time.Millisecond) }}, time.Millisecond)
}

// claim: none
func driveBarrier() { Barrier([]func(){nothing, nothing, nothing}) }

// claim: none
func driveGate() { Gate([]func(){nothing, nothing, nothing}) }

// claim: none
func driveGeneric() { Generic(names, func(string) {}) }

// claim: none
func driveRecursion() { Recursion(&Tree{Kids: []*Tree{{Val: 1}, {Val: 2}}}, func(int) {}) }

// claim: none
func driveBuildTags() { BuildTags() }
