//go:build proof

package badlocal

import (
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

func square(n int) int { return n * n }

// claim: panic Wait returned early
func driveOuterGroup() {
	early(3, func(task func()) { OuterGroup([][]int{{1, 2}, {3}}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveOuterWaitToo() {
	for range 1000 {
		if OuterWaitToo([]int{1, 2, 3}, square) < 3 {
			panic("Wait returned early")
		}
	}
}

// claim: panic send on closed channel
func driveSecondGoroutineWaits() {
	for range 100000 {
		SecondGoroutineWaits([]int{1, 2, 3}, square)
	}
}

// claim: panic Wait returned early
func driveOuterStruct() {
	early(2, func(task func()) { OuterStruct([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveShadowedName() {
	early(1, func(task func()) { ShadowedName([]int{1}, func(int) {}, func(int) { task() }) })
}
