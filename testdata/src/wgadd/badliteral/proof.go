//go:build proof

package badliteral

import (
	"io"
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

var four = []string{"a", "b", "c", "d"}

// claim: panic Wait returned early
func driveAddFirst() {
	early(4, func(task func()) { AddFirst(four, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddFirstWithArgument() {
	early(4, func(task func()) { AddFirstWithArgument(4, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveAddFirstDoneLast() {
	early(4, func(task func()) { AddFirstDoneLast(four, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddFirstPointer() {
	early(4, func(task func()) { AddFirstPointer(four, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddFirstSecondName() {
	early(4, func(task func()) { AddFirstSecondName(four, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddFirstOnce() {
	early(1, func(task func()) { AddFirstOnce(task, func() {}) })
}

// claim: panic send on closed channel
func driveAddFirstCloser() {
	for range 1000 {
		AddFirstCloser(four, func(string) int { return 1 })
		time.Sleep(time.Millisecond)
	}
}

// claim: panic Wait returned early
func driveAddFirstWaitInDefer() {
	early(1, func(task func()) { AddFirstWaitInDefer(task) })
}

// claim: panic Wait returned early
func driveAddFirstWaitWithTimeout() {
	early(2, func(task func()) { AddFirstWaitWithTimeout([]func(){task, task}, time.Second) })
}

// claim: panic Wait returned early
func driveAddAfterPrint() {
	early(2, func(task func()) { AddAfterPrint(io.Discard, []int{1, 2}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveAddInIf() {
	early(2, func(task func()) { AddInIf([]item{{"a", true}, {"b", true}}, func(item) { task() }) })
}

// claim: panic Wait returned early
func driveAddInNestedLoop() {
	early(3, func(task func()) { AddInNestedLoop([][]int{{1, 2}, {3}}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveAddLenInDispatcher() {
	early(3, func(task func()) { AddLenInDispatcher([]int{1, 2, 3}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveAddInSelectCase() {
	early(1, func(task func()) {
		in, stop := make(chan int), make(chan struct{})
		go func() {
			in <- 1
			close(stop)
		}()
		AddInSelectCase(in, stop, func(int) { task() })
	})
}

// claim: panic Wait returned early
func driveAddInSwitch() {
	early(2, func(task func()) { AddInSwitch([]string{"full", "delta"}, task, task) })
}

// claim: panic Wait returned early
func driveAddAfterStartSignal() {
	early(4, func(task func()) { AddAfterStartSignal(4, task) })
}

// claim: panic Wait returned early
func driveAddInInnerGoroutine() {
	early(2, func(task func()) { AddInInnerGoroutine([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddInDefer() {
	early(1, func(task func()) { AddInDefer(func() {}, task) })
}

// claim: panic Wait returned early
func driveAddBesideCounted() {
	early(1, func(task func()) { AddBesideCounted(func() {}, func() { time.Sleep(time.Millisecond) }, task) })
}
