//go:build proof

package fixlocks

import (
	"io"
	"sync"
)

// next is whoever comes next.
func next(c *Cache) {
	c.mu.Lock()
	c.mu.Unlock()
}

func full() *Cache { return &Cache{values: map[string]int{"a": 1}, hits: 2} }

// claim: deadlock next
func driveGet() { c := full(); c.Get("b"); next(c) }

// claim: deadlock next
func drivePut() { c := full(); c.Put("b", -1); next(c) }

// claim: deadlock next
func driveHits() { c := full(); c.Hits(false); next(c) }

// claim: deadlock next
func driveDrop() { c := full(); c.Drop([]string{""}, true); next(c) }

// claim: deadlock next
func driveOther() { c := full(); c.Other([]*Cache{{}}); next(c) }

// claim: deadlock next
func driveCount() { c := full(); c.Count(true); next(c) }

// claim: deadlock next
func driveStop() { c := &Cache{}; c.Stop(func() {}); next(c) }

// claim: deadlock next
func driveClear() { c := full(); c.Clear([]string{"a"}); next(c) }

// claim: deadlock next
func driveSave() {
	c := full()
	var saved sync.WaitGroup
	c.Save(&saved, func(map[string]int) error { return io.EOF })
	saved.Wait()
	next(c)
}

// claim: deadlock Counter.update
func driveTry() {
	c := &Counter{counts: map[string]int{"a": -1}}
	c.Try("a", nil)
	c.Try("a", nil)
}
