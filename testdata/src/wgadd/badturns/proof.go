//go:build proof

package badturns

import (
	"context"
	"sync/atomic"
	"time"
)

// early calls f until it returns before n tasks are done.
func early(n int, f func(task func())) {
	for range 1000 {
		var done atomic.Int32
		f(func() {
			time.Sleep(time.Millisecond)
			done.Add(1)
		})
		if int(done.Load()) < n {
			panic("Wait returned early")
		}
	}
}

// claim: panic Wait returned early
func driveEach() {
	early(1, func(task func()) {
		calls := 0
		Each(func() (int, bool) {
			if calls++; calls == 3 {
				task() // asked by the other worker, after the first one has got nothing more
			}
			return calls, calls == 1
		}, func(int) {})
	})
}

// claim: panic Wait returned early
func drivePass() { early(1, func(task func()) { Pass([]func(){task}) }) }

// claim: panic Wait returned early
func driveFirst() {
	early(1, func(task func()) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		First(ctx, func(context.Context) int { task(); return 1 })
	})
}
