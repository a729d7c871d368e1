//go:build proof

package goodtokens

import "errors"

var errDown = errors.New("down")

func fails(string) error { return errDown }

// claim: none
func driveLimit() { Limit([]string{"a", "b"}, fails) }

// claim: none
func driveSkipping() {
	Skipping([]string{"a", "b"}, func(string) bool { return true }, func(string) {})
}

// claim: none
func driveInverted() { Inverted([]string{"a", "b", "c"}, fails) }

// claim: none
func driveTwice() { Twice(func() bool { return false }) }

// claim: none
func driveFilled() { Filled([]func(){func() {}}) }

// claim: none
func driveBuffered() { Buffered([]func(){func() {}}) }

// claim: none
func driveAllSlots() { AllSlots([]func(){func() {}}) }

// claim: none
func driveRing() { Ring(3, func(int) {}) }

// claim: none
func driveTryAll() { TryAll([]func(){func() {}, func() {}, func() {}}) }

// claim: none
func driveWeighted() {
	no := func() (int, error) { return 0, errDown }
	Weighted([]func() (int, error){no, no})
}
