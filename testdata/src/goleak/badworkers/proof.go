//go:build proof

package badworkers

import (
	"context"
	"errors"
)

var errGone = errors.New("gone")

func fails(string) error { return errGone }

// claim: leak Process
func driveProcess() { Process([]string{"a", "b"}, 2, func(Job) {}) }

// claim: leak resizer
func driveResize() { Resize([]string{"a"}, fails, func(Job) {}) }

// claim: leak Upload
func driveUpload() {
	go Upload(context.Background(), []string{"a", "b", "c", "d", "e", "f"}, 2,
		func(context.Context, string) error { return errGone })
}

// claim: leak Convert
func driveConvert() { go Convert([]string{"a", "b"}, fails) }

// claim: leak Pair
func drivePair() { Pair([]int{1, 2, 3}, func(int) {}) }

// claim: leak Collect
func driveCollect() {
	go Collect([]string{"a", "b"}, func(p string) bool { return p == "a" }, func(string) int64 { return 1 })
}

// claim: leak Pool.work
func driveRunAll() { RunAll([]func(){func() {}, nil}) }

// claim: leak Reduce
func driveReduce() { Reduce([][]int{{1, 2}, {3}}) }

// claim: leak Limited
func driveLimited() {
	go Limited([]string{"a", "b", "c"}, func(string) (int64, error) { return 1, nil })
}

// claim: leak TwoGroups
func driveTwoGroups() {
	b := func() []byte { return nil }
	TwoGroups([]func() []byte{b, b, b}, func([]byte) error { return errGone })
}

// claim: leak Count
func driveCount() { go Count([]int{1, 2, 3, 4}, func(int) error { return errGone }) }
