//go:build proof

package goodselect

import (
	"context"
	"errors"
	"time"
)

func one() int { return 1 }

var errFull = errors.New("full")

// claim: none
func driveScan() { Scan([][]float64{{1, 2}, {3}}, func(Point) error { return errFull }) }

// claim: none
func driveCrawl() {
	Crawl([]string{"/a", "/b", "/c"}, func(context.Context, string) error { return errFull })
}

// claim: none
func driveWalked() {
	walk := func(_ context.Context, found func(string) error) error {
		for range 10 {
			if err := found("x"); err != nil {
				return err
			}
		}
		return nil
	}
	Walked(context.Background(), walk, func(context.Context, string) error { return errFull })
}

// claim: none
func drivePump() { Pump([]int{1, 2, 3}, func(int) bool { return false }) }

// claim: none
func driveUnstopped() { Unstopped(context.Background(), func() error { return nil }) }

// claim: none
func driveMirrored() { Mirrored([]string{"a", "b"}, func(string) {}) }

// claim: none
func driveExchange() { Exchange(one, one) }

// claim: none
func driveTrack() { Track([]bool{true, false}) }

// claim: none
func driveUnlocked() { Unlocked(2, func() bool { return false }) }

// claim: none
func driveLatest() { Latest([]int{1, 2, 3}) }

// claim: none
func driveUntil() { Until(time.Millisecond, func(chan<- struct{}) {}) }
