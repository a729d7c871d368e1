//go:build proof

package badguard

import (
	"context"
	"errors"
	"net"
	"time"
)

// hangs panics unless f returns soon.
func hangs(f func()) {
	t := time.AfterFunc(time.Second, func() { panic("task not cancelled") })
	f()
	t.Stop()
}

func fails(context.Context) error { return errors.New("failed") }

func failsOn(context.Context, int) error { return errors.New("failed") }

// claim: panic task not cancelled
func driveParentDoneInSend() {
	hangs(func() { ParentDoneInSend(context.Background(), []int{1, 2}, failsOn) })
}

// claim: panic task not cancelled
func driveParentDoneInReceive() {
	produce := func(context.Context, chan<- int) error { return errors.New("failed") }
	hangs(func() { ParentDoneInReceive(context.Background(), produce, func(int) {}) })
}

// claim: panic task not cancelled
func driveParentDoneInTicker() {
	hangs(func() { ParentDoneInTicker(context.Background(), fails, func() {}) })
}

// claim: panic task not cancelled
func driveParentDoneWatcher() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	accept := func(ln net.Listener) error {
		_, err := ln.Accept()
		return err
	}
	hangs(func() { ParentDoneWatcher(context.Background(), ln, fails, accept) })
}

// claim: panic task not cancelled
func driveParentDoneVariable() {
	hangs(func() { ParentDoneVariable(context.Background(), []int{1, 2}, failsOn) })
}

// claim: panic task not cancelled
func driveParentDoneInCallback() {
	walk := func(ctx context.Context, f func(string) error) error {
		for ctx.Err() == nil {
			if err := f("a"); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	index := func(context.Context, string) error {
		time.Sleep(time.Millisecond)
		return errors.New("failed")
	}
	hangs(func() { ParentDoneInCallback(context.Background(), walk, index) })
}
