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
