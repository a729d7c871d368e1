//go:build proof

package fixdefer

import (
	"context"
	"errors"
	"sync"
)

func fails() error { return errors.New("failed") }

func refuses(string) error { return fails() }

// claim: deadlock Store.Get
func driveGet() {
	s := NewStore(cost)
	s.Get(context.Background(), "a")
	s.Get(context.Background(), "a")
}

// claim: deadlock Store.Put
func drivePut() {
	s := NewStore(1)
	s.Put(context.Background(), "a", "", refuses)
	s.Put(context.Background(), "a", "", refuses)
}

// claim: deadlock Store.Put
func drivePutRefused() {
	s := NewStore(1)
	s.Put(context.Background(), "a", "b", refuses)
	s.Put(context.Background(), "a", "b", refuses)
}

// claim: deadlock driveSize
func driveSize() {
	s := NewStore(1)
	s.Size("a")
	s.sem.Acquire(context.Background(), 1)
}

// claim: deadlock Store.Do
func driveDo() {
	s := NewStore(1)
	s.Do(fails)
	s.Do(fails)
}

// claim: deadlock Store.Token
func driveToken() {
	s := NewStore(1)
	s.Token(fails)
	s.Token(fails)
}

// claim: deadlock Store.Late
func driveLate() {
	s := NewStore(1)
	s.Late(context.Background(), "a", refuses)
	s.Late(context.Background(), "a", refuses)
}

// claim: deadlock Store.Call
func driveCall() {
	s := NewStore(1)
	s.Call(context.Background(), "a")
	s.Call(context.Background(), "a")
}

// claim: deadlock Store.Early
func driveEarly() {
	s := NewStore(1)
	s.Early(context.Background(), "a", refuses)
	s.Early(context.Background(), "a", refuses)
}

// claim: deadlock Store.Deferred
func driveDeferred() {
	s := NewStore(1)
	s.Deferred(context.Background(), "a", func() {})
	s.Deferred(context.Background(), "a", func() {})
}

// claim: deadlock Store.Parts
func driveParts() {
	s := NewStore(2)
	s.Parts(context.Background(), "a")
	s.Parts(context.Background(), "a")
}

// claim: deadlock Server.Handle
func driveHandle() {
	s := NewServer(1)
	var wg sync.WaitGroup
	s.Handle(&wg, fails)
	wg.Wait()
	s.Handle(&wg, fails)
}

// claim: deadlock Server.All
func driveAll() { NewServer(cost).All(context.Background(), []func() error{fails, fails}) }

// claim: deadlock Server.Passed
func drivePassed() {
	s := NewServer(1)
	s.Passed(fails, func() {})
	s.Passed(fails, func() {})
}
