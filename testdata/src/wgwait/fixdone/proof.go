//go:build proof

package fixdone

import "io"

func fails() error { return io.EOF }

// claim: deadlock
func driveAll() { All([]func() error{fails, func() error { return nil }}) }

// claim: deadlock
func driveTwo() { Two([]func() (bool, error){func() (bool, error) { return false, io.EOF }}) }

// claim: deadlock
func driveRoom() { Room([]func() error{fails, fails}) }

// claim: deadlock
func driveEarly() { Early([]func() error{fails}, func() {}) }

// claim: race
func driveSizes() {
	if s := Sizes([]string{"a", "b"}, func(s string) int { return len(s) }); s[0]+s[1] < 0 {
		panic("negative")
	}
}

// claim: race
func driveFirst() { First(func() (int, error) { return 1, nil }) }

// claim: deadlock Named
func driveNamed() { Named([]func() error{fails}) }

// claim: deadlock Queue.Run
func driveQueue() { (&Queue{jobs: []func() error{nil}}).Run() }

// claim: deadlock Direct
func driveDirect() { Direct([]func() error{fails}) }
