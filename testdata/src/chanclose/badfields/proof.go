//go:build proof

package badfields

import (
	"runtime"
	"time"
)

// claim: deadlock
func drivePool() {
	p := NewPool(2)
	p.Submit(func() {})
	p.Stop()
}

// claim: leak Dispatcher
func driveDispatcher() {
	d := NewDispatcher()
	d.Publish("x", 1)
	d.Close()
	time.Sleep(50 * time.Millisecond)
	d = nil
	runtime.GC()
}

// claim: leak Queue
func driveQueue() {
	q := NewQueue(1, func(int) {})
	_ = q.Put(1)
	q.Close()
}

// claim: deadlock
func driveImport() { Import("a=1\nb\nc=2\n") }

// claim: deadlock
func driveLocalBus() { LocalBus([]string{"a", "b"}) }

// claim: panic close of closed channel
func driveRecord() { Record([]int{1, 2}) }

// claim: panic send on closed channel
func driveJournal() { Journal([]string{"a"}) }
