//go:build proof

package badpipeline

import (
	"context"
	"errors"
	"strings"
)

var errFull = errors.New("disk full")

// claim: leak generate
func driveGenerate() {
	Index([]int{1, 2, 3, 4}, func(d Doc) Doc { return d }, func(Doc) error { return errFull })
}

// claim: leak transform
func driveTransform() {
	Index([]int{1, 2, 3, 4}, func(d Doc) Doc { return d }, func(Doc) error { return errFull })
}

// claim: leak feed
func driveFindHeader() {
	FindHeader(strings.NewReader("%PDF"+strings.Repeat(" ", 10000)), []byte("%PDF"))
}

// claim: leak all
func driveFirstAbove() { FirstAbove(1, 10, func(i int) int { return i }) }

// claim: leak Merge
func driveMerge() { Merge([]int{1, 2, 3}, []int{4, 5, 6}, 2) }

// claim: leak Stages
func driveStages() {
	Stages(context.Background(), []string{"a", "b", "c"}, func(context.Context, string) error { return errFull })
}

// claim: leak Batcher.produce
func driveBatcher() { NewBatcher(1, func([]Doc) error { return errFull }).Run([]int{1, 2, 3}) }

// claim: leak Fail
func driveFail() {
	Fail([]string{"/a", "/b"}, func(string) ([]byte, error) { return nil, nil },
		func([]byte) error { return errFull })
}

// claim: leak Tee
func driveTee() { go Tee([]int{1, 2, 3}, func(int) {}) }
