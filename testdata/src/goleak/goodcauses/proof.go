//go:build proof

package goodcauses

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func one() int { return 1 }

func nothing() {}

var errNo = errors.New("no")

type logger struct{}

func (logger) Fatal(...any)          { panic("fatal") }
func (logger) Panicf(string, ...any) { panic("panic") }

// claim: none
func driveCallerHoldsLock() { CallerHoldsLock() }

// claim: none
func driveCallbackThroughInterface() { CallbackThroughInterface(strings.NewReader("abc"), nothing) }

// claim: none
func driveSentinel() {
	n := 0
	Sentinel(func() error {
		if n++; n < 3 {
			return errNo
		}
		return nil
	})
}

// claim: none
func driveNoReturn() {
	defer func() { recover() }()
	NoReturn(logger{}, func() (string, error) { return "s", nil }, one)
}

// claim: none
func driveUnknownIndex() { UnknownIndex([]uint{1, 2, 3}, func(uint) {}) }

// claim: none
func driveZeroWorkers() { ZeroWorkers(3, func(int) string { return "" }) }

// claim: none
func driveTripCountsAgree() {
	TripCountsAgree([]string{"a", "b"}, 3, func(string, int) int { return 1 })
}

// claim: none
func driveZeroStruct() {
	ZeroStruct("")
	ZeroStruct("a")
}

// claim: none
func driveCapacityIsLen() {
	no := func() error { return errNo }
	CapacityIsLen(map[string]func() error{"a": no, "b": no})
}

// claim: none
func driveTimeoutWithRoom() { TimeoutWithRoom(context.Background(), one, one, one) }

// claim: none
func driveReturnedWithClose() { ReturnedWithClose(func() string { return "" }).Close() }

// claim: none
func driveReturnedGenerator() {
	for range ReturnedGenerator(3) {
	}
}

// claim: none
func driveReturnedClosure() { ReturnedClosure(one)() }

// claim: none
func driveAfterFunc() {
	ctx, cancel := context.WithCancel(context.Background())
	AfterFunc(ctx, nothing)
	cancel()
}

// claim: none
func driveGlobalRegistry() {
	GlobalRegistry("t", func(string) {})
	Broadcast("t", "m")
}

// claim: none
func driveCorrelatedFlags() {
	CorrelatedFlags(true, false, one)
	CorrelatedFlags(false, false, one)
}

// claim: none
func driveArithmetic() { Arithmetic(7, func(int) int { return 1 }) }

// claim: none
func driveDataOverChannel() { DataOverChannel(func() []int { return []int{1, 2, 3} }) }

// claim: none
func driveLastFlag() { LastFlag([]string{"a", "b"}, func(string) {}) }

// claim: none
func driveGoexit() { Goexit(new(testing.T), func() bool { return false }) }

// claim: none
func drivePanicking() { Panicking(true, one) }

// claim: none
func driveOnce() { Once(nothing) }

// claim: none
func driveAtomicGuard() { AtomicGuard([3]func(){nothing, nothing, nothing}) }

// claim: none
func driveAtomicWinner() { AtomicWinner([2]func() int{one, one}) }

// claim: none
func driveTimerDrain() { TimerDrain(3, nothing) }

// claim: none
func driveChannelAsMutex() { ChannelAsMutex([]func(){nothing, nothing}) }

// claim: none
func driveTryLock() { TryLock(new(sync.Mutex), nothing) }

// claim: none
func driveReflectSelect() { ReflectSelect(one, one) }

// claim: none
func driveCleanup() { Cleanup(nothing) }

// claim: none
func driveRecursion() { Recursion(&Tree{left: &Tree{val: 1}, val: 2}) }

// claim: none
func driveBigLoop() { BigLoop(func(int) int { return 1 }) }

type limiter struct{ sync.WaitGroup }

// claim: none
func driveUnknownWrapper() { UnknownWrapper(new(limiter), one) }

// claim: none
func driveKeptByUnknown() {
	KeptByUnknown(func(c chan<- string) { go close(c) }, func(string) {})
}

// claim: none
func driveByMethodValue() { ByMethodValue(func(f func()) { go f() }) }

// claim: none
func driveRetried() { Retried(2, func() (int, error) { return 0, errNo }) }

// claim: none
func driveTwoWaits() {
	ok := func() (int, error) { return 1, nil }
	TwoWaits([]func() (int, error){ok, func() (int, error) { return 0, errNo }, ok})
}

// claim: none
func driveWaitInOtherGroup() { WaitInOtherGroup([]func() int{one, one}) }

// claim: none
func driveLimitedGroup() { LimitedGroup([]func() int{one, one, one}) }

// claim: none
func driveReadLoop() {
	r := &blocked{make(chan struct{})}
	ReadLoop(r, func([]byte) {})()
}

type blocked struct{ closed chan struct{} }

func (b *blocked) Read([]byte) (int, error) {
	select {
	case <-b.closed:
		return 0, errNo
	case <-time.After(time.Second):
		return 0, nil
	}
}

func (b *blocked) Close() error { close(b.closed); return nil }

// claim: none
func driveJitter() { Jitter(one) }

// claim: none
func driveBuildTags() { BuildTags(func(int) {}) }
