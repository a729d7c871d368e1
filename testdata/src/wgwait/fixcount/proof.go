//go:build proof

package fixcount

import "errors"

func nothing() {}

func ignore(string) {}

// claim: deadlock Skipped
func driveSkipped() { Skipped([]string{"a", "b"}, func(s string) bool { return s == "a" }, ignore) }

// claim: deadlock Rejected
func driveRejected() {
	Rejected([]string{"a"}, func(string) (func(), error) { return nil, errors.New("no") })
}

// claim: deadlock Kinds
func driveKinds() { Kinds([]string{"small", "large", "huge"}, nothing, nothing) }

// claim: deadlock Twice
func driveTwice() { Twice([]func(){nothing}) }

// claim: deadlock Closer
func driveCloser() { Closer([]int{1, 2}, []int{3}) }

// claim: deadlock Forgotten
func driveForgotten() { Forgotten(nothing, nothing) }

// claim: deadlock Submitted
func driveSubmitted() { Submitted(nothing, nothing, func(f func()) { f() }) }

// claim: deadlock Before
func driveBefore() {
	Before([]string{"a", "b"}, func(s string) bool { return s == "a" }, func(s string) int { return len(s) })
}

// claim: deadlock Set.Each
func driveSet() { (&Set{[]string{"a", "b"}}).Each(ignore) }

// claim: deadlock Each
func driveEach() { Each([]string{"a", "b"}, ignore) }
