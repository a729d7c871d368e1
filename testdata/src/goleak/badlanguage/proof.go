//go:build proof

package badlanguage

import (
	"strings"
	"testing/iotest"
	"time"
)

func one() int { return 1 }

// claim: leak Future.resolve
func drivePrice() { Price(-1, one) }

// claim: leak link.transmit
func driveHandshake() {
	Handshake([][]byte{{1}, {2}, {3}}, func([]byte) bool { return true })
}

// claim: leak chanNotifier.notify
func driveStart() { Start(false, func() error { return nil }) }

// claim: leak Stage.emit
func driveHasOdd() { HasOdd([]int{1, 3, 5}) }

// claim: leak ticks
func driveSorted() {
	n := 5
	Sorted(func() (int, bool) { n--; return n, n > 0 })
}

// claim: leak Compare
func driveCompare() { Compare([]string{"c", "b", "a"}) }

// claim: leak Once
func driveOnce() { Once(func() error { time.Sleep(10 * time.Millisecond); return nil }) }

// claim: leak Recovered
func driveRecovered() {
	boom := func() int { panic("boom") }
	Recovered([]func() int{boom, boom})
}

// claim: leak Exiting
func driveExiting() { go Exiting(func() bool { return false }) }

// claim: leak ByTopic
func driveByTopic() { ByTopic(map[string]int{"news": 1, "sport": 2}, func(string, int) {}) }

// claim: leak Rings
func driveRings() { go Rings([3]int{1, 2, 3}) }

// claim: leak Header
func driveHeader() { go Header(iotest.OneByteReader(strings.NewReader("0123456789abcdef"))) }

// claim: leak Unsorted
func driveUnsorted() { Unsorted([]string{"a"}, func() {}) }
