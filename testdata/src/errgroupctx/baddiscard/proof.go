//go:build proof

package baddiscard

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// failFirst returns a call that fails the first time and otherwise waits to be cancelled.
func failFirst() func(context.Context, string) error {
	var calls atomic.Int32
	return func(ctx context.Context, _ string) error {
		if calls.Add(1) == 1 {
			return errors.New("failed")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
			crash("task not cancelled")
			return nil
		}
	}
}

// hangs panics unless f returns soon.
func hangs(f func()) {
	t := time.AfterFunc(time.Second, func() { panic("task not cancelled") })
	f()
	t.Stop()
}

var two = []string{"a", "b"}

// claim: panic task not cancelled
func driveDiscardedFetch() { DiscardedFetch(context.Background(), two, failFirst()) }

// claim: panic task not cancelled
func driveDiscardedGuard() {
	hangs(func() {
		DiscardedGuard(context.Background(), []int{1, 2}, func(int) error { return errors.New("failed") })
	})
}

// claim: panic task not cancelled
func driveDiscardedAssign() { DiscardedAssign(context.Background(), two, failFirst()) }

// claim: panic task not cancelled
func driveDiscardedTimeout() { DiscardedTimeout(context.Background(), two, failFirst()) }

// claim: panic task not cancelled
func driveDiscardedFlushAfter() {
	DiscardedFlushAfter(context.Background(), two, failFirst(), func(context.Context) error { return nil })
}

// claim: panic task not cancelled
func driveDiscardedRequest() {
	r, _ := http.NewRequest("GET", "/", nil)
	DiscardedRequest(httptest.NewRecorder(), r, two, failFirst())
}

// claim: panic task not cancelled
func driveDiscardedVariable() {
	call := failFirst()
	do := func(ctx context.Context) error { return call(ctx, "") }
	DiscardedVariable(context.Background(), do, do)
}

// claim: panic task not cancelled
func driveStart() {
	call := failFirst()
	l := &loader{load: func(ctx context.Context, _ int) error { return call(ctx, "") }}
	l.Start(context.Background(), []int{1, 2})
	l.Wait()
}
