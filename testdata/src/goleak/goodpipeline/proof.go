//go:build proof

package goodpipeline

import (
	"context"
	"errors"
	"strings"
)

var errFull = errors.New("disk full")

// claim: none
func driveGenerate() {
	Index([]int{1, 2, 3, 4}, func(d Doc) Doc { return d }, func(Doc) error { return errFull })
}

// claim: none
func driveTransform() {
	Index([]int{1, 2, 3, 4}, func(d Doc) Doc { return d }, func(Doc) error { return errFull })
}

// claim: none
func driveFindHeader() {
	FindHeader(strings.NewReader("%PDF"+strings.Repeat(" ", 10000)), []byte("%PDF"))
}

// claim: none
func driveFirstAbove() { FirstAbove(1, 10, func(i int) int { return i }) }

// claim: none
func driveMerge() { Merge([]int{1, 2, 3}, []int{4, 5, 6}, 2) }

// claim: none
func driveStages() {
	Stages(context.Background(), []string{"a", "b", "c"}, func(context.Context, string) error { return errFull })
}

// claim: none
func driveBatcher() { NewBatcher(1, func([]Doc) error { return errFull }).Run([]int{1, 2, 3}) }

// claim: none
func driveFail() {
	Fail([]string{"/a", "/b"}, func(string) ([]byte, error) { return nil, nil },
		func([]byte) error { return errFull })
}

// claim: none
func driveTee() { Tee([]int{1, 2, 3}, func(int) {}) }

// claim: none
func driveReversed() { Reversed([]int{1, 2, 3}) }

// claim: none
func drivePartial() { Partial(10, func(i int) int { return i }) }
