//go:build proof

package badhandshake

import (
	"context"
	"errors"
	"net"
)

var errNo = errors.New("no")

func no() error { return errNo }

func yes() error { return nil }

// claim: leak Ready
func driveReady() {
	go Ready(func() (net.Listener, error) { return nil, errNo }, func(net.Listener) error { return nil })
}

// claim: leak Launch
func driveLaunch() { go Launch(no, func() {}) }

// claim: leak Barrier
func driveBarrier() { Barrier([]func() error{yes, no, yes}) }

// claim: leak Ordered
func driveOrdered() { Ordered([]func() error{yes, no, yes}) }

// claim: leak Commit
func driveCommit() { Commit(func() bool { return false }, func(bool) {}) }

// claim: leak Flush
func driveFlush() { go Flush(func() bool { return false }, yes) }

// claim: leak Subscribe
func driveSubscribe() {
	Subscribe(context.Background(), []string{"a"}, func(string) bool { return false })
}

// claim: leak Turns
func driveTurns() { Turns(3, func(string) {}) }
