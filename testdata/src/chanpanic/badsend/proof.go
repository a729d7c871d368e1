//go:build proof

package badsend

import (
	"errors"
	"io"
)

var errFailed = errors.New("failed")

// claim: panic send on closed channel
func driveRefill() { Refill([]int{1, 2}, func(v int) bool { return v > 1 }) }

// claim: panic send on closed channel
func driveRun() { Run(io.Discard, func() error { return nil }) }

// claim: panic send on closed channel
func driveShell() { Shell("ls\nexit\n", make(chan string, 3)) }

// claim: panic send on closed channel
func driveScan() { Scan([]string{"a", ""}) }

// claim: panic send on closed channel
func driveWalk() { Walk(&Node{Value: 1}, make(chan int, 1)) }

// claim: panic send on closed channel
func driveClose() {
	b := &Batcher{out: make(chan []string, 1)}
	b.Add("a")
	b.Close()
}

// claim: panic send on closed channel
func drivePhases() {
	Phases([][]func() error{{func() error { return errFailed }}})
}

// claim: panic send on closed channel
func driveCopy() { Copy(2, func(int) {}) }

// claim: panic send on closed channel
func driveSelect() { Select(nil, []string{"a", ""}) }
