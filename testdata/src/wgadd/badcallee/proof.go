//go:build proof

package badcallee

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

var three = []string{"a", "b", "c"}

// claim: panic Wait returned early
func driveAddInWorker() {
	early(3, func(task func()) {
		jobs := make(chan int, 3)
		for i := range 3 {
			jobs <- i
		}
		close(jobs)
		AddInWorker(2, jobs, func(int) { task() })
	})
}

// claim: panic Wait returned early
func driveAddInHelper() {
	early(3, func(task func()) { AddInHelper(io.Discard, three, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddTwoCallsDeep() {
	early(3, func(task func()) { AddTwoCallsDeep(three, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddInVariable() {
	early(3, func(task func()) { AddInVariable(3, task) })
}

// claim: panic Wait returned early
func driveAddInFieldFunc() {
	early(3, func(task func()) { AddInFieldFunc(three, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddInReleaseFunc() {
	early(3, func(task func()) { AddInReleaseFunc([]func(){task, task, task}) })
}

// claim: panic Wait returned early
func driveAddOfParameterGroup() {
	early(3, func(task func()) { AddOfParameterGroup(three, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveloop() {
	early(1, func(task func()) {
		p := &poller{stop: make(chan struct{}), bye: task}
		p.Start()
		p.Stop()
	})
}

// claim: panic Wait returned early
func driveFlushAll() {
	early(3, func(task func()) {
		(&flusher{pending: three, write: func(string) { task() }}).FlushAll()
	})
}

// claim: panic Wait returned early
func driveSyncAll() {
	early(3, func(task func()) {
		(&syncer{write: func(string) { task() }}).SyncAll(three)
	})
}

// claim: panic Wait returned early
func driveCrawl() {
	early(3, func(task func()) {
		(&crawler{visit: func(string) { task() }}).Crawl(three)
	})
}

// claim: panic Wait returned early
func driveMirror() {
	early(3, func(task func()) {
		(&mirror{copy: func(string) { task() }}).Mirror(three)
	})
}
