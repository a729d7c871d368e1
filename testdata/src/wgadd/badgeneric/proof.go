//go:build proof

package badgeneric

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
func driveMap() {
	early(3, func(task func()) {
		Map([]int{1, 2, 3}, func(n int) string {
			task()
			return ""
		})
	})
}

// claim: panic Wait returned early
func drivework() {
	early(2, func(task func()) {
		p := NewPool(2, func(int) { task() })
		p.in <- 1
		p.in <- 2
		p.Close()
	})
}

// claim: panic Wait returned early
func driveEach() {
	early(3, func(task func()) {
		Each(context.Background(), []int{1, 2, 3}, func(context.Context, int) { task() })
	})
}
