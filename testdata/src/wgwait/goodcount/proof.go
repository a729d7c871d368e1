//go:build proof

package goodcount

import "errors"

func nothing() {}

// claim: none
func driveWorkers() {
	Workers([]string{"a", "b"}, func(s string) bool { return s == "a" }, func(string) {})
}

// claim: none
func drivePair() { Pair(nothing, nil) }

// claim: none
func driveCounted() { Counted([]func(){nothing}) }

// claim: none
func driveCloser() { Closer([][]int{{1}, {2}}) }

// claim: none
func driveReplicate() { Replicate(func(int) error { return nil }) }

// claim: none
func driveBatches() { Batches([]Batch{{Items: []string{"a", "b"}}}, func(string) {}) }

// claim: none
func driveRejected() {
	Rejected([]string{"a"}, func(string) (func(), error) { return nil, errors.New("no") })
}

// claim: none
func driveGrid() { Grid(2, 3, func(int, int) {}) }

// claim: none
func driveReturned() {
	Returned([]string{"a", "b", "c"}, func(s string) bool { return s != "b" }, func(string) {})
}
