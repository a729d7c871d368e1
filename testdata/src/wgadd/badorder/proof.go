//go:build proof

package badorder

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

func nap() { time.Sleep(time.Millisecond) }

func list() []int {
	nap()
	return []int{1, 2}
}

// claim: panic Wait returned early
func driveReadyClosedFirst() {
	early(1, func(task func()) { ReadyClosedFirst(nap, task) })
}

// claim: panic Wait returned early
func driveReceiveAfterWait() {
	early(3, func(task func()) { ReceiveAfterWait(3, task) })
}

// claim: panic Wait returned early
func driveStartedDoneFirst() {
	early(3, func(task func()) { StartedDoneFirst(3, nap, task) })
}

// claim: panic Wait returned early
func driveTasksWaitedLast() {
	early(2, func(task func()) {
		TasksWaitedLast([][]string{{"a"}, {"b"}}, func(string) { task() })
	})
}

// claim: panic Wait returned early
func driveOrderedOnOneBranch() {
	early(2, func(task func()) { OrderedOnOneBranch(false, []int{1, 2}, func(int) { task() }) })
}

// claim: panic Wait returned early
func drivePolledOnce() {
	early(2, func(task func()) { PolledOnce([]int{1, 2}, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveOtherChannel() {
	early(2, func(task func()) { OtherChannel(func() {}, list, func(int) { task() }) })
}

// claim: panic Wait returned early
func driveLockedAdd() {
	early(1, LockedAdd)
}
