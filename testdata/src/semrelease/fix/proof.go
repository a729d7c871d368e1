//go:build proof

package fix

import (
	"context"
	"errors"
)

func fails() error { return errors.New("failed") }

// claim: deadlock Store.Read
func driveRead() {
	s := NewStore(2)
	s.Read(context.Background(), "a")
	s.Read(context.Background(), "a")
}

// claim: deadlock Store.Send
func driveSend() {
	s := NewStore(1)
	s.Send(fails)
	s.Send(fails)
}

// claim: deadlock Store.Token
func driveToken() {
	s := NewStore(1)
	s.Token(fails)
	s.Token(fails)
}

// claim: deadlock Store.Each
func driveEach() { NewStore(1).Each([]string{"a", "b"}, func(int) {}) }

// claim: panic released more than held
func drivePut() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	NewStore(1).Put(ctx, "a", 1)
}
