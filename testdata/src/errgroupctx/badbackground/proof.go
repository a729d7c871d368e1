//go:build proof

package badbackground

import (
	"context"
	"errors"
	"golang.org/x/sync/semaphore"
	"time"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

func fails(context.Context) error { return errors.New("failed") }

// wait is a fetch that only a cancelled context ends in time.
func wait(ctx context.Context, _ string) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond):
		crash("task not cancelled")
		return nil
	}
}

var two = []string{"a", "b"}

// claim: panic task not cancelled
func driveBackgroundFetch() { BackgroundFetch(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveTodoFetch() { TodoFetch(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveBackgroundWrapped() { BackgroundWrapped(context.Background(), two, fails, wait) }

// claim: panic task not cancelled
func driveBackgroundAcquire() {
	defer time.AfterFunc(time.Second, func() { panic("task not cancelled") }).Stop()
	sem := semaphore.NewWeighted(1)
	sem.Acquire(context.Background(), 1)
	BackgroundAcquire(context.Background(), sem, fails, []func() error{func() error { return nil }})
}

// claim: panic task not cancelled
func driveBackgroundVariable() {
	BackgroundVariable(context.Background(), fails, func(ctx context.Context) error { return wait(ctx, "") })
}
