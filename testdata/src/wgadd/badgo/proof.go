//go:build proof

package badgo

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

// claim: panic Wait returned early
func driveGoInDispatcher() {
	early(2, func(task func()) {
		jobs := make(chan func(), 2)
		jobs <- task
		jobs <- task
		close(jobs)
		GoInDispatcher(jobs)
	})
}

// claim: panic Wait returned early
func driveGoInCallee() {
	early(2, func(task func()) { GoInCallee([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveloop() {
	early(1, func(task func()) {
		s := &scheduler{
			due:  make(chan func()),
			tick: func() { time.Sleep(time.Millisecond) },
			quit: make(chan struct{}),
		}
		s.Start()
		s.due <- task
		s.Stop()
	})
}

// claim: panic Wait returned early
func driveGoInTask() {
	early(3, func(task func()) { GoInTask([][]func(){{task, task, task}}) })
}

// claim: panic Wait returned early
func driveGoOfOtherGroup() {
	early(2, func(task func()) { GoOfOtherGroup([]func(){task, task}) })
}
