//go:build proof

package badtokens

import "errors"

var errDown = errors.New("down")

func fails(string) error { return errDown }

// claim: leak Limit
func driveLimit() { go Limit([]string{"a", "b"}, fails) }

// claim: leak Skipping
func driveSkipping() {
	go Skipping([]string{"a", "b"}, func(string) bool { return true }, func(string) {})
}

// claim: leak Inverted
func driveInverted() { Inverted([]string{"a", "b", "c"}, fails) }

// claim: leak Gate.enter
func driveTwice() { go Twice(func() bool { return false }) }

// claim: leak Unfilled
func driveUnfilled() { Unfilled([]func(){func() {}}) }

// claim: leak Unbuffered
func driveUnbuffered() { Unbuffered([]func(){func() {}}) }

// claim: leak TooMany
func driveTooMany() { go TooMany([]func(){func() {}}) }

// claim: leak Ring
func driveRing() { Ring(3, func(int) {}) }

// claim: leak Weighted
func driveWeighted() {
	no := func() (int, error) { return 0, errDown }
	go Weighted([]func() (int, error){no, no})
}
