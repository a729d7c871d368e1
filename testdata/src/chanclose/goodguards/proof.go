//go:build proof

package goodguards

import (
	"errors"
	"time"
)

// claim: none
func drivePeak() {
	Peak(3, func(i int) (float64, error) {
		if i == 1 {
			return 0, errors.New("no contact")
		}
		return float64(i), nil
	})
}

// claim: none
func driveExpired() {
	Expired(time.Hour, func() {})
	Expired(0, func() { time.Sleep(10 * time.Millisecond) })
}

// claim: none
func driveSay() { Say("hello") }

// claim: none
func drivePublish() { Publish([]int{1, 2, 3}) }

// claim: none
func driveStore() {
	Store([]string{"a", "b"}, func(string) error { return nil })
	Store([]string{"a", "b", "c"}, func(string) error { return errors.New("disk full") })
}

// claim: none
func driveWalk() {
	Walk("", func(s string) []string {
		if len(s) > 3 {
			return nil
		}
		return []string{s + "a", s + "b"}
	}, 3)
}

// claim: none
func driveRelay() {
	Relay(0, func(int) {})
	Relay(10, func(int) {})
}
