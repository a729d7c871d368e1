//go:build proof

package badtypes

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
func driveAddOfAlias() {
	early(2, func(task func()) { AddOfAlias([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddNamedLikeCounter() {
	early(2, func(task func()) { new(stats).AddNamedLikeCounter([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddNamedLikeErrgroup() {
	early(2, func(task func()) { AddNamedLikeErrgroup([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddOfEmbeddedPointer() {
	early(2, func(task func()) { AddOfEmbeddedPointer([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddByMethodValue() {
	early(2, func(task func()) { AddByMethodValue([]func(){task, task}) })
}

// claim: panic Wait returned early
func driveAddOfRenamedImport() {
	early(2, func(task func()) { AddOfRenamedImport([]func(){task, task}) })
}
