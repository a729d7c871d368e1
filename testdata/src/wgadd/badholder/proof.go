//go:build proof

package badholder

import (
	"sync"
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
func driveAddEmbedded() {
	early(3, func(task func()) { AddEmbedded(&batch{rows: three}, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddInSlice() {
	early(3, func(task func()) { AddInSlice([]shard{{keys: three}}, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveAddInMap() {
	early(2, func(task func()) {
		AddInMap(map[string]*sync.WaitGroup{"a": new(sync.WaitGroup)}, "a", []func(){task, task})
	})
}

// claim: panic Wait returned early
func driveAddInLoopVariable() {
	early(2, func(task func()) {
		AddInLoopVariable([]*shard{{keys: three}, {}}, func([]string) { task() })
	})
}

// claim: panic Wait returned early
func driveAddInNestedField() {
	early(1, func(task func()) {
		(&service{}).AddInNestedField([]func(string){func(string) { task() }})
	})
}

// claim: panic Wait returned early
func driveAddInPointerField() {
	early(3, func(task func()) { AddInPointerField(three, func(string) { task() }) })
}

// claim: panic Wait returned early
func driveBackground() {
	early(1, func(task func()) {
		s := &Server{Audit: func(string) { task() }}
		s.Handle("a")
		s.Close()
	})
}
