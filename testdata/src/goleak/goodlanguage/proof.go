//go:build proof

package goodlanguage

import (
	"strings"
	"testing/iotest"
	"time"
)

func one() int { return 1 }

// claim: none
func drivePrice() { Price(-1, one) }

// claim: none
func driveHandshake() {
	Handshake([][]byte{{1}, {2}, {3}}, func([]byte) bool { return true })
}

// claim: none
func driveStart() { Start(false, func() error { return nil }) }

// claim: none
func driveHasOdd() { HasOdd([]int{1, 3, 5}) }

// claim: none
func driveSorted() {
	n := 5
	Sorted(func() (int, bool) { n--; return n, n > 0 })
}

// claim: none
func driveCompare() { Compare([]string{"c", "b", "a"}) }

// claim: none
func driveOnce() { Once(func() error { time.Sleep(10 * time.Millisecond); return nil }) }

// claim: none
func driveRecovered() {
	boom := func() int { panic("boom") }
	Recovered([]func() int{boom, boom})
}

// claim: none
func driveExiting() { Exiting(func() bool { return false }) }

// claim: none
func driveByTopic() { ByTopic(map[string]int{"news": 1, "sport": 2}, func(string, int) {}) }

// claim: none
func driveRings() { Rings([3]int{1, 2, 3}) }

// claim: none
func driveHeader() { Header(iotest.OneByteReader(strings.NewReader("0123456789abcdef"))) }

// claim: none
func driveLazily() { Lazily(one) }

// claim: none
func driveClosedOnce() { ClosedOnce(func() {}, func() {}) }

// claim: none
func driveWords() { Words("a", "b") }

// claim: none
func driveCompared() { Compared([]string{"ccc", "a", "bb"}) }
