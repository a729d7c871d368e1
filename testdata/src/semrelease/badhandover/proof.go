//go:build proof

package badhandover

import (
	"context"
	"errors"
	"io"
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

// claim: deadlock Server.Open
func driveOpen() {
	s := NewServer(1)
	open := func() (io.Reader, error) { return nil, fails() }
	s.Open(open)
	s.Open(open)
}

// claim: deadlock Server.Check
func driveCheck() {
	s := NewServer(1)
	open := func() (io.Reader, error) { return nil, nil }
	s.Check(open, func(io.Reader) error { return fails() })
	s.Check(open, func(io.Reader) error { return fails() })
}

// claim: deadlock
func driveDo() {
	h := NewHost(1, 1)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	h.Do(context.Background(), done, fails)
	h.Do(context.Background(), done, fails)
}
