//go:build proof

package badleft

import (
	"io"
	"net"
)

// claim: deadlock Server.Close
func driveServer() {
	s := NewServer(func(net.Conn) error { return io.EOF })
	s.Handle(nil)
	s.Close()
}

// claim: deadlock Pool.Stop
func drivePool() {
	p := NewPool(func() error { return io.EOF })
	p.Do(func() {})
	p.Stop()
}

// claim: deadlock Store.Close
func driveStore() {
	s := NewStore(nil)
	s.Read("a")
	s.Close()
}
