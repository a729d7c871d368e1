//go:build proof

package badfailed

import (
	"context"
	"time"
)

func done() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// claim: panic released more than held
func driveGet() { NewCache(1).Get(done(), "a") }

// claim: panic released more than held
func driveLoad() { NewCache(1).Load(done(), func() string { return "" }) }

// claim: panic released more than held
func driveWarm() {
	c := NewCache(1)
	c.m = make(map[string]string)
	c.Warm(done(), []string{"a"})
}

// claim: panic released more than held
func drivePeek() {
	c := NewCache(1)
	c.sem.Acquire(context.Background(), 1)
	c.Peek("a")
	c.sem.Release(1)
}

// claim: panic released more than held
func driveStore() {
	c := NewCache(1)
	c.m = make(map[string]string)
	c.Store(done(), "a", "b")
}

// claim: panic released more than held
func driveStart() {
	NewCache(1).Start(done(), func() {})
	time.Sleep(time.Second)
}

// claim: deadlock driveDo
func driveDo() {
	l := NewLimiter(1)
	l.slots <- struct{}{}
	l.Do(func() {})
	<-l.slots
}

// claim: deadlock driveDoFor
func driveDoFor() {
	l := NewLimiter(1)
	l.slots <- struct{}{}
	l.DoFor(done(), func() {})
	<-l.slots
}
