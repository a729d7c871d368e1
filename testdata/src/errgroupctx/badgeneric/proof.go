//go:build proof

package badgeneric

import (
	"context"
	"errors"
	"time"
)

// crash panics in a goroutine of its own, so that no deferred call releases a waiter first.
func crash(text string) {
	go panic(text)
	select {}
}

// wait is a call that only a cancelled context ends in time.
func wait(ctx context.Context, _ int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond):
		crash("task not cancelled")
		return nil
	}
}

func waitUnless1(ctx context.Context, n int) error {
	if n == 1 {
		return errors.New("failed")
	}
	return wait(ctx, n)
}

// claim: panic task not cancelled
func driveMap() {
	Map(context.Background(), []int{1, 2}, func(ctx context.Context, n int) (int, error) {
		return n, waitUnless1(ctx, n)
	})
}

// claim: panic task not cancelled
func driveEach() { Each(context.Background(), []int{1, 2}, waitUnless1) }

// claim: panic context already cancelled
func driveReduce() {
	load := func(context.Context, int) error { return nil }
	Reduce(context.Background(), []int{1}, load, func(ctx context.Context, _ []int) (int, error) {
		if ctx.Err() != nil {
			crash("context already cancelled")
		}
		return 0, nil
	})
}

// claim: panic task not cancelled
func driveStore() {
	b := &Batch[int]{
		values: []int{1},
		put:    wait,
		sync:   func(context.Context) error { return errors.New("failed") },
	}
	b.Store(context.Background())
}
