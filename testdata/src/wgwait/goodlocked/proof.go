//go:build proof

package goodlocked

import (
	"errors"
	"sync"
	"time"
)

// claim: none
func driveTotals() { Totals([][]int{{1, 2}, {3}}) }

// claim: none
func driveWarm() { Warm([]string{"a"}, func(string) (int, error) { return 1, nil }) }

// claim: none
func driveRun() {
	Run(2, []func() error{func() error {
		time.Sleep(20 * time.Millisecond)
		return errors.New("no")
	}})
}

// claim: none
func driveOther() { Other(new(sync.Mutex), []int{1, 2}, func(int) {}) }

// claim: none
func driveShared() { Shared([]string{"a", "b"}, func(string) int { return 1 }) }

// claim: none
func driveWindow() { Window([]int{1, 2}, func(int) {}) }
