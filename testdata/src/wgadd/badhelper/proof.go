//go:build proof

package badhelper

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
func driveSpawnFromGoroutine() {
	early(1, func(task func()) {
		events := make(chan func(), 1)
		events <- task
		close(events)
		SpawnFromGoroutine(events)
	})
}

// claim: panic Wait returned early
func driveSend() {
	early(1, func(task func()) {
		s := &sender{deliver: func(string) { task() }}
		s.Send("a")
		s.Close()
	})
}

// claim: panic Wait returned early
func driveFlagWithoutLock() {
	early(1, func(task func()) {
		checked := make(chan struct{})
		FlagWithoutLock(task, func() {
			close(checked)
			time.Sleep(time.Millisecond)
		}, func() { <-checked })
	})
}
