//go:build proof

package goodworkers

import (
	"context"
	"errors"
)

var errGone = errors.New("gone")

func fails(string) error { return errGone }

// claim: none
func driveProcess() { Process([]string{"a", "b"}, 2, func(Job) {}) }

// claim: none
func driveResize() { Resize([]string{"a"}, fails, func(Job) {}) }

// claim: none
func driveUpload() {
	Upload(context.Background(), []string{"a", "b", "c", "d", "e", "f"}, 2,
		func(context.Context, string) error { return errGone })
}

// claim: none
func driveConvert() { Convert([]string{"a", "b"}, fails) }

// claim: none
func drivePair() { Pair([]int{1, 2, 3}, func(int) {}) }

// claim: none
func driveCollect() {
	Collect([]string{"a", "b"}, func(p string) bool { return p == "a" }, func(string) int64 { return 1 })
}

// claim: none
func driveRunAll() { RunAll([]func(){func() {}, nil}) }

// claim: none
func driveReduce() { Reduce([][]int{{1, 2}, {3}}) }

// claim: none
func driveUploadAll() { UploadAll([]string{"a", "b", "c"}, fails) }

// claim: none
func driveStaged() { Staged([]int{1, 2, 3, 4}, func(n int) int { return 2 * n }) }

// claim: none
func driveLimited() {
	Limited([]string{"a", "b", "c"}, func(string) (int64, error) { return 1, nil })
}

// claim: none
func driveTwoGroups() {
	b := func() []byte { return nil }
	TwoGroups([]func() []byte{b, b, b}, func([]byte) error { return errGone })
}

// claim: none
func driveTryAll() {
	t := func() error { return errGone }
	TryAll([]func() error{t, t, t, t})
}

// claim: none
func driveCount() { Count([]int{3, 0, 5, 7, 9}, func(int) {}) }

// claim: none
func driveCrawl() { Crawl([]*page{{url: "a"}, {url: "b", last: true}}, func(string) {}) }

// claim: none
func driveGrowFor() { GrowFor(2, []func(){func() {}, func() {}, func() {}}) }
