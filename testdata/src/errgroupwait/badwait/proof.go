//go:build proof

package badwait

import (
	"context"
	"errors"
	"os"
)

var (
	bg      = context.Background()
	two     = []string{"a", "b"}
	errReal = errors.New("the real error")
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// wait is a call that only a cancelled context ends.
func wait(ctx context.Context, _ string) error {
	<-ctx.Done()
	return ctx.Err()
}

// stuck is a call that never ends.
func stuck(string) error {
	<-make(chan int)
	return nil
}

func fail() error { return errReal }

// claim: leak EarlyReturn
func driveEarlyReturn() { EarlyReturn(bg, two, wait, fail) }

// claim: leak EarlyInLoop
func driveEarlyInLoop() {
	EarlyInLoop(bg, two, func(n string) (string, error) {
		if n == "b" {
			return "", errReal
		}
		return n, nil
	}, wait)
}

// claim: leak ZeroGroup
func driveZeroGroup() { ZeroGroup(two, stuck, func() bool { return false }) }

// claim: leak tasks
func driveFromHelper() { FromHelper(bg, two, wait, fail) }

// realOrNil panics where the error of a task has become that of its context.
func realOrNil(err error) {
	if errors.Is(err, context.Canceled) {
		crash("the real error is lost")
	}
}

// claim: panic the real error is lost
func driveHiddenError() {
	realOrNil(HiddenError(bg, make([]string, 1000), func(context.Context, string) error { return errReal }))
}

// claim: panic the real error is lost
func driveHiddenByCheck() {
	urls := make([]string, 1000)
	realOrNil(HiddenByCheck(bg, urls, func(context.Context, string) error { return errReal }))
}

// claim: leak Never
func driveNever() { Never(two, stuck) }

// claim: leak NeverLimited
func driveNeverLimited() {
	n := 0
	NeverLimited(bg, func() (string, error) {
		if n++; n > 2 {
			return "", errReal
		}
		return "", nil
	}, func(context.Context, string) error { return stuck("") })
}

// claim: leak InGoroutine
func driveInGoroutine() {
	done := make(chan bool)
	InGoroutine(two, stuck, fail, func(error) { close(done) })
	<-done
}

// claim: leak InStruct
func driveInStruct() { InStruct(two, stuck, fail) }

// claim: leak AfterWait
func driveAfterWait() { AfterWait(two, func(string) error { return nil }, stuck) }

// claim: leak ClosesOther
func driveClosesOther() {
	ClosesOther(two, stuck, func() (*os.File, error) { return nil, errReal }, nil)
}
