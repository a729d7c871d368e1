//go:build proof

package badexit

import (
	"context"
	"errors"
)

var errFailed = errors.New("failed")

func fails() error { return errFailed }

// claim: deadlock Store.Read
func driveRead() {
	s := NewStore(1)
	s.Read(context.Background(), "a")
	s.Read(context.Background(), "a")
}

// claim: deadlock driveSize
func driveSize() {
	s := NewStore(1)
	s.Size("a")
	s.sem.Acquire(context.Background(), 1)
}

// claim: deadlock Limiter.Do
func driveDo() {
	l := NewLimiter(1)
	l.Do(fails)
	l.Do(fails)
}

// claim: deadlock Limiter.Go
func driveGo() {
	l := NewLimiter(1)
	l.Go(nil)
	l.Go(nil)
}

// claim: deadlock Limiter.Try
func driveTry() {
	l := NewLimiter(1)
	l.jobs = -1
	l.Try(context.Background(), fails)
	l.Try(context.Background(), fails)
}

// claim: deadlock Gate.Enter
func driveEnter() {
	g := NewGate()
	no := func() bool { return false }
	g.Enter(no)
	g.Enter(no)
}

// claim: deadlock Tokens.Do
func driveTokens() {
	t := NewTokens(1)
	t.Do(fails)
	t.Do(fails)
}

// claim: deadlock Sema.Acquire
func driveWalk() {
	s := NewSema(1)
	read := func(string) ([]string, error) { return nil, errFailed }
	Walk(s, "a", read)
	Walk(s, "a", read)
}
