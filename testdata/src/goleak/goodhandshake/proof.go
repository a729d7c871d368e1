//go:build proof

package goodhandshake

import (
	"context"
	"errors"
	"net"
)

var errNo = errors.New("no")

func no() error { return errNo }

func yes() error { return nil }

// claim: none
func driveReady() {
	Ready(func() (net.Listener, error) { return nil, errNo }, func(net.Listener) error { return nil })
}

// claim: none
func driveLaunch() { Launch(no, func() {}) }

// claim: none
func driveBarrier() { Barrier([]func() error{yes, no, yes}) }

// claim: none
func driveOrdered() { Ordered([]func() error{yes, no, yes}) }

// claim: none
func driveCommit() { Commit(func() bool { return false }, func(bool) {}) }

// claim: none
func driveFlush() { Flush(func() bool { return false }, yes) }

// claim: none
func driveSubscribe() {
	Subscribe(context.Background(), []string{"a"}, func(string) bool { return false })
}

// claim: none
func driveTurns() { Turns(3, func(string) {}) }

// claim: none
func driveOpened() {
	Opened(context.Background(), func(context.Context) (net.Conn, error) { return nil, errNo })
}
