//go:build proof

package badwrapper

import (
	"io"
	"log"
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
func driveAddUnderSafeGo() {
	early(2, func(task func()) { AddUnderSafeGo([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddUnderTwoWrappers() {
	early(2, func(task func()) { AddUnderTwoWrappers(map[string]func(){"": task, " ": task}) })
}

// claim: panic Wait returned early
func driveAddUnderAsync() {
	early(1, func(task func()) {
		AddUnderAsync(func() int {
			task()
			return 1
		})
	})
}

// claim: panic Wait returned early
func driveAddUnderMethod() {
	early(2, func(task func()) { (&runner{}).AddUnderMethod([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddUnderErrgroup() {
	for range 1000 {
		var done, seen atomic.Int32
		AddUnderErrgroup([]string{"a", "b"}, func(string) error {
			time.Sleep(time.Millisecond)
			done.Add(1)
			return nil
		}, func() { seen.Store(done.Load()) })
		if seen.Load() < 2 {
			panic("Wait returned early")
		}
	}
}

// claim: panic Wait returned early
func driveAddUnderAfterFunc() {
	early(1, func(task func()) {
		edit := func() { time.Sleep(5 * time.Millisecond) }
		snapshot := func() string {
			time.Sleep(10 * time.Millisecond)
			return ""
		}
		AddUnderAfterFunc(edit, snapshot, func(string) { task() })
	})
}

// waker tells task when something is logged.
type waker struct {
	io.Writer
	task func()
}

func (w waker) Write(p []byte) (int, error) {
	w.task()
	return len(p), nil
}

// claim: panic Wait returned early
func driveAddInSafeGoCallee() {
	early(1, func(task func()) {
		(&runner{log: log.New(waker{task: task}, "", 0)}).AddInSafeGoCallee()
	})
}
