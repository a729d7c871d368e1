//go:build proof

package badguards

import (
	"errors"
	"time"
)

// claim: panic send on closed channel
func drivePeak() {
	Peak(3, func(i int) (float64, error) {
		if i == 0 {
			return 0, errors.New("no contact")
		}
		time.Sleep(20 * time.Millisecond)
		return float64(i), nil
	})
	time.Sleep(50 * time.Millisecond)
}

// claim: panic send on closed channel
func driveExpired() {
	Expired(0, func() { time.Sleep(20 * time.Millisecond) })
	time.Sleep(20 * time.Millisecond)
}

// claim: panic send on closed channel
func driveUnstopped() {
	Unstopped(0, func() { time.Sleep(20 * time.Millisecond) })
	time.Sleep(20 * time.Millisecond)
}

// claim: panic close of closed channel
func driveSay() { Say("hello") }

// claim: panic send on closed channel
func drivePublish() { Publish([]int{1, 2, 3}) }

// claim: leak Store
func driveStore() {
	Store([]string{"a", "b", "c", "d"}, func(row string) error {
		if row == "a" {
			return errors.New("disk full")
		}
		time.Sleep(20 * time.Millisecond)
		return nil
	})
}

// claim: panic send on closed channel
func driveWalk() {
	Walk("", func(s string) []string {
		if s == "" {
			return []string{"a", "b", "c", "d", "e"}
		}
		time.Sleep(20 * time.Millisecond) // all workers are here when folders is closed
		return nil
	}, 3)
	time.Sleep(20 * time.Millisecond)
}

// claim: panic send on closed channel
func driveRelay() {
	Relay(10, func(int) { time.Sleep(time.Millisecond) })
	time.Sleep(20 * time.Millisecond)
}

// claim: leak Print
func drivePrint() { Print([]string{"a"}, func(string) {}) }
