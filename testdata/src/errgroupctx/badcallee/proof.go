//go:build proof

package badcallee

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

func fails(context.Context) error { return errors.New("failed") }

func pass(context.Context) error { return nil }

// wait is a call that only a cancelled context ends in time.
func wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond):
		crash("task not cancelled")
		return nil
	}
}

func waitFor(ctx context.Context, _ string) error { return wait(ctx) }

// claim: panic task not cancelled
func driveClosureVariable() { ClosureVariable(context.Background(), fails, wait) }

// claim: panic task not cancelled
func driveClosureCalled() {
	ClosureCalled(context.Background(), []string{"a"}, fails, waitFor)
}

// claim: panic task not cancelled
func driveClosureSlice() { ClosureSlice(context.Background(), fails, wait, pass) }

// claim: panic task not cancelled
func driveClosureStarter() { ClosureStarter(context.Background(), fails, wait, pass) }

// claim: panic task not cancelled
func drivereadLoop() {
	time.AfterFunc(time.Second, func() { panic("task not cancelled") })
	p := &pipeline{
		read:  func(context.Context) (int, error) { return 1, nil },
		write: func(context.Context, int) error { return errors.New("failed") },
		ch:    make(chan int),
	}
	p.start(context.Background())
	p.wait()
}

// claim: panic task not cancelled
func driveaddPushes() {
	s := &syncer{
		ctx: context.Background(),
		pull: func(context.Context, string) error {
			time.Sleep(time.Millisecond)
			return errors.New("failed")
		},
		push: waitFor,
	}
	s.Sync([]string{"a"})
}

// claim: panic task not cancelled
func driveaddGroups() {
	load := func(ctx context.Context, id int) error {
		if id == 1 {
			return errors.New("failed")
		}
		return wait(ctx)
	}
	LoadAll(context.Background(), []int{1}, []int{2}, load)
}
