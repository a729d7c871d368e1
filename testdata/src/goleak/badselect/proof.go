//go:build proof

package badselect

import (
	"context"
	"errors"
)

func one() int { return 1 }

var errFull = errors.New("full")

// claim: leak Scan
func driveScan() { Scan([][]float64{{1, 2}, {3}}, func(Point) error { return errFull }) }

// claim: leak Crawl
func driveCrawl() {
	go Crawl([]string{"/a", "/b", "/c"}, func(context.Context, string) error { return errFull })
}

// claim: leak Pump
func drivePump() { go Pump([]int{1, 2, 3}, func(int) bool { return false }) }

// claim: leak Unstopped
func driveUnstopped() { Unstopped(context.Background(), func() error { return nil }) }

// claim: leak Exchange
func driveExchange() { go Exchange(one, one) }

// claim: leak Tracker.count
func driveTrack() { Track([]bool{true, false}) }

// claim: leak Unlocked
func driveUnlocked() { Unlocked(2, func() bool { return false }) }
