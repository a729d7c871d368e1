//go:build proof

package badcount

import "errors"

func nothing() {}

// claim: leak Workers
func driveWorkers() {
	go Workers([]string{"a", "b"}, func(s string) bool { return s == "a" }, func(string) {})
}

// claim: leak Pair
func drivePair() { go Pair(nothing, nil) }

// claim: leak Counted
func driveCounted() { go Counted([]func(){nothing}) }

// claim: leak Closer
func driveCloser() { go Closer([][]int{{1}, {2}}) }

// claim: leak Replicate
func driveReplicate() { go Replicate(func(int) error { return nil }) }

// claim: leak Batches
func driveBatches() { go Batches([]Batch{{Items: []string{"a", "b"}}}, func(string) {}) }

// claim: leak Rejected
func driveRejected() {
	go Rejected([]string{"a"}, func(string) (func(), error) { return nil, errors.New("no") })
}
