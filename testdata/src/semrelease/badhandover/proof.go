//go:build proof

package badhandover

import (
	"context"
	"errors"
)

func fails() error { return errors.New("failed") }

// claim: deadlock Server.Handle
func driveHandle() {
	s := NewServer(1)
	s.Handle(fails, func() {})
	s.Handle(fails, func() {})
}

// claim: deadlock All
func driveAll() { All(context.Background(), []func() error{fails, fails, fails}) }
